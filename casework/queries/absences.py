"""Who is away or has handed on what they are told, from when to when, and who stands in."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from casework.access import Role, Viewer
from casework.extensions import db
from casework.models import Absence, User
from casework.queries.readers import is_reader


def of_person(user_id: int, today: date) -> Sequence[Absence]:
    """Return the absences of a person that are in force or still to come, in order of day."""
    return _found(Absence.user_id == user_id, today)


def covered_by(user_id: int, today: date) -> Sequence[Absence]:
    """Return the absences, now or to come, in which a person stands in for another."""
    return _found(Absence.cover_id == user_id, today)


def of_team(viewer: Viewer, today: date) -> Sequence[Absence]:
    """Return the absences, now or to come, of those whom a manager answers for, but their own."""
    people = select(User.id).where(_answered_for(viewer), User.id != viewer.user_id)
    return _found(Absence.user_id.in_(people), today)


def overlapping(user_id: int, from_day: date, until_day: date | None) -> Absence | None:
    """Return an absence of a person that has a day in common with these, or None."""
    return db.session.scalars(
        select(Absence)
        .where(
            *(Absence.user_id == user_id, Absence.ended_at.is_(None)),
            or_(Absence.until_day.is_(None), Absence.until_day >= from_day),
            *([Absence.from_day <= until_day] if until_day else []),
        )
        .order_by(Absence.from_day)
        .limit(1)
    ).one_or_none()


def able_to_cover() -> Sequence[User]:
    """Return those who may be told of cases, by name."""
    return db.session.scalars(
        select(User).where(is_reader(User)).order_by(User.name, User.id)
    ).all()


def people_of(viewer: Viewer) -> Sequence[User]:
    """Return those for whom a person may name a cover: themselves, and for a manager the team."""
    wanted = select(User).where(is_reader(User), _answered_for(viewer))
    return db.session.scalars(wanted.order_by(User.name, User.id)).all()


def _found(whose: ColumnElement[bool], today: date) -> Sequence[Absence]:
    return db.session.scalars(
        select(Absence)
        .where(
            *(whose, Absence.ended_at.is_(None)),
            or_(Absence.until_day.is_(None), Absence.until_day >= today),
        )
        .options(joinedload(Absence.user), joinedload(Absence.cover))
        .order_by(Absence.from_day, Absence.id)
    ).all()


def _answered_for(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.role != Role.MANAGER:
        return User.id == viewer.user_id
    if viewer.team_id is None:
        return User.id.is_not(None)
    return or_(User.id == viewer.user_id, User.team_id == viewer.team_id)
