"""Accepting advice or sending it back, and saying why it came late."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission, reads_of
from casework.database import reading
from casework.queries import advice_versions
from casework.queries.case_advice import RequestStory
from casework.queries.cases import CaseView
from casework.queries.entries import EventLine
from casework.rules.lateness import CAUSES
from casework.services import checking, viewing
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.web.advice import blueprint
from casework.web.advice.forms import CheckForm, LateForm
from casework.web.advice.page import changed_meanwhile, open_story
from casework.web.cases.page import show
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load

_KINDS = {"accept": "advice_accepted", "send_back": "advice_sent_back"}
_SAID = {"accept": "The advice is accepted.", "send_back": "The advice is sent back."}
TWICE = "Saved. It was sent twice and recorded once."


@blueprint.route("/<adviser_id>/check", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def check(public_id: str, adviser_id: str) -> ResponseReturnValue:
    """Read the newest advice, and accept it or send it back with reasons."""
    view, story = open_story(public_id, adviser_id)
    form = check_form(view, story)
    if not form.validate_on_submit():
        return show_story(view, story, form)
    try:
        _save_check(view, story, form)
    except Refused as refused:
        explain(form, refused.reasons)
        return show_story(view, story, form)
    except ChangedMeanwhile as changed:
        return _check_meanwhile(public_id, adviser_id, changed, form)
    flash(_SAID[form.verdict.data], "success")
    return _to_list(public_id)


@blueprint.route("/<adviser_id>/late", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def late(public_id: str, adviser_id: str) -> ResponseReturnValue:
    """Say why advice is late; what was said before stays in the case's history."""
    view, story = open_story(public_id, adviser_id)
    said = {"cause": story.late_cause.key if story.late_cause else None, "words": story.late_words}
    form = load(LateForm, data=said | {"version": view.case.version})
    if not form.validate_on_submit():
        return _late_page(view, story, form)
    try:
        checking.explain_lateness(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            version=form.version.data or 0,
            adviser_id=story.adviser.id,
            cause=form.cause.data or "",
            words=form.words.data,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return _late_page(view, story, form)
    except ChangedMeanwhile as changed:
        return _late_meanwhile(public_id, adviser_id, changed, form)
    flash("The reason is recorded.", "success")
    return _to_list(public_id)


def check_form(view: CaseView, story: RequestStory) -> CheckForm:
    """Return the form that checks the newest advice; the cause is asked only of late advice
    without one, and what is accepted already can only be sent back."""
    form = load(CheckForm, data={"version": view.case.version})
    if not story.is_late or story.late_cause is not None:
        del form.cause, form.words
    if story.checked.state == "accepted" and not form.is_submitted():
        form.verdict.data = "send_back"
    return form


def show_story(view: CaseView, story: RequestStory, form: CheckForm | None) -> ResponseReturnValue:
    """Return the page of one request for advice, with what the person may read of the answer."""
    with reading():
        held = advice_versions.versions_of(
            view.case.id, story.adviser.id, reads_of(viewer()), viewer().user_id, view.today
        )
        routes = {number: advice_versions.route_words(one) for number, one in held.items()}
        viewing.let_go()
    return show(
        "advice/adviser.html",
        view,
        what="read advice" if story.may_read else "viewed request for advice",
        subject=f"adviser {story.adviser.id}",
        status=422 if form is not None and form.errors else 200,
        story=story,
        held=held,
        routes=routes,
        form=form,
    )


def _save_check(view: CaseView, story: RequestStory, form: CheckForm) -> None:
    given: dict[str, Any] = {
        "actor": actor(),
        "today": clock.today(),
        "case_id": view.case.id,
        "version": form.version.data or 0,
        "adviser_id": story.adviser.id,
        "cause": form.cause.data if "cause" in form else None,
        "words": form.words.data if "words" in form else None,
    }
    if form.verdict.data == "accept":
        checking.accept(**given)
    else:
        checking.send_back(**given, reasons=form.reasons.data or "")


def _check_meanwhile(
    public_id: str, adviser_id: str, changed: ChangedMeanwhile, form: CheckForm
) -> ResponseReturnValue:
    view, story = open_story(public_id, adviser_id)
    kind = _KINDS[form.verdict.data]
    stands = story.checked.check
    if stands and stands.kind == kind and _is_mine(_entry(story, stands.id)):
        flash(TWICE, "success")
        return _to_list(public_id)
    event = NewEvent(kind=kind, on=view.today, note=form.reasons.data)
    words = "Advice accepted" if kind == "advice_accepted" else "Advice sent back"
    return changed_meanwhile(view, changed, [(words, story.words, event)])


def _late_meanwhile(
    public_id: str, adviser_id: str, changed: ChangedMeanwhile, form: LateForm
) -> ResponseReturnValue:
    view, story = open_story(public_id, adviser_id)
    said = (story.late_cause.key if story.late_cause else None, story.late_words)
    newest = [one for one in story.entries if one.event.kind == "advice_late_because"]
    if said == (form.cause.data, form.words.data) and newest and _is_mine(newest[-1]):
        flash(TWICE, "success")
        return _to_list(public_id)
    event = NewEvent(kind="advice_late_because", on=view.today, note=form.words.data)
    words = f"Reason for late advice: {CAUSES[form.cause.data].words}"
    return changed_meanwhile(view, changed, [(words, story.words, event)])


def _late_page(view: CaseView, story: RequestStory, form: LateForm) -> ResponseReturnValue:
    return show(
        "advice/late.html",
        view,
        what="viewed why advice is late",
        subject=f"adviser {story.adviser.id}",
        status=422 if form.errors else 200,
        story=story,
        form=form,
    )


def _entry(story: RequestStory, event_id: int) -> EventLine | None:
    return next((one for one in story.entries if one.event.id == event_id), None)


def _is_mine(entry: EventLine | None) -> bool:
    return entry is not None and entry.event.entered_by_id == viewer().user_id


def _to_list(public_id: str) -> ResponseReturnValue:
    return redirect(url_for("advice.index", public_id=public_id), 303)
