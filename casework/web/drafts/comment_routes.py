"""`/cases/<id>/drafts/comments` and `/answers`: what the family said, and what was done."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import documents
from casework.queries.cases import CaseView
from casework.queries.comments import CommentLine, FamilySaid, family_said, speakers
from casework.queries.drafts import drafts
from casework.rules.comments import cannot_record
from casework.services import comments, viewing
from casework.services.comments import Said
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.web.cases.meanwhile import changed_meanwhile, saved
from casework.web.cases.page import open_case, show
from casework.web.drafts import blueprint
from casework.web.drafts.comment_forms import (
    ROWS,
    AnswersForm,
    CommentsForm,
    CommentsRowsForm,
    answers_form,
    is_sent,
    offer_documents,
    offer_speakers,
)
from casework.web.form_errors import explain, explain_refused
from casework.web.guards import actor, needs
from casework.web.kept_forms import load

INDEX = "drafts.index"


@blueprint.route("/comments", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def comment(public_id: str) -> ResponseReturnValue:
    """Record what somebody of the family said of the draft: several comments at once."""
    with reading():
        view = open_case(public_id)
        held = documents.of_case(view.case.id)
        viewing.let_go()
    form: CommentsForm = load(CommentsRowsForm, data={"version": view.case.version})
    among = offer_speakers(form.who, speakers(view))
    offer_documents(form, held)
    closed = cannot_record(view.stands)
    words: dict[str, Any] = {"form": form, "rows": ROWS, "closed": closed}
    if not form.validate_on_submit():
        return show("drafts/comment.html", view, status=422 if form.errors else 200, **words)
    contact = among[form.who.data]
    document = next(
        (d.current.document.id for d in held if d.current.document.public_id == form.document.data),
        None,
    )
    said = form.said(contact.id if contact else None, document)
    try:
        comments.record(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            version=form.version.data or 0,
            said=said,
        )
    except Refused as refused:
        explain_refused(form, refused, **form.boxes)
        return show("drafts/comment.html", view, status=422, **words)
    except ChangedMeanwhile as changed:
        return changed_meanwhile(public_id, changed, _made(said))
    number = len(said.comments)
    return saved(public_id, f"Saved: {number} comment{'s' if number > 1 else ''}.", INDEX)


@blueprint.route("/answers", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def answer(public_id: str) -> ResponseReturnValue:
    """Say what was done about each comment: those that nobody dealt with, and one to change."""
    with reading():
        view = open_case(public_id)
        said = family_said(view, drafts(view))
        viewing.let_go()
    lines = _to_answer(said)
    form = load(answers_form(lines), data={"version": view.case.version})
    words: dict[str, Any] = {"form": form, "lines": lines, "closed": said.closed}
    if not form.validate_on_submit():
        return show("drafts/answers.html", view, status=422 if form.errors else 200, **words)
    answers = form.answers(lines)
    if not answers:
        first = f"accepted_{lines[0].row.event_id}" if lines else "version"
        explain(form, {first: "Say what was done about one comment or more"})
        return show("drafts/answers.html", view, status=422, **words)
    try:
        comments.answer(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            version=form.version.data or 0,
            answers=answers,
        )
    except Refused as refused:
        explain_refused(form, refused)
        return show("drafts/answers.html", view, status=422, **words)
    except ChangedMeanwhile as changed:
        return changed_meanwhile(public_id, changed, _answered(view, form, lines))
    number = len(answers)
    return saved(public_id, f"Saved: {number} answer{'s' if number > 1 else ''}.", INDEX)


def _to_answer(said: FamilySaid) -> list[CommentLine]:
    """Those that nobody dealt with, the one that the address names, and those sent."""
    named = request.args.get("comment", "")
    return [
        line
        for line in said.comments
        if line.answer is None or line.row.public_id == named or is_sent(line)
    ]


def _made(said: Said) -> list[NewEvent]:
    """The comments as the page of both shows them: their words stand for a note."""
    return [
        NewEvent(kind="representation_made", on=said.on, note=words) for _, words in said.comments
    ]


def _answered(view: CaseView, form: AnswersForm, lines: list[CommentLine]) -> list[NewEvent]:
    return [
        NewEvent(kind="representation_answered", on=view.today, note=one.words)
        for one in form.answers(lines)
    ]
