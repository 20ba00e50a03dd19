"""How a page about a meeting is opened: within the person's window, or as if it were not there."""

from flask import abort

from casework.access import Permission
from casework.database import reading
from casework.queries import meetings
from casework.queries.meetings import ItemView, MeetingView
from casework.services import viewing
from casework.web.guards import seat, viewer


def open_meeting(public_id: str) -> MeetingView:
    """Return the meeting. Answers 404 alike for none and for one that is not theirs to see."""
    with reading():
        view = meetings.find(seat(), public_id)
        if view is None:
            abort(404)
        viewing.let_go()
    return view


def open_item(view: MeetingView, item_id: str) -> ItemView:
    """Return one item of the meeting. Answers 404 alike for none and for one not theirs to see."""
    with reading():
        item = meetings.item(seat(), view.meeting.id, item_id)
        if item is None:
            abort(404)
        viewing.let_go()
    return item


def may_chair(view: MeetingView) -> bool:
    """Return whether the person may run this meeting and sign its record."""
    return view.chairs(viewer().user_id)


def may_run(view: MeetingView) -> bool:
    """Return whether the person keeps this meeting's record: its clerk, its chair, a deputy."""
    return viewer().may(Permission.PREPARE_MEETINGS) or may_chair(view)
