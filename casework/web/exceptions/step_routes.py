"""What follows a proposal: decided by a second person, told to the family, ended."""

from typing import Any

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.queries.cases import CaseView
from casework.queries.exceptions import Course
from casework.rules.exception_course import State
from casework.services import exceptions
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.web.cases.effects import effects
from casework.web.cases.meanwhile import changed_meanwhile, saved
from casework.web.cases.page import open_case, show
from casework.web.exceptions import blueprint
from casework.web.exceptions.forms import DecideForm, EndForm, TellForm
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load

_INDEX = "exceptions.index"


@blueprint.route("/<int:proposal_id>/decide", methods=["GET", "POST"])
@needs(Permission.APPROVE_EXCEPTIONS)
def decide(public_id: str, proposal_id: int) -> ResponseReturnValue:
    """Approve what somebody else proposed, or not, with the effect in sight."""
    view = open_case(public_id)
    course = _course(view, proposal_id)
    if course is None or course.state is not State.WAITING:
        return _done_already(public_id)
    form = load(DecideForm, data={"version": view.case.version})
    words: dict[str, Any] = {
        "form": form,
        "course": course,
        "effects": effects(view, course.approval(view.today)),
        "is_own": course.is_by(viewer().user_id),
        "second_person": exceptions.SECOND_PERSON,
    }
    if not form.validate_on_submit():
        return show("exceptions/decide.html", view, status=422 if form.errors else 200, **words)
    is_approved = form.decision.data == "approve"
    kind = "exception_recorded" if is_approved else "exception_refused"
    try:
        _decide(view, form, proposal_id)
    except Refused as refused:
        explain(form, refused.reasons)
        return show("exceptions/decide.html", view, status=422, **words)
    except ChangedMeanwhile as changed:
        return _changed(public_id, changed, proposal_id, NewEvent(kind=kind, on=view.today))
    done = "Approved. Tell the family that it applies and why." if is_approved else "Not approved."
    return saved(public_id, done, _INDEX)


@blueprint.route("/<int:proposal_id>/tell", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def tell(public_id: str, proposal_id: int) -> ResponseReturnValue:
    """Record that the family was told that an exception applies and why."""
    view = open_case(public_id)
    course = _course(view, proposal_id)
    if course is None or not course.is_to_be_told:
        return _done_already(public_id)
    form = load(TellForm, data={"version": view.case.version, "on": view.today})
    if not form.validate_on_submit():
        return _step_page("tell", view, form, course)
    made = NewEvent(kind="exception_told", on=form.on.data)
    try:
        exceptions.tell(**_about(view, form, proposal_id), on=made.on, words=form.told)
    except Refused as refused:
        explain(form, refused.reasons)
        return _step_page("tell", view, form, course)
    except ChangedMeanwhile as changed:
        return _changed(public_id, changed, proposal_id, made)
    return saved(public_id, "Saved: the family was told.", _INDEX)


@blueprint.route("/<int:proposal_id>/end", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def end(public_id: str, proposal_id: int) -> ResponseReturnValue:
    """Record the day on which what was exceptional ended; what is owed is finished quickly."""
    view = open_case(public_id)
    course = _course(view, proposal_id)
    if course is None or not course.may_end:
        return _done_already(public_id)
    last = course.line.particulars.last_day
    expected = last if last and last <= view.today else None
    form = load(EndForm, data={"version": view.case.version, "on": expected})
    if not form.validate_on_submit():
        return _step_page("end", view, form, course)
    made = NewEvent(kind="exception_ended", on=form.on.data)
    try:
        exceptions.end(**_about(view, form, proposal_id), on=made.on, reason=form.reason.data or "")
    except Refused as refused:
        explain(form, refused.reasons)
        return _step_page("end", view, form, course)
    except ChangedMeanwhile as changed:
        return _changed(public_id, changed, proposal_id, made)
    return saved(public_id, "Saved: the exception has ended. See what is still owed.", _INDEX)


def _course(view: CaseView, proposal_id: int) -> Course | None:
    """The exception with this number; None where it was struck out, 404 where it never was."""
    found = next((one for one in view.exception_courses if one.id == proposal_id), None)
    if found is None and proposal_id not in {line.event.id for line in view.history}:
        abort(404)
    return found


def _decide(view: CaseView, form: DecideForm, proposal_id: int) -> None:
    about = _about(view, form, proposal_id)
    if form.decision.data == "approve":
        exceptions.approve(**about)
    else:
        exceptions.refuse(**about, reason=form.reason.data or "")


def _about(view: CaseView, form: DecideForm | TellForm | EndForm, proposal_id: int) -> Any:
    return {
        "actor": actor(),
        "today": clock.today(),
        "case_id": view.case.id,
        "version": form.version.data or 0,
        "proposal_id": proposal_id,
    }


def _step_page(
    name: str, view: CaseView, form: TellForm | EndForm, course: Course
) -> ResponseReturnValue:
    status = 422 if form.errors else 200
    return show(f"exceptions/{name}.html", view, status=status, form=form, course=course)


def _changed(
    public_id: str, changed: ChangedMeanwhile, proposal_id: int, made: NewEvent
) -> ResponseReturnValue:
    """Pressed twice it is saved once; two of one kind on one case are told apart by proposal."""

    def is_done(view: CaseView) -> bool:
        return any(
            line.stands
            and line.event.kind == made.kind
            and line.event.happened_on == made.on
            and line.event.entered_by_id == viewer().user_id
            and line.event.exception_step is not None
            and line.event.exception_step.proposal_id == proposal_id
            for line in view.history
        )

    return changed_meanwhile(public_id, changed, [made], is_done=is_done, endpoint=_INDEX)


def _done_already(public_id: str) -> ResponseReturnValue:
    flash("That was done already, or the exception was struck out. This is how it stands.", "told")
    return redirect(url_for(_INDEX, public_id=public_id), 303)
