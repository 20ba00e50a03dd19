"""`/meetings/<id>/cases/<item>`: one case before the panel, and members' views of it."""

from typing import Any

from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.queries.meetings import MeetingView
from casework.queries.panel_cases import PanelCase
from casework.services import panel_views
from casework.services.errors import Absent, Refused
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load
from casework.web.meetings import blueprint
from casework.web.meetings.decision_routes import decision_page, filled, keep_typed
from casework.web.meetings.item_forms import ViewForm
from casework.web.meetings.item_page import (
    DISPLAY,
    KEYS_OFF,
    may_give_view,
    may_record,
    open_panel_case,
    show,
)


@blueprint.get("/cases/<item_id>")
@needs(Permission.SEE_PANELS)
def item(public_id: str, item_id: str) -> ResponseReturnValue:
    """Show one case before the panel; to whoever records it, ready to be recorded."""
    meeting, case = open_panel_case(public_id, item_id)
    if may_record(meeting, case) and not case.versions:
        return redirect(url_for("meetings.decision", public_id=public_id, item_id=item_id), 303)
    return _page(meeting, case)


@blueprint.route("/cases/<item_id>/view", methods=["GET", "POST"])
@needs(Permission.SEE_PANELS)
def give_view(public_id: str, item_id: str) -> ResponseReturnValue:
    """Say before the meeting what one thinks of the case."""
    meeting, case = open_panel_case(public_id, item_id)
    form = _view_form(meeting, case)
    if form is None:
        abort(404)
    if not form.validate_on_submit():
        return _page(meeting, case, form)
    try:
        panel_views.give(
            actor=actor(),
            today=clock.today(),
            item_id=case.item.item.id,
            leans_to=form.leans_to.data,
            words=form.words.data or "",
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return _page(meeting, case, form)
    except Absent:
        abort(404)
    flash(f"Your view on case {case.walk.at.number} of {case.walk.total} is saved.", "success")
    return redirect(url_for("meetings.item", public_id=public_id, item_id=item_id), 303)


@blueprint.post("/cases/<item_id>/name")
@needs(Permission.SEE_PANELS)
def name(public_id: str, item_id: str) -> ResponseReturnValue:
    """Show the case with the child's full name, once; the audit trail says who asked.

    What was typed on the page comes along, still unsaved.
    """
    meeting, case = open_panel_case(public_id, item_id)
    shown: dict[str, Any] = {"shows_name": True, "what": "viewed full name"}
    if "reasons" in request.form and may_record(meeting, case):
        return decision_page(meeting, case, filled(meeting, case), **shown)
    return _page(meeting, case, status=200, **shown)


@blueprint.post("/cases/<item_id>/display")
@needs(Permission.SEE_PANELS)
def display(public_id: str, item_id: str) -> ResponseReturnValue:
    """Turn the shared screen's way of showing cases on or off; what was typed is kept."""
    meeting, case = open_panel_case(public_id, item_id)
    if not session.pop(DISPLAY, False):
        session[DISPLAY] = True
    if "reasons" in request.form and may_record(meeting, case):
        keep_typed(meeting, case)
        return redirect(url_for("meetings.decision", public_id=public_id, item_id=item_id), 303)
    return redirect(url_for("meetings.item", public_id=public_id, item_id=item_id), 303)


@blueprint.post("/cases/<item_id>/keys")
@needs(Permission.SEE_PANELS)
def keys(public_id: str, item_id: str) -> ResponseReturnValue:
    """Turn single keys on or off for as long as the person is signed in (WCAG 2.2, 2.1.4)."""
    open_panel_case(public_id, item_id)
    session.pop(KEYS_OFF, None)
    if request.form.get("keys") == "off":
        session[KEYS_OFF] = True
    return "", 204


def _view_form(meeting: MeetingView, case: PanelCase) -> ViewForm | None:
    if not may_give_view(meeting, case):
        return None
    form = load(ViewForm, data=ViewForm.held(case, viewer().user_id))
    form.offer_choices(case)
    return form


def _page(
    meeting: MeetingView,
    case: PanelCase,
    form: ViewForm | None = None,
    *,
    status: int = 0,
    **words: Any,
) -> ResponseReturnValue:
    form = form or _view_form(meeting, case)
    status = status or (422 if form is not None and form.errors else 200)
    return show("meetings/item.html", meeting, case, status=status, form=form, **words)
