"""`/cases/<id>/advice/reuse`: advice that is there already, with the three agreements."""

from flask import request
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import documents
from casework.queries.asking import asking_page
from casework.rules.advisers import SERVICES
from casework.services import reuse as services
from casework.services import viewing
from casework.services.errors import ChangedMeanwhile, Refused
from casework.web.advice import blueprint
from casework.web.advice.reuse_forms import reuse_form
from casework.web.cases.meanwhile import changed_meanwhile, saved
from casework.web.cases.page import open_case, show
from casework.web.form_errors import explain
from casework.web.guards import actor, needs


@blueprint.route("/reuse", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def reuse(public_id: str) -> ResponseReturnValue:
    """Use existing advice in place of asking, where all three agree; `kind` says whose it is."""
    with reading():
        view = open_case(public_id)
        page = asking_page(view, clock.now())
        held = documents.of_case(view.case.id)
        viewing.let_go()
    form = reuse_form(view, page, held, request.args.get("kind", ""))
    what = "viewed form for existing advice"
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return show("advice/reuse.html", view, what=what, status=status, form=form)
    existing = form.existing(page)
    try:
        services.reuse(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            version=form.version.data or 0,
            existing=existing,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return show("advice/reuse.html", view, what=what, status=422, form=form)
    except ChangedMeanwhile as changed:
        return changed_meanwhile(public_id, changed, [services.as_event(existing)])
    words = f"Existing advice is used: {SERVICES[existing.kind].words}. Nobody is asked for it."
    return saved(public_id, words, "advice.ask")
