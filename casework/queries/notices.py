"""What members are told of a meeting: how many of its cases each may see."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from casework.extensions import db
from casework.models import AgendaItem, Interest


@dataclass(frozen=True, slots=True)
class CasesShown:
    """How many cases a meeting has, and how many of them are hidden from whom."""

    total: int
    #: By user: the items in whose case they have declared an interest.
    hidden: Mapping[int, int]

    def to(self, user_id: int) -> int:
        """Return how many of the cases this person may see."""
        return self.total - self.hidden.get(user_id, 0)


def about_agenda(meeting_id: int) -> str:
    """Return what the email that tells of an agenda is about, as the outbox keeps it."""
    return f"agenda of meeting {meeting_id}"


def cases_shown(meeting_id: int) -> CasesShown:
    """Return how many of a meeting's cases may be shown, and to whom fewer. Two statements."""
    there = (AgendaItem.meeting_id == meeting_id, AgendaItem.removed_at.is_(None))
    total = db.session.scalar(select(func.count()).select_from(AgendaItem).where(*there)) or 0
    rows = db.session.execute(
        select(Interest.user_id, func.count(AgendaItem.id.distinct()))
        .join(AgendaItem, AgendaItem.case_id == Interest.case_id)
        .where(*there, Interest.ended_at.is_(None))
        .group_by(Interest.user_id)
    )
    return CasesShown(total, {row[0]: row[1] for row in rows})
