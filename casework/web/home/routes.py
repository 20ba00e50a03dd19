"""`/`: to the page where one's own work begins."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from casework.access import Role
from casework.web.guards import signed_in, viewer
from casework.web.home.start_pages import START_PAGES

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in("Each role has a first page of its own.")
def index() -> ResponseReturnValue:
    """Go to where this role's work begins."""
    return redirect(url_for(START_PAGES[Role(viewer().role)]), 303)
