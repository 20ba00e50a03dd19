"""The limits of every case as they were, are or will be on a day, by the facts dated up to it.

A sweep keeps what it works out in tables of its own transaction, so that the caseload is read once
and every statement after that reads only what is due.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
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

#: What is read of a limit, by the names of its columns in `deadline`.
COLUMNS = ("case_id", "clock", "duty", "due_on", "act_by", "met_on", "closed_on", "lifted_by")

#: The tables of one sweep's transaction.
TABLES = MetaData()
_TEMPORARY = ["TEMPORARY"]
#: The limits, as of the day, of those cases of which a fact is dated after it.
THEN = Table(
    "sweep_then",
    TABLES,
    Column("case_id", Integer),
    *(Column(name, String) for name in ("clock", "duty", "lifted_by")),
    *(Column(name, Date) for name in ("due_on", "act_by", "met_on", "closed_on", "ended_on")),
    prefixes=_TEMPORARY,
)
#: The running limits that are overdue or due soon, or have come to a rung: which, and since when.
COME = Table(
    "sweep_come",
    TABLES,
    Column("case_id", Integer),
    *(Column(name, String) for name in ("clock", "duty", "rung")),
    *(Column(name, Date) for name in ("due_on", "reached_on")),
    *(Column(name, Boolean) for name in ("is_overdue", "is_soon")),
    #: Who holds the case (casework.queries.readers).
    Column("desk", Integer),
    #: When the case was brought in from a tracker; None where it was not.
    Column("brought_in_at", DateTime),
    prefixes=_TEMPORARY,
)
#: When a limit comes to each rung before its due day, by that day.
RUNG_DAYS = Table(
    "sweep_rung_days",
    TABLES,
    Column("rung", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("reached_on", Date),
    prefixes=_TEMPORARY,
)
#: Who is told of the cases of each desk.
READERS = Table(
    "sweep_readers",
    TABLES,
    Column("desk", Integer, primary_key=True),
    Column("reader_id", Integer, primary_key=True),
    Column("in_place_of_id", Integer),
    prefixes=_TEMPORARY,
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


def standings() -> Standings:
    """Return how many of COME are overdue and due soon.

    A least period for the family is never either (casework.rules.deadlines.standing).
    """
    come = COME.c
    counts = (func.count().filter(come.is_overdue), func.count().filter(come.is_soon))
    rows = db.session.execute(select(come.duty, *counts).group_by(come.duty)).all()
    known = [row for row in rows if row[0] in BOOK and not BOOK[row[0]].is_floor]
    return Standings(
        overdue=sum(row[1] for row in known),
        due_soon=sum(row[2] for row in known),
        unknown=tuple(sorted(row[0] for row in rows if row[0] not in BOOK)),
    )
