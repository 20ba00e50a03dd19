"""Who was told what after each change of stage, on one case and across all of them."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import clock, current
from casework.access import Permission
from casework.codes import ToldBy
from casework.database import reading
from casework.queries import informing as queries
from casework.queries import informing_items
from casework.queries.cases import CaseView
from casework.queries.informing import ChangeLine
from casework.services import informing, viewing
from casework.services.errors import Absent, Refused
from casework.web.cases.page import open_case, show
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, scope
from casework.web.informing import blueprint as blueprint
from casework.web.informing.forms import TellForm, tell_form, value

#: How many cases the list across cases shows.
MOST = 200


@blueprint.get("/cases/<public_id>/informing")
@needs(Permission.WRITE_CASES)
def index(public_id: str) -> ResponseReturnValue:
    """Show each change of stage, who is told of it in which words, and who was."""
    view, lines = _open(public_id)
    return _page(view, lines, tell_form(lines))


@blueprint.post("/cases/<public_id>/informing")
@needs(Permission.WRITE_CASES)
def tell(public_id: str) -> ResponseReturnValue:
    """Record that some were told, of one change or several, in one press."""
    view, lines = _open(public_id)
    form = tell_form(lines)
    if not form.validate_on_submit():
        return _page(view, lines, form)
    try:
        number = informing.tell(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            told=form.pairs,
            on=form.on.data,
            how=ToldBy(form.how.data),
            note=form.note.data or "",
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return _page(view, lines, form)
    flash(f"Saved: {number or 'nobody else'} told.", "success")
    return _back(public_id)


@blueprint.post("/cases/<public_id>/informing/<told_id>/take-back")
@needs(Permission.WRITE_CASES)
def take_back(public_id: str, told_id: str) -> ResponseReturnValue:
    """Take back that somebody was told, entered by mistake."""
    view = open_case(public_id)
    try:
        informing.take_back(actor=actor(), case_id=view.case.id, public_id=told_id)
    except Absent:
        abort(404)
    flash("Taken back: they are still to be told.", "success")
    return _back(public_id)


@blueprint.get("/to-be-told")
@needs(Permission.WRITE_CASES)
def to_be_told() -> ResponseReturnValue:
    """List the cases where somebody is still to be told, the oldest change first."""
    with reading():
        lines = informing_items.to_be_told(scope(), clock.today(), limit=MOST)
        viewing.let_go()
    viewing.cases_viewed(
        actor=actor(),
        case_ids=[line.case_id for line in lines],
        what="viewed list of those still to be told",
    )
    return render_template(
        "informing/to_be_told.html",
        lines=lines,
        most=MOST,
        today=clock.today(),
        within=current.settings().inform_within,
    )


def _open(public_id: str) -> tuple[CaseView, list[ChangeLine]]:
    with reading():
        view = open_case(public_id)
        lines = queries.of_case(view)
        viewing.let_go()
    return view, lines


def _page(view: CaseView, lines: list[ChangeLine], form: TellForm) -> ResponseReturnValue:
    words: dict[str, Any] = {
        "lines": lines,
        "form": form,
        "value": value,
        "within": current.settings().inform_within,
    }
    status = 422 if form.errors else 200
    return show("informing/index.html", view, what="viewed who was told", status=status, **words)


def _back(public_id: str) -> ResponseReturnValue:
    return redirect(url_for("informing.index", public_id=public_id), 303)
