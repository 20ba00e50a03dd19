"""The limits of every case as they were, are or will be on a day, by the facts dated up to it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Integer,
    MetaData,
    Select,
    String,
    Subquery,
    Table,
    and_,
    func,
    select,
    union_all,
)

from casework.extensions import db
from casework.models import Case, CaseEvent, Deadline
from casework.rules.book import BOOK
from casework.rules.deadlines import soon_until
from casework.rules.workdays import WorkingDays

#: What is read of a limit, by the names of its columns in `deadline`.
COLUMNS = ("case_id", "clock", "duty", "due_on", "act_by", "met_on", "closed_on", "lifted_by")
_DAYS = ("due_on", "act_by", "met_on", "closed_on", "ended_on")
_TEXTS = ("clock", "duty", "lifted_by")

#: The limits of those cases of which a fact is dated after the day that is asked about. Made in
#: the transaction that asks (casework.services.sweep), and gone after it.
THEN = Table(
    "limit_then",
    MetaData(),
    Column("case_id", Integer, index=True),
    *(Column(name, String) for name in _TEXTS),
    *(Column(name, Date) for name in _DAYS),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class Standings:
    """How many running limits are past their day and how many are due soon."""

    overdue: int
    due_soon: int
    #: Rules that the book does not have, of limits that nobody can say anything about.
    unknown: tuple[str, ...]


def cases_told_later(day: date) -> Select[int]:
    """Return a statement of the cases of which an event is dated after the day."""
    return select(CaseEvent.case_id).where(CaseEvent.happened_on > day)


def limits(day: date, *, as_then: bool) -> Subquery:
    """Return the limits of every case with its officer, and where it came from, as on a day.

    `as_then` where THEN holds what was so of the cases of which facts are dated after the day.
    """
    whole = [Case.officer_id, Case.keyed_at, Case.tracker_reference, Case.tracker_status]
    stored = [getattr(Deadline, name) for name in COLUMNS]
    now = select(*stored, Case.ended_on, *whole).join(Case, Case.id == Deadline.case_id)
    if not as_then:
        return now.subquery("limits")
    kept = [THEN.c[name] for name in (*COLUMNS, "ended_on")]
    then = select(*kept, *whole).select_from(THEN).join(Case, Case.id == THEN.c.case_id)
    untouched = now.where(Deadline.case_id.not_in(cases_told_later(day)))
    return union_all(untouched, then).subquery("limits")


def runs(limit: Any) -> ColumnElement[bool]:
    """Return the condition that a limit of an open case is owed, and no exception lifts it."""
    return and_(
        *(limit.met_on.is_(None), limit.closed_on.is_(None), limit.lifted_by.is_(None)),
        limit.ended_on.is_(None),
    )


def act_day(limit: Any) -> ColumnElement[date]:
    """Return the day to act by; past the known bank holidays the due day stands for it."""
    return func.coalesce(limit.act_by, limit.due_on)


def standings(source: Subquery, day: date, calendar: WorkingDays, within: int) -> Standings:
    """Return how many limits are overdue and due soon, as casework.rules.deadlines.standing says.

    One statement over every limit whose day has come.
    """
    limit = source.c
    until = soon_until(day, calendar, within)
    overdue = limit.due_on < day
    statement = (
        select(limit.duty, func.count().filter(overdue), func.count().filter(~overdue))
        .where(runs(limit), act_day(limit) <= until)
        .group_by(limit.duty)
    )
    rows = db.session.execute(statement).all()
    known = [row for row in rows if row[0] in BOOK and not BOOK[row[0]].is_floor]
    return Standings(
        overdue=sum(row[1] for row in known),
        due_soon=sum(row[2] for row in known),
        unknown=tuple(sorted(row[0] for row in rows if row[0] not in BOOK)),
    )
