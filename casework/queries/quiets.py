"""The cases of which a reader wants no alerts, until a day or until they say otherwise."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import contains_eager

from casework.access import Scope
from casework.extensions import db
from casework.models import Case, Quiet
from casework.queries.scope import in_scope


def in_force(today: date) -> ColumnElement[bool]:
    """Return the condition on Quiet that it holds alerts back today."""
    return Quiet.ended_at.is_(None) & or_(Quiet.until_day.is_(None), Quiet.until_day >= today)


def of_person(user_id: int, scope: Scope, today: date) -> Sequence[Quiet]:
    """Return what a person wants quiet about, by reference, each with its open case."""
    return db.session.scalars(
        select(Quiet)
        .join(Quiet.case)
        .where(Quiet.user_id == user_id, in_force(today), Case.ended_on.is_(None), in_scope(scope))
        .options(contains_eager(Quiet.case))
        .order_by(Case.reference)
    ).all()


def case_ids(user_id: int, today: date) -> set[int]:
    """Return the cases that a person wants quiet about today. One statement."""
    return set(
        db.session.scalars(select(Quiet.case_id).where(Quiet.user_id == user_id, in_force(today)))
    )


def on_case(user_id: int, case_id: int, today: date) -> Quiet | None:
    """Return what a person wants quiet about on one case, or None."""
    wanted = select(Quiet).where(Quiet.user_id == user_id, Quiet.case_id == case_id)
    return db.session.scalars(wanted.where(in_force(today))).one_or_none()


def standing(user_id: int, case_id: int) -> Quiet | None:
    """Return the row that was not ended, its day past or not, or None."""
    of_both = Quiet.user_id == user_id, Quiet.case_id == case_id
    return db.session.scalars(select(Quiet).where(*of_both, Quiet.ended_at.is_(None))).one_or_none()
