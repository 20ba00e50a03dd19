"""The audit trail, as those who check the work read it: acts and references, no child's name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select

from casework.extensions import db
from casework.models import AuditEntry, Case, User
from casework.rules.civil_dates import LONDON

PAGE = 50
#: Who acted, where nobody was signed in.
_UNNAMED = {"web": "Nobody signed in"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are asked for; None asks for all. Days are London's, both included."""

    person_id: int | None = None
    reference: str | None = None
    action: str | None = None
    from_day: date | None = None
    to_day: date | None = None
    #: Only entries older than this one: how the next page is asked for.
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry."""

    number: int
    at: datetime
    who: str
    address: str | None
    action: str
    reference: str | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some entries, newest first, and the number to ask the next page before."""

    lines: Sequence[Line]
    older_than: int | None


def page(wanted: Wanted) -> TrailPage:
    """Return the newest entries that are wanted."""
    statement = _narrowed(_lines(), wanted).order_by(AuditEntry.id.desc()).limit(PAGE + 1)
    rows = db.session.execute(statement).all()
    names = _names_of_subjects(row.subject for row in rows)
    lines = [
        Line(
            number=row.id,
            at=row.at,
            who=row.name or _UNNAMED.get(row.origin, row.origin.capitalize()),
            address=row.address,
            action=row.action,
            reference=row.reference,
            subject=names.get(row.subject or "", row.subject),
        )
        for row in rows[:PAGE]
    ]
    return TrailPage(lines, lines[-1].number if len(rows) > PAGE else None)


def people() -> Sequence[tuple[int, str]]:
    """Return everyone who has an account, as (id, name), by name."""
    rows = db.session.execute(select(User.id, User.name).order_by(User.name, User.id))
    return [(row.id, row.name) for row in rows]


def actions() -> Sequence[str]:
    """Return every kind of act that the trail holds, in order."""
    every = select(AuditEntry.action).distinct().order_by(AuditEntry.action)
    return db.session.scalars(every).all()


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(AuditEntry.id, AuditEntry.at, AuditEntry.origin, AuditEntry.address),
            *(AuditEntry.action, AuditEntry.subject, User.name, Case.reference),
        )
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .outerjoin(Case, Case.id == AuditEntry.case_id)
    )


def _narrowed(statement: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    if wanted.person_id is not None:
        statement = statement.where(AuditEntry.actor_id == wanted.person_id)
    if wanted.reference:
        of_case = select(Case.id).where(Case.reference == wanted.reference.strip().upper())
        statement = statement.where(AuditEntry.case_id.in_(of_case))
    if wanted.action:
        statement = statement.where(AuditEntry.action == wanted.action)
    if wanted.from_day:
        statement = statement.where(AuditEntry.at >= _midnight(wanted.from_day))
    if wanted.to_day:
        statement = statement.where(AuditEntry.at < _midnight(wanted.to_day + timedelta(days=1)))
    if wanted.before is not None:
        statement = statement.where(AuditEntry.id < wanted.before)
    return statement


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def _names_of_subjects(subjects: Iterable[str | None]) -> dict[str, str]:
    """Return the names of the accounts among the subjects, such as "user 7"."""
    ids = {int(s[5:]) for s in subjects if s and s.startswith("user ") and s[5:].isdecimal()}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {f"user {row.id}": f"the account of {row.name}" for row in rows}
