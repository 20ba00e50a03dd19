"""Who is told of a case's limits: its officer, those who answer for the officer, and who stands in.

A "desk" is whoever holds a case; desk 0 stands for nobody.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from casework.access import Role
from casework.extensions import db
from casework.models import Absence, User
from casework.queries.officers import HOLD_CASES
from casework.rules.alerts import stand_ins

#: The desk of cases that nobody holds.
NOBODY = 0


def is_reader(user: Any) -> ColumnElement[bool]:
    """Return the condition that a person may be told of any case at all, by email."""
    return and_(user.is_active, user.email.is_not(None), user.role.in_(HOLD_CASES))


def standing_in(day: date) -> dict[int, int]:
    """Return who is told on a day in the place of each who is away, by ids. Two statements.

    Of two absences of one person the one entered last counts.
    """
    away = select(Absence.user_id, Absence.cover_id).where(
        *(Absence.ended_at.is_(None), Absence.from_day <= day),
        or_(Absence.until_day.is_(None), Absence.until_day >= day),
    )
    covers = {row.user_id: row.cover_id for row in db.session.execute(away.order_by(Absence.id))}
    if not covers:
        return {}
    return stand_ins(covers, set(db.session.scalars(select(User.id).where(is_reader(User)))))


def readers(stand_in: Mapping[int, int]) -> Select[int, int, int | None]:
    """Return the rows of READERS: who is told of the cases of each desk, and in whose place.

    The officer; the managers of the officer's team and those of no team; where there are neither,
    every manager. One row a reader, their own where they are told in another's place besides.
    """
    told = _by_right()
    # The empty list of covers is false of everybody.
    cover = case(stand_in, value=told.c.reader_id) if stand_in else cast(null(), Integer)
    reader = func.coalesce(cover, told.c.reader_id).label("reader_id")
    place = case((cover.is_not(None), told.c.reader_id))
    own = func.count() > func.count(place)
    return select(
        told.c.desk, reader, case((own, cast(null(), Integer)), else_=func.min(place))
    ).group_by(told.c.desk, reader)


def _by_right() -> Subquery:
    """Who answers for each desk, whether they are there or away."""
    desk = union_all(
        select(User.id.label("desk"), User.team_id),
        select(literal(NOBODY), cast(null(), Integer)),
    ).cte("desks")
    manager, others = aliased(User), aliased(User)
    answers = or_(manager.team_id == desk.c.team_id, manager.team_id.is_(None))
    nearest = exists(select(manager.id).where(_is_manager(manager), answers))
    officers = select(User.id.label("desk"), User.id.label("reader_id")).where(is_reader(User))
    theirs = select(desk.c.desk, manager.id).join(manager, answers).where(_is_manager(manager))
    every = select(desk.c.desk, others.id).join(others, _is_manager(others)).where(~nearest)
    # A union: a manager who holds the case is told once.
    return officers.union(theirs, every).subquery("told")


def _is_manager(user: Any) -> ColumnElement[bool]:
    return and_(is_reader(user), user.role == Role.MANAGER)
