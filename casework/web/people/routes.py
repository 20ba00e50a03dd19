"""`/cases/<id>/child`, `/contacts` and `/details`: what is held, put right by those on the case."""

from typing import Any, TypeVar

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.queries import people as held_people
from casework.queries.cases import CaseView
from casework.services import cases, people
from casework.services.errors import ChangedMeanwhile, Refused
from casework.web.case_page import case_page
from casework.web.cases.page import open_case, show
from casework.web.conflicts import VersionedForm
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load
from casework.web.people.forms import ChildForm, ContactForm, DetailsForm, EndContactForm

blueprint = Blueprint("people", __name__, url_prefix="/cases/<public_id>")

Form = TypeVar("Form", bound=VersionedForm)


@blueprint.route("/child", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def child(public_id: str) -> ResponseReturnValue:
    """Change what is held of the child."""
    view = open_case(public_id)
    form = _without_postcode(load(ChildForm, data=ChildForm.held(view)), view)
    form.started_on = view.case.started_on
    form.stamp(view.person.version)
    if not form.validate_on_submit():
        return _page("people/child.html", view, form)
    try:
        people.change_person(
            actor=actor(),
            person_id=view.person.id,
            version=form.seen,
            details=form.values(),
            case_id=view.case.id,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return _page("people/child.html", open_case(public_id), form)
    except ChangedMeanwhile as changed:
        view = open_case(public_id)
        form = _without_postcode(form, view)
        theirs = _without_postcode(ChildForm(formdata=None, data=ChildForm.held(view)), view)
        return _conflict("people/child.html", view, form, theirs, changed)
    return _done(public_id, "The child’s details are saved.")


@blueprint.route("/details", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def details(public_id: str) -> ResponseReturnValue:
    """Change what the case is about, and how the request came."""
    view = open_case(public_id)
    form = load(DetailsForm, data=DetailsForm.held(view))
    form.stamp(view.case.version)
    if not form.validate_on_submit():
        return _page("people/details.html", view, form)
    try:
        cases.change_case(
            actor=actor(),
            case_id=view.case.id,
            version=form.seen,
            details=form.values(),
            new_setting=form.setting.new_name,
        )
    except ChangedMeanwhile as changed:
        view = open_case(public_id)
        theirs = DetailsForm(formdata=None, data=DetailsForm.held(view))
        return _conflict("people/details.html", view, form, theirs, changed)
    return _done(public_id, "The case’s details are saved.")


@blueprint.get("/contacts")
@needs(Permission.SEE_CONTACTS)
def contacts(public_id: str) -> ResponseReturnValue:
    """Show everyone who is or was to be told about the child."""
    view = open_case(public_id)
    everyone = held_people.contacts(view.person.id)
    return show("people/contacts.html", view, what="viewed contacts", everyone=everyone)


@blueprint.route("/contacts/new", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def add_contact(public_id: str) -> ResponseReturnValue:
    """Add someone to be told about the child."""
    view = open_case(public_id)
    form = load(ContactForm)
    if not form.validate_on_submit():
        return _page("people/contact.html", view, form, contact=None)
    people.save_contact(
        actor=actor(),
        case_id=view.case.id,
        person_id=view.person.id,
        contact_id=None,
        details=form.values(),
    )
    return _done(public_id, "The contact is added.", "people.contacts")


@blueprint.route("/contacts/<contact_id>/change", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def change_contact(public_id: str, contact_id: str) -> ResponseReturnValue:
    """Change what is held of a contact."""
    view = open_case(public_id)
    contact = _contact(view, contact_id)
    form = _without_protected(load(ContactForm, data=ContactForm.held(contact)), contact)
    form.stamp(contact.version)
    seen = contact.address_is_protected and "address" in form
    what = "viewed protected address" if seen else "viewed contact"
    words = {"contact": contact, "what": what}
    if not form.validate_on_submit():
        return _page("people/contact.html", view, form, **words)
    try:
        people.save_contact(
            actor=actor(),
            case_id=view.case.id,
            person_id=view.person.id,
            contact_id=contact.id,
            details=form.values(),
            version=form.seen,
        )
    except ChangedMeanwhile as changed:
        view = open_case(public_id)
        contact = _contact(view, contact_id)
        theirs = ContactForm(formdata=None, data=ContactForm.held(contact))
        form, theirs = _without_protected(form, contact), _without_protected(theirs, contact)
        return _conflict(
            "people/contact.html", view, form, theirs, changed, **words | {"contact": contact}
        )
    return _done(public_id, "The contact is changed.", "people.contacts")


@blueprint.route("/contacts/<contact_id>/end", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def end_contact(public_id: str, contact_id: str) -> ResponseReturnValue:
    """Say from which day someone is no longer a contact."""
    view = open_case(public_id)
    contact = _contact(view, contact_id)
    form = load(EndContactForm)
    form.stamp(contact.version)
    if not form.validate_on_submit():
        return _page("people/end_contact.html", view, form, contact=contact)
    try:
        _end(view, contact.id, form.seen, form.ended_on.data)
    except ChangedMeanwhile as changed:
        view = open_case(public_id)
        contact = _contact(view, contact_id)
        theirs = EndContactForm(formdata=None, data={"ended_on": contact.ended_on})
        return _conflict("people/end_contact.html", view, form, theirs, changed, contact=contact)
    return _done(public_id, "They are no longer a contact.", "people.contacts")


@blueprint.post("/contacts/<contact_id>/take-up")
@needs(Permission.WRITE_CASES)
def take_up_contact(public_id: str, contact_id: str) -> ResponseReturnValue:
    """Make someone a contact again, as of now."""
    view = open_case(public_id)
    contact = _contact(view, contact_id)
    _end(view, contact.id, contact.version, None)
    return _done(public_id, "They are a contact again.", "people.contacts")


def _end(view: CaseView, contact_id: int, version: int, ended_on: Any) -> None:
    people.end_contact(
        actor=actor(),
        today=clock.today(),
        case_id=view.case.id,
        person_id=view.person.id,
        contact_id=contact_id,
        version=version,
        ended_on=ended_on,
    )


def _contact(view: CaseView, public_id: str) -> Any:
    return held_people.contact(view.person.id, public_id) or abort(404)


def _without_postcode(form: ChildForm, view: CaseView) -> ChildForm:
    """Where a contact's address is protected the child's postcode could give it away."""
    hidden = view.postcode_is_protected and not viewer().may(Permission.SEE_PROTECTED_ADDRESSES)
    if hidden and "postcode" in form:
        del form.postcode
    return form


def _without_protected(form: ContactForm, contact: Any) -> ContactForm:
    hidden = contact.address_is_protected and not viewer().may(Permission.SEE_PROTECTED_ADDRESSES)
    if hidden and "address_is_protected" in form:
        form.hide_protected()
    return form


def _page(
    template: str, view: CaseView, form: VersionedForm, what: str = "viewed details", **words: Any
) -> ResponseReturnValue:
    status = 422 if form.errors else 200
    return show(template, view, what=what, status=status, form=form, **words)


def _conflict(
    template: str,
    view: CaseView,
    form: Form,
    theirs: Form,
    changed: ChangedMeanwhile,
    what: str = "viewed details",
    **words: Any,
) -> ResponseReturnValue:
    """Show what others saved meanwhile beside what this person typed, still unsaved."""
    differences = form.merge(theirs, changed.version)
    return show(
        template,
        view,
        what=what,
        status=409,
        form=form,
        conflict={"changes": changed.changes, "differences": differences},
        **words,
    )


def _done(public_id: str, words: str, endpoint: str = "") -> ResponseReturnValue:
    flash(words, "success")
    there = url_for(endpoint, public_id=public_id) if endpoint else case_page(public_id)
    return redirect(there, 303)
