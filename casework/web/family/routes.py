"""The link, the code, and the page that they open. A link's secret stands in no page but its own.

The browser holds the visit's token in a cookie of its own, sent to these pages alone; after the
code the address holds no secret any more.
"""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock, current
from casework.headers import without_path
from casework.rules.family_links import VISIT_LASTS
from casework.services import family_visits
from casework.services.errors import Absent
from casework.services.sign_in import TooManyAttempts, WrongDetails
from casework.web import sessions
from casework.web.family import blueprint
from casework.web.family.forms import CodeForm
from casework.web.form_errors import explain
from casework.web.guards import public

THEIRS = "A family has no account: a link and a one-time code show that the page is theirs."
WRONG = (
    "That did not work. Check the link and the code. If they are right, the code was used or is "
    "too old. Ask us for a new one"
)
WAIT = "There were too many tries. Wait 15 minutes, then try again, or ring us"


@blueprint.route("/<secret>", methods=["GET", "POST"])
@public(THEIRS)
@without_path
def code(secret: str) -> ResponseReturnValue:
    """Ask for the code; the same page whether there is such a link or not."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _ask(form, 422 if form.errors else 200)
    try:
        token = family_visits.open_page(
            secret=secret,
            code=form.code.data or "",
            address=sessions.address(),
            today=clock.today(),
        )
    except WrongDetails:
        explain(form, {"code": WRONG})
        return _ask(form, 422)
    except TooManyAttempts:
        explain(form, {"code": WAIT})
        return _ask(form, 429)
    answer = make_response(redirect(url_for("family.page"), 303))
    _hold(answer, token, int(VISIT_LASTS.total_seconds()))
    return answer


@blueprint.get("")
@public(THEIRS)
@without_path
def page() -> ResponseReturnValue:
    """Show the page to whoever opened it in the last half hour."""
    try:
        shown = family_visits.read_page(
            token=request.cookies.get(_cookie(), ""),
            address=sessions.address(),
            today=clock.today(),
        )
    except Absent:
        return render_template("family/over.html"), 403
    settings = current.settings()
    return render_template(
        "family/page.html",
        page=shown,
        made_at=clock.now(),
        team_phone=settings.team_phone,
        team_email=settings.team_email,
        mediation_adviser=settings.mediation_adviser,
        information_service=settings.information_service,
    )


@blueprint.post("/leave")
@public(THEIRS)
@without_path
def leave() -> ResponseReturnValue:
    """Close the page on this machine: what the browser holds opens nothing any more."""
    family_visits.leave(token=request.cookies.get(_cookie(), ""))
    answer = make_response(redirect(url_for("family.page"), 303))
    _hold(answer, "", 0)
    return answer


def _ask(form: CodeForm, status: int) -> ResponseReturnValue:
    return render_template("family/code.html", form=form), status


def _cookie() -> str:
    return f"{'__Secure-' if current.settings().in_production else ''}casework-family"


def _hold(answer: Response, token: str, seconds: int) -> None:
    answer.set_cookie(
        _cookie(),
        token,
        max_age=seconds,
        path=url_for("family.page"),
        secure=current.settings().in_production,
        httponly=True,
        samesite="Strict",
    )
