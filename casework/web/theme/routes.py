"""The authority's colour reaches the pages as a custom property, since no style is inline."""

from flask import Blueprint, Response

from casework import current
from casework.web.guards import public

blueprint = Blueprint("theme", __name__)


@blueprint.get("/theme.css")
@public("The sign-in page is in the authority’s colour too.")
def stylesheet() -> Response:
    """Answer with the one rule that an authority's settings decide."""
    rule = f":root {{ --authority-colour: {current.settings().authority_colour}; }}\n"
    return Response(rule, mimetype="text/css")
