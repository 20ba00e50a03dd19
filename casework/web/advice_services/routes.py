"""`/services`: who gives advice, whose service it is, and whom to write to there."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.codes import ContactPart
from casework.queries import advice_services as queries
from casework.rules.advisers import SERVICES
from casework.services import advice_services as services
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from casework.web.advice_services.forms import (
    CloseForm,
    ContactForm,
    EndContactForm,
    ServiceForm,
)
from casework.web.form_errors import explain
from casework.web.guards import actor, may_open, needs
from casework.web.kept_forms import load

blueprint = Blueprint("advice_services", __name__, url_prefix="/services")


@blueprint.get("")
@needs(Permission.SEE_SERVICES)
def index() -> str:
    """List the services, those that are open first; narrowed to a name or a provider."""
    words = request.args.get("q", "")[:200].strip()
    return render_template(
        "advice_services/index.html",
        lines=queries.listed(clock.today(), words),
        words=words,
        kinds=SERVICES,
        may_manage=may_open("advice_services.add"),
    )


@blueprint.get("/<public_id>")
@needs(Permission.SEE_SERVICES)
def show(public_id: str) -> str:
    """Show one service: what it is, and whom to write to now, before and later."""
    service = queries.find(public_id) or abort(404)
    today = clock.today()
    return render_template(
        "advice_services/show.html",
        service=service,
        kind=SERVICES[service.kind],
        parts=dict(ContactPart.choices()),
        mailbox=queries.in_force(service, ContactPart.MAILBOX, today),
        today=today,
        may_manage=may_open("advice_services.change"),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_SERVICES)
def add() -> ResponseReturnValue:
    """Add a service."""
    form = load(ServiceForm, data={"from_day": clock.today()})
    if form.validate_on_submit():
        try:
            made = services.add_service(
                actor=actor(), provider=form.provider.data, details=form.details()
            )
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            return _done("The service is added. Say whom to write to there.", made)
    return _edit(form, None)


@blueprint.route("/<public_id>/change", methods=["GET", "POST"])
@needs(Permission.MANAGE_SERVICES)
def change(public_id: str) -> ResponseReturnValue:
    """Put a service right."""
    service = queries.find(public_id) or abort(404)
    held = {name: getattr(service, name) for name in ServiceForm.COLUMNS}
    held |= {"provider": service.provider.name}
    held |= {"setting": service.setting.name if service.setting else None}
    form = load(ServiceForm, data=held)
    del form.kind
    form.stamp(service.version)
    if form.validate_on_submit():
        try:
            services.change_service(
                actor=actor(),
                public_id=public_id,
                version=form.seen,
                provider=form.provider.data,
                details=form.details(),
            )
        except Refused as refused:
            explain(form, refused.reasons)
        except ChangedMeanwhile as changed:
            theirs = ServiceForm(formdata=None, data=held)
            differences = form.merge(theirs, changed.version)
            conflict = {"changes": changed.changes, "differences": differences}
            return _edit(form, service, conflict=conflict)
        else:
            return _done("The service is saved.", public_id)
    return _edit(form, service)


@blueprint.route("/<public_id>/close", methods=["GET", "POST"])
@needs(Permission.MANAGE_SERVICES)
def close(public_id: str) -> ResponseReturnValue:
    """Say until when a service is asked, and which takes over."""
    service = queries.find(public_id) or abort(404)
    form = load(CloseForm, data={"until_day": clock.today()})
    form.offer_all_but(public_id)
    if form.validate_on_submit():
        try:
            services.close_service(
                actor=actor(),
                public_id=public_id,
                until_day=form.until_day.data,
                replaced_by=form.replaced_by.data,
            )
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            return _done("The service is closed from the day after.", public_id)
    return _page("advice_services/close.html", form, service=service)


@blueprint.post("/<public_id>/reopen")
@needs(Permission.MANAGE_SERVICES)
def reopen(public_id: str) -> ResponseReturnValue:
    """Let a closed service be asked again."""
    try:
        services.reopen_service(actor=actor(), public_id=public_id)
    except Absent:
        abort(404)
    return _done("The service is open again.", public_id)


@blueprint.route("/<public_id>/contacts/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_SERVICES)
def add_contact(public_id: str) -> ResponseReturnValue:
    """Say whom to write to from a day on."""
    service = queries.find(public_id) or abort(404)
    form = load(ContactForm, data={"from_day": clock.today(), "part": request.args.get("part")})
    if form.validate_on_submit():
        try:
            services.add_contact(actor=actor(), public_id=public_id, details=form.details())
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            return _done("The contact is saved.", public_id)
    return _page("advice_services/contact.html", form, service=service)


@blueprint.route("/<public_id>/contacts/<contact_id>/end", methods=["GET", "POST"])
@needs(Permission.MANAGE_SERVICES)
def end_contact(public_id: str, contact_id: str) -> ResponseReturnValue:
    """Say until when somebody is written to."""
    service = queries.find(public_id) or abort(404)
    contact = next((c for c in service.contacts if c.public_id == contact_id), None) or abort(404)
    form = load(EndContactForm, data={"until_day": clock.today()})
    if form.validate_on_submit():
        try:
            services.end_contact(
                actor=actor(),
                public_id=public_id,
                contact_id=contact_id,
                until_day=form.until_day.data,
            )
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            return _done("The contact ends then.", public_id)
    parts = dict(ContactPart.choices())
    page = "advice_services/end_contact.html"
    return _page(page, form, service=service, contact=contact, parts=parts)


def _edit(
    form: ServiceForm, service: object, conflict: Mapping[str, object] | None = None
) -> ResponseReturnValue:
    words = {"service": service, "conflict": conflict, "providers": queries.providers()}
    page, status = _page("advice_services/edit.html", form, **words)
    return page, 409 if conflict else status


def _page(template: str, form: object, **words: object) -> tuple[str, int]:
    status = 422 if getattr(form, "errors", None) else 200
    return render_template(template, form=form, **words), status


def _done(words: str, public_id: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("advice_services.show", public_id=public_id), 303)
