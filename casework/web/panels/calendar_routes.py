"""`/panels/<id>/meetings`: when a panel meets; meetings added by hand, or set further ahead."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import meeting_days
from casework.services import meeting_changes, meetings, viewing
from casework.services.errors import Refused
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, seat
from casework.web.kept_forms import load
from casework.web.panels import blueprint
from casework.web.panels.calendar_forms import AheadForm, MeetingForm
from casework.web.panels.page import form_page, open_panel


@blueprint.get("/<public_id>/meetings")
@needs(Permission.SEE_PANELS)
def meetings_of(public_id: str) -> ResponseReturnValue:
    """Show a panel's calendar: meetings to come and held, moved and cancelled ones too."""
    panel, here = open_panel(public_id), seat()
    with reading():
        calendar = meeting_days.calendar(here, panel.id)
        viewing.let_go()
    return render_template("panels/meetings.html", panel=panel, calendar=calendar, now=clock.now())


@blueprint.route("/<public_id>/meetings/new", methods=["GET", "POST"])
@needs(Permission.PREPARE_MEETINGS)
def add_meeting(public_id: str) -> ResponseReturnValue:
    """Add a meeting beside the regular ones."""
    panel = open_panel(public_id)
    usual = {name: getattr(panel, name) for name in ("starts_at", "minutes", "place")}
    form = load(MeetingForm, data=usual)
    if form.validate_on_submit():
        try:
            meeting_changes.add_meeting(
                actor=actor(), today=clock.today(), panel_id=panel.id, details=form.values()
            )
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            flash("The meeting is added.", "success")
            return redirect(url_for("panels.meetings_of", public_id=public_id), 303)
    return form_page("panels/add_meeting.html", form, panel=panel)


@blueprint.route("/<public_id>/meetings/ahead", methods=["GET", "POST"])
@needs(Permission.PREPARE_MEETINGS)
def generate(public_id: str) -> ResponseReturnValue:
    """Set the regular meetings up to a day."""
    panel, today = open_panel(public_id), clock.today()
    form = load(AheadForm, data={"until": today + meetings.AHEAD})
    if form.validate_on_submit():
        try:
            added = meetings.generate(
                actor=actor(), panel_id=panel.id, first=today, until=form.until.data
            )
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            flash(_added(added), "success")
            return redirect(url_for("panels.meetings_of", public_id=public_id), 303)
    return form_page("panels/ahead.html", form, panel=panel)


def _added(count: int) -> str:
    if not count:
        return "Nothing was missing: every meeting up to that day is set already."
    return f"{count} {'meeting is' if count == 1 else 'meetings are'} added."
