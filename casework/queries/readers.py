"""Who is told of a case's limits: its officer, those who answer for the officer, and who stands in.

A "desk" is whoever holds a case; desk 0 stands for nobody.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
    values,
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


def readers(stand_in: Mapping[int, int]) -> CTE:
    """Return who is told of the cases of each desk: `desk`, `reader_id`, `in_place_of_id`.

    The officer; the managers of the officer's team and those of no team; where there are neither,
    every manager. One row a reader, their own where they are told in another's place besides.
    """
    told = _by_right().subquery("told")
    if not stand_in:
        return select(
            told.c.desk, told.c.reader_id, cast(null(), Integer).label("in_place_of_id")
        ).cte("readers")
    covers = (
        values(column("away", Integer), column("cover", Integer), name="covers")
        .data(list(stand_in.items()))
        .cte()
    )
    away = covers.c.cover.is_not(None)
    reader = func.coalesce(covers.c.cover, told.c.reader_id)
    place = case((away, told.c.reader_id))
    return (
        select(
            told.c.desk,
            reader.label("reader_id"),
            case((func.count() > func.count(place), null()), else_=func.min(place)).label(
                "in_place_of_id"
            ),
        )
        .select_from(told)
        .outerjoin(covers, covers.c.away == told.c.reader_id)
        .group_by(told.c.desk, reader)
        .cte("readers")
    )


def _by_right() -> Any:
    """Who answers for each desk, whether they are there or away."""
    desk = union_all(
        select(User.id.label("desk"), User.team_id),
        select(literal(NOBODY), literal(None, Integer)),
    ).cte("desks")
    manager = aliased(User)
    answers = or_(manager.team_id == desk.c.team_id, manager.team_id.is_(None))
    is_manager = and_(is_reader(manager), manager.role == Role.MANAGER)
    nearest = exists(select(manager.id).where(is_manager, answers))
    officers = select(User.id, User.id.label("reader_id")).where(is_reader(User))
    theirs = select(desk.c.desk, manager.id).join(manager, answers).where(is_manager)
    others = aliased(User)
    every = (
        select(desk.c.desk, others.id)
        .join(others, and_(is_reader(others), others.role == Role.MANAGER))
        .where(~nearest)
    )
    together = officers.union(theirs, every)  # a manager who holds the case is told once
    named = together.subquery()
    return select(named.c[0].label("desk"), named.c[1].label("reader_id"))
