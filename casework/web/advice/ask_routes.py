"""`/cases/<id>/advice/ask` and `/<adviser>/withdraw`: everyone asked at once, or one let off."""

from collections.abc import Sequence
from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries.asked_before import request_before
from casework.queries.asking import AskingPage, asking_page
from casework.queries.cases import CaseView
from casework.queries.clock_lines import service_words
from casework.rules.asking import PARAGRAPHS, is_agreed, uncovered
from casework.rules.history import standing_events
from casework.services import asking, viewing
from casework.services.asking import NewRequest
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.web.advice import blueprint
from casework.web.advice.ask_forms import (
    NAMED,
    AskForm,
    WithdrawForm,
    ask_form,
    requests_of,
    untold,
)
from casework.web.cases.meanwhile import changed_meanwhile, saved
from casework.web.cases.page import open_case, show
from casework.web.form_errors import explain
from casework.web.guards import actor, needs
from casework.web.kept_forms import load


@blueprint.route("/ask", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def ask(public_id: str) -> ResponseReturnValue:
    """Ask everyone at once whom regulation 6(1) requires for this child, and others."""
    with reading():
        view = open_case(public_id)
        page = asking_page(view, clock.now())
        viewing.let_go()
    form = ask_form(view, page)
    if not form.validate_on_submit():
        return _ask_page(view, form, page)
    requests = requests_of(form, page)
    _check(form, page, requests)
    if form.errors:
        return _ask_page(view, form, page)
    note = form.why_not.data and f"Nobody else is asked yet: {form.why_not.data}"
    try:
        asking.ask(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            version=form.version.data or 0,
            on=form.day,
            requests=requests,
            note=note,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return _ask_page(view, form, page)
    except ChangedMeanwhile as changed:
        return changed_meanwhile(public_id, changed, asking.as_events(requests, form.day, note))
    return saved(public_id, _told(requests, untold(requests, page)), "advice.index")


@blueprint.route("/<adviser_id>/withdraw", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def withdraw(public_id: str, adviser_id: str) -> ResponseReturnValue:
    """Take back a request that is not answered, with the reason; the service is told."""
    view = open_case(public_id)
    found = request_before(view, adviser_id)
    if found is None:
        abort(404)
    adviser, stood = found
    form = load(WithdrawForm, data={"version": view.case.version})
    words: dict[str, Any] = {
        "form": form,
        "whom": service_words(adviser),
        "stood": stood,
        "cannot": asking.cannot_withdraw(stood),
    }
    if not form.validate_on_submit():
        return show("advice/withdraw.html", view, status=422 if form.errors else 200, **words)
    reason = form.reason.data or ""
    try:
        asking.withdraw(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            version=form.version.data or 0,
            adviser_id=adviser.id,
            reason=reason,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return show("advice/withdraw.html", view, status=422, **words)
    except ChangedMeanwhile as changed:
        back = NewEvent(
            kind="advice_request_withdrawn", on=view.today, adviser_id=adviser.id, note=reason
        )
        return changed_meanwhile(public_id, changed, [back])
    return saved(public_id, f"Withdrawn: {service_words(adviser)}.", "advice.index")


def _check(form: AskForm, page: AskingPage, requests: Sequence[NewRequest]) -> None:
    """Say where nobody is asked at all, or under a paragraph, and no reason is given."""
    if not requests:
        explain(form, {f"ask_{page.lines[0].row.kind}": "Tick who is to be asked"})
        return
    rows = [line.row for line in page.lines]
    missing = uncovered(rows, page.stands, {request.kind for request in requests})
    if missing and not form.why_not.data:
        named = ", ".join(f"({letter}) {PARAGRAPHS[letter].lower()}" for letter in missing)
        reason = f"Nobody is asked under {named}. Tick somebody there, or say why not"
        explain(form, {"why_not": reason})


def _told(requests: Sequence[NewRequest], not_told: Sequence[str]) -> str:
    """What was done, in words: how many were asked, and whom nobody has told yet."""
    asked = f"Asked {len(requests)} for advice."
    if not not_told:
        return asked
    return f"{asked} No email goes to these, so tell them yourself: {', '.join(not_told)}."


def _ask_page(view: CaseView, form: AskForm, page: AskingPage) -> ResponseReturnValue:
    letters = dict.fromkeys(line.row.paragraph for line in page.lines)
    return show(
        "advice/ask.html",
        view,
        what="viewed form for asking",
        status=422 if form.errors else 200,
        form=form,
        page=page,
        paragraphs=[
            (letter, PARAGRAPHS[letter], [x for x in page.lines if x.row.paragraph == letter])
            for letter in letters
        ],
        is_agreed=is_agreed(standing_events(view.entered)),
        rows_of_named=range(NAMED),
    )
