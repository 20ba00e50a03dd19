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
    #: Which record of the case it was done to: "event 12".
    subject: str | None = None


#: What raises a case's version.
CHANGES_OF_CASE = ("logged event", "corrected event", "struck out event", "changed case")


def latest(*, case_id: int, count: int, subject: str | None = None) -> Sequence[Change]:
    """Return the last `count` changes to a case, or to one subject on it, oldest first.

    What was saved together is one change, and may be several acts.
    """
    about = AuditEntry.subject == subject if subject else AuditEntry.action.in_(CHANGES_OF_CASE)
    of_case = select(AuditEntry).where(AuditEntry.case_id == case_id, about).subquery()
    moments = select(of_case.c.at).distinct().order_by(of_case.c.at.desc()).limit(count)
    statement = (
        select(of_case.c.action, User.name, of_case.c.at, of_case.c.subject)
        .outerjoin(User, User.id == of_case.c.actor_id)
        .where(of_case.c.at.in_(moments))
        .order_by(of_case.c.id)
    )
    rows = db.session.execute(statement).all()
    return [Change(row.action, row.name or NO_ACCOUNT, row.at, row.subject) for row in rows]
