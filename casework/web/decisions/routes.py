"""`/cases/<id>/decisions`, `/decide/<question>` and what became of the conditions."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import decisions_of_case
from casework.queries.cases import CaseView
from casework.queries.decisions_of_case import CasePanels, SignedDecision
from casework.rules.civil_dates import spoken_date
from casework.rules.panels import QUESTIONS, Question, not_ready
from casework.services import conditions, officer_decisions, viewing
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.web.cases.page import open_case, show
from casework.web.decisions import blueprint as blueprint
from casework.web.decisions import words
from casework.web.decisions.forms import ChangeForm, DecisionForm
from casework.web.form_errors import explain
from casework.web.guards import actor, needs
from casework.web.kept_forms import load, typed_fields


@blueprint.get("/decisions")
@needs(Permission.SEE_EVERY_MEETING)
def index(public_id: str) -> ResponseReturnValue:
    """Show everything that was decided about the case, with who signed it and why."""
    view, panels = _open(public_id)
    return show("decisions/index.html", view, what="viewed decisions", panels=panels)


@blueprint.get("/decisions/words")
@needs(Permission.WRITE_CASES)
def words_to_send(public_id: str) -> ResponseReturnValue:
    """Show words about what is ahead, ready for a person to send; nothing is sent."""
    view, panels = _open(public_id)
    said = words.to_say(view, panels)
    texts = {}
    if said:
        given = {
            "view": view,
            "said": said,
            "first_name": words.first_name(view),
            "is_grown": words.is_grown(view),
        }
        texts = {
            name: render_template(f"decisions/words/{name}.txt", **given).strip()
            for name in ("family", "setting")
        }
    return show(
        "decisions/words.html", view, what="viewed words to send", panels=panels, texts=texts
    )


@blueprint.route("/decide/<question>", methods=["GET", "POST"])
@needs(Permission.DECIDE)
def decide(public_id: str, question: str) -> ResponseReturnValue:
    """Take a decision for the authority, outside a panel."""
    row = QUESTIONS.get(question) or abort(404)
    view, panels = _open(public_id)
    form = load(DecisionForm, data={"version": view.case.version, "decided_on": view.today})
    form.offer(row, view)
    given: dict[str, Any] = {"form": form, "question": row, "panels": panels, "change": None}
    given["against"] = _against(view, row)
    if _wants_more(form) or not form.validate_on_submit():
        return _form_page(view, given)
    try:
        officer_decisions.decide(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            version=form.version.data or 0,
            question=question,
            decided_on=form.day,
            new=form.described(),
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return _form_page(view, given)
    except ChangedMeanwhile as changed:
        return _changed_meanwhile(public_id, changed, row, form)
    return _saved(public_id, row, form)


@blueprint.route("/decisions/<decision_id>/change", methods=["GET", "POST"])
@needs(Permission.DECIDE)
def change(public_id: str, decision_id: str) -> ResponseReturnValue:
    """Put a new version in the place of an officer's decision, with the reason."""
    view, panels = _open(public_id)
    held = _in_force(panels, decision_id)
    row = held.question
    form = load(ChangeForm, data=_filled(view, held))
    form.offer(row, view, [one.words for one in held.decision.evidence])
    given: dict[str, Any] = {"form": form, "question": row, "panels": panels, "change": held}
    given["against"] = [] if held.decision.despite is None else [held.decision.despite]
    if _wants_more(form) or not form.validate_on_submit():
        return _form_page(view, given)
    try:
        officer_decisions.change(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            version=form.version.data or 0,
            decision_id=decision_id,
            decided_on=form.day,
            new=form.described(),
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return _form_page(view, given)
    except ChangedMeanwhile as changed:
        return _changed_meanwhile(public_id, changed, row, form)
    return _saved(public_id, row, form)


@blueprint.post("/conditions/<int:condition_id>/done")
@needs(Permission.WRITE_CASES)
def condition_done(public_id: str, condition_id: int) -> ResponseReturnValue:
    """Say that a condition is met today."""
    return _mark(public_id, condition_id, is_done=True)


@blueprint.post("/conditions/<int:condition_id>/not-done")
@needs(Permission.WRITE_CASES)
def condition_not_done(public_id: str, condition_id: int) -> ResponseReturnValue:
    """Say that a condition is still to be met after all."""
    return _mark(public_id, condition_id, is_done=False)


def _mark(public_id: str, condition_id: int, *, is_done: bool) -> ResponseReturnValue:
    view = open_case(public_id)
    try:
        conditions.mark(
            actor=actor(),
            case_id=view.case.id,
            condition_id=condition_id,
            done_on=clock.today() if is_done else None,
        )
    except Absent:
        abort(404)
    flash("The condition is met." if is_done else "The condition is still to be met.", "success")
    return redirect(url_for("cases.case", public_id=public_id, _anchor="conditions"), 303)


def _open(public_id: str) -> tuple[CaseView, CasePanels]:
    with reading():
        view = open_case(public_id)
        panels = decisions_of_case.of_case(view)
        viewing.let_go()
    return view, panels


def _in_force(panels: CasePanels, decision_id: str) -> SignedDecision:
    """The officer's decision in force with this id. Answers 404 for any other."""
    own = (one for one in panels.decisions if one.meeting is None and not one.is_replaced)
    return next((one for one in own if one.decision.public_id == decision_id), None) or abort(404)


def _against(view: CaseView, question: Question) -> list[str]:
    """What speaks against deciding now, in words."""
    waiting = [line.words for line in view.advice if line.is_outstanding]
    return not_ready(question, view.case.kind, view.stands.stage, list(dict.fromkeys(waiting)))


def _filled(view: CaseView, held: SignedDecision) -> dict[str, Any]:
    one = held.decision
    named = ("decision", "decided_on", "reasons", "missing", "despite", "differing_views")
    rows = [{n: getattr(c, n) for n in ("words", "owner", "due_on")} for c in one.conditions]
    return {
        "version": view.case.version,
        "evidence": [line.words for line in one.evidence],
        "cost_discussed": one.cost_discussed,
        "conditions": rows or [{}],
        **{name: getattr(one, name) for name in named},
    }


def _wants_more(form: DecisionForm) -> bool:
    """Whether the press was for one more row, which keeps what is typed and saves nothing."""
    if "more" not in request.form:
        return False
    if len(form.conditions) < (form.conditions.max_entries or 0):
        form.conditions.append_entry()
    return True


def _form_page(view: CaseView, given: dict[str, Any]) -> ResponseReturnValue:
    status = 422 if given["form"].errors else 200
    return show("decisions/decide.html", view, what="viewed decision form", status=status, **given)


def _saved(public_id: str, question: Question, form: DecisionForm) -> ResponseReturnValue:
    outcome = question.outcome(form.decision.data).words
    flash(f"Decided and signed: {outcome}, {spoken_date(form.day)}.", "success")
    return redirect(url_for("cases.case", public_id=public_id), 303)


def _changed_meanwhile(
    public_id: str, changed: ChangedMeanwhile, question: Question, form: DecisionForm
) -> ResponseReturnValue:
    """Show what the other did and what this person was deciding, and let them choose."""
    view = open_case(public_id)
    outcome = question.outcome(form.decision.data)
    subjects = {f"event {line.event.id}": line for line in view.history}
    mine = NewEvent(kind=outcome.event, on=form.day, note=form.reasons.data)
    return show(
        "cases/changed_meanwhile.html",
        view,
        status=409,
        done=[(one, subjects.get(one.subject or "")) for one in changed.changes],
        made=[(f"{question.words}: {outcome.words}", "", mine)],
        typed=[(name, value) for name, value in typed_fields() if name != "version"],
    )
