"""`/asked`: what is asked of one's own service, and the ways to answer each request."""

from io import BytesIO

from flask import (
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue

from casework import clock, current
from casework.access import Permission, reads_of
from casework.database import reading
from casework.headers import sandboxed
from casework.queries import asked_of
from casework.queries.asked_of import VIEWS
from casework.queries.asked_request import RequestView
from casework.rules.civil_dates import spoken_date
from casework.rules.lateness import MAY_LIFT
from casework.services import documents, returning, viewing
from casework.services.errors import Absent, Refused
from casework.services.held_requests import AnsweredMeanwhile
from casework.services.returning import Recorded
from casework.web.asked import blueprint as blueprint
from casework.web.asked import return_routes as return_routes
from casework.web.asked.forms import AnswerForm, ExpectForm, ReceivedForm
from casework.web.asked.page import is_turned_away, open_request, own_service, show
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load
from casework.web.paging import numbered

TWICE = "It was sent twice and recorded once."


@blueprint.get("")
@needs(Permission.ANSWER_REQUESTS)
def index() -> ResponseReturnValue:
    """List what is asked of the person's own service, what is due first on top."""
    view = request.args.get("view", "")
    view = view if view in VIEWS else next(iter(VIEWS))
    number = request.args.get("page", "")
    with reading():
        own, scope = own_service(), reads_of(viewer())
        if is_turned_away(own):
            return render_template("asked/closed.html", own=own)
        services = asked_of.services_to_choose(scope)
        chosen = next((s for s in services if s[1] == request.args.get("service")), None)
        page = asked_of.page(
            scope,
            view=view,
            service_id=chosen[0] if chosen else None,
            today=clock.today(),
            soon_within=current.settings().soon_within,
            number=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
        )
        viewing.let_go()
    query = {"view": view} | ({"service": chosen[1]} if chosen else {})
    return render_template(
        "asked/index.html",
        own=own,
        page=page,
        views=VIEWS,
        view=view,
        services=services,
        chosen=chosen,
        query=query,
        pagination=numbered("asked.index", page.number, page.pages, query),
    )


@blueprint.get("/<adviser_id>")
@needs(Permission.ANSWER_REQUESTS)
def show_request(adviser_id: str) -> ResponseReturnValue:
    """Show one request: what the service needs of the child, and what it has answered."""
    view = open_request(adviser_id)
    return _request_page(view, load(ReceivedForm))


@blueprint.post("/<adviser_id>/received")
@needs(Permission.ANSWER_REQUESTS)
def receive(adviser_id: str) -> ResponseReturnValue:
    """Say that the request has reached the service: today, or on the day that is typed."""
    view = open_request(adviser_id)
    form = ReceivedForm()
    today = clock.today()
    if request.form.get("day") == "today":
        day = today
    elif form.validate_on_submit():
        day = form.on.data
    else:
        return _request_page(view, form)
    try:
        done = returning.receive(actor=actor(), today=today, adviser_id=view.adviser.id, on=day)
    except Refused as refused:
        return _refused(view, form, refused)
    said = "was recorded already" if done.was_there else "is recorded"
    flash(f"That it reached you on {spoken_date(done.on)} {said}.", "success")
    return _to_request(adviser_id)


@blueprint.route("/<adviser_id>/answer", methods=["GET", "POST"])
@needs(Permission.ANSWER_REQUESTS)
def answer(adviser_id: str) -> ResponseReturnValue:
    """Answer without advice: not known to the service, or known and no advice needed."""
    view = open_request(adviser_id)
    form = load(AnswerForm, data={"seen": view.seen})
    if not form.validate_on_submit():
        return show("asked/answer.html", view, status=422 if form.errors else 200, form=form)
    try:
        done = returning.answer(
            actor=actor(),
            today=clock.today(),
            adviser_id=view.adviser.id,
            outcome=form.outcome.data,
            words=form.words.data,
            seen=form.seen.data or 0,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return show("asked/answer.html", view, status=422, form=form)
    except AnsweredMeanwhile:
        form.seen.data, form.seen.raw_data = view.seen, None
        return show("asked/answer.html", view, status=409, form=form, meanwhile=True)
    return _answered(adviser_id, done, "Your answer is recorded.")


@blueprint.route("/<adviser_id>/late", methods=["GET", "POST"])
@needs(Permission.ANSWER_REQUESTS)
def expect(adviser_id: str) -> ResponseReturnValue:
    """Say that the service cannot be in time, why, and when it expects to answer."""
    view = open_request(adviser_id)
    form = load(ExpectForm)
    if not form.validate_on_submit():
        return show("asked/late.html", view, status=422 if form.errors else 200, form=form)
    try:
        done = returning.expect(
            actor=actor(),
            today=clock.today(),
            adviser_id=view.adviser.id,
            cause=form.cause.data,
            expected_on=form.expected_on.data,
            words=form.words.data or "",
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return show("asked/late.html", view, status=422, form=form)
    return _answered(adviser_id, done, _told_late(form.cause.data))


@blueprint.get("/<adviser_id>/versions/<int:number>")
@needs(Permission.ANSWER_REQUESTS)
def version(adviser_id: str, number: int) -> ResponseReturnValue:
    """Show a version of the advice that the service has returned."""
    view = open_request(adviser_id)
    found = [a for a in view.standing_answers if a.advice and a.advice.version == number]
    if not found:
        abort(404)
    return show("asked/version.html", view, what="viewed returned advice", answer=found[0])


@blueprint.get("/<adviser_id>/versions/<int:number>/file")
@needs(Permission.ANSWER_REQUESTS)
@sandboxed
def file(adviser_id: str, number: int) -> Response:
    """Give out the document that the service returned, to be saved."""
    view = open_request(adviser_id)
    found = [a.advice for a in view.standing_answers if a.advice and a.advice.version == number]
    held = found[0].document if found else None
    if held is None:
        abort(404)
    try:
        document, content = documents.opened(
            actor=actor(), case_id=view.case.id, public_id=held.public_id
        )
    except Absent:
        abort(404)
    except documents.Withheld as withheld:
        flash(f"{withheld}.", "refused")
        return _to_request(adviser_id)
    return send_file(
        BytesIO(content),
        mimetype=document.media_type,
        as_attachment=True,
        download_name=document.file_name,
    )


def _request_page(view: RequestView, form: ReceivedForm) -> ResponseReturnValue:
    return show("asked/request.html", view, status=422 if form.errors else 200, form=form)


def _refused(view: RequestView, form: ReceivedForm, refused: Refused) -> ResponseReturnValue:
    explain(form, refused.reasons)
    return _request_page(view, form)


def _answered(adviser_id: str, done: Recorded, words: str) -> ResponseReturnValue:
    flash(TWICE if done.was_there else words, "success")
    return _to_request(adviser_id)


def _told_late(cause: str) -> str:
    told = "The case officer is told that you cannot be in time."
    if cause == "school_closed":
        return f"{told} A closed school does not lift your limit: it is still due on its day."
    if cause in MAY_LIFT:
        return f"{told} Whether your limit is lifted is for them to decide."
    return f"{told} It is still due on its day."


def _to_request(adviser_id: str) -> Response:
    return redirect(url_for("asked.show_request", adviser_id=adviser_id), 303)  # type: ignore[return-value]
