"""`/meetings/<id>`: the agenda of one meeting."""

from flask import render_template
from flask.typing import ResponseReturnValue

from casework.access import Permission
from casework.web.guards import needs
from casework.web.meetings import attendance_routes as attendance_routes
from casework.web.meetings import blueprint as blueprint
from casework.web.meetings import circulation_routes as circulation_routes
from casework.web.meetings import decision_routes as decision_routes
from casework.web.meetings import interest_routes as interest_routes
from casework.web.meetings import item_routes as item_routes
from casework.web.meetings import moving_routes as moving_routes
from casework.web.meetings import paper_routes as paper_routes
from casework.web.meetings.page import may_chair, open_meeting


@blueprint.get("")
@needs(Permission.SEE_PANELS)
def agenda(public_id: str) -> ResponseReturnValue:
    """Show the meeting."""
    view = open_meeting(public_id)
    return render_template("meetings/agenda.html", view=view, may_chair=may_chair(view))
