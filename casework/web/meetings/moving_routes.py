"""`/meetings/<id>/move` and `/cancel`: a meeting on another day, or not at all; no case is lost."""

from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import meeting_changes as changes
from casework.queries.meeting_changes import Receiving, TooLate
from casework.queries.meetings import MeetingView
from casework.rules.civil_dates import spoken
from casework.services import meeting_changes, viewing
from casework.services.errors import ChangedMeanwhile, Refused
from casework.web.fields import offer
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, seat
from casework.web.kept_forms import load
from casework.web.meetings import blueprint
from casework.web.meetings.page import open_meeting
from casework.web.panels.calendar_forms import CancelForm, MoveForm
from casework.web.panels.page import conflict_page, form_page


@blueprint.route("/move", methods=["GET", "POST"])
@needs(Permission.PREPARE_MEETINGS)
def move(public_id: str) -> ResponseReturnValue:
    """Move a meeting, after showing which of its cases the law gives less time."""
    view = open_meeting(public_id)
    form = load(MoveForm, data=MoveForm.held(view.meeting))
    form.stamp(view.meeting.version)
    if not form.validate_on_submit():
        return form_page("meetings/move.html", form, view=view)
    late = _too_late(view, form.on_day.data) if form.on_day.data > view.meeting.on_day else []
    if late and request.form.get("confirmed") != form.on_day.data.isoformat():
        words = {"view": view, "late": late, "day": form.on_day.data}
        return form_page("meetings/move.html", form, confirmed=form.on_day.data, **words)
    try:
        meeting_changes.move_meeting(
            actor=actor(),
            today=clock.today(),
            meeting_id=view.meeting.id,
            version=form.seen,
            details=form.values(),
            why=form.why.data,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return form_page("meetings/move.html", form, view=open_meeting(public_id))
    except ChangedMeanwhile as changed:
        view = open_meeting(public_id)
        theirs = MoveForm(formdata=None, data=MoveForm.held(view.meeting))
        return conflict_page("meetings/move.html", form, theirs, changed, view=view)
    return _done(view, f"The meeting is moved to {spoken(form.on_day.data)}. {_TOLD}")


@blueprint.route("/cancel", methods=["GET", "POST"])
@needs(Permission.PREPARE_MEETINGS)
def cancel(public_id: str) -> ResponseReturnValue:
    """Cancel a meeting and send its cases to another, after showing which that is too late for."""
    view = open_meeting(public_id)
    with reading():
        cases = changes.how_many_cases(view.meeting.id)
        receiving = changes.receiving(view.meeting, clock.today()) if cases else []
        viewing.let_go()
    form = _cancel_form(view, receiving)
    page: dict[str, Any] = {"view": view, "cases": cases, "receiving": receiving}
    if not form.validate_on_submit():
        return form_page("meetings/cancel.html", form, **page)
    to = next((one for one in receiving if one.public_id == form.to.data), None)
    late = _too_late(view, to.on_day) if to else []
    if to and late and request.form.get("confirmed") != to.public_id:
        page |= {"late": late, "day": to.on_day}
        return form_page("meetings/cancel.html", form, confirmed=to.public_id, **page)
    try:
        went = meeting_changes.cancel_meeting(
            actor=actor(),
            meeting_id=view.meeting.id,
            version=form.seen,
            why=form.why.data,
            to=form.to.data,
        )
    except Refused as refused:
        explain(form, _at_fields(refused.reasons))
        return form_page("meetings/cancel.html", form, **page | {"view": open_meeting(public_id)})
    except ChangedMeanwhile as changed:
        page["view"] = open_meeting(public_id)
        theirs = CancelForm(formdata=None)
        theirs.to.choices = form.to.choices
        return conflict_page("meetings/cancel.html", form, theirs, changed, **page)
    where = f" {_cases(went)} now before the meeting of {spoken(to.on_day)}." if went and to else ""
    return _done(view, f"The meeting is cancelled.{where} {_TOLD}")


_TOLD = "Its members are told by email."


def _cancel_form(view: MeetingView, receiving: list[Receiving]) -> CancelForm:
    following = next((one for one in receiving if one.is_next), None)
    form = load(CancelForm, data={"to": following.public_id if following else None})
    form.to.choices = offer((one.public_id, one.words) for one in receiving)
    form.stamp(view.meeting.version)
    return form


def _too_late(view: MeetingView, day: date) -> list[TooLate]:
    with reading():
        late = changes.too_late(seat(), view.meeting.id, day)
        viewing.let_go()
    return late


def _at_fields(reasons: dict[str, str]) -> dict[str, str]:
    """What the agenda says of a meeting is about the one that was chosen."""
    return {"to" if name == "meeting" else name: words for name, words in reasons.items()}


def _cases(count: int) -> str:
    return "Its case is" if count == 1 else f"Its {count} cases are"


def _done(view: MeetingView, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("panels.meetings_of", public_id=view.panel.public_id), 303)
