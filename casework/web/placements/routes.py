"""`/placements`: open cases that wait for a place, by need and phase, for officers."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import placements
from casework.services import viewing
from casework.web.guards import actor, needs, scope, viewer

blueprint = Blueprint("placements", __name__, url_prefix="/placements")


@blueprint.get("")
@needs(Permission.WRITE_CASES)
def index() -> ResponseReturnValue:
    """List the cases that wait for a place: all, or with `whose=mine` the person's own."""
    is_mine = request.args.get("whose") == "mine"
    officer_id = viewer().user_id if is_mine else None
    with reading():
        waiting = placements.waiting(scope(), clock.today(), officer_id)
        viewing.let_go()
    viewing.cases_viewed(
        actor=actor(),
        case_ids=[line.case.id for line in waiting.lines],
        what="viewed list of cases that wait for a place",
    )
    return render_template(
        "placements/index.html", waiting=waiting, is_mine=is_mine, today=clock.today()
    )
