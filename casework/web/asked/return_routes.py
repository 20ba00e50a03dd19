"""`/asked/<request>/return`: a service returns its advice, and nothing typed is lost."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.queries.asked_request import RequestView
from casework.rules.civil_dates import spoken_date
from casework.rules.events import DOUBTS
from casework.services import advice_versions, kept_forms, returning
from casework.services.errors import Refused
from casework.services.held_requests import AnsweredMeanwhile
from casework.services.returning import Recorded
from casework.web.asked import blueprint
from casework.web.asked.forms import ReturnForm
from casework.web.asked.page import open_request, show
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load, typed_fields


@blueprint.route("/<adviser_id>/return", methods=["GET", "POST"])
@needs(Permission.ANSWER_REQUESTS)
def return_advice(adviser_id: str) -> ResponseReturnValue:
    """Return advice, by the form, as a document, or both."""
    view = open_request(adviser_id)
    today = clock.today()
    form = load(ReturnForm, data={"seen": view.seen, "author": viewer().name, "written_on": today})
    form.prepare(view.agency)
    if "more" in request.form:
        return _page(view, form, one_more=True)
    if not form.validate_on_submit():
        return _page(view, form)
    try:
        done = returning.return_advice(
            actor=actor(),
            today=today,
            adviser_id=view.adviser.id,
            advice=form.advice(advice_versions.document_kind(view.adviser.service), today),
            told=form.told(),
            seen=form.seen.data or 0,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return _page(view, form)
    except AnsweredMeanwhile:
        view = open_request(adviser_id)
        form.seen.data, form.seen.raw_data = view.seen, None
        return _page(view, form, status=409, meanwhile=True)
    flash(_words(done), "success" if not done.was_there else "told")
    return redirect(url_for("asked.show_request", adviser_id=adviser_id), 303)


@blueprint.post("/<adviser_id>/return/keep")
@needs(Permission.ANSWER_REQUESTS)
def keep(adviser_id: str) -> ResponseReturnValue:
    """Keep what is typed so far for this person alone: it is not returned, and told to nobody."""
    open_request(adviser_id)
    place = url_for("asked.return_advice", adviser_id=adviser_id)
    kept_forms.keep(user_id=viewer().user_id, path=place, fields=typed_fields())
    return "", 204


def _page(
    view: RequestView, form: ReturnForm, *, status: int = 200, one_more: bool = False, **words: Any
) -> ResponseReturnValue:
    rows = form.shown_rows(one_more=one_more)
    status = 422 if form.errors and status == 200 else status
    return show(
        "asked/return.html", view, status=status, form=form, rows=rows, one_more=one_more, **words
    )


def _words(done: Recorded) -> str:
    if done.was_there:
        return (
            f"This is what you returned on {spoken_date(done.on)}, as version {done.version}. "
            "It is recorded once."
        )
    said = f"Your advice is returned, as version {done.version}."
    return f"{said} {DOUBTS[done.doubt]}." if done.doubt else said
