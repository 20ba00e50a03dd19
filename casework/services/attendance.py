"""Who came to a meeting: recorded in one save, by those who run it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from casework.clock import now
from casework.extensions import db
from casework.models import Attendance, PanelMeeting, PanelMember
from casework.queries import attendance, meetings
from casework.rules.attendance import Guest
from casework.rules.civil_dates import spoken
from casework.rules.panels import Attended
from casework.services import audit_trail
from casework.services.agenda import subject_of
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, ChangedMeanwhile, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGuest:
    """Somebody who came and is no member: their name, for whom they spoke, and as what."""

    name: str
    #: A member of PanelAgency.
    agency: str
    #: A member of Guest.
    came_as: str = Guest.IN_PLACE


def save(
    *,
    actor: Actor,
    today: date,
    meeting_id: int,
    version: int,
    attended: Mapping[int, str],
    guests: Sequence[NewGuest],
) -> None:
    """Record who came, all at once, and commit.

    `attended` says of each account, by id, whether they came (a member of Attended); `guests` are
    all who came besides. `version` is `attendance_version` as the person last saw it. Raises
    ChangedMeanwhile; Absent for no such meeting; and Refused for a meeting that was cancelled,
    for somebody present at one still to come, and for somebody who has no place at it.
    """
    meeting = db.session.get(PanelMeeting, meeting_id)
    if meeting is None:
        raise Absent
    held = {row.user_id: row for row in attendance.rows(meeting_id) if row.user_id}
    members = {one.user_id: one for one in meetings.members_on(meeting.panel_id, meeting.on_day)}
    _check(meeting, today, attended, guests, members.keys() | held.keys())
    _claim(meeting_id, version)
    changes = _write_members(actor, meeting_id, attended, held, members)
    changes |= _write_guests(actor, meeting_id, guests)
    if changes:
        audit_trail.record(
            actor, "recorded attendance", subject=subject_of(meeting_id), changes=changes
        )
    db.session.commit()


def _check(
    meeting: PanelMeeting,
    today: date,
    attended: Mapping[int, str],
    guests: Sequence[NewGuest],
    known: Any,
) -> None:
    if meeting.cancelled_at is not None:
        raise Refused({"attended": "The meeting was cancelled, so nobody came to it"})
    if not set(attended) <= set(known):
        raise Refused({"attended": "Add somebody who is no member below the members"})
    present = guests or Attended.PRESENT in attended.values()
    if meeting.on_day > today and present:
        raise Refused(
            {
                "attended": f"The meeting is on {spoken(meeting.on_day)}. Until then only "
                "apologies can be recorded"
            }
        )


def _claim(meeting_id: int, version: int) -> None:
    """Claim the next version of the attendance. Raises ChangedMeanwhile, with nothing done."""
    seen = (PanelMeeting.id == meeting_id, PanelMeeting.attendance_version == version)
    taken = db.session.execute(
        update(PanelMeeting)
        .where(*seen)
        .values(attendance_version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount == 1:  # type: ignore[attr-defined]
        return
    current = db.session.scalar(
        select(PanelMeeting.attendance_version).where(PanelMeeting.id == meeting_id)
    )
    db.session.rollback()
    raise ChangedMeanwhile(current or 0, ())


def _write_members(
    actor: Actor,
    meeting_id: int,
    attended: Mapping[int, str],
    held: Mapping[int, Attendance],
    members: Mapping[int, PanelMember],
) -> dict[str, tuple[Any, Any]]:
    changes: dict[str, tuple[Any, Any]] = {}
    for user_id, came in attended.items():
        row = held.get(user_id)
        if row is not None and row.attended == came:
            continue
        changes[f"user {user_id}"] = (row.attended if row else None, came)
        if row is None:
            row = Attendance(meeting_id=meeting_id, user_id=user_id, **_place(members[user_id]))
            db.session.add(row)
        row.attended, row.recorded_at, row.recorded_by_id = came, now(), actor.user_id
    db.session.flush()
    return changes


def _place(member: PanelMember) -> dict[str, Any]:
    return {"name": member.user.name, "agency": member.agency, "position": member.position}


def _write_guests(
    actor: Actor, meeting_id: int, guests: Sequence[NewGuest]
) -> dict[str, tuple[Any, Any]]:
    rows = [row for row in attendance.rows(meeting_id) if row.user_id is None]
    old = [NewGuest(name=row.name, agency=row.agency, came_as=row.position) for row in rows]
    if old == list(guests):
        return {}
    db.session.execute(delete(Attendance).where(Attendance.id.in_([row.id for row in rows])))
    db.session.add_all(
        Attendance(
            meeting_id=meeting_id,
            user_id=None,
            name=one.name,
            agency=one.agency,
            position=one.came_as,
            attended=Attended.PRESENT,
            recorded_at=now(),
            recorded_by_id=actor.user_id,
        )
        for one in guests
    )
    db.session.flush()
    return {"others": (_told(old), _told(guests))}


def _told(guests: Sequence[NewGuest]) -> list[str]:
    return [f"{one.name}, {one.agency}, {one.came_as}" for one in guests]
