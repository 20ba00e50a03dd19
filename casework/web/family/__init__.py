"""`/family`: a family's own page, opened by a link and a one-time code. Off by default."""

from flask import Blueprint, abort, g

from casework import current

blueprint = Blueprint("family", __name__, url_prefix="/family")


@blueprint.before_request
def _only_where_it_is_on() -> None:
    """Answer 404 while the setting is off; and show nothing of who is signed in here."""
    if not current.settings().family_pages:
        abort(404)
    g.bare_page = True
