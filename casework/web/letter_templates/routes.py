"""`/letters`: the template of each kind of letter, its earlier versions, and a newer one taken in.

They are the authority's own words: nothing here shows any child.
"""

from io import BytesIO

from flask import Blueprint, Response, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from casework import current
from casework.access import Permission
from casework.documents.kinds import WORD
from casework.headers import sandboxed
from casework.letters.documents import NotMade
from casework.queries import letter_templates
from casework.rules.letters import COMMON, LETTERS, LetterKind
from casework.services import letter_templates as services
from casework.services.errors import Absent, Refused
from casework.web.form_errors import explain
from casework.web.guards import actor, needs
from casework.web.kept_forms import load
from casework.web.letter_templates.forms import SeenForm, TemplateForm

blueprint = Blueprint("letter_templates", __name__, url_prefix="/letters")


@blueprint.get("")
@needs(Permission.MANAGE_LETTERS)
def index() -> str:
    """List the kinds of letter, each with the version of its template that is in use."""
    services.install_first_versions()
    in_use = letter_templates.in_use()
    lines = [(kind, in_use[key]) for key, kind in LETTERS.items()]
    return render_template("letter_templates/index.html", lines=lines)


@blueprint.route("/<kind>", methods=["GET", "POST"])
@needs(Permission.MANAGE_LETTERS)
def show(kind: str) -> ResponseReturnValue:
    """Show one kind’s fields and versions, and take in a newer version."""
    row = _kind(kind)
    services.install_first_versions()
    versions = letter_templates.versions(kind)
    form = load(TemplateForm, data={"version": versions[0].version})
    if form.validate_on_submit():
        sent = form.file.data
        try:
            number = services.put_in_use(
                actor=actor(),
                kind=kind,
                seen=form.version.data or 0,
                content=sent.read(),
                file_name=sent.filename or "",
                note=form.note.data or "",
                settings=current.settings(),
            )
        except Refused as refused:
            explain(form, refused.reasons)
            versions = letter_templates.versions(kind)
            form.version.data = versions[0].version
            form.version.raw_data = None
        else:
            flash(f"Version {number} is in use.", "success")
            return redirect(url_for("letter_templates.show", kind=kind), 303)
    page = render_template(
        "letter_templates/show.html",
        kind=row,
        common=COMMON,
        versions=versions,
        form=form,
        again=SeenForm(data={"version": versions[0].version}),
    )
    return page, 422 if form.errors else 200


@blueprint.get("/<kind>/<version_id>/file")
@needs(Permission.MANAGE_LETTERS)
@sandboxed
def file(kind: str, version_id: str) -> Response:
    """Give out a version, to be changed in Word."""
    row, (template, content) = _kind(kind), _content(kind, version_id)
    return _given_out(content, f"{row.words}, version {template.version}")


@blueprint.get("/<kind>/<version_id>/example")
@needs(Permission.MANAGE_LETTERS)
@sandboxed
def example(kind: str, version_id: str) -> ResponseReturnValue:
    """Give out the letter that a version makes for an invented child."""
    row, (template, content) = _kind(kind), _content(kind, version_id)
    number = template.version
    try:
        made = services.example(row, content, current.settings())
    except NotMade:
        flash("No example could be made from this version. Put another in use.", "refused")
        return redirect(url_for("letter_templates.show", kind=kind), 303)
    return _given_out(made.content, f"{row.words}, version {number}, example")


@blueprint.post("/<kind>/<version_id>/use")
@needs(Permission.MANAGE_LETTERS)
def bring_back(kind: str, version_id: str) -> ResponseReturnValue:
    """Put an earlier version in use again."""
    _kind(kind)
    form = SeenForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        number = services.bring_back(
            actor=actor(), kind=kind, seen=form.version.data or 0, public_id=version_id
        )
    except Absent:
        abort(404)
    except Refused as refused:
        flash(f"{refused}.", "refused")
    else:
        flash(f"Version {number} is in use, the same as the one you brought back.", "success")
    return redirect(url_for("letter_templates.show", kind=kind), 303)


def _kind(key: str) -> LetterKind:
    return LETTERS.get(key) or abort(404)


def _content(kind: str, version_id: str) -> tuple[letter_templates.Template, bytes]:
    return letter_templates.content(kind, version_id) or abort(404)


def _given_out(content: bytes, name: str) -> Response:
    return send_file(
        BytesIO(content),
        mimetype=WORD.media_type,
        as_attachment=True,
        download_name=f"{name}.docx",
    )
