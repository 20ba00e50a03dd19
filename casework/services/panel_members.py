"""Who sits on a panel: a place has a first day and may have a last; nobody has two at once.

A place is never removed. What its holder said and where they were present stays; their access
ends with their last day (casework.queries.meetings).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from casework.access import Permission, rule_for
from casework.extensions import db
from casework.models import PanelMember, User
from casework.rules.civil_dates import spoken_date
from casework.rules.panels import Position
from casework.services import audit_trail, meetings, panels
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused
from casework.services.meetings import panel_subject


def add_member(*, actor: Actor, panel_id: int, user: str, details: Mapping[str, Any]) -> str:
    """Give a person a place on a panel, and commit. Returns the place's public id.

    `user` is the public id of an active account that may see panels; `details` are columns of
    PanelMember. Raises Absent, and Refused where they may not sit or sit there already.
    """
    meetings.locked(panel_id)
    person = db.session.scalar(select(User).where(User.public_id == user))
    if person is None or not may_sit(person):
        raise Refused({"user": "Choose a person whose account is open and may see panels"})
    _refuse_unfit(panel_id, person.id, None, details)
    member = PanelMember(panel_id=panel_id, user_id=person.id, **details)
    db.session.add(member)
    db.session.flush()
    made = member.public_id
    told = {name: (None, value) for name, value in details.items() if value is not None}
    told["person"] = (None, f"user {person.id}")
    audit_trail.record(actor, "added panel member", subject=panel_subject(panel_id), changes=told)
    db.session.commit()
    return made


def change_member(
    *,
    actor: Actor,
    today: date,
    panel_id: int,
    member_id: int,
    version: int,
    details: Mapping[str, Any],
    without_chair: bool = False,
) -> None:
    """Put a place right or end it, and commit. `version` is the panel's, as the person saw it.

    Raises Absent, ChangedMeanwhile, and Refused: for days that do not fit, and, unless
    `without_chair`, where the panel would be left with nobody as its chair.
    """
    meetings.locked(panel_id)
    member = db.session.get(PanelMember, member_id)
    if member is None or member.panel_id != panel_id:
        raise Absent
    _refuse_unfit(panel_id, member.user_id, member.id, details)
    if not without_chair:
        _refuse_without_chair(member, details, today)
    panels.claim(panel_id, version)
    changes = {k: (getattr(member, k), v) for k, v in details.items() if getattr(member, k) != v}
    for name, (_, new) in changes.items():
        setattr(member, name, new)
    if changes:
        changes["person"] = (f"user {member.user_id}", f"user {member.user_id}")
        audit_trail.record(
            actor, "changed panel member", subject=panel_subject(panel_id), changes=changes
        )
    db.session.commit()


def may_sit(person: User) -> bool:
    """Return whether a person's account is open and lets them see a panel."""
    return person.is_active and person.role in rule_for(Permission.SEE_PANELS).roles


def _refuse_unfit(
    panel_id: int, user_id: int, member_id: int | None, details: Mapping[str, Any]
) -> None:
    first, last = details["from_day"], details["until_day"]
    if last and last < first:
        raise Refused({"until_day": "The last day must be the first day or after it"})
    meets = [or_(PanelMember.until_day.is_(None), PanelMember.until_day >= first)]
    if last:
        meets.append(PanelMember.from_day <= last)
    places = db.session.scalars(
        select(PanelMember).where(
            PanelMember.panel_id == panel_id, PanelMember.user_id == user_id, *meets
        )
    )
    other = next((place for place in places if place.id != member_id), None)
    if other:
        until = f" to {spoken_date(other.until_day)}" if other.until_day else ""
        raise Refused(
            {
                "from_day": "They have a place on this panel from "
                f"{spoken_date(other.from_day)}{until}. End that one before this one begins"
            }
        )


def _refuse_without_chair(member: PanelMember, details: Mapping[str, Any], today: date) -> None:
    """Whoever ends the only chair's place is told, and may do it knowing it."""
    was_chair = member.position == Position.CHAIR
    if not was_chair or (member.until_day and member.until_day < today):
        return
    stays = details["position"] == Position.CHAIR
    last = details["until_day"] if stays else today - timedelta(days=1)
    if last is None or last == member.until_day:
        return
    gap = max(today, member.from_day, last + timedelta(days=1))
    others = select(PanelMember.id).where(
        PanelMember.panel_id == member.panel_id,
        PanelMember.id != member.id,
        PanelMember.position == Position.CHAIR,
        PanelMember.from_day <= gap,
        or_(PanelMember.until_day.is_(None), PanelMember.until_day >= gap),
    )
    if db.session.scalars(others).first() is None:
        raise Refused(
            {
                "without_chair": f"From {spoken_date(gap)} nobody would be this panel’s chair. "
                "Add the new chair first, or tick the box to go on without one"
            }
        )
