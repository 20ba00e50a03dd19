"""A backtest in words: a table by weeks before the limit, calibration, and what it cannot show."""

from collections.abc import Iterator

from casework.rules.backtest_figures import FALSE_ALARMS, LEAST, Figures, Horizon, Told
from casework.rules.outlook import step_words

_HEAD = (
    "weeks  cases  late   forecast    at threshold      overdue     past week N     Brier (share)"
)
_INVENTED = """\
These cases are invented. Their days are drawn by lot, each step apart from the others, which is
what the forecast takes for granted: its chances are bound to come out nearly true here. It shows
that the sums are right, and what each rule is worth beside the others on the same days. How well
the forecast tells your own late cases, only your own cases can show."""
_OWN = """\
What was entered late or put right counts here as if entered on its day: on a real day a little
less was known than this."""
_TOO_FEW = f"""\
There are too few past cases to say anything. It takes a year of history, and then cases both late
and in time, {LEAST} of each, in each half of the time since."""


def in_words(found: Figures, *, left_out: int, is_invented: bool) -> str:
    """Return the figures of a backtest, to be read on a screen of a hundred columns."""
    if not found.horizons:
        return _TOO_FEW
    return "\n".join(_lines(found, left_out, is_invented))


def _lines(found: Figures, left_out: int, is_invented: bool) -> Iterator[str]:
    yield f"{found.looks:,} looks at past cases, weeks before the limit of each; {left_out} cases"
    yield "left out, whose limit was lifted or not the only one. Each pair of figures: of the late"
    yield "cases, the share called late; of those in time, the share called late (false alarms)."
    yield ""
    yield _HEAD
    yield from map(_row, found.horizons)
    yield ""
    yield "forecast: called late where likelier than not. At threshold: where its chance is above"
    yield f"the number given, chosen for {FALSE_ALARMS:.0%} false alarms on the earlier half of the"
    yield "cases; every figure is of the later half. Overdue: any limit of the case is overdue that"
    yield "day. Past week N: still at this step or before it, the step chosen on the earlier half:"
    for one in found.horizons:
        yield f"  {one.weeks:>2} weeks before: {step_words(one.step)}"
    yield ""
    yield "Called late with a chance of … it came true for … (cases)"
    for tenth in found.calibration:
        yield f"  {tenth.said:>4.0%}  {tenth.came:>4.0%}  {tenth.cases:>6,}"
    yield ""
    yield _INVENTED if is_invented else _OWN


def _row(one: Horizon) -> str:
    at = f"{_pair(one.at_threshold)} >{one.threshold:>4.0%}"
    rules = f"{_pair(one.forecast)}  {at}  {_pair(one.overdue)}  {_pair(one.past_week)}"
    brier = f"{one.brier:.3f} ({one.brier_of_share:.3f})"
    return f"{one.weeks:>5}  {one.cases:>5}  {one.late:>4}  {rules}     {brier}"


def _pair(told: Told) -> str:
    return f"{told.recall:>4.0%} / {told.false_alarms:>4.0%}"
