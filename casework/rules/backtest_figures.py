"""The figures of a backtest: how many late cases were told, how many false alarms, how well meant.

Thresholds are chosen on the cases whose limits came first, and every figure is of the others.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from casework.rules.backtest import WEEKS, Call
from casework.rules.forecast import STEPS

#: The share of cases in time that may be called late: a list with more is not read twice.
FALSE_ALARMS = 0.2
#: A case is called late where that is likelier than not.
LIKELIER_THAN_NOT = 0.5
#: Fewer than so many late, or in time, say nothing.
LEAST = 20

Rule = Callable[[Call], bool]


@dataclass(frozen=True, slots=True)
class Told:
    """Of the cases that were late, the share that a rule called late; and of those in time."""

    recall: float
    false_alarms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """The figures of so many weeks before the limit."""

    weeks: int
    cases: int
    late: int
    #: The forecast, called late where likelier than not.
    forecast: Told
    #: The forecast at the threshold that kept false alarms to a fifth on the earlier cases.
    threshold: float
    at_threshold: Told
    #: "Late when any limit is overdue."
    overdue: Told
    #: "Late when still at or before this step by this week", the step chosen on the earlier cases.
    step: str
    past_week: Told
    #: The mean squared error of the chance, and of always saying the earlier cases' share.
    brier: float
    brier_of_share: float


@dataclass(frozen=True, slots=True)
class Tenth:
    """Of the looks whose chance of being late was in one tenth: as said, and as it came."""

    cases: int
    said: float
    came: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a backtest. A horizon with too few cases is left out."""

    looks: int
    horizons: Sequence[Horizon]
    calibration: Sequence[Tenth]


def figures(calls: Sequence[Call]) -> Figures:
    """Return the figures of these looks."""
    days = sorted(call.due_on for call in calls)
    middle = days[len(days) // 2] if days else None
    earlier = [call for call in calls if middle and call.due_on < middle]
    later = [call for call in calls if middle and call.due_on >= middle]
    found = (_horizon(weeks, _at(earlier, weeks), _at(later, weeks)) for weeks in WEEKS)
    return Figures(len(later), [one for one in found if one], _calibration(later))


def _horizon(weeks: int, earlier: Sequence[Call], later: Sequence[Call]) -> Horizon | None:
    late = sum(call.was_late for call in later)
    known = sum(call.was_late for call in earlier)
    if min(late, len(later) - late, known, len(earlier) - known) < LEAST:
        return None
    threshold, step = _threshold(earlier), _step(earlier)
    share = known / len(earlier)
    return Horizon(
        weeks=weeks,
        cases=len(later),
        late=late,
        forecast=_told(later, lambda call: call.risk > LIKELIER_THAN_NOT),
        threshold=threshold,
        at_threshold=_told(later, lambda call: call.risk > threshold),
        overdue=_told(later, lambda call: call.was_overdue),
        step=list(STEPS)[step],
        past_week=_told(later, lambda call: call.step <= step),
        brier=mean((call.risk - call.was_late) ** 2 for call in later),
        brier_of_share=mean((share - call.was_late) ** 2 for call in later),
    )


def _threshold(calls: Iterable[Call]) -> float:
    """The lowest chance above which at most a fifth of the cases in time lie."""
    in_time = sorted((call.risk for call in calls if not call.was_late), reverse=True)
    return in_time[int(FALSE_ALARMS * len(in_time))]


def _step(calls: Sequence[Call]) -> int:
    """The step for which "still at or before it" told the earlier cases apart best."""

    def gain(step: int) -> float:
        told = _told(calls, lambda call: call.step <= step)
        return told.recall - told.false_alarms

    return max(range(len(STEPS)), key=gain)


def _told(calls: Sequence[Call], rule: Rule) -> Told:
    return Told(
        mean(rule(call) for call in calls if call.was_late),
        mean(rule(call) for call in calls if not call.was_late),
    )


def _calibration(calls: Iterable[Call]) -> list[Tenth]:
    tenths: dict[int, list[Call]] = {}
    for call in calls:
        tenths.setdefault(min(9, int(call.risk * 10)), []).append(call)
    return [
        Tenth(len(of), mean(call.risk for call in of), mean(call.was_late for call in of))
        for _, of in sorted(tenths.items())
    ]


def _at(calls: Iterable[Call], weeks: int) -> list[Call]:
    return [call for call in calls if call.weeks == weeks]
