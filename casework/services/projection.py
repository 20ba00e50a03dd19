"""What the events of one case say: the rows of its deadlines, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.queries.history import Entered
from casework.rules.clocks import Clock, clocks, next_clock, outstanding_advice
from casework.rules.history import Happened, standing_events, standpoint
from casework.rules.stages import STAGES, Stage
from casework.rules.workdays import WorkingDays

#: The columns of a deadline, in the order of a row.
ROW = (
    *("case_id", "clock", "duty", "adviser_id", "started_on", "due_on", "act_by"),
    *("earliest_on", "met_on", "met_as", "closed_on", "asked_on", "sent_back_on", "late_cause"),
    "lifted_by",
)
#: The columns of a case that are answers, in their order.
ANSWERS = (
    *("stage", "started_on", "ended_on", "waiting_on", "advice_outstanding", "advice_due_on"),
    *("next_duty", "next_due_on", "next_act_by", "next_lifted_by"),
)
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """What the facts of one case say: its deadline rows, and the answers kept on the case."""

    rows: list[Values]
    answers: Values


def project(
    case_id: int,
    *,
    kind: str,
    detained: bool,
    told: Entered,
    calendar: WorkingDays,
    until: date | None = None,
) -> Projection:
    """Return what the events of one case say, as values in the order of ROW and ANSWERS.

    With `until`, only those dated by that day: as they stand now, put right by whatever came since.
    """
    events = standing_events(told.events)
    if until is not None:
        events = [event for event in events if event.on <= until]
    found = clocks(
        kind=kind, detained=detained, advisers=told.advisers, events=events, calendar=calendar
    )
    return Projection([_row(case_id, clock) for clock in found], _answers(events, found))


def _row(case_id: int, clock: Clock) -> Values:
    due = clock.due
    return (
        case_id,
        clock.key,
        clock.duty.id,
        clock.adviser_id,
        due.started_on or due.on,
        due.on,
        due.act_by,
        due.earliest,
        clock.met_on,
        clock.met_as,
        clock.closed_on,
        *_of_request(clock),
        " ".join(clock.lifted_by) or None,
    )


def _of_request(clock: Clock) -> Values:
    request = clock.request
    return (request.asked_on, request.sent_back_on, request.late_cause) if request else (None,) * 3


def _answers(events: Sequence[Happened], found: Sequence[Clock]) -> Values:
    stands = standpoint(events)
    waiting = outstanding_advice(found)
    following = next_clock(found) if stands.ended_on is None else None
    starts = [c.due.started_on for c in found if c.key == "case" and c.due.started_on]
    return (
        stands.stage.value,
        min(starts, default=None),
        stands.ended_on,
        "advisers" if _waits_for_advice(stands.stage, waiting) else STAGES[stands.stage].waiting_on,
        len(waiting),
        waiting[0].due.on if waiting else None,
        following.duty.id if following else None,
        following.due.on if following else None,
        (following.due.act_by or following.due.on) if following else None,
        " ".join(following.lifted_by) or None if following else None,
    )


def _waits_for_advice(stage: Stage, waiting: Sequence[Clock]) -> bool:
    return stage is Stage.ASSESSING and bool(waiting)
