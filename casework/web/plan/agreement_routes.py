"""`/cases/<id>/plan/agreement`: that the commissioning body agreed section G as it stands."""

from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.queries.cases import CaseView
from casework.queries.plans import Plan
from casework.rules.plan_content import labels
from casework.services import health_agreements
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.web.cases.meanwhile import changed_meanwhile, saved
from casework.web.cases.page import show
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load
from casework.web.plan import blueprint
from casework.web.plan.forms import AgreementForm
from casework.web.plan.page import open_plan, rows


@blueprint.route("/agreement", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def agreement(public_id: str) -> ResponseReturnValue:
    """Record that the commissioning body agreed the health provision as it stands now."""
    view, plan = open_plan(public_id)
    held = {"version": view.case.version, "number": plan.lines["G"].number}
    form = load(AgreementForm, data=held)
    if not form.validate_on_submit():
        return _page(view, plan, form)
    try:
        health_agreements.agree(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            version=form.version.data or 0,
            number=form.number.data or 0,
            on=form.on.data,
            agreed_by=form.agreed_by.data,
            may_record_oddity=viewer().may(Permission.RECORD_ODDITY),
            oddity=form.oddity.data,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        # The version is the one that is on the page now: it is looked at before it is sent again.
        form.number.data, form.number.raw_data = plan.lines["G"].number, None
        is_oddity = refused.is_oddity and viewer().may(Permission.RECORD_ODDITY)
        return _page(view, plan, form, is_oddity=is_oddity)
    except ChangedMeanwhile as changed:
        made = [NewEvent(kind="health_provision_agreed", on=form.on.data)]
        return changed_meanwhile(public_id, changed, made)
    return saved(public_id, "Saved: the health provision is agreed as it stands.", "plan.index")


def _page(
    view: CaseView, plan: Plan, form: AgreementForm, *, is_oddity: bool = False
) -> ResponseReturnValue:
    return show(
        "plan/agreement.html",
        view,
        what="viewed plan",
        status=422 if form.errors else 200,
        form=form,
        line=plan.lines["G"],
        rows=rows(plan.sections["G"], labels(plan.sections.values())),
        agreements=plan.agreements,
        is_oddity=is_oddity,
    )
