"""What is known of cases that says the one thing to do on each: their events and their limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from casework.extensions import db
from casework.models import Adviser, Deadline
from casework.queries import history
from casework.rules.clocks import CONSULTED, FAMILY_DAYS
from casework.rules.events import RECIPIENTS
from casework.rules.history import Happened
from casework.rules.journeys import FINALS
from casework.rules.next_action import Situation
from casework.rules.next_steps import DECIDING
from casework.rules.stages import Stage

_Row = Row[*tuple[Any, ...]]


@dataclass(slots=True)
class Known:
    """What is known of one case besides its row."""

    #: Every event entered, corrected ones too.
    events: list[Happened] = field(default_factory=list)
    #: Every limit, with the service whose advice it times, the first due first.
    deadlines: list[_Row] = field(default_factory=list)

    @property
    def owed(self) -> list[_Row]:
        """Return the case's own limits that are owed."""
        return [one for one in self.deadlines if one.clock == "case" and _is_owed(one)]

    @property
    def advice_owed(self) -> list[_Row]:
        """Return the limits of the services that have not answered."""
        return [one for one in self.deadlines if one.service and _is_owed(one)]

    def advice_late(self, today: date) -> list[_Row]:
        """Return those that are past, and that no exception lifts."""
        return [one for one in self.advice_owed if one.due_on < today and not one.lifted_by]


def known(case_ids: Sequence[int]) -> Mapping[int, Known]:
    """Return what is known of each case. Two statements, however many."""
    found = {
        case_id: Known(events=events)
        for case_id, events in history.entered_events(case_ids).items()
    }
    limits = (
        select(
            *(Deadline.case_id, Deadline.clock, Deadline.duty, Deadline.due_on, Deadline.act_by),
            *(Deadline.met_on, Deadline.closed_on, Deadline.lifted_by, Adviser.service),
        )
        .outerjoin(Adviser, Adviser.id == Deadline.adviser_id)
        .where(Deadline.case_id.in_(case_ids))
        .order_by(Deadline.due_on, Deadline.id)
    )
    for row in db.session.execute(limits):
        found[row.case_id].deadlines.append(row)
    return found


def situation(
    of_case: Known,
    events: Sequence[Happened],
    *,
    today: date,
    stage: Stage,
    due: str | None,
    may_approve: bool,
) -> Situation:
    """Return what `next_action` asks of an open case. `events` are those that stand; `due` is the
    rule of the limit due next."""
    kinds = [one.kind for one in events]
    asked = [one for one in of_case.deadlines if one.duty == CONSULTED]
    family = [one.due_on for one in of_case.deadlines if one.duty in FAMILY_DAYS]
    sent = {one.recipient for one in events if one.kind == "final_plan_sent"}
    finals = [one.due_on for one in of_case.owed if one.duty in FINALS and not one.lifted_by]
    spared = {"institution"} if "no_institution_named" in kinds else set()
    return Situation(
        today=today,
        stage=stage,
        due=due,
        decided=next((kind for kind in reversed(kinds) if kind in DECIDING), None),
        may_approve=may_approve,
        late=[one.service for one in of_case.advice_late(today)],
        awaited=[one.service for one in of_case.advice_owed if one.due_on >= today],
        was_asked=any(one.service for one in of_case.deadlines),
        family_until=max(family, default=None),
        consulted=len(asked),
        unanswered=[one.due_on for one in asked if _is_owed(one)],
        final_by=min(finals, default=None),
        is_signed="plan_signed" in kinds,
        unsent=[one for one in RECIPIENTS if one not in sent | spared],
    )


def _is_owed(one: _Row) -> bool:
    return one.met_on is None and one.closed_on is None
