"""Who was asked for advice on a case, and what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.extensions import db
from casework.models import Adviser, Deadline
from casework.queries.clock_lines import ClockLine, service_words
from casework.queries.entries import EventLine
from casework.rules.events import OUTCOMES


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceLine:
    """One adviser on a case: asked, reached, due, answered."""

    adviser: Adviser
    asked_on: date | None
    #: The day the request reached them, where it was recorded apart.
    reached_on: date | None
    answered_on: date | None
    outcome: str | None
    #: Their limit; None where no day of asking stands.
    limit: ClockLine | None

    @property
    def words(self) -> str:
        """Return who was asked, in words."""
        return service_words(self.adviser)

    @property
    def outcome_words(self) -> str:
        """Return the answer in words; nothing while there is none."""
        return OUTCOMES.get(self.outcome or "", "")

    @property
    def is_outstanding(self) -> bool:
        """Return whether the answer is still owed."""
        return self.limit is not None and self.limit.clock.is_owed


def advice_lines(
    advisers: Sequence[Adviser], events: Sequence[EventLine], limits: Sequence[ClockLine]
) -> list[AdviceLine]:
    """Return a line for each adviser who was asked: outstanding ones first, by the day due."""
    limit_of = {line.adviser.id: line for line in limits if line.adviser}
    lines = [_line(adviser, events, limit_of.get(adviser.id)) for adviser in advisers]
    asked = [line for line in lines if line.asked_on or line.reached_on or line.answered_on]
    return sorted(asked, key=_urgency)


def outstanding(case_id: int) -> list[str]:
    """Return the services whose advice on the case is still owed, in words, the first due first."""
    owed = db.session.scalars(
        select(Adviser)
        .join(Deadline, Deadline.adviser_id == Adviser.id)
        .where(Adviser.case_id == case_id, Deadline.met_on.is_(None), Deadline.closed_on.is_(None))
        .order_by(Deadline.due_on, Adviser.id)
    )
    return list(dict.fromkeys(service_words(one) for one in owed))


def _line(adviser: Adviser, events: Sequence[EventLine], limit: ClockLine | None) -> AdviceLine:
    own = [line.event for line in events if line.stands and line.event.adviser_id == adviser.id]
    first = {event.kind: event for event in reversed(own)}
    answer = first.get("advice_received")
    days = {kind: event.happened_on for kind, event in first.items()}
    return AdviceLine(
        adviser=adviser,
        asked_on=days.get("advice_requested"),
        reached_on=days.get("advice_request_received"),
        answered_on=days.get("advice_received"),
        outcome=answer.outcome if answer else None,
        limit=limit,
    )


def _urgency(line: AdviceLine) -> tuple[bool, date]:
    due = line.limit.clock.due.on if line.limit else line.asked_on
    return not line.is_outstanding, due or date.max
