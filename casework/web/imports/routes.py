"""`/imports`: a manager brings a council's tracker in."""

from io import BytesIO
from itertools import islice

from flask import Blueprint, Response, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.services import tracker_uploads as service
from casework.services.errors import Absent
from casework.services.imports import Busy
from casework.tracker.fields import WORDS
from casework.tracker.findings import Unreadable
from casework.tracker.report import XLSX
from casework.tracker.sheets import Sheet
from casework.web import kept_forms
from casework.web.form_errors import explain
from casework.web.guards import actor, needs
from casework.web.imports.forms import TrackerForm, columns_form, sample_cells

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

#: Findings shown on a page; the sheet of refused rows has them all.
SHOWN = 200
_SAMPLED = 20


@blueprint.route("", methods=["GET", "POST"])
@needs(Permission.IMPORT_TRACKER)
def index() -> ResponseReturnValue:
    """Say what will be accepted, take a tracker, and list those not finished with."""
    form = kept_forms.load(TrackerForm)
    if form.validate_on_submit():
        sent = form.tracker.data
        try:
            public_id = service.hold(
                actor=actor(), content=sent.read(), filename=sent.filename or ""
            )
        except Unreadable as error:
            explain(form, {"tracker": str(error)})
        else:
            return redirect(url_for("imports.show", public_id=public_id), 303)
    page = render_template(
        "imports/index.html",
        form=form,
        held=service.held_files(actor()),
        most_rows=service.MOST_ROWS,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/<public_id>")
@needs(Permission.IMPORT_TRACKER)
def show(public_id: str) -> ResponseReturnValue:
    """Show what the file would do or, once it is in, what it did."""
    held = _held(public_id)
    if held.report is not None:
        return render_template("imports/done.html", held=held, report=held.report, shown=SHOWN)
    if held.is_under_way:
        return render_template("imports/under_way.html", held=held)
    try:
        checked = service.check(actor=actor(), public_id=public_id, today=clock.today())
    except Unreadable as error:
        return _unreadable(held, str(error))
    return render_template(
        "imports/check.html",
        held=held,
        report=checked.as_json(),
        headings=checked.reading.headings,
        sheet_name=checked.reading.sheet_name,
        field_words=WORDS,
        shown=SHOWN,
    )


@blueprint.route("/<public_id>/columns", methods=["GET", "POST"])
@needs(Permission.IMPORT_TRACKER)
def columns(public_id: str) -> ResponseReturnValue:
    """Show which column each field is read from, and let it be put right."""
    held, sheet = _held(public_id), _sheet(public_id)
    samples = sample_cells(sheet.headings, islice(sheet.rows(), _SAMPLED))
    form = kept_forms.load(columns_form(sheet.headings, samples), data=dict(sheet.headings.mapping))
    if form.validate_on_submit():
        service.choose_columns(actor=actor(), public_id=public_id, mapping=form.mapping())
        return redirect(url_for("imports.show", public_id=public_id), 303)
    page = render_template("imports/columns.html", held=held, form=form, sheet=sheet)
    return page, 422 if form.errors else 200


@blueprint.post("/<public_id>/bring-in")
@needs(Permission.IMPORT_TRACKER)
def bring_in(public_id: str) -> ResponseReturnValue:
    """Bring every readable row in, or none, and show what was done."""
    held = _held(public_id)
    try:
        service.bring_in(actor=actor(), public_id=public_id, today=clock.today())
    except Unreadable as error:
        return _unreadable(held, str(error))
    except Busy as busy:
        flash(f"{busy}.", "refused")
    except Absent:
        pass  # it came in meanwhile, and its own page says so
    return redirect(url_for("imports.show", public_id=public_id), 303)


@blueprint.get("/<public_id>/refused-rows.xlsx")
@needs(Permission.IMPORT_TRACKER)
def refused_rows(public_id: str) -> Response:
    """Send the refused rows with the reasons, to correct and bring back."""
    try:
        content = service.refused_file(actor=actor(), public_id=public_id, today=clock.today())
    except (Absent, Unreadable):
        abort(404)
    return send_file(
        BytesIO(content), mimetype=XLSX, as_attachment=True, download_name="refused-rows.xlsx"
    )


@blueprint.post("/<public_id>/forget")
@needs(Permission.IMPORT_TRACKER)
def forget(public_id: str) -> ResponseReturnValue:
    """Forget the file: finished with, or not wanted."""
    try:
        service.forget(actor=actor(), public_id=public_id)
    except Absent:
        abort(404)
    flash("The file has been deleted from this service.", "success")
    return redirect(url_for("imports.index"), 303)


def _held(public_id: str) -> service.Held:
    try:
        return service.held(actor=actor(), public_id=public_id)
    except Absent:
        abort(404)


def _sheet(public_id: str) -> Sheet:
    try:
        return service.columns(actor=actor(), public_id=public_id)
    except Absent:
        abort(404)


def _unreadable(held: service.Held, words: str) -> ResponseReturnValue:
    return render_template("imports/unreadable.html", held=held, words=words), 422
