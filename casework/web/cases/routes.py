"""`/cases/<id>`: the case, who looked at it, why its dates are what they are, who holds it."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import (
    case_forecast,
    cases,
    decisions_of_case,
    documents,
    final_plans,
    informing,
    officers,
    people,
)
from casework.queries.chronology import chronology, lateness
from casework.queries.drafts import plan_for_the_weeks_left
from casework.rules.events import EVENTS
from casework.rules.exceptions import REGULATIONS
from casework.rules.stages import Stage
from casework.services import cases as services
from casework.services import viewing
from casework.web.cases import blueprint as blueprint
from casework.web.cases import event_routes as event_routes
from casework.web.cases import panel_routes as panel_routes
from casework.web.cases.event_routes import LOGGED
from casework.web.cases.forms import HandOverForm
from casework.web.cases.page import may_hand_over, open_case, show
from casework.web.cases.timeline import draw
from casework.web.fields import offer
from casework.web.guards import actor, needs, scope, viewer
from casework.web.kept_forms import load

#: How many events are offered as buttons; the others are behind "Something else happened".
OFFERED = 3
#: The form of the final plan asks this too.
NOT_OFFERED = "no_institution_named"
#: The stages at which the last safe day of each step that is left is what the officer works to.
PLANNED = (Stage.DRAFTING, Stage.DRAFT_OUT)


@blueprint.get("")
@needs(Permission.SEE_CASES)
def case(public_id: str) -> ResponseReturnValue:
    """Show one case, whole."""
    return _case_page(public_id)


@blueprint.post("/protected-addresses")
@needs(Permission.SEE_PROTECTED_ADDRESSES)
def protected_addresses(public_id: str) -> ResponseReturnValue:
    """Show one case with its protected addresses, once; the audit trail says who asked."""
    return _case_page(public_id, shows_protected=True, what="viewed protected address")


@blueprint.get("/views")
@needs(Permission.SEE_WHO_LOOKED)
def views(public_id: str) -> ResponseReturnValue:
    """Show who has looked at the case and who has changed it, the latest first."""
    view = open_case(public_id)
    return show(
        "cases/views.html", view, what="viewed who looked", entries=cases.who_looked(view.case.id)
    )


@blueprint.get("/explain")
@needs(Permission.SEE_CASES)
def explain(public_id: str) -> ResponseReturnValue:
    """Show every date on the case with its rule, its citation and how it was counted."""
    with reading():
        view = open_case(public_id)
        panels = decisions_of_case.of_case(view)
        viewing.let_go()
    return show(
        "cases/explain.html",
        view,
        what="viewed explanation of case",
        panels=panels,
        days=chronology(view),
        lateness=lateness,
        regulations=REGULATIONS,
        taken_at=clock.now(),
        taken_by=viewer().name,
    )


@blueprint.route("/hand-over", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def hand_over(public_id: str) -> ResponseReturnValue:
    """Give the case to another officer."""
    view = open_case(public_id)
    if not may_hand_over(view):
        abort(403)
    able = [
        one
        for one in officers.assignable()
        if one.id != view.case.officer_id and (one.takes_complex_cases or not view.case.is_complex)
    ]
    form = load(HandOverForm)
    form.officer.choices = offer((one.public_id, one.name) for one in able)
    if not form.validate_on_submit():
        held = cases.officers_held(view.case.id)
        status = 422 if form.errors else 200
        viewing.let_go()
        return show("cases/hand_over.html", view, status=status, form=form, held=held)
    chosen = next(one for one in able if one.public_id == form.officer.data)
    name = chosen.name
    services.hand_over(
        actor=actor(), today=clock.today(), case_id=view.case.id, officer_id=chosen.id
    )
    flash(f"{name} now holds this case.", "success")
    return redirect(url_for("cases.case", public_id=public_id), 303)


def _case_page(
    public_id: str, *, shows_protected: bool = False, what: str = "viewed case"
) -> ResponseReturnValue:
    with reading():
        view = open_case(public_id)
        around = cases.around(scope(), view)
        sees_documents = viewer().may(Permission.SEE_DOCUMENTS)
        held = documents.count(view.case.id) if sees_documents else None
        panels = decisions_of_case.of_case(view)
        plan = final_plans.signed(view.case.id, view.entered)
        forecast = case_forecast.of_case(view)
        to_tell = informing.still_to_tell(view) if viewer().may(Permission.WRITE_CASES) else 0
        viewing.let_go()
    recipients = final_plans.recipients(view.entered, plan)
    offered = [kind for kind in view.may_happen if kind != NOT_OFFERED][:OFFERED]
    return show(
        "cases/case.html",
        view,
        what=what,
        around=around,
        documents_held=held,
        panels=panels,
        plan=plan,
        plan_sent=final_plans.sent_words(recipients) if plan or view.is_final_begun else None,
        to_tell=to_tell,
        forecast=forecast,
        left=plan_for_the_weeks_left(view) if view.stands.stage in PLANNED else None,
        drawing=draw(view),
        offered=offered,
        others=sorted(
            (kind for kind in (*LOGGED, "exception_proposed") if kind not in offered),
            key=lambda kind: kind not in view.may_happen,
        ),
        events=EVENTS,
        shows_protected=shows_protected,
        may_hand_over=may_hand_over(view),
        missing=people.missing(view.case, view.person, around.contacts) if view.is_open else [],
    )
