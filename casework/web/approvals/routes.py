"""`/exceptions`: what waits for a manager's approval, and what families were not told."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import approvals
from casework.rules.exception_course import USUAL_SHARE
from casework.services import viewing
from casework.web.guards import actor, needs, scope, viewer

blueprint = Blueprint("approvals", __name__, url_prefix="/exceptions")


@blueprint.get("")
@needs(Permission.APPROVE_EXCEPTIONS)
def index() -> ResponseReturnValue:
    """List the proposals that wait, oldest first, and the approved that no family was told of."""
    with reading():
        found = approvals.approvals(scope())
        share, is_far_above = approvals.share(clock.today())
        viewing.let_go()
    viewing.cases_viewed(
        actor=actor(),
        case_ids=[line.case.id for line in (*found.waiting, *found.to_be_told)],
        what="viewed list of exceptions",
    )
    return render_template(
        "approvals/index.html",
        found=found,
        share=share,
        is_far_above=is_far_above,
        usual=USUAL_SHARE,
        me=viewer().user_id,
        today=clock.today(),
    )
