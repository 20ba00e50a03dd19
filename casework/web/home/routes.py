"""`/`: to the page where one's own work begins, or a short page that says what there is."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework.access import PERMISSIONS, RULES, Role
from casework.web.guards import may_open, signed_in, viewer
from casework.web.home.start_pages import START_PAGES

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in("Each role has a first page of its own.")
def index() -> ResponseReturnValue:
    """Go to where this role's work begins; where that is nowhere yet, say what it may do."""
    role = viewer().role
    first = START_PAGES.get(role)
    if first and may_open(first):
        return redirect(url_for(first), 303)
    allowed = PERMISSIONS.get(role, frozenset())
    return render_template(
        "home/index.html",
        name=viewer().name,
        role=Role(role).words,
        allows=[rule.allows for rule in RULES if rule.permission in allowed],
    )
