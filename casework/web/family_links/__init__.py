"""`/cases/<id>/family-page`: who has a link to the family's page, and its codes. Off by default."""

from flask import Blueprint, abort

from casework import current

blueprint = Blueprint("family_links", __name__, url_prefix="/cases/<public_id>/family-page")


@blueprint.before_request
def _only_where_it_is_on() -> None:
    """Answer 404 while the setting is off."""
    if not current.settings().family_pages:
        abort(404)
