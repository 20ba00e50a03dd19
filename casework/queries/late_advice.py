"""Advice that came late, or is late, and nobody has said why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from casework.access import Scope
from casework.extensions import db
from casework.models import AdviceService, Adviser, Case, Deadline
from casework.queries.clock_lines import service_words
from casework.queries.scope import in_scope
from casework.rules.clocks import ANY_ADVICE

#: How far back a reason is still looked for.
YEAR = timedelta(days=365)
#: The most lines of one page.
MOST = 100


@dataclass(frozen=True, slots=True)
class LateLine:
    """One request that was answered late, or is not answered yet though it is due."""

    case: Case
    adviser: Adviser
    due_on: date
    #: The first day of its return; None while it is owed.
    met_on: date | None
    days_late: int

    @property
    def words(self) -> str:
        """Return who was asked, in words."""
        service = self.adviser.advice_service
        return service.name if service else service_words(self.adviser)


def without_reason(scope: Scope, today: date, officer_id: int | None = None) -> Sequence[LateLine]:
    """Return late advice of the last twelve months without a coded cause, the longest late first.

    `officer_id` keeps the cases that one officer holds. A limit that an exception lifts is left
    out, since its lateness is explained by that. At most MOST lines; one statement.
    """
    late = or_(
        Deadline.met_on > Deadline.due_on,
        Deadline.met_on.is_(None) & Deadline.closed_on.is_(None) & (Deadline.due_on < today),
    )
    statement = (
        select(Deadline, Case, Adviser)
        .join(Case, Case.id == Deadline.case_id)
        .join(Adviser, Adviser.id == Deadline.adviser_id)
        .where(
            Deadline.duty.in_(ANY_ADVICE),
            Deadline.due_on >= today - YEAR,
            Deadline.late_cause.is_(None),
            Deadline.lifted_by.is_(None),
            late,
            in_scope(scope),
        )
        .options(
            joinedload(Case.person),
            joinedload(Adviser.advice_service).load_only(AdviceService.name),
        )
        .order_by(Deadline.due_on, Deadline.id)
    )
    if officer_id is not None:
        statement = statement.where(Case.officer_id == officer_id)
    lines = [
        LateLine(case, adviser, row.due_on, row.met_on, ((row.met_on or today) - row.due_on).days)
        for row, case, adviser in db.session.execute(statement)
    ]
    return sorted(lines, key=lambda line: -line.days_late)[:MOST]
