"""What happens to one invented case, step by step, and never after today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from casework.holidays import england_and_wales
from casework.rules.clocks import start_event

if TYPE_CHECKING:
    from casework.demonstration.decided import Decided

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event. `service` names the adviser it concerns, `corrects` the step it puts right."""

    kind: str
    on: date
    service: str | None = None
    recipient: str | None = None
    outcome: str | None = None
    note: str | None = None
    oddity: str | None = None
    doubt: str | None = None
    #: The place in the road of the earlier step that this one puts right.
    corrects: int | None = None
    #: Columns of CaseEventException.
    exception: Mapping[str, Any] | None = None
    #: For a step of an exception: the place in the road of its proposal, and its words.
    proposal: int | None = None
    words: str = ""
    #: Columns of what the event brings with it: advice, a check of it, a day it is expected.
    brings: Mapping[str, Any] | None = None
    #: The day it was keyed, where that was later.
    keyed_on: date | None = None
    #: Whether the adviser's own service entered it.
    by_service: bool = False
    #: Whether a manager entered it, as the second person that it takes.
    by_manager: bool = False
    #: Whether an officer took the decision between two meetings.
    by_officer: bool = False
    #: The decision behind it.
    decided: "Decided | None" = None


class Road:
    """The steps of one case in the order they were entered. What lies after `until` is left out."""

    def __init__(self, kind: str, start: date, today: date) -> None:
        self.kind = kind
        self.today = today
        self.until = today
        self.steps = [Step(kind=start_event(kind), on=start)]

    @property
    def start(self) -> date:
        """Return the day on which the case began."""
        return self.steps[0].on

    def add(self, kind: str, on: date, **particulars: Any) -> bool:
        """Add a step, unless it lies too late, and return whether it was added."""
        if on > self.until:
            return False
        self.steps.append(Step(kind=kind, on=on, **particulars))
        return True

    def first(self, kind: str) -> date | None:
        """Return the first day of a kind of step, or None."""
        return min((step.on for step in self.steps if step.kind == kind), default=None)

    def correct(self, place: int, wrong: date, note: str, keyed_on: date) -> None:
        """Let a step have been entered first on the wrong day, and then put right."""
        right = self.steps[place]
        self.steps[place] = replace(right, on=wrong)
        self.steps.append(replace(right, corrects=place, note=note, keyed_on=keyed_on))

    def strike_out(self, place: int, note: str, on: date) -> None:
        """Take back a step that should not have been entered."""
        self.steps.append(Step(kind="struck_out", on=on, corrects=place, note=note))


def standing(steps: Sequence[Step]) -> list[tuple[int, Step]]:
    """Return the steps that stand, each with the place of the one that it first put right."""
    roots: list[int] = []
    for place, step in enumerate(steps):
        roots.append(place if step.corrects is None else roots[step.corrects])
    put_right = {step.corrects for step in steps}
    return [(roots[n], step) for n, step in enumerate(steps) if n not in put_right]


def working_day(day: date) -> date:
    """Return the day itself if an office is open on it, else the next day on which one is.

    Beyond the list of bank holidays, weekends alone are counted: nothing rests on it.
    """
    holidays = england_and_wales().holidays
    while day.weekday() >= 5 or day in holidays:
        day += DAY
    return day
