"""The officers who hold cases, and how much each of them holds."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from sqlalchemy import CTE, and_, func, literal, or_, select, true, union_all

from casework.access import Role
from casework.extensions import db
from casework.models import Case, Team, User
from casework.queries.caseload import Day, stands
from casework.rules.deadlines import Standing

#: The roles that may be given a case.
HOLD_CASES = (Role.CASE_OFFICER, Role.MANAGER)
_NUMBERS = ("open", "overdue", "soon", "complex")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What one officer holds today; `officer_id` and `name` are None for cases with nobody."""

    officer_id: int | None
    public_id: str | None
    name: str | None
    team: str | None
    takes_complex_cases: bool
    is_active: bool
    open: int
    overdue: int
    soon: int
    complex: int


_FIELDS = [field.name for field in fields(Workload)]


def assignable() -> Sequence[User]:
    """Return those who may be given a case, by name."""
    return db.session.scalars(
        select(User).where(User.is_active, User.role.in_(HOLD_CASES)).order_by(User.name, User.id)
    ).all()


def by_public_id(public_id: str) -> User | None:
    """Return a person who holds cases or may be given one, or None."""
    holding = select(Case.officer_id).where(Case.officer_id.is_not(None))
    return db.session.scalar(
        select(User).where(
            User.public_id == public_id, or_(User.role.in_(HOLD_CASES), User.id.in_(holding))
        )
    )


def workloads(when: Day) -> list[Workload]:
    """Return what each officer holds, by name, and last what nobody holds: in one statement.

    Those who may be given a case are there with none; a closed account only while it holds any.
    """
    held = _held(when)
    numbers = [func.coalesce(held.c[name], 0).label(name) for name in _NUMBERS]
    people = (
        select(
            *(User.id.label("officer_id"), User.public_id, User.name, Team.name.label("team")),
            *(User.takes_complex_cases, User.is_active, *numbers),
        )
        .outerjoin(held, held.c.officer_id == User.id)
        .outerjoin(Team, Team.id == User.team_id)
        .where(or_(and_(User.is_active, User.role.in_(HOLD_CASES)), held.c.open > 0))
    )
    unknown = [
        literal(None, column.type).label(column.key) for column in list(people.selected_columns)[:4]
    ]
    nobody = select(
        *unknown, true(), true(), *(held.c[name].label(name) for name in _NUMBERS)
    ).where(held.c.officer_id.is_(None))
    rows = db.session.execute(union_all(people, nobody)).all()
    found = [Workload(**dict(zip(_FIELDS, row, strict=True))) for row in rows]
    return sorted(found, key=lambda w: (w.name is None, not w.is_active, w.name or ""))


def _held(when: Day) -> CTE:
    """What each holds of the open cases; the row without an officer is what nobody holds."""
    return (
        select(
            Case.officer_id,
            func.count().label("open"),
            func.count().filter(stands(Standing.OVERDUE, when)).label("overdue"),
            func.count().filter(stands(Standing.SOON, when)).label("soon"),
            func.count().filter(Case.is_complex).label("complex"),
        )
        .where(Case.ended_on.is_(None))
        .group_by(Case.officer_id)
        .cte("held")
    )
