"""What a member thinks of a case before the meeting: given again as often as they like."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework.clock import now
from casework.extensions import db
from casework.models import AgendaItem, PanelDecision, PanelView
from casework.queries import interests, meetings, panel_views
from casework.rules.panels import QUESTIONS
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused


def give(*, actor: Actor, today: date, item_id: int, leans_to: str | None, words: str) -> PanelView:
    """Record a member's view of an item, and commit; return it. Their latest stands.

    The same words given again are not recorded twice. Raises Absent, and Refused.
    """
    item = db.session.scalar(
        select(AgendaItem)
        .where(AgendaItem.id == item_id, AgendaItem.removed_at.is_(None))
        .options(joinedload(AgendaItem.meeting))
    )
    if item is None or actor.user_id is None:
        raise Absent
    _refuse(actor.user_id, today, item, leans_to, words)
    own = [one for one in panel_views.latest(item_id) if one.user_id == actor.user_id]
    if own and (own[0].leans_to, own[0].words) == (leans_to, words):
        return own[0]
    made = PanelView(
        item_id=item_id,
        user_id=actor.user_id,
        leans_to=leans_to,
        words=words,
        entered_at=now(),
    )
    db.session.add(made)
    db.session.flush()
    audit_trail.record(
        actor,
        "gave view before meeting",
        case_id=item.case_id,
        subject=f"agenda item {item.id}",
        changes={"leans to": (own[0].leans_to if own else None, leans_to)},
    )
    db.session.commit()
    return made


def _refuse(user_id: int, today: date, item: AgendaItem, leans_to: str | None, words: str) -> None:
    sitting = meetings.members_on(item.meeting.panel_id, item.meeting.on_day)
    if user_id not in {member.user_id for member in sitting}:
        raise Refused({"words": "Only members of the panel give a view"})
    if user_id in {one.user_id for one in interests.standing(item.case_id)}:
        raise Refused({"words": "You have declared an interest in this case"})
    recorded = select(PanelDecision.id).where(PanelDecision.item_id == item.id).limit(1)
    if today > item.meeting.on_day or db.session.scalar(recorded) is not None:
        raise Refused({"words": "The panel has heard this case, so views are closed"})
    if leans_to and leans_to not in {one.key for one in QUESTIONS[item.question].outcomes}:
        raise Refused({"leans_to": "Choose an answer from the list"})
    if not leans_to and not words.strip():
        raise Refused({"words": "Say which way you lean, or write a line"})
