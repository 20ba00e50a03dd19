"""`/panels`: the panels a person has to do with, and the meetings to come."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import panels
from casework.services import viewing
from casework.web.guards import needs, seat

blueprint = Blueprint("panels", __name__, url_prefix="/panels")


@blueprint.get("")
@needs(Permission.SEE_PANELS)
def index() -> ResponseReturnValue:
    """List the meetings to come and those lately held, as far as they are this person's to see."""
    with reading():
        upcoming, held = panels.meetings_around(seat(), clock.today())
        viewing.let_go()
    return render_template("panels/index.html", upcoming=upcoming, held=held)
