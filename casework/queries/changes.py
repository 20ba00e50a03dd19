"""What others did to a record meanwhile, for whoever was about to save over it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from casework.extensions import db
from casework.models import AuditEntry, User

NO_ACCOUNT = "the command line"


class Change(NamedTuple):
    """One thing that someone did."""

    words: str
    by: str
    at: datetime


def latest(*, case_id: int, count: int, subject: str | None = None) -> Sequence[Change]:
    """Return the last `count` changes to a case, or to one subject on it, oldest first."""
    statement = (
        select(AuditEntry.action, User.name, AuditEntry.at)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.case_id == case_id, AuditEntry.action.not_like("viewed%"))
        .order_by(AuditEntry.id.desc())
        .limit(count)
    )
    if subject:
        statement = statement.where(AuditEntry.subject == subject)
    rows = db.session.execute(statement).all()
    return [Change(row.action, row.name or NO_ACCOUNT, row.at) for row in reversed(rows)]
