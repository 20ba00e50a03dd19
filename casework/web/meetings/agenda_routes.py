"""`/meetings/<id>`: the agenda, read by whoever may see it and put in order by its clerk."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.access import Permission
from casework.rules.agendas import moved
from casework.services import agenda_order
from casework.services.errors import ChangedMeanwhile, Refused
from casework.web.guards import actor, needs
from casework.web.kept_forms import load
from casework.web.meetings import blueprint
from casework.web.meetings.agenda_forms import AgendaForm, form_for
from casework.web.meetings.agenda_page import AgendaPage, read
from casework.web.meetings.page import open_meeting

#: What the buttons of the form do besides saving what was typed.
BY_LAW, UP, DOWN = "by_law", "up", "down"


@blueprint.get("")
@needs(Permission.SEE_PANELS)
def agenda(public_id: str) -> ResponseReturnValue:
    """Show the agenda; its clerk finds it in a form."""
    page = read(open_meeting(public_id))
    form_class, held = form_for(page.lines)
    return _shown(page, load(form_class, data=held))


@blueprint.post("/order")
@needs(Permission.PREPARE_MEETINGS)
def arrange(public_id: str) -> ResponseReturnValue:
    """Save the order and the minutes as typed, then do what the button says."""
    page = read(open_meeting(public_id))
    form_class, held = form_for(page.lines)
    form = load(form_class, data=held)
    if not form.validate_on_submit():
        return _shown(page, form)
    try:
        agenda_order.arrange(
            actor=actor(),
            meeting_id=page.view.meeting.id,
            version=form.seen,
            order=_order(page, form),
            minutes=form.minutes(),
        )
    except Refused as refused:
        flash(str(refused), "important")
    except ChangedMeanwhile as changed:
        return _conflict(public_id, changed)
    else:
        flash("The agenda is saved.", "success")
    return redirect(_back(public_id), 303)


def _order(page: AgendaPage, form: AgendaForm) -> list[int]:
    if BY_LAW in request.form:
        lines = sorted(page.lines, key=lambda line: (line.law_key, line.number))
        return [line.item.id for line in lines]
    order = form.order()
    for button, by in ((UP, -1), (DOWN, 1)):
        pressed = request.form.get(button)
        found = next((line for line in page.lines if line.item.public_id == pressed), None)
        if found:
            order = moved(order, found.item.id, by)
    return order


def _back(public_id: str) -> str:
    """Back to the line whose button was pressed, for those who go by keyboard."""
    pressed = request.form.get(UP) or request.form.get(DOWN)
    anchor = f"item-{pressed}" if pressed else None
    return url_for("meetings.agenda", public_id=public_id, _anchor=anchor)


def _conflict(public_id: str, changed: ChangedMeanwhile) -> ResponseReturnValue:
    """Show the agenda as it now is, with the places that were typed for what is still there."""
    page = read(open_meeting(public_id))
    form_class, held = form_for(page.lines)
    form = form_class(data=held)
    form.version.data = None
    conflict = {"changes": changed.changes, "differences": ()}
    return _shown(page, form, conflict=conflict)


def _shown(page: AgendaPage, form: AgendaForm, **words: Any) -> ResponseReturnValue:
    form.stamp(page.view.meeting.version)
    shown = render_template("meetings/agenda.html", page=page, view=page.view, form=form, **words)
    if words.get("conflict"):
        return shown, 409
    return shown, 422 if form.errors else 200
