"""`/advice/late`: late advice of which nobody has said why, for officers."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import late_advice
from casework.services import viewing
from casework.web.guards import actor, needs, scope, viewer

blueprint = Blueprint("late_advice", __name__, url_prefix="/advice/late")


@blueprint.get("")
@needs(Permission.WRITE_CASES)
def index() -> ResponseReturnValue:
    """List late advice without a reason: of the person's own cases, or with `whose=all` of all."""
    is_all = request.args.get("whose") == "all"
    with reading():
        lines = late_advice.without_reason(
            scope(), clock.today(), None if is_all else viewer().user_id
        )
        viewing.let_go()
    viewing.cases_viewed(
        actor=actor(),
        case_ids=[line.case.id for line in lines],
        what="viewed list of late advice",
    )
    return render_template(
        "late_advice/index.html", lines=lines, is_all=is_all, most=late_advice.MOST
    )
