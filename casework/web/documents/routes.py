"""`/cases/<id>/documents`: the files on a case, for those who may see them."""

from io import BytesIO

from flask import Blueprint, Response, abort, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue

from casework.access import Permission
from casework.codes import DocumentState
from casework.database import reading
from casework.headers import sandboxed
from casework.queries import documents as held
from casework.queries.cases import CaseView
from casework.queries.documents import Version
from casework.services import document_checks, documents, viewing
from casework.services.errors import Absent, Refused
from casework.web.cases.page import open_case, show
from casework.web.documents.forms import DocumentForm, WithdrawForm
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load

blueprint = Blueprint("documents", __name__, url_prefix="/cases/<public_id>/documents")

WAITS = (
    "The document is added, but the virus scanner does not answer. Nobody can open it until it has "
    "been checked, which is tried again by itself."
)


@blueprint.get("")
@needs(Permission.SEE_DOCUMENTS)
def index(public_id: str) -> ResponseReturnValue:
    """List the documents on a case with their versions."""
    with reading():
        view = open_case(public_id)
        found = held.of_case(view.case.id)
        viewing.let_go()
    waits = any(v.document.state == DocumentState.WAITING for d in found for v in d.all)
    return show(
        "documents/index.html", view, what="viewed list of documents", documents=found, waits=waits
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.ADD_DOCUMENTS)
def add(public_id: str) -> ResponseReturnValue:
    """Add a document."""
    return _take(open_case(public_id), load(DocumentForm), None)


@blueprint.route("/<document_id>/replace", methods=["GET", "POST"])
@needs(Permission.ADD_DOCUMENTS)
def replace(public_id: str, document_id: str) -> ResponseReturnValue:
    """Add a newer version of a document; the one before stays."""
    view, version = _open(public_id, document_id)
    was = {"kind": version.document.kind, "title": version.document.title}
    return _take(view, load(DocumentForm, data=was), version)


@blueprint.get("/<document_id>/file")
@needs(Permission.SEE_DOCUMENTS)
@sandboxed
def file(public_id: str, document_id: str) -> Response:
    """Give out the file, to be saved: never to be shown within this application."""
    view = open_case(public_id)
    try:
        document, content = documents.opened(
            actor=actor(),
            case_id=view.case.id,
            public_id=document_id,
            may_see_protected=viewer().may(Permission.SEE_PROTECTED_ADDRESSES),
        )
    except Absent:
        abort(404)
    except documents.Withheld as withheld:
        flash(f"{withheld}.", "refused")
        return _to_list(public_id)
    return send_file(
        BytesIO(content),
        mimetype=document.media_type,
        as_attachment=True,
        download_name=document.file_name,
    )


@blueprint.route("/<document_id>/withdraw", methods=["GET", "POST"])
@needs(Permission.ADD_DOCUMENTS)
def withdraw(public_id: str, document_id: str) -> ResponseReturnValue:
    """Take a version back, with the reason."""
    view, version = _open(public_id, document_id)
    if version.is_withdrawn:
        return _to_list(public_id)
    form = load(WithdrawForm)
    if not form.validate_on_submit():
        return _page("documents/withdraw.html", view, form, version, "viewed document’s details")
    documents.withdraw(
        actor=actor(), case_id=view.case.id, public_id=document_id, why=form.why.data
    )
    flash("The document is withdrawn. Nobody can open it.", "success")
    return _to_list(public_id)


@blueprint.post("/check")
@needs(Permission.ADD_DOCUMENTS)
def check(public_id: str) -> ResponseReturnValue:
    """Check the files that wait for the virus scanner, now."""
    view = open_case(public_id)
    if document_checks.check_of_case(actor=actor(), case_id=view.case.id):
        flash("The virus scanner still does not answer. Try again later.", "refused")
    else:
        flash("The documents have been checked.", "success")
    return _to_list(public_id)


def _take(view: CaseView, form: DocumentForm, replaced: Version | None) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            state = documents.add(
                actor=actor(),
                case_id=view.case.id,
                sent=form.sent(),
                replaces=replaced.document.public_id if replaced else None,
            )
        except Refused as refused:
            explain(form, refused.reasons)
        except Absent:
            abort(404)
        else:
            is_waiting = state == DocumentState.WAITING
            flash(WAITS if is_waiting else "The document is added.", "success")
            return _to_list(view.case.public_id)
    return _page("documents/add.html", view, form, replaced, "viewed form for a document")


def _page(
    template: str,
    view: CaseView,
    form: DocumentForm | WithdrawForm,
    version: Version | None,
    what: str,
) -> ResponseReturnValue:
    status = 422 if form.errors else 200
    return show(template, view, what=what, status=status, form=form, version=version)


def _open(public_id: str, document_id: str) -> tuple[CaseView, Version]:
    with reading():
        view = open_case(public_id)
        version = held.find(view.case.id, document_id)
        viewing.let_go()
    if version is None:
        abort(404)
    return view, version


def _to_list(public_id: str) -> Response:
    return redirect(url_for("documents.index", public_id=public_id), 303)  # type: ignore[return-value]
