"""`/meetings/<id>/circulate`: the agenda checked, then sent round in one act."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.services import agenda_circulation
from casework.services.errors import ChangedMeanwhile, Refused
from casework.web.guards import actor, needs
from casework.web.kept_forms import load
from casework.web.meetings import blueprint
from casework.web.meetings.agenda_forms import CirculateForm
from casework.web.meetings.agenda_page import AgendaPage, read
from casework.web.meetings.page import open_meeting


@blueprint.route("/circulate", methods=["GET", "POST"])
@needs(Permission.PREPARE_MEETINGS)
def circulate(public_id: str) -> ResponseReturnValue:
    """Show what will be sent round and to whom, then send it; afterwards whom it reached."""
    page = read(open_meeting(public_id))
    form = load(CirculateForm)
    if page.view.is_circulated and not form.is_submitted():
        return redirect(url_for("meetings.circulation", public_id=public_id), 303)
    if not form.validate_on_submit():
        return _page(page, form)
    try:
        told = agenda_circulation.circulate(
            actor=actor(),
            today=clock.today(),
            meeting_id=page.view.meeting.id,
            version=form.seen,
            opens_on=page.opens_on,
        )
    except Refused as refused:
        return _page(page, form, refused=str(refused))
    except ChangedMeanwhile as changed:
        form.version.data = None
        conflict = {"changes": changed.changes, "differences": ()}
        return _page(read(open_meeting(public_id)), form, conflict=conflict)
    flash(f"The agenda is circulated. {told} members are told by email.", "success")
    return redirect(url_for("meetings.agenda", public_id=public_id), 303)


def _page(page: AgendaPage, form: CirculateForm, **words: Any) -> ResponseReturnValue:
    form.stamp(page.view.meeting.version)
    shown = render_template(
        "meetings/circulate.html", page=page, view=page.view, form=form, **words
    )
    return shown, 409 if words.get("conflict") else 422 if words else 200
