"""`/cases/<id>/advice` and `/<adviser>`: who was asked, and what came back."""

from flask import abort
from flask.typing import ResponseReturnValue

from casework.access import Permission
from casework.web.advice import ask_routes as ask_routes
from casework.web.advice import blueprint as blueprint
from casework.web.advice import reuse_routes as reuse_routes
from casework.web.cases.page import open_case, show
from casework.web.guards import needs


@blueprint.get("")
@needs(Permission.READ_ADVICE)
def index(public_id: str) -> ResponseReturnValue:
    """Show who was asked for advice on the case, and how each stands."""
    view = open_case(public_id)
    return show("advice/index.html", view, what="viewed advice", lines=view.advice)


@blueprint.get("/<adviser_id>")
@needs(Permission.READ_ADVICE)
def adviser(public_id: str, adviser_id: str) -> ResponseReturnValue:
    """Show the story of one request for advice."""
    view = open_case(public_id)
    lines = [line for line in view.advice if line.adviser.public_id == adviser_id]
    if not lines:
        abort(404)
    return show("advice/adviser.html", view, what="viewed request for advice", line=lines[0])
