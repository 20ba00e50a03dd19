"""`/meetings/<id>/cases/<item>/decision`: recording what became of a case, then the next one."""

from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.filters import counted
from casework.queries.meetings import MeetingView
from casework.queries.panel_cases import PanelCase
from casework.services import decisions, kept_forms
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load, typed_fields
from casework.web.meetings import blueprint
from casework.web.meetings.decision_forms import DecisionForm, keys_for
from casework.web.meetings.item_page import check_may_record, open_panel_case, show

#: What jumps where on the page, by one key; a phrase has none of these letters.
COMMANDS = {
    "r": "the reasons",
    "w": "why it was deferred or not heard",
    "e": "the evidence",
    "o": "the panel’s advice, where the decision is another",
    "m": "what evidence was missing",
    "c": "the conditions",
    "v": "the views that differed",
    "n": "the next case, without saving",
    "p": "the case before",
}


@blueprint.route("/cases/<item_id>/decision", methods=["GET", "POST"])
@needs(Permission.SEE_PANELS)
def decision(public_id: str, item_id: str) -> ResponseReturnValue:
    """Record what the panel decided about the case, and go on to the next one."""
    meeting, case = open_panel_case(public_id, item_id)
    check_may_record(meeting, case)
    form = filled(meeting, case)
    if "more" in request.form:
        return decision_page(meeting, case, form, one_more=True)
    if not form.validate_on_submit():
        return decision_page(meeting, case, form, status=422 if form.errors else 200)
    try:
        decisions.record(
            actor=actor(),
            today=clock.today(),
            item_id=case.item.item.id,
            version=form.seen,
            new=form.made(case),
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return decision_page(meeting, case, form, status=422)
    except ChangedMeanwhile as changed:
        return _conflict(public_id, item_id, form, changed)
    except Absent:
        check_may_record(*open_panel_case(public_id, item_id))
        raise
    return _on_to_the_next(meeting, case)


@blueprint.post("/cases/<item_id>/decision/keep")
@needs(Permission.SEE_PANELS)
def keep(public_id: str, item_id: str) -> ResponseReturnValue:
    """Keep what is typed so far for this person alone: it is not saved, and is told to nobody."""
    meeting, case = open_panel_case(public_id, item_id)
    check_may_record(meeting, case)
    keep_typed(meeting, case)
    return "", 204


def filled(meeting: MeetingView, case: PanelCase) -> DecisionForm:
    """Return the form: by what was sent, else what was kept, else what is recorded."""
    form = load(DecisionForm, data=DecisionForm.held(meeting, case))
    form.offer_choices(meeting, case)
    form.stamp(case.item.item.version)
    return form


def keep_typed(meeting: MeetingView, case: PanelCase) -> None:
    """Keep the form that was sent, if it differs from what the page showed when it was opened."""
    place = url_for(
        "meetings.decision", public_id=meeting.meeting.public_id, item_id=case.item.item.public_id
    )
    form = DecisionForm()
    form.offer_choices(meeting, case)
    if form.is_changed:
        kept_forms.keep(user_id=viewer().user_id, path=place, fields=typed_fields())
    else:
        kept_forms.forget(user_id=viewer().user_id, path=place)


def decision_page(
    meeting: MeetingView,
    case: PanelCase,
    form: DecisionForm,
    *,
    one_more: bool = False,
    status: int = 200,
    **words: Any,
) -> ResponseReturnValue:
    """Return the page on which the case is recorded."""
    return show(
        "meetings/decision.html",
        meeting,
        case,
        status=status,
        form=form,
        rows=form.shown_rows(one_more=one_more),
        one_more=one_more,
        commands=COMMANDS,
        phrase_keys=keys_for(len(case.phrases), "".join(COMMANDS)),
        **words,
    )


def _conflict(
    public_id: str, item_id: str, form: DecisionForm, changed: ChangedMeanwhile
) -> ResponseReturnValue:
    """Show what was recorded meanwhile beside what this person typed, still unsaved."""
    meeting, case = open_panel_case(public_id, item_id)
    check_may_record(meeting, case)
    theirs = DecisionForm(formdata=None, data=DecisionForm.held(meeting, case))
    for one in (form, theirs):
        one.offer_choices(meeting, case)
    differences = form.merge(theirs, changed.version)
    conflict = {"changes": changed.changes, "differences": differences}
    return decision_page(meeting, case, form, status=409, conflict=conflict)


def _on_to_the_next(meeting: MeetingView, case: PanelCase) -> ResponseReturnValue:
    walk, public_id = case.walk, meeting.meeting.public_id
    saved = f"Saved: case {walk.at.number} of {walk.total}"
    if walk.undecided is not None:
        flash(saved, "live")
        next_id = walk.undecided.public_id
        return redirect(url_for("meetings.decision", public_id=public_id, item_id=next_id), 303)
    left = counted(walk.left, "case")
    rest = f"{left} left for somebody else to record" if walk.left else "Every case is recorded"
    flash(f"{saved}. {rest}.", "success")
    there = "meetings.record" if "meetings.record" in current_app.view_functions else ""
    return redirect(url_for(there or "meetings.agenda", public_id=public_id), 303)
