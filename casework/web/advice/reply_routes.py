"""`/cases/<id>/advice/<adviser>/reply`: an officer files what a body answered by other ways."""

from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import documents as held
from casework.queries.advice import AdviceLine
from casework.queries.cases import CaseView
from casework.rules.advisers import SERVICES
from casework.rules.civil_dates import spoken_date
from casework.rules.events import DOUBTS
from casework.services import advice_versions, kept_forms, returning, viewing
from casework.services.advice_versions import NewAdvice
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.returning import REACHED, Recorded
from casework.web.advice import blueprint
from casework.web.advice.reply_forms import ReplyForm
from casework.web.cases.page import open_case, show
from casework.web.fields import offer
from casework.web.form_errors import explain_refused
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load, typed_fields
from casework.web.next_page import with_query

Documents = list[tuple[int, str, str]]


@blueprint.get("/reply")
@needs(Permission.WRITE_CASES)
def choose_reply(public_id: str) -> ResponseReturnValue:
    """Choose whose answer to file; where only one is owed, go straight to it."""
    view = open_case(public_id)
    lines = [line for line in view.advice if line.asked_on]
    owed = [line for line in lines if line.is_outstanding]
    if len(owed) == 1 and "all" not in request.args:
        adviser_id, kind = owed[0].adviser.public_id, _asked_kind().get("kind")
        here = with_query("advice.reply", public_id=public_id, adviser_id=adviser_id, kind=kind)
        return redirect(here, 303)
    return show("advice/choose_reply.html", view, lines=lines, kind=_asked_kind())


@blueprint.route("/<adviser_id>/reply", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def reply(public_id: str, adviser_id: str) -> ResponseReturnValue:
    """File an answer: advice, a nil return, or only that the request has reached the body."""
    with reading():
        view = open_case(public_id)
        documents = _documents(view)
        viewing.let_go()
    line = _line(view, adviser_id)
    form = load(
        ReplyForm,
        data={
            "version": view.case.version,
            "outcome": _asked_kind().get("kind", "advice"),
            "author": line.adviser.name,
        },
    )
    form.document.choices = offer((key, words) for _, key, words in documents)
    form.prepare(SERVICES[line.adviser.service].agency)
    if "more" in request.form:
        return _page(view, line, form, one_more=True)
    if not form.validate_on_submit():
        return _page(view, line, form)
    try:
        done = _file(view, line, form, documents)
    except Refused as refused:
        return _page(view, line, form, is_oddity=explain_refused(form, refused))
    except ChangedMeanwhile as changed:
        form.version.data = changed.version
        form.version.raw_data = None
        with reading():
            view = open_case(public_id)
            viewing.let_go()
        line = _line(view, adviser_id)
        return _page(view, line, form, status=409, changes=changed.changes)
    flash(_words(line, form, done), "success" if not done.was_there else "told")
    return redirect(url_for("cases.case", public_id=public_id), 303)


@blueprint.post("/<adviser_id>/reply/keep")
@needs(Permission.WRITE_CASES)
def keep_reply(public_id: str, adviser_id: str) -> ResponseReturnValue:
    """Keep what is typed so far for this person alone: it is not recorded."""
    _line(open_case(public_id), adviser_id)
    place = url_for("advice.reply", public_id=public_id, adviser_id=adviser_id)
    kept_forms.keep(user_id=viewer().user_id, path=place, fields=typed_fields())
    return "", 204


def _file(view: CaseView, line: AdviceLine, form: ReplyForm, documents: Documents) -> Recorded:
    today = clock.today()
    return returning.file_reply(
        actor=actor(),
        today=today,
        case_id=view.case.id,
        version=form.version.data or 0,
        adviser_id=line.adviser.id,
        on=form.on.data,
        outcome=form.outcome.data,
        route=form.route.data,
        note=form.note.data,
        advice=_advice(line, form, documents) if form.asks_for_content else None,
        oddity=form.oddity.data,
        may_record_oddity=viewer().may(Permission.RECORD_ODDITY),
    )


def _advice(line: AdviceLine, form: ReplyForm, documents: Documents) -> NewAdvice:
    made = form.advice(advice_versions.document_kind(line.adviser.service), form.on.data)
    chosen = next((number for number, key, _ in documents if key == form.document.data), None)
    if chosen is None or made.sent is not None:
        return made
    sections = tuple(dict.fromkeys((*made.sections, *(form.sections.data or ()))))
    return replace(made, document_id=chosen, sections=sections)


def _documents(view: CaseView) -> Documents:
    """The documents on the case that can be opened, the latest first."""
    found = [one.current for one in held.of_case(view.case.id)]
    usable = [one for one in found if not one.is_withdrawn]
    usable.sort(key=lambda one: one.document.id, reverse=True)
    return [
        (
            one.document.id,
            one.document.public_id,
            f"{one.document.title}, received {spoken_date(one.document.received_on)}",
        )
        for one in usable
    ]


def _line(view: CaseView, adviser_id: str) -> AdviceLine:
    found = [line for line in view.advice if line.adviser.public_id == adviser_id]
    if not found:
        abort(404)
    return found[0]


def _asked_kind() -> dict[str, str]:
    """The answer that the way here offers first, where it is that the request was received."""
    return {"kind": REACHED} if request.args.get("kind") == REACHED else {}


def _page(
    view: CaseView,
    line: AdviceLine,
    form: ReplyForm,
    *,
    status: int = 200,
    one_more: bool = False,
    **words: Any,
) -> ResponseReturnValue:
    rows = form.shown_rows(one_more=one_more)
    status = 422 if form.errors and status == 200 else status
    words |= {"form": form, "line": line, "rows": rows, "one_more": one_more}
    return show("advice/reply.html", view, what="viewed form for a reply", status=status, **words)


def _words(line: AdviceLine, form: ReplyForm, done: Recorded) -> str:
    if done.was_there:
        return f"That was recorded already, on {spoken_date(done.on)}. It is recorded once."
    said = "Request reached the adviser" if form.outcome.data == REACHED else "Advice received"
    words = f"Saved: {said}, {line.words}, {spoken_date(done.on)}."
    return f"{words} {DOUBTS[done.doubt]}." if done.doubt else words
