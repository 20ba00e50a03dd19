"""One line of the agenda: taken off, deferred to a later meeting, or given a note to the panel."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import meetings_ahead
from casework.queries.meetings import ItemView, MeetingView
from casework.rules.civil_dates import spoken
from casework.services import agenda as services
from casework.services import agenda_order, viewing
from casework.services.errors import ChangedMeanwhile, Refused
from casework.web.conflicts import VersionedForm
from casework.web.form_errors import explain
from casework.web.guards import actor, needs
from casework.web.kept_forms import load
from casework.web.meetings import blueprint
from casework.web.meetings.agenda_forms import NoteForm, TakeOffForm
from casework.web.meetings.page import open_item, open_meeting


@blueprint.route("/cases/<item_id>/take-off", methods=["GET", "POST"])
@needs(Permission.PREPARE_MEETINGS)
def take_off(public_id: str, item_id: str) -> ResponseReturnValue:
    """Take a case off the agenda, or defer it to a later meeting."""
    view = open_meeting(public_id)
    item = _on_agenda(view, item_id)
    with reading():
        later = meetings_ahead.ahead(item.question.key, clock.today(), after=view.meeting.on_day)
        viewing.let_go()
    form = load(TakeOffForm, meetings=later)
    if not form.validate_on_submit():
        return _page("meetings/take_off.html", view, item, form)
    act: dict[str, Any] = {"actor": actor(), "meeting_id": view.meeting.id, "version": form.seen}
    act |= {"item_id": item_id, "why": form.why.data}
    to = form.meetings.get(form.to.data)
    try:
        if to:
            services.defer(**act, to_meeting_id=to.meeting.id)
        else:
            services.take_off(**act)
    except Refused as refused:
        explain(form, refused.reasons)
        return _page("meetings/take_off.html", view, item, form)
    except ChangedMeanwhile as changed:
        return _conflict("meetings/take_off.html", public_id, item, form, changed)
    went = f"deferred to {spoken(to.meeting.on_day)}" if to else "taken off the agenda"
    flash(f"{item.case.reference} is {went}.", "success")
    return _back(view)


@blueprint.route("/cases/<item_id>/note", methods=["GET", "POST"])
@needs(Permission.PREPARE_MEETINGS)
def note(public_id: str, item_id: str) -> ResponseReturnValue:
    """Note something for the panel beside a case."""
    view = open_meeting(public_id)
    item = _on_agenda(view, item_id)
    form = load(NoteForm, data={"note": item.item.note})
    if not form.validate_on_submit():
        return _page("meetings/note.html", view, item, form)
    try:
        agenda_order.set_note(
            actor=actor(),
            meeting_id=view.meeting.id,
            version=form.seen,
            item_id=item_id,
            note=form.note.data or "",
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return _page("meetings/note.html", view, item, form)
    except ChangedMeanwhile as changed:
        return _conflict("meetings/note.html", public_id, item, form, changed)
    flash("The note is saved.", "success")
    return _back(view)


def _on_agenda(view: MeetingView, item_id: str) -> ItemView:
    item = open_item(view, item_id)
    if item.item.removed_at is not None:
        abort(404)
    return item


def _conflict(
    template: str, public_id: str, item: ItemView, form: VersionedForm, changed: ChangedMeanwhile
) -> ResponseReturnValue:
    form.version.data = str(changed.version)
    conflict = {"changes": changed.changes, "differences": ()}
    return _page(template, open_meeting(public_id), item, form, conflict=conflict)


def _page(
    template: str, view: MeetingView, item: ItemView, form: VersionedForm, **words: Any
) -> ResponseReturnValue:
    form.stamp(view.meeting.version)
    shown = render_template(template, view=view, item=item, form=form, **words)
    return shown, 409 if words else 422 if form.errors else 200


def _back(view: MeetingView) -> ResponseReturnValue:
    return redirect(url_for("meetings.agenda", public_id=view.meeting.public_id), 303)
