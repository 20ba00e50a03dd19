"""`/meetings/<id>/cases/<item>/interest`: keeping out of a case, and being let in again."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from casework.access import Permission
from casework.database import reading
from casework.queries import interests as queries
from casework.services import interests, viewing
from casework.services.errors import Absent, Refused
from casework.web.form_errors import explain
from casework.web.guards import NotAllowed, actor, needs, viewer
from casework.web.kept_forms import load
from casework.web.meetings import blueprint
from casework.web.meetings.item_forms import InterestForm, TakeBackForm
from casework.web.meetings.item_page import open_panel_case, show
from casework.web.meetings.page import may_run


@blueprint.route("/cases/<item_id>/interest", methods=["GET", "POST"])
@needs(Permission.SEE_PANELS)
def interest(public_id: str, item_id: str) -> ResponseReturnValue:
    """Declare an interest in the case: one's own or, for the clerk and the chair, a member's."""
    meeting, case = open_panel_case(public_id, item_id)
    own = viewer()
    if not may_run(meeting) and meeting.member(own.user_id) is None:
        raise NotAllowed(Permission.PREPARE_MEETINGS)
    form = load(InterestForm, data={"person": str(own.user_id)})
    form.offer_people(meeting, (str(own.user_id), own.name), runs=may_run(meeting))
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return show("meetings/interest.html", meeting, case, status=status, form=form)
    whose = int(form.person.data)
    try:
        interests.declare(
            actor=actor(), case_id=case.view.case.id, user_id=whose, nature=form.nature.data
        )
    except Absent:
        abort(404)
    if whose == own.user_id:
        flash("Your interest is recorded. The case is hidden from you from now on.", "success")
        return redirect(url_for("meetings.agenda", public_id=public_id), 303)
    flash("The interest is recorded. The case is hidden from that person.", "success")
    return redirect(url_for("meetings.item", public_id=public_id, item_id=item_id), 303)


@blueprint.route("/cases/<item_id>/interest/<interest_id>/end", methods=["GET", "POST"])
@needs(Permission.SEE_PANELS)
def end_interest(public_id: str, item_id: str, interest_id: str) -> ResponseReturnValue:
    """Let a person see the case again, with a reason; not one's own interest."""
    meeting, case = open_panel_case(public_id, item_id)
    if not may_run(meeting):
        raise NotAllowed(Permission.PREPARE_MEETINGS)
    with reading():
        held = queries.find(case.view.case.id, interest_id)
        viewing.let_go()
    if held is None:
        abort(404)
    form = load(TakeBackForm)
    if form.validate_on_submit():
        try:
            interests.take_back(actor=actor(), interest_id=held.id, why=form.why.data)
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            flash(f"{held.user.name} may see the case again.", "success")
            there = url_for("meetings.item", public_id=public_id, item_id=item_id)
            return redirect(there, 303)
    status = 422 if form.errors else 200
    return show(
        "meetings/end_interest.html", meeting, case, status=status, form=form, interest=held
    )
