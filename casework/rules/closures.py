"""Whether a school's recorded closures bear out the exception that was claimed for them.

The ground is about *asking*: advice was requested of the school or college in the period that
begins one week before it closed for 4 continuous weeks or more and ends one week before it
re-opened (SEND Regulations 2014, reg 5(4)(a), 10(4)(a) and 13(3)).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from casework.rules.civil_dates import spoken_date
from casework.rules.exceptions import closure_window
from casework.rules.standing_words import days

#: The grounds that rest on a closure.
CLOSURE_GROUNDS = ("X1", "X2")

Closure = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the recorded dates say of the ground: whether they bear it out, and why in words."""

    #: None where a date that it turns on is not recorded.
    bears_out: bool | None
    words: str


def check(asked: Sequence[date], closures: Iterable[Closure]) -> Verdict:
    """Return whether advice asked of a school on these days was asked round one of its closures.

    A closure is its first and last day, both included.
    """
    windows = [(closure, window) for closure in closures if (window := closure_window(*closure))]
    if not windows:
        return Verdict(False, "No closure of 4 weeks or more is recorded for the school or setting")
    if not asked:
        return Verdict(
            None, "The day on which the school or setting was asked for advice is not recorded"
        )
    for day in asked:
        for closure, (opens, ends) in windows:
            if opens <= day <= ends:
                return Verdict(
                    True, f"{_asked([day])}, in the time {_window(closure, opens, ends)}"
                )
    nearest, (opens, ends) = min(windows, key=lambda found: _distance(asked, found[1]))
    return Verdict(False, f"{_asked(asked)}, not in the time {_window(nearest, opens, ends)}")


def borne_out(asked: Sequence[date], closures: Iterable[Closure]) -> Closure | None:
    """Return the closure round which advice was asked on one of these days, or None."""
    for closure in closures:
        window = closure_window(*closure)
        if window and any(window[0] <= day <= window[1] for day in asked):
            return closure
    return None


def _asked(asked: Sequence[date]) -> str:
    return f"Advice was asked of the school or setting on {' and '.join(map(spoken_date, asked))}"


def _window(closure: Closure, opens: date, ends: date) -> str:
    first, last = closure
    length = days((last - first).days + 1)
    return (
        f"from {spoken_date(opens)} to {spoken_date(ends)} that its closure from "
        f"{spoken_date(first)} to {spoken_date(last)} ({length}) gives"
    )


def _distance(asked: Sequence[date], window: Closure) -> int:
    opens, ends = window
    return min(min(abs((day - opens).days), abs((day - ends).days)) for day in asked)
