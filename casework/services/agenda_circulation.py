"""Circulating the agenda: the one act that opens a meeting to its members and tells each of it."""

from datetime import date

from casework.clock import now
from casework.emails import links, messages
from casework.extensions import db
from casework.models import PanelCirculation, PanelMeeting
from casework.queries import meetings, notices
from casework.services import audit_trail, outbox
from casework.services.agenda import items_at
from casework.services.audit_trail import Actor
from casework.services.errors import Refused
from casework.services.meeting_versions import changing, circulated_at, subject_of


def circulate(
    *,
    actor: Actor,
    today: date,
    meeting_id: int,
    version: int,
    opens_on: date,
) -> int:
    """Send the agenda round, which opens its cases to members, and commit.

    Each member gets an email by itself, with a link and no child's data. Returns how many were
    told. Raises ChangedMeanwhile, Absent; Refused with nobody to tell, no case to hear, for a
    meeting that has been, and for an agenda that was circulated already.
    """
    with changing(meeting_id, version) as meeting:
        _refuse(meeting, today)
        db.session.add(
            PanelCirculation(
                meeting_id=meeting_id,
                kind="agenda",
                circulated_at=now(),
                circulated_by_id=actor.user_id,
            )
        )
        db.session.flush()
        told = _tell_members(meeting, opens_on)
        about = subject_of(meeting_id)
        changes = {"told": (None, told)}
        audit_trail.record(actor, "circulated agenda", subject=about, changes=changes)
        return told


def _refuse(meeting: PanelMeeting, today: date) -> None:
    words = None
    if meeting.on_day < today:
        words = "The meeting has been: its agenda is not circulated now"
    elif circulated_at(meeting.id) is not None:
        words = "The agenda was circulated already"
    elif not items_at(meeting.id):
        words = "There is no case on the agenda: add cases first"
    elif not meetings.members_on(meeting.panel_id, meeting.on_day):
        words = "Nobody sits on the panel on that day: ask a manager to add its members"
    if words:
        raise Refused({"meeting": words})


def _tell_members(meeting: PanelMeeting, opens_on: date) -> int:
    """Write an email to each member; the cases in which they have an interest are not counted."""
    shown = notices.cases_shown(meeting.id)
    link = links.to("meetings.agenda", public_id=meeting.public_id)
    members = meetings.members_on(meeting.panel_id, meeting.on_day)
    for member in members:
        email = messages.agenda_circulated(
            panel=meeting.panel.name,
            on=meeting.on_day,
            at=meeting.starts_at,
            cases=shown.to(member.user_id),
            opens_on=opens_on,
            link=link,
        )
        outbox.put(about=notices.about_agenda(meeting.id), to_user_id=member.user_id, email=email)
    return len(members)
