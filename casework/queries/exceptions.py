"""The exceptions of one case: each from its proposal to its end, and what is still owed for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.queries.clock_lines import ClockLine
from casework.queries.entries import EventLine, ExceptionLine, asked_of_school
from casework.rules.closures import CLOSURE_GROUNDS, Closure, check
from casework.rules.exception_course import (
    Days,
    OwedLimit,
    State,
    still_owed,
    warnings,
    words_for_family,
)
from casework.rules.exceptions import GROUNDS
from casework.rules.history import Happened
from casework.rules.lifting import lifting


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One exception with each of its steps that stands; `line` says what it is about.

    `proposed` is None where it was recorded by itself.
    """

    line: ExceptionLine
    proposed: EventLine | None
    approved: EventLine | None
    refused: EventLine | None
    told: list[EventLine]
    ended: EventLine | None
    #: Those that it lifts or, while nobody has approved it, would lift.
    limits: list[ClockLine]
    today: date

    @property
    def id(self) -> int:
        """Return the id of the event with which it began."""
        return (self.proposed or self.line.entry).event.id

    @property
    def days(self) -> Days:
        """Return the days of its steps."""
        return Days(
            proposed=_on(self.proposed),
            refused=_on(self.refused),
            approved=_on(self.approved),
            told=_on(self.told[0]) if self.told else None,
            ended=_on(self.ended),
            last=self.line.particulars.last_day,
        )

    @property
    def state(self) -> State:
        """Return how far it has come."""
        return self.days.state

    @property
    def owed(self) -> list[str]:
        """Return what is still owed for it, in words."""
        return still_owed(self.days, _owed(self.limits), self.today)

    @property
    def warnings(self) -> list[str]:
        """Return what to think of before it is approved, in words, beside the verdict."""
        kept = self.line.particulars
        return warnings(kept.ground, None, kept.first_day, kept.evidence)

    @property
    def is_to_be_told(self) -> bool:
        """Return whether it was approved and the family has not been told."""
        return self.state in (State.APPROVED, State.ENDED) and not self.told

    @property
    def may_end(self) -> bool:
        """Return whether there is an end to record."""
        return self.state is State.APPROVED

    @property
    def words_for_family(self) -> str:
        """Return words in which the family may be told; nothing without a ground and a limit."""
        ground = GROUNDS.get(self.line.particulars.ground or "")
        if ground is None or not self.limits:
            return ""
        steps = [(one.clock.duty.label, one.clock.due.on) for one in self.limits]
        is_owed = bool(_owed(self.limits))
        return words_for_family(steps, ground.words, self.line.citation, is_owed=is_owed)

    def approval(self, on: date) -> Happened:
        """Return its approval on a day, as the rules would read it."""
        kept, adviser_id = self.line.particulars, self.line.entry.event.adviser_id
        return approval(kept.regulation, kept.ground, adviser_id, on)

    def is_by(self, user_id: int) -> bool:
        """Return whether this person proposed it."""
        return self.proposed is not None and self.proposed.event.entered_by_id == user_id


def approval(regulation: str, ground: str | None, adviser_id: int | None, on: date) -> Happened:
    """Return the approval of an exception, as the rules would read it; it was not entered."""
    return Happened(
        id=0,
        kind="exception_recorded",
        on=on,
        adviser_id=adviser_id,
        regulation=regulation,
        ground=ground,
    )


def courses(
    history: Sequence[EventLine],
    clocks: Sequence[ClockLine],
    closures: Sequence[Closure],
    today: date,
) -> list[Course]:
    """Return every exception of a case that stands, the newest first. Asks the database nothing."""
    steps = _steps(history)
    found = []
    for line in history:
        kind, kept = line.event.kind, line.exception
        is_alone = kind == "exception_recorded" and line.event.exception_step is None
        if not (line.stands and kept and (kind == "exception_proposed" or is_alone)):
            continue
        of_it = steps.get(line.event.id, {})
        approved = next(iter(of_it.get("exception_recorded", [])), None)
        about = approved if approved and approved.exception else line
        is_closure = kept.ground in CLOSURE_GROUNDS
        verdict = check(asked_of_school(history), closures) if is_closure else None
        found.append(
            Course(
                line=ExceptionLine(about, about.exception or kept, verdict),
                proposed=None if is_alone else line,
                approved=approved,
                refused=next(iter(of_it.get("exception_refused", [])), None),
                told=of_it.get("exception_told", []),
                ended=next(iter(of_it.get("exception_ended", [])), None),
                limits=lifted(line, clocks),
                today=today,
            )
        )
    return found[::-1]


def lifted(line: EventLine, clocks: Sequence[ClockLine]) -> list[ClockLine]:
    """Return the limits that an exception lifts, or would: its regulation's, on its ground."""
    kept = line.exception
    assert kept is not None, "an exception has its particulars"
    return [
        one
        for one in clocks
        if one.clock.duty.lifted_under == kept.regulation
        and one.clock.adviser_id == line.event.adviser_id
        and _lifts(one, kept.ground)
    ]


def _lifts(line: ClockLine, ground: str | None) -> bool:
    """Whether the ground lifts this limit; one that could not be read lifts it too."""
    return ground is None or bool(lifting(line.clock.duty, [ground], line.clock.due))


def _steps(history: Sequence[EventLine]) -> dict[int, dict[str, list[EventLine]]]:
    """The steps that stand, by proposal and kind, in order of day."""
    found: dict[int, dict[str, list[EventLine]]] = {}
    for line in history:
        step = line.event.exception_step
        if step and line.stands:
            of_it = found.setdefault(step.proposal_id, {})
            of_it.setdefault(line.event.kind, []).append(line)
    return found


def _owed(limits: Sequence[ClockLine]) -> list[OwedLimit]:
    return [
        OwedLimit(line.clock.duty.label, line.clock.due.on) for line in limits if line.clock.is_owed
    ]


def _on(line: EventLine | None) -> date | None:
    return line.event.happened_on if line else None
