"""`/caught-mail`: the email of a demonstration, as those it is to would get it."""

from flask import Blueprint, Response, abort, render_template, request

from casework import current, readiness
from casework.emails import catcher
from casework.emails.catcher import Caught
from casework.headers import frames_own_pages, shown_in_frame
from casework.web.guards import signed_in
from casework.web.paging import numbered

blueprint = Blueprint("caught_mail", __name__, url_prefix="/caught-mail")

#: How many messages a page of the list shows.
EACH = 50
_WHY = "It is a demonstration: everybody in it is invented, and its email goes nowhere."


@blueprint.get("")
@signed_in(_WHY)
def index() -> str:
    """List the email that was caught, the newest first; all of it, or one person's."""
    _only_where_caught()
    found = catcher.listed(current.settings())
    people = sorted({one.to for one in found})
    to = request.args.get("to") or ""
    wanted = [one for one in found if not to or one.to == to]
    pages = max(1, -(-len(wanted) // EACH))
    page = min(max(1, request.args.get("page", 1, int)), pages)
    return render_template(
        "caught_mail/index.html",
        found=wanted[(page - 1) * EACH : page * EACH],
        total=len(wanted),
        people=people,
        to=to,
        kept=catcher.KEPT,
        pagination=numbered("caught_mail.index", page, pages, {"to": to} if to else {}),
    )


@blueprint.get("/<name>")
@signed_in(_WHY)
@frames_own_pages
def show(name: str) -> str:
    """Show one message: its headers, its text, and its page where it has one."""
    return render_template("caught_mail/show.html", found=_found(name))


@blueprint.get("/<name>/page")
@signed_in(_WHY)
@shown_in_frame
def page(name: str) -> Response:
    """Give a message's page alone, in which nothing acts; its links open elsewhere."""
    found = _found(name)
    if found.html is None:
        abort(404)
    return Response(found.html.replace("<head>", '<head><base target="_blank">', 1))


def _found(name: str) -> Caught:
    _only_where_caught()
    return catcher.caught(current.settings(), name) or abort(404)


def _only_where_caught() -> None:
    if not readiness.catches_mail():
        abort(404)
