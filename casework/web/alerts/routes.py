"""What a person was told lately, what they want quiet about, and who is told in their place."""

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import clock, current
from casework.access import Permission
from casework.database import reading
from casework.filters import day
from casework.queries import absences, quiets
from casework.queries import digest as queries
from casework.queries.messages import reason, state_of
from casework.services import absences as absence_services
from casework.services import quiets as quiet_services
from casework.services import viewing
from casework.services.errors import Refused
from casework.web.alerts.forms import CoverForm, QuietForm
from casework.web.cases.page import open_case, show
from casework.web.fields import LARGEST_NUMBER
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, scope, viewer
from casework.web.kept_forms import load

blueprint = Blueprint("alerts", __name__)

#: How far back the emails of the page go.
LATELY = timedelta(days=30)


@blueprint.get("/alerts")
@needs(Permission.SET_ALERTS)
def index() -> ResponseReturnValue:
    """Show what the person was told lately, what they hold back, and who stands in for whom."""
    me, today, now = viewer().user_id, clock.today(), clock.now()
    with reading():
        emails = [
            (one, state_of(one, now), reason(one.failure))
            for one in queries.told_lately(me, now - LATELY)
        ]
        held = quiets.of_person(me, scope(), today)
        words = {
            "away": absences.of_person(me, today),
            "stands_in": absences.covered_by(me, today),
            "team": absences.of_team(viewer(), today),
        }
        viewing.let_go()
    viewing.cases_viewed(
        actor=actor(), case_ids=[one.case_id for one in held], what="viewed list of quiet cases"
    )
    soon_within = current.settings().soon_within
    return render_template(
        "alerts/index.html", emails=emails, held=held, soon_within=soon_within, **words
    )


@blueprint.route("/alerts/cover", methods=["GET", "POST"])
@needs(Permission.SET_ALERTS)
def cover() -> ResponseReturnValue:
    """Say who is told in the person's own place; a manager may for those of their team."""
    form = load(CoverForm)
    if form.person.data is None:
        mine = (key for key, one in form.people.items() if one.id == viewer().user_id)
        form.person.data = next(mine, None)
    if form.validate_on_submit():
        person, told = form.people[form.person.data], form.covers[form.cover.data]
        name = told.name
        try:
            absence_services.set_cover(
                actor=actor(),
                today=clock.today(),
                user_id=person.id,
                cover_id=told.id,
                from_day=form.from_day.data,
                until_day=form.last_day,
            )
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            flash(f"{name} is told from {day(form.from_day.data)}.", "success")
            return redirect(url_for("alerts.index"), 303)
    return render_template("alerts/cover.html", form=form), 422 if form.errors else 200


@blueprint.post("/alerts/cover/<int:absence_id>/take-back")
@needs(Permission.SET_ALERTS)
def take_back(absence_id: int) -> ResponseReturnValue:
    """End that somebody is told in another's place: their own, or one of the manager's team."""
    if absence_id > LARGEST_NUMBER:
        abort(404)
    today = clock.today()
    theirs = (*absences.of_person(viewer().user_id, today), *absences.of_team(viewer(), today))
    if absence_id not in {one.id for one in theirs}:
        abort(404)
    absence_services.take_back(actor=actor(), absence_id=absence_id)
    flash("Taken back.", "success")
    return redirect(url_for("alerts.index"), 303)


@blueprint.route("/cases/<public_id>/alerts", methods=["GET", "POST"])
@needs(Permission.SET_ALERTS)
def quiet(public_id: str) -> ResponseReturnValue:
    """Hold the alerts of one case back from the person's own digests."""
    view = open_case(public_id)
    held = quiets.on_case(viewer().user_id, view.case.id, clock.today())
    form = load(QuietForm, data=QuietForm.of(held.until_day) if held else None)
    if form.validate_on_submit():
        try:
            quiet_services.ask_for(
                actor=actor(),
                today=clock.today(),
                user_id=viewer().user_id,
                case_id=view.case.id,
                until_day=form.last_day,
            )
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            flash("Alerts of this case are paused for you.", "success")
            return redirect(url_for("cases.case", public_id=public_id), 303)
    viewing.let_go()
    status = 422 if form.errors else 200
    return show(
        "alerts/quiet.html",
        view,
        what="viewed alerts of case",
        status=status,
        form=form,
        held=held,
    )


@blueprint.post("/cases/<public_id>/alerts/again")
@needs(Permission.SET_ALERTS)
def tell_again(public_id: str) -> ResponseReturnValue:
    """Tell the person of the case again."""
    view = open_case(public_id)
    quiet_services.end(actor=actor(), user_id=viewer().user_id, case_id=view.case.id)
    flash(f"You are told of {view.case.reference} again.", "success")
    return redirect(url_for("alerts.index"), 303)
