"""The final plan of one case: what it will say, its signature, and whom it was sent to."""

from typing import Any

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.documents import kinds
from casework.queries import final_plans
from casework.queries.cases import CaseView
from casework.queries.final_plans import Prepared, Signed
from casework.services import editions, viewing
from casework.services import final_plans as finishing
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.web.cases.meanwhile import changed_meanwhile, saved
from casework.web.cases.page import open_case, show
from casework.web.fields import offer
from casework.web.files import file_of
from casework.web.final import blueprint
from casework.web.final.forms import ANOTHER, TYPE_ONLY, SendForm, SignForm
from casework.web.final.sending import chosen_of, has_several_parents, offered_to
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load

_INDEX = "final.index"
_NOTES = {"note": "why_not_all"}
#: What is said of the whole is said at the first question.
_BOXES = {"on": "names", "seen": "names", "document": "names"}


@blueprint.get("")
@needs(Permission.SEE_CASES)
def index(public_id: str) -> ResponseReturnValue:
    """Show how far the final plan is: what is to be signed, or who is still to be sent it."""
    view = open_case(public_id)
    with reading():
        plan = final_plans.signed(view.case.id, view.entered)
        words: dict[str, Any] = {
            "plan": plan,
            "recipients": final_plans.recipients(view.entered, plan),
            "earlier": final_plans.earlier(view.case.id, plan),
            "prepared": final_plans.prepared(view),
        }
        viewing.let_go()
    recipients = words["recipients"]
    words["rights"] = final_plans.family_rights(recipients)
    words["sent"] = final_plans.sent_words(recipients)
    words["was_sent"] = any(one.sent_on for one in recipients)
    words["is_with_family"] = any(one.key == "family" and one.sent_on for one in recipients)
    words["waits"] = any(one.sent_on is None for one in recipients)
    return show("final/index.html", view, what="viewed final plan", **words)


@blueprint.route("/sign", methods=["GET", "POST"])
@needs(Permission.SIGN_PLANS)
def sign(public_id: str) -> ResponseReturnValue:
    """Sign the plan as it stands, with section I; or look at it first, as a PDF."""
    view = open_case(public_id)
    with reading():
        plan = final_plans.signed(view.case.id, view.entered)
        prepared = final_plans.prepared(view)
        viewing.let_go()
    form = _sign_form(view, plan, prepared)
    words: dict[str, Any] = {"form": form, "prepared": prepared, "plan": plan}
    if not form.validate_on_submit():
        return show("final/sign.html", view, status=422 if form.errors else 200, **words)
    try:
        if form.preview.data:
            return _preview(view, form)
        _sign(view, form)
    except Refused as refused:
        explain(form, {_BOXES.get(name, name): why for name, why in refused.reasons.items()})
        form.seen.data = prepared.seen
        return show("final/sign.html", view, status=422, **words)
    except ChangedMeanwhile as changed:
        return changed_meanwhile(public_id, changed, [_signing(form)])
    return saved(public_id, "The final plan is signed. Send it to each of those below.", _INDEX)


@blueprint.route("/send", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def send(public_id: str) -> ResponseReturnValue:
    """Record that the signed plan was sent to one or more of those who must have it."""
    view = open_case(public_id)
    with reading():
        plan = final_plans.signed(view.case.id, view.entered)
        recipients = final_plans.recipients(view.entered, plan)
        viewing.let_go()
    waiting = [one for one in recipients if one.sent_on is None]
    if plan is None or not waiting:
        return redirect(url_for(_INDEX, public_id=public_id), 303)
    form = load(SendForm, data={"version": view.case.version})
    form.to.choices = offer(offered_to(view, waiting))
    if not has_several_parents(view):
        del form.why_not_all
    words: dict[str, Any] = {"form": form, "plan": plan}
    if not form.validate_on_submit():
        return show("final/send.html", view, status=422 if form.errors else 200, **words)
    chosen: dict[str, str | None] = {}
    try:
        chosen = chosen_of(view, form)
        _send(view, form, chosen)
    except Refused as refused:
        explain(form, {_NOTES.get(name, name): why for name, why in refused.reasons.items()})
        return show("final/send.html", view, status=422, **words)
    except ChangedMeanwhile as changed:
        made = [
            NewEvent(kind="final_plan_sent", on=form.on.data, recipient=key, note=note)
            for key, note in chosen.items()
        ]
        return changed_meanwhile(public_id, changed, made)
    sent = len(recipients) - len(waiting) + len(chosen)
    words_of = f"Saved: the final plan is sent to {sent} of {len(recipients)}."
    return saved(public_id, words_of, _INDEX)


def _sign_form(view: CaseView, plan: Signed | None, prepared: Prepared) -> SignForm:
    """Return the form with the settings of this case, and its first choice made where it is one."""
    given = {"version": view.case.version, "seen": prepared.seen}
    form = load(SignForm, data=given)
    form.parts = {one.setting.public_id: one.place_kind for one in prepared.offered}
    offered = [(one.setting.public_id, one.words) for one in prepared.offered]
    another = "Another school or setting" if offered else "A school or setting"
    none = "A type of school only, because no place was found in time"
    form.names.choices = offer([*offered, (ANOTHER, another), (TYPE_ONLY, none)])
    if plan is None:
        del form.because
    return form


def _preview(view: CaseView, form: SignForm) -> Response:
    placement = finishing.placement(form.naming())
    made = editions.preview(
        actor=actor(), case_id=view.case.id, kind=kinds.PDF, placement=placement
    )
    return file_of(made)


def _sign(view: CaseView, form: SignForm) -> None:
    finishing.sign(
        actor=actor(),
        signer_id=viewer().user_id,
        today=clock.today(),
        case_id=view.case.id,
        version=form.version.data or 0,
        seen=form.seen.data or "",
        naming=form.naming(),
        signed_by=f"{viewer().name}, {form.post.data}"[:200],
        because=(form.because.data or "") if "because" in form else "",
    )


def _signing(form: SignForm) -> NewEvent:
    note = form.because.data if "because" in form else None
    return NewEvent(kind="plan_signed", on=clock.today(), note=note)


def _send(view: CaseView, form: SendForm, chosen: dict[str, str | None]) -> None:
    finishing.send(
        actor=actor(),
        today=clock.today(),
        case_id=view.case.id,
        version=form.version.data or 0,
        on=form.on.data,
        to=tuple(chosen),
        family_note=chosen.get("family") or "",
    )
