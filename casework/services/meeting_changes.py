"""One meeting of a panel added, moved or cancelled by hand: its members told, no case lost."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from casework.clock import now
from casework.emails import links, messages
from casework.emails.messages import Email
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import AgendaItem, Panel, PanelDecision, PanelMeeting, PanelRecord
from casework.queries.meetings import members_on
from casework.rules.civil_dates import spoken
from casework.rules.errors import BeyondCalendar
from casework.services import agenda, audit_trail, meetings, outbox
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused
from casework.services.meeting_versions import claim, subject_of


def add_meeting(*, actor: Actor, today: date, panel_id: int, details: Mapping[str, Any]) -> str:
    """Add a meeting beside a panel's regular ones, and commit. Returns its public id.

    `details` are on_day, starts_at, minutes and place. Raises Absent, and Refused for a day that
    will not do.
    """
    panel = meetings.locked(panel_id)
    _refuse_day(panel, details["on_day"], today, None)
    meeting = PanelMeeting(panel_id=panel.id, **details)
    meetings.set_dues(meeting, panel)
    db.session.add(meeting)
    db.session.flush()
    made = meeting.public_id
    told = {name: (None, value) for name, value in details.items() if value}
    audit_trail.record(actor, "added meeting", subject=subject_of(meeting.id), changes=told)
    db.session.commit()
    return made


def move_meeting(
    *,
    actor: Actor,
    today: date,
    meeting_id: int,
    version: int,
    details: Mapping[str, Any],
    why: str,
) -> None:
    """Move a meeting to another day, time or place, tell its members, and commit.

    `details` are on_day, starts_at, minutes and place; its cases go with it. Raises Absent,
    ChangedMeanwhile, and Refused: for a day that will not do, or for a meeting that was held,
    decided or cancelled.
    """
    meeting, panel = _changeable(meeting_id)
    was_on, was_at = meeting.on_day, meeting.starts_at
    changes = {k: (getattr(meeting, k), v) for k, v in details.items() if getattr(meeting, k) != v}
    if not changes:
        raise Refused({"on_day": "This is where and when it is held already. Change one of them"})
    if "on_day" in changes:
        _refuse_day(panel, details["on_day"], today, meeting.id)
    claim(meeting.id, version)
    first = meeting.moved_from or was_on
    for name, (_, new) in changes.items():
        setattr(meeting, name, new)
    meeting.moved_from = None if meeting.on_day == first else first
    meeting.moved_why = why
    meetings.set_dues(meeting, panel)
    db.session.flush()
    email = messages.meeting_moved(
        panel=panel.name,
        was_on=was_on,
        was_at=was_at,
        on=meeting.on_day,
        at=meeting.starts_at,
        place=meeting.place,
        link=links.to("panels.show", public_id=panel.public_id),
    )
    _tell(meeting, {was_on, meeting.on_day}, f"move of meeting {meeting.id}: {version}", email)
    changes["why"] = (None, why)
    audit_trail.record(actor, "moved meeting", subject=subject_of(meeting.id), changes=changes)
    db.session.commit()


def cancel_meeting(*, actor: Actor, meeting_id: int, version: int, why: str, to: str | None) -> int:
    """Cancel a meeting, put its cases on another's agenda, tell its members, and commit.

    `to` is the public id of the meeting that its cases go to; None where it has none. Returns how
    many went. Raises Absent, ChangedMeanwhile, and Refused: for want of a meeting to go to, or
    for a meeting that was held, decided or cancelled.
    """
    meeting, panel = _changeable(meeting_id)
    items = agenda.items_at(meeting.id)
    later = _later(meeting, to) if items else None
    claim(meeting.id, version)
    meeting.cancelled_at, meeting.cancelled_why = now(), why
    db.session.flush()
    email = messages.meeting_cancelled(
        panel=panel.name,
        on=meeting.on_day,
        at=meeting.starts_at,
        link=links.to("panels.show", public_id=panel.public_id),
    )
    _tell(meeting, {meeting.on_day}, f"cancellation of meeting {meeting.id}", email)
    audit_trail.record(
        actor,
        "cancelled meeting",
        subject=subject_of(meeting.id),
        changes={"why": (None, why), "cases": (None, len(items))},
    )
    if later:
        agenda.carry_over(actor=actor, items=items, to_meeting_id=later.id, why=why)
    db.session.commit()
    return len(items)


def _changeable(meeting_id: int) -> tuple[PanelMeeting, Panel]:
    """A meeting that was neither held, decided nor cancelled, with its panel.

    The panel's calendar is then this transaction's alone, and its cases are held: nobody records
    a decision meanwhile.
    """
    meeting = db.session.get(PanelMeeting, meeting_id)
    if meeting is None:
        raise Absent
    panel = meetings.locked(meeting.panel_id)
    db.session.refresh(meeting, with_for_update={"key_share": True})
    items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting.id)
    db.session.scalars(items.order_by(AgendaItem.id).with_for_update(key_share=True)).all()
    for words in _settled(meeting):
        raise Refused({"why": words})
    return meeting, panel


def _settled(meeting: PanelMeeting) -> Iterator[str]:
    if meeting.cancelled_at:
        yield f"The meeting of {spoken(meeting.on_day)} was cancelled already"
    signed = select(exists().where(PanelRecord.meeting_id == meeting.id))
    if db.session.scalar(signed):
        yield "The record of this meeting is signed, so it stays as it was held"
    decided = exists().where(
        AgendaItem.meeting_id == meeting.id, PanelDecision.item_id == AgendaItem.id
    )
    if db.session.scalar(select(decided)):
        yield "Decisions are recorded at this meeting. Have the chair sign its record instead"


def _later(meeting: PanelMeeting, to: str | None) -> PanelMeeting:
    found = db.session.scalar(select(PanelMeeting).where(PanelMeeting.public_id == to))
    if found is None or found.id == meeting.id:
        raise Refused({"to": "Choose the meeting that its cases go to"})
    return found


def _refuse_day(panel: Panel, day: date, today: date, own: int | None) -> None:
    words = _objection(panel, day, today)
    same = select(PanelMeeting.id).where(
        PanelMeeting.panel_id == panel.id,
        PanelMeeting.on_day == day,
        PanelMeeting.cancelled_at.is_(None),
    )
    if not words and any(found != own for found in db.session.scalars(same)):
        words = "The panel meets on that day already. Choose another day"
    if words:
        raise Refused({"on_day": words})


def _objection(panel: Panel, day: date, today: date) -> str | None:
    if day < today:
        return "The day must be today or later"
    if panel.closed_on and day >= panel.closed_on:
        return f"The panel meets no more from {spoken(panel.closed_on)}"
    try:
        is_open = england_and_wales().is_working_day(day)
    except BeyondCalendar:
        known = spoken(england_and_wales().last)
        return f"Bank holidays are known only to {known}. Choose a day up to then"
    return None if is_open else f"{spoken(day)} is not a working day. Choose another day"


def _tell(meeting: PanelMeeting, days: set[date], about: str, email: Email) -> None:
    """Write the email down for each person who sits on the panel on one of the days."""
    people = {one.user_id for day in days for one in members_on(meeting.panel_id, day)}
    for user_id in sorted(people):
        outbox.put(about=about, to_user_id=user_id, email=email)
