"""Declared interests: who keeps out of a case, and why."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework.extensions import db
from casework.models import Interest


def standing(case_id: int) -> Sequence[Interest]:
    """Return the interests in a case that stand, in order, each with its person's name.

    One statement.
    """
    return db.session.scalars(
        select(Interest)
        .where(Interest.case_id == case_id, Interest.ended_at.is_(None))
        .options(joinedload(Interest.user))
        .order_by(Interest.id)
    ).all()


def find(case_id: int, public_id: str) -> Interest | None:
    """Return one interest in a case that stands, or None. One statement."""
    return next((one for one in standing(case_id) if one.public_id == public_id), None)
