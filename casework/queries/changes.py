"""What others did to a record meanwhile, for whoever was about to save over it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

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
CHANGES_OF_CASE = (
    "logged event",
    "corrected event",
    "struck out event",
    "changed case",
    "chose setting",
)


#: How many entries of the trail are searched for what was done meanwhile.
SEARCHED = 20_000


def latest(*, case_id: int, count: int, subject: str | None = None) -> Sequence[Change]:
    """Return the last `count` changes to a case, or to one subject on it, oldest first.

    What was saved together is one change, and may be several acts.
    """
    about = AuditEntry.subject == subject if subject else AuditEntry.action.in_(CHANGES_OF_CASE)
    return _last(count, AuditEntry.case_id == case_id, about)


def latest_about(subject: str, *, count: int) -> Sequence[Change]:
    """Return the last `count` changes to a record that may hold several cases, oldest first.

    "meeting 7": what was done to its agenda. Each act of a moment is told once, whatever cases
    it was done to. Only the trail's latest entries are searched: no page is open for longer.
    """
    last = select(func.max(AuditEntry.id)).scalar_subquery()
    done = _last(count, AuditEntry.subject == subject, AuditEntry.id > last - SEARCHED)
    return list({(one.words, one.by, one.at): one for one in done}.values())


def _last(count: int, *conditions: ColumnElement[bool]) -> Sequence[Change]:
    told = select(AuditEntry).where(*conditions).subquery()
    moments = select(told.c.at).distinct().order_by(told.c.at.desc()).limit(count)
    statement = (
        select(told.c.action, User.name, told.c.at, told.c.subject)
        .outerjoin(User, User.id == told.c.actor_id)
        .where(told.c.at.in_(moments))
        .order_by(told.c.id)
    )
    rows = db.session.execute(statement).all()
    return [Change(row.action, row.name or NO_ACCOUNT, row.at, row.subject) for row in rows]
