"""Making a link and giving its codes, each shown once; closing it; who opened it and when."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import family_links as queries
from casework.queries.cases import CaseView
from casework.rules.family_links import CODE_LASTS
from casework.services import family_links as services
from casework.services import viewing
from casework.services.errors import Absent, Refused
from casework.web.cases.page import open_case, show
from casework.web.family_links import blueprint
from casework.web.family_links.forms import MakeLinkForm
from casework.web.fields import offer
from casework.web.form_errors import explain
from casework.web.guards import actor, needs
from casework.web.kept_forms import load

_INDEX = "family_links.index"


@blueprint.get("")
@needs(Permission.WRITE_CASES)
def index(public_id: str) -> ResponseReturnValue:
    """Show the links of a case, whether they still open, and their visits."""
    view = open_case(public_id)
    return _page(view, _form(view))


@blueprint.post("/links")
@needs(Permission.WRITE_CASES)
def make_link(public_id: str) -> ResponseReturnValue:
    """Make a link for one contact, and show it this once."""
    view = open_case(public_id)
    form = _form(view)
    if not form.validate_on_submit():
        return _page(view, form)
    try:
        secret = services.make_link(actor=actor(), view=view, contact_id=form.contact.data or "")
    except Refused as refused:
        explain(form, refused.reasons)
        return _page(open_case(public_id), form)
    address = url_for("family.code", secret=secret, _external=True)
    return show("family_links/link.html", open_case(public_id), address=address)


@blueprint.post("/links/<link_id>/codes")
@needs(Permission.WRITE_CASES)
def give_code(public_id: str, link_id: str) -> ResponseReturnValue:
    """Make a code for a link, and show it this once."""
    view = open_case(public_id)
    try:
        code = services.give_code(actor=actor(), view=view, link_id=link_id)
    except Absent:
        abort(404)
    except Refused as refused:
        flash(f"{refused}.", "refused")
        return redirect(url_for(_INDEX, public_id=public_id), 303)
    return show(
        "family_links/code.html",
        open_case(public_id),
        code=f"{code[:4]} {code[4:]}",
        days=CODE_LASTS.days,
    )


@blueprint.post("/links/<link_id>/close")
@needs(Permission.WRITE_CASES)
def close(public_id: str, link_id: str) -> ResponseReturnValue:
    """Close a link: it and whatever it has open show nothing from now on."""
    try:
        services.close_link(actor=actor(), view=open_case(public_id), link_id=link_id)
    except Absent:
        abort(404)
    flash("The link is closed. It opens nothing any more.", "success")
    return redirect(url_for(_INDEX, public_id=public_id), 303)


def _form(view: CaseView) -> MakeLinkForm:
    form = load(MakeLinkForm)
    form.contact.choices = offer(
        (contact.public_id, f"{contact.name}, {contact.relationship_to_child}")
        for contact in queries.may_be_given(view)
    )
    return form


def _page(view: CaseView, form: MakeLinkForm) -> ResponseReturnValue:
    with reading():
        lines = queries.of_case(view.case.id, clock.now(), view.today)
        names = {contact.id: contact.name for contact in view.person.contacts}
        viewing.let_go()
    return show(
        "family_links/index.html",
        view,
        what="viewed family links",
        status=422 if form.errors else 200,
        form=form,
        lines=lines,
        names=names,
        now=clock.now(),
    )
