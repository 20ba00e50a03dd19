"""`/meetings/<id>/add`: cases put on the agenda, several at once or one by its reference."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import candidates
from casework.queries.meetings import MeetingView
from casework.queries.prospects import Prospect
from casework.services import agenda as services
from casework.services import viewing
from casework.services.errors import ChangedMeanwhile, Refused
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, scope
from casework.web.kept_forms import load
from casework.web.meetings import blueprint
from casework.web.meetings.agenda_forms import AddCaseForm, AddForm, key_of
from casework.web.meetings.agenda_page import AgendaPage, read
from casework.web.meetings.page import open_meeting

#: The words that a case which is on an agenda already is refused in name no other case.
_NO_SUCH_CASE = "There is no case with this reference that you may see"


@blueprint.route("/add", methods=["GET", "POST"])
@needs(Permission.PREPARE_MEETINGS)
def add(public_id: str) -> ResponseReturnValue:
    """Put cases on the agenda that wait for a decision; those to add first are ticked."""
    page = read(open_meeting(public_id))
    listed = page.waiting.listed if page.waiting else []
    form = load(AddForm, data={"cases": [key_of(one) for one in page.suggested]})
    form.offer(listed)
    if not form.validate_on_submit():
        return _listed(page, form)
    try:
        made = services.add(
            actor=actor(),
            meeting_id=page.view.meeting.id,
            version=form.seen,
            cases=form.chosen(listed),
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return _listed(page, form)
    except ChangedMeanwhile as changed:
        return _listed_anew(public_id, changed)
    return _added(page.view, len(made))


@blueprint.route("/add-case", methods=["GET", "POST"])
@needs(Permission.PREPARE_MEETINGS)
def add_case(public_id: str) -> ResponseReturnValue:
    """Put one case on the agenda by its reference, with the question that the clerk chooses."""
    view = open_meeting(public_id)
    form = load(AddCaseForm, questions=view.panel.question_keys)
    form.stamp(view.meeting.version)
    if not form.validate_on_submit():
        return _one(view, form)
    found = _found(view, form)
    if found is None:
        explain(form, {"cases": _NO_SUCH_CASE})
        return _one(view, form)
    try:
        services.add(
            actor=actor(),
            meeting_id=view.meeting.id,
            version=form.seen,
            cases=[(found.case.case_id, found.question.key)],
            # What is confirmed is the case and question that were shown, not ones typed since.
            despite_stage=request.form.get("despite") == key_of(found),
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return _one(view, form, despite=key_of(found) if refused.is_oddity else None)
    except ChangedMeanwhile as changed:
        form.version.data = str(changed.version)
        conflict = {"changes": changed.changes, "differences": ()}
        return _one(open_meeting(public_id), form, conflict=conflict)
    return _added(view, 1)


def _found(view: MeetingView, form: AddCaseForm) -> Prospect | None:
    with reading():
        return candidates.prospect(
            scope(), view.meeting, form.cases.data, form.question.data, clock.today()
        )


def _added(view: MeetingView, number: int) -> ResponseReturnValue:
    words = f"{number} {'case' if number == 1 else 'cases'} added to the agenda."
    if view.is_circulated:
        words += " The agenda was circulated before, so each is marked as late."
    flash(words, "success")
    return redirect(url_for("meetings.agenda", public_id=view.meeting.public_id), 303)


def _listed(page: AgendaPage, form: AddForm, **words: Any) -> ResponseReturnValue:
    form.stamp(page.view.meeting.version)
    viewing.let_go()
    shown = render_template(
        "meetings/add.html", page=page, view=page.view, form=form, key_of=key_of, **words
    )
    return shown, 409 if words else 422 if form.errors else 200


def _listed_anew(public_id: str, changed: ChangedMeanwhile) -> ResponseReturnValue:
    """Show what can be added now, with the ticks of what is still there to add."""
    page = read(open_meeting(public_id))
    form = AddForm()
    form.version.data = None
    form.offer(page.waiting.listed if page.waiting else [])
    return _listed(page, form, conflict={"changes": changed.changes, "differences": ()})


def _one(view: MeetingView, form: AddCaseForm, **words: Any) -> ResponseReturnValue:
    shown = render_template("meetings/add_case.html", view=view, form=form, **words)
    return shown, 409 if words.get("conflict") else 422 if form.errors else 200
