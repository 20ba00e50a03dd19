"""Who came to a meeting, as it is recorded so far."""

from collections.abc import Sequence

from sqlalchemy import select

from casework.extensions import db
from casework.models import Attendance, PanelMeeting, PanelMember
from casework.rules.attendance import Person, Roll


def roll(meeting: PanelMeeting, members: Sequence[PanelMember]) -> Roll:
    """Return everybody whom the meeting concerns: one statement.

    `members` sit on the panel on its day. Somebody of whom it is recorded that they came, and who
    is no member of that day after all, is still on it.
    """
    held = rows(meeting.id)
    of_account = {row.user_id: row for row in held if row.user_id}
    people = [_member(one, of_account.pop(one.user_id, None)) for one in members]
    people += [_person(row) for row in of_account.values()]
    people += [_person(row) for row in held if row.user_id is None]
    return Roll(
        people=tuple(people),
        agencies_needed=meeting.panel.agencies_needed,
        least_present=meeting.panel.least_present,
    )


def rows(meeting_id: int) -> Sequence[Attendance]:
    """Return what is recorded of each person, in the order in which it first was."""
    return db.session.scalars(
        select(Attendance).where(Attendance.meeting_id == meeting_id).order_by(Attendance.id)
    ).all()


def _member(member: PanelMember, row: Attendance | None) -> Person:
    """Whoever is recorded stays as they were then, whatever their place on the panel is now."""
    if row is not None:
        return _person(row)
    return Person(
        name=member.user.name,
        agency=member.agency,
        position=member.position,
        attended=None,
        user_id=member.user_id,
    )


def _person(row: Attendance) -> Person:
    return Person(
        name=row.name,
        agency=row.agency,
        position=row.position,
        attended=row.attended,
        user_id=row.user_id,
    )
