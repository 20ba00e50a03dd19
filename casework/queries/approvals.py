"""Exceptions across cases: those that wait for a second person, and of which no family was told."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from casework.access import Scope
from casework.extensions import db
from casework.models import (
    Case,
    CaseEvent,
    CaseEventException,
    Deadline,
    ExceptionStep,
    Person,
    User,
)
from casework.queries.indicators import figure
from casework.queries.scope import in_scope, without_interest
from casework.queries.standing import stands
from casework.rules.book import BOOK
from casework.rules.exception_course import is_far_above_usual
from casework.rules.exceptions import GROUNDS, REGULATIONS
from casework.rules.figures import Rate
from casework.rules.indicators import INDICATORS, Period

_YEAR = timedelta(days=365)
_DAY = timedelta(days=1)
#: Each provision with each rule whose limit it lets go.
_LIFTS = tuple((row.lifted_under, row.id) for row in BOOK.values() if row.lifted_under)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLine:
    """One proposal: what it is about, who made it and, if it was approved, when."""

    proposal_id: int
    case: Case
    particulars: CaseEventException
    proposed_on: date
    proposed_by_id: int | None
    proposed_by: str | None
    approved_on: date | None
    #: The limits that it lifts or would lift: words, and the day due.
    limits: list[tuple[str, date]] = field(default_factory=list)

    @property
    def ground_words(self) -> str:
        """Return the ground in words."""
        return GROUNDS[self.particulars.ground or ""].title

    @property
    def citation(self) -> str:
        """Return the provision that lists the ground."""
        return REGULATIONS[self.particulars.regulation].cited(self.particulars.ground)


@dataclass(frozen=True, slots=True)
class Approvals:
    """What managers have to see to: first what was proposed, or approved, the longest ago."""

    waiting: list[ApprovalLine]
    to_be_told: list[ApprovalLine]


def approvals(scope: Scope) -> Approvals:
    """Return the proposals that wait, and the approved of which no family was told.

    One statement, whatever is found.
    """
    lines: dict[int, ApprovalLine] = {}
    for row in db.session.execute(_statement(scope)):
        event = row.CaseEvent
        line = lines.setdefault(
            event.id,
            ApprovalLine(
                proposal_id=event.id,
                case=row.Case,
                particulars=row.CaseEventException,
                proposed_on=event.happened_on,
                proposed_by_id=event.entered_by_id,
                proposed_by=row.name,
                approved_on=row.decided_on,
            ),
        )
        if row.duty:
            line.limits.append((BOOK[row.duty].label, row.due_on))
    approved = [(line.approved_on, line) for line in lines.values() if line.approved_on]
    return Approvals(
        waiting=[line for line in lines.values() if line.approved_on is None],
        to_be_told=[line for _, line in sorted(approved, key=lambda pair: pair[0])],
    )


def waiting(theirs: ColumnElement[bool], approver_id: int) -> list[tuple[int, date]]:
    """Return the case and the day of each proposal that waits for this person, oldest first.

    Of the open cases that the condition holds for; not what they proposed themselves, nor where
    they have declared an interest. One statement.
    """
    decided = _decided()
    found = (
        select(CaseEvent.case_id, CaseEvent.happened_on)
        .join(Case, Case.id == CaseEvent.case_id)
        .outerjoin(decided, decided.c.proposal_id == CaseEvent.id)
        .where(
            *(CaseEvent.kind == "exception_proposed", stands(CaseEvent)),
            *(decided.c.kind.is_(None), Case.ended_on.is_(None)),
            *(theirs, without_interest(approver_id)),
            CaseEvent.entered_by_id.is_distinct_from(approver_id),
        )
        .order_by(CaseEvent.happened_on, CaseEvent.id)
    )
    return list(db.session.execute(found))


def share(today: date) -> tuple[Rate, bool]:
    """Return how many plans of the last 12 months were marked as exceptions, of how many, and
    whether that is far above the usual. The indicator's own figure."""
    period = Period(today - _YEAR + _DAY, today)
    found = figure(INDICATORS["exceptions_share"], period)
    assert isinstance(found, Rate), "the share of exceptions is a rate"
    return found, is_far_above_usual(found.numerator, found.denominator)


def _statement(scope: Scope) -> Select[*tuple[object, ...]]:
    decided = _decided()
    of_limit = and_(
        Deadline.case_id == CaseEvent.case_id,
        Deadline.adviser_id.is_not_distinct_from(CaseEvent.adviser_id),
        Deadline.closed_on.is_(None),
        tuple_(CaseEventException.regulation, Deadline.duty).in_(_LIFTS),
    )
    return (
        select(
            *(CaseEvent, Case, CaseEventException, User.name),
            *(decided.c.decided_on, Deadline.duty, Deadline.due_on),
        )
        .join(CaseEventException, CaseEventException.event_id == CaseEvent.id)
        .join(Case, Case.id == CaseEvent.case_id)
        .outerjoin(User, User.id == CaseEvent.entered_by_id)
        .outerjoin(decided, decided.c.proposal_id == CaseEvent.id)
        .outerjoin(Deadline, of_limit)
        .where(
            CaseEvent.kind == "exception_proposed",
            stands(CaseEvent),
            in_scope(scope),
            or_(
                decided.c.kind.is_(None),
                and_(decided.c.kind == "exception_recorded", ~_told()),
            ),
        )
        .options(
            joinedload(Case.person).load_only(Person.surname, Person.forenames),
        )
        .order_by(CaseEvent.happened_on, CaseEvent.id, Deadline.due_on)
    )


def _decided() -> Subquery:
    """What was decided on each proposal, as it stands."""
    return (
        select(ExceptionStep.proposal_id, CaseEvent.kind, CaseEvent.happened_on.label("decided_on"))
        .join(CaseEvent, CaseEvent.id == ExceptionStep.event_id)
        .where(CaseEvent.kind.in_(("exception_recorded", "exception_refused")), stands(CaseEvent))
        .subquery()
    )


def _told() -> ColumnElement[bool]:
    """Whether the family was told of the proposal in hand once it was approved."""
    told = aliased(CaseEvent)
    return exists(
        select(ExceptionStep.event_id)
        .join(told, told.id == ExceptionStep.event_id)
        .where(
            ExceptionStep.proposal_id == CaseEvent.id,
            told.kind == "exception_told",
            stands(told),
        )
    )
