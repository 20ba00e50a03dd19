"""`/panels`: what a person has to do with, and each panel's own page and terms of reference."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.holidays import england_and_wales
from casework.queries import meeting_days, panels, records
from casework.rules.panels import QUESTIONS, PanelAgency, Position
from casework.services import panel_members, viewing
from casework.services import panels as services
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.meetings import Followed
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, seat, viewer
from casework.web.kept_forms import load
from casework.web.panels import blueprint as blueprint
from casework.web.panels import calendar_routes as calendar_routes
from casework.web.panels import member_routes as member_routes
from casework.web.panels import phrase_routes as phrase_routes
from casework.web.panels.figures import figures_of
from casework.web.panels.forms import WEEKDAYS, PanelForm
from casework.web.panels.page import conflict_page, form_page, open_panel

#: How many meetings to come a panel's own page shows.
SHOWN = 6
#: Working days after its meeting in which a record should be signed.
SIGNED_WITHIN = 2


@blueprint.get("")
@needs(Permission.SEE_PANELS)
def index() -> ResponseReturnValue:
    """List the panels and their next meetings, as far as they are this person's to see."""
    here = seat()
    with reading():
        found = panels.listed(here)
        ahead = meeting_days.ahead(here)
        held = meeting_days.held(here)
        unsigned = records.unsigned(
            here,
            england_and_wales().before(clock.today(), SIGNED_WITHIN),
            every_panel=viewer().may(Permission.PREPARE_MEETINGS),
        )
        viewing.let_go()
    return render_template(
        "panels/index.html",
        panels=found,
        ahead=ahead,
        held=held,
        unsigned=unsigned,
        now=clock.now(),
        today=clock.today(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_PANELS)
def add() -> ResponseReturnValue:
    """Set up a panel; its meetings are set half a year ahead."""
    form = load(PanelForm, data=PanelForm.USUAL)
    del form.closed_on
    if form.validate_on_submit():
        try:
            made = services.add_panel(
                actor=actor(),
                today=clock.today(),
                details=form.values(),
                agencies=form.agencies.data,
            )
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            flash(
                "The panel is set up, with its meetings half a year ahead. Now add its members.",
                "success",
            )
            return redirect(url_for("panels.show", public_id=made), 303)
    return form_page("panels/edit.html", form, panel=None)


@blueprint.get("/<public_id>")
@needs(Permission.SEE_PANELS)
def show(public_id: str) -> ResponseReturnValue:
    """Show a panel's terms of reference, its members and its next meetings."""
    panel, here = open_panel(public_id), seat()
    with reading():
        members = panels.members(panel.id, clock.today())
        calendar = meeting_days.calendar(here, panel.id, SHOWN)
        figures = figures_of(panel.id, here)
        viewing.let_go()
    page = render_template(
        "panels/show.html",
        panel=panel,
        questions=[QUESTIONS[key] for key in panel.question_keys],
        agencies=[PanelAgency(agency) for agency in panel.agencies_needed],
        weekday=dict(WEEKDAYS)[str(panel.weekday)],
        members=members,
        calendar=calendar,
        **member_words(),
        **figures,
        now=clock.now(),
        today=clock.today(),
    )
    return page, 422 if figures["period_form"].errors else 200


@blueprint.route("/<public_id>/terms", methods=["GET", "POST"])
@needs(Permission.MANAGE_PANELS)
def terms(public_id: str) -> ResponseReturnValue:
    """Change a panel's terms of reference; its meetings to come follow them."""
    panel = open_panel(public_id)
    form = load(PanelForm, data=PanelForm.held(panel))
    form.stamp(panel.version)
    if not form.validate_on_submit():
        return form_page("panels/edit.html", form, panel=panel)
    try:
        followed = services.change_panel(
            actor=actor(),
            today=clock.today(),
            panel_id=panel.id,
            version=form.seen,
            details=form.values(),
            agencies=form.agencies.data,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return form_page("panels/edit.html", form, panel=open_panel(public_id))
    except ChangedMeanwhile as changed:
        panel = open_panel(public_id)
        theirs = PanelForm(formdata=None, data=PanelForm.held(panel))
        return conflict_page("panels/edit.html", form, theirs, changed, panel=panel)
    flash(f"The terms are saved.{_followed(followed)}", "success")
    return redirect(url_for("panels.show", public_id=public_id), 303)


def member_words() -> dict[str, object]:
    """Return what a list of members needs: their agencies and positions in words."""
    return {
        "agency_words": dict(PanelAgency.choices()),
        "position_words": dict(Position.choices()),
        "may_sit": panel_members.may_sit,
    }


def _followed(followed: Followed | None) -> str:
    if followed is None:
        return ""
    words = f" Meetings from next week on that follow them: {followed.followed}."
    if followed.stayed:
        words += (
            f" Meetings that stay as they were: {followed.stayed}. They have cases, were "
            "circulated, or were changed by hand: move each one where it should follow."
        )
    return words
