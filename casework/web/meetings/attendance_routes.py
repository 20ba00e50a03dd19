"""`/meetings/<id>/attendance`: who came, and whether that makes a quorum."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import attendance
from casework.queries.meetings import MeetingView
from casework.rules.attendance import Roll
from casework.rules.panels import Attended
from casework.services import attendance as services
from casework.services.errors import ChangedMeanwhile, Refused
from casework.web.form_errors import explain
from casework.web.guards import NotAllowed, actor, needs
from casework.web.kept_forms import load
from casework.web.meetings import blueprint
from casework.web.meetings.attendance_forms import EVERYBODY_ELSE, AttendanceForm, form_for
from casework.web.meetings.page import may_run, open_meeting


@blueprint.route("/attendance", methods=["GET", "POST"], endpoint="attendance")
@needs(Permission.SEE_PANELS)
def attend(public_id: str) -> ResponseReturnValue:
    """Show who came; those who run the meeting record it."""
    view = open_meeting(public_id)
    roll = _roll(view)
    if not may_run(view):
        if request.method == "POST":
            raise NotAllowed(Permission.PREPARE_MEETINGS)
        return _page(view, roll, None)
    form_class, held = form_for(roll)
    form = load(form_class, data=held)
    form.stamp(view.meeting.attendance_version)
    if not form.validate_on_submit():
        return _page(view, roll, form)
    return _save(view, roll, form)


def _save(view: MeetingView, roll: Roll, form: AttendanceForm) -> ResponseReturnValue:
    others = Attended.PRESENT if EVERYBODY_ELSE in request.form else None
    try:
        services.save(
            actor=actor(),
            today=clock.today(),
            meeting_id=view.meeting.id,
            version=form.seen,
            attended=form.attended(others),
            guests=form.new_guests(),
        )
    except Refused as refused:
        explain(form, {next(iter(form.data)): words for words in refused.reasons.values()})
        return _page(view, roll, form)
    except ChangedMeanwhile as changed:
        return _conflict(view, changed)
    flash("The attendance is saved.", "success")
    return redirect(url_for("meetings.attendance", public_id=view.meeting.public_id), 303)


def _conflict(view: MeetingView, changed: ChangedMeanwhile) -> ResponseReturnValue:
    """Show what others saved meanwhile beside what this person sent, on lines made anew."""
    roll = _roll(view)
    form_class, held = form_for(roll)
    mine = form_class(data=held)
    differences = mine.merge(form_class(formdata=None, data=held), changed.version)
    conflict = {"changes": (), "differences": differences}
    return _page(view, roll, mine, conflict=conflict)


def _roll(view: MeetingView) -> Roll:
    with reading():
        return attendance.roll(view.meeting, view.members)


def _page(
    view: MeetingView, roll: Roll, form: AttendanceForm | None, **words: Any
) -> ResponseReturnValue:
    page = render_template(
        "meetings/attendance.html",
        view=view,
        roll=roll,
        form=form,
        everybody_else=EVERYBODY_ELSE,
        **words,
    )
    if words.get("conflict"):
        return page, 409
    return page, 422 if form is not None and form.errors else 200
