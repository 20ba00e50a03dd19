"""`/releases`, `/releases/<id>` and `/cases/<id>/release`: reading the other lead's advice."""

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import clock, current
from casework.access import Permission
from casework.database import reading
from casework.queries import releases as queries
from casework.queries.cases import CaseView
from casework.queries.releases import AGENCY_OF, Release
from casework.rules.releases import OTHER, Stands
from casework.services import releases, viewing
from casework.services.errors import Absent, Refused
from casework.web.cases.page import open_case, show
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, scope, viewer
from casework.web.kept_forms import load
from casework.web.releases.forms import AnswerForm, AskForm

blueprint = Blueprint("releases", __name__)

#: The days that the figures look back on.
YEAR = timedelta(days=365)


@blueprint.get("/releases")
@needs(Permission.RELEASE_ADVICE)
def index() -> ResponseReturnValue:
    """List the requests that wait for this lead, their own, and how such requests were answered."""
    today, days = clock.today(), current.settings().release_answer_days
    own = AGENCY_OF[viewer().role]
    with reading():
        waiting = queries.to_answer(scope(), own, viewer().user_id, today, days)
        asked = queries.asked_by(scope(), viewer().user_id, today, days)
        figures = {
            agency.words: queries.figures(agency, today - YEAR, today, days) for agency in OTHER
        }
        viewing.let_go()
    seen = [one.case.id for one in (*waiting, *asked)]
    viewing.cases_viewed(actor=actor(), case_ids=seen, what="viewed requests to read advice")
    return render_template(
        "releases/index.html", waiting=waiting, asked=asked, figures=figures, Stands=Stands
    )


@blueprint.route("/releases/<release_id>", methods=["GET", "POST"])
@needs(Permission.RELEASE_ADVICE)
def answer(release_id: str) -> ResponseReturnValue:
    """Let the other lead read what this one keeps on a case, or refuse it with the reason."""
    view, held = _open(release_id)
    form = load(AnswerForm)
    given = {
        "actor": actor(),
        "today": clock.today(),
        "scope": scope(),
        "role": viewer().role,
        "public_id": release_id,
    }
    if form.validate_on_submit():
        try:
            if form.answer.data == "grant":
                releases.grant(**given)  # type: ignore[arg-type]
            else:
                releases.refuse(**given, why=form.why.data or "")  # type: ignore[arg-type]
        except Refused as refused:
            explain(form, refused.reasons)
        except Absent:
            abort(404)
        else:
            flash("Your answer is recorded.", "success")
            return redirect(url_for("releases.index"), 303)
    return show(
        "releases/answer.html",
        view,
        what="viewed request to read advice",
        status=422 if form.errors else 200,
        form=form,
        held=held,
        days=current.settings().release_days,
    )


@blueprint.route("/cases/<public_id>/release", methods=["GET", "POST"])
@needs(Permission.RELEASE_ADVICE)
def ask(public_id: str) -> ResponseReturnValue:
    """Ask to read the other lead's advice on a case, with the reason."""
    view = open_case(public_id)
    form = load(AskForm)
    if form.validate_on_submit():
        try:
            releases.ask(
                actor=actor(),
                today=clock.today(),
                case_id=view.case.id,
                role=viewer().role,
                reason=form.reason.data or "",
            )
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            flash("You have asked to read it. The answer will be on this page.", "success")
            return redirect(url_for("releases.index"), 303)
    return show(
        "releases/ask.html",
        view,
        what="viewed form to ask for a release",
        status=422 if form.errors else 200,
        form=form,
        agency=OTHER[AGENCY_OF[viewer().role]],
        settings=current.settings(),
    )


def _open(release_id: str) -> tuple[CaseView, Release]:
    """The request and its case, for the lead it was sent to; 404 for anyone else."""
    days = current.settings().release_answer_days
    with reading():
        held = queries.find(scope(), release_id, clock.today(), days)
        if held is None or held.row.agency != AGENCY_OF[viewer().role]:
            abort(404)
        case_id = held.case.public_id
        viewing.let_go()
        view = open_case(case_id)
    return view, held
