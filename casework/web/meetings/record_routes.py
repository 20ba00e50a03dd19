"""`/meetings/<id>/record`: what is or was to be signed, each version of it, and the signature."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.filters import counted
from casework.queries import records
from casework.queries.meetings import MeetingView
from casework.services import records as services
from casework.services import viewing
from casework.services.errors import ChangedMeanwhile, Refused
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load
from casework.web.meetings import blueprint
from casework.web.meetings.page import open_meeting
from casework.web.meetings.record_forms import SignForm
from casework.web.meetings.record_page import Sheet, read_sheet, show


@blueprint.get("/record")
@needs(Permission.SEE_PANELS)
def record(public_id: str) -> ResponseReturnValue:
    """Show the record: as it stands to those who keep it, else as it was signed last."""
    view = open_meeting(public_id)
    return _record_page(view, read_sheet(view) or abort(404))


@blueprint.get("/record/<int:number>")
@needs(Permission.SEE_PANELS)
def record_version(public_id: str, number: int) -> ResponseReturnValue:
    """Show one signed version of the record, and what changed since the one before."""
    view = open_meeting(public_id)
    return _record_page(view, read_sheet(view, number) or abort(404))


@blueprint.route("/record/sign", methods=["GET", "POST"])
@needs(Permission.SEE_PANELS)
def sign(public_id: str) -> ResponseReturnValue:
    """Sign the record, after asking what has to be said of what was not heard."""
    view = open_meeting(public_id)
    sheet = read_sheet(view) or abort(404)
    to = _later(view)
    form = _asked(sheet, to)
    if not form.validate_on_submit():
        form.seen.data = sheet.standing.fingerprint
        return _sign_page(view, sheet, form)
    return _sign(view, sheet, form, to)


def _sign(
    view: MeetingView, sheet: Sheet, form: SignForm, to: Sequence[Any]
) -> ResponseReturnValue:
    public_id = view.meeting.public_id
    try:
        services.sign(
            actor=actor(),
            today=clock.today(),
            meeting_id=view.meeting.id,
            may_decide=viewer().may(Permission.DECIDE),
            signing=form.signing(to),
        )
    except Refused as refused:
        return _refused(view, sheet, form, refused)
    except ChangedMeanwhile:
        return _changed(public_id, to)
    flash(f"The record is signed: {counted(len(sheet.to_sign), 'case')}.", "success")
    return redirect(url_for("meetings.record", public_id=public_id), 303)


def _refused(
    view: MeetingView, sheet: Sheet, form: SignForm, refused: Refused
) -> ResponseReturnValue:
    """Name what stops the signature: beside its box, or the case that it is about."""
    shown = {name: words for name, words in refused.reasons.items() if name in form.data}
    whole = shown.pop("seen", None)
    explain(form, shown)
    lines = [
        (line, refused.reasons[line.item.public_id])
        for line in sheet.standing.lines
        if line.item.public_id in refused.reasons
    ]
    return _sign_page(view, sheet, form, stopped=lines, whole=whole, status=422)


def _changed(public_id: str, to: Sequence[Any]) -> ResponseReturnValue:
    """Show what there is to sign now; whoever pressed twice has signed already."""
    view = open_meeting(public_id)
    sheet = read_sheet(view) or abort(404)
    last = sheet.standing.last
    if last and sheet.standing.is_whole and last.signed_by_id == viewer().user_id:
        return redirect(url_for("meetings.record", public_id=public_id), 303)
    form = _asked(sheet, to)
    form.seen.data = sheet.standing.fingerprint
    return _sign_page(view, sheet, form, changed=True, status=409)


def _asked(sheet: Sheet, to: Sequence[Any]) -> SignForm:
    """The form with what has to be asked; the next meeting is chosen until another is."""
    form: SignForm = load(SignForm, data={"to": to[0].public_id if to else None})
    form.ask(sheet.standing, sheet.own, sheet.signer, to)
    return form


def _later(view: MeetingView) -> Sequence[Any]:
    with reading():
        found = records.later(view.meeting, clock.today())
        viewing.let_go()
    return found


def _record_page(view: MeetingView, sheet: Sheet) -> ResponseReturnValue:
    page: ResponseReturnValue = show("meetings/record.html", view, sheet)
    return page


def _sign_page(
    view: MeetingView,
    sheet: Sheet,
    form: SignForm,
    *,
    stopped: Sequence[Any] = (),
    whole: str | None = None,
    changed: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    said = {"form": form, "stopped": stopped, "whole": whole, "changed": changed}
    page: ResponseReturnValue = show("meetings/sign.html", view, sheet, status, **said)
    return page
