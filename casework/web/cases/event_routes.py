"""Logging what happened to a case, and putting an entry right."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import editions, final_plans
from casework.queries.cases import CaseView
from casework.rules.civil_dates import spoken_date
from casework.rules.events import ADVICE_STEPS, CASE_KINDS, EVENTS, PLAN_STEPS
from casework.rules.history import Happened
from casework.services import events
from casework.services.corrections import AGREED
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.web.cases import blueprint
from casework.web.cases.effects import effects
from casework.web.cases.event_forms import corrected, correcting_form, described, new_form
from casework.web.cases.forms import EventForm, StrikeOutForm
from casework.web.cases.meanwhile import changed_meanwhile, saved
from casework.web.cases.page import open_case, show
from casework.web.form_errors import explain, explain_refused
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load, typed_fields
from casework.web.next_page import with_query

#: A case begins with one of these, so none is logged again; an entry is struck out on its own; and
#: some steps of advice and of the plan have pages of their own.
NOT_LOGGED = {start for _, start in CASE_KINDS.values()} | {
    *("struck_out", "exception_recorded", *ADVICE_STEPS, *PLAN_STEPS)
}
#: An exception is proposed on a page of its own, and a second person approves it there.
EXCEPTIONS = ("exception_recorded", "exception_proposed")
#: What an adviser answered, or that the request reached it, is filed on a page of its own.
REPLIES = {"advice_received": None, "advice_request_received": "reached"}
LOGGED = tuple(kind for kind in EVENTS if kind not in NOT_LOGGED)
#: What is offered among the others, and recorded on a page of its own.
ELSEWHERE = {"advice_requested": "advice.ask", "draft_served": "drafts.serve"}


@blueprint.route("/events/new", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def log_event(public_id: str) -> ResponseReturnValue:
    """Log one thing that happened: `kind` says what."""
    kind, view = request.args.get("kind", ""), open_case(public_id)
    if kind in ELSEWHERE:
        return redirect(url_for(ELSEWHERE[kind], public_id=public_id))
    if kind in EXCEPTIONS:  # nobody lifts a limit alone
        limit = request.args.get("limit")
        return redirect(with_query("exceptions.propose", public_id=public_id, limit=limit), 303)
    if kind not in LOGGED:
        abort(404)
    if kind == "final_plan_sent" and (page := _page_of_final(view)):
        return redirect(url_for(page, public_id=public_id), 303)
    if kind in REPLIES:
        return redirect(
            with_query("advice.choose_reply", public_id=public_id, kind=REPLIES[kind]), 303
        )
    form = new_form(kind, view)
    words: dict[str, Any] = {"form": form, "kind": EVENTS[kind]}
    if not form.validate_on_submit():
        return show("cases/log_event.html", view, status=422 if form.errors else 200, **words)
    made = described(form, kind, view)
    try:
        _save(view, form, made)
    except Refused as refused:
        words["is_oddity"] = explain_refused(form, refused)
        return show("cases/log_event.html", view, status=422, **words)
    except ChangedMeanwhile as changed:
        return changed_meanwhile(public_id, changed, made)
    return saved(public_id, f"Saved: {EVENTS[kind].words}, {spoken_date(form.day)}.")


@blueprint.route("/events/<int:event_id>/correct", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def correct(public_id: str, event_id: int) -> ResponseReturnValue:
    """Put an entry right: first shown what would move, then saved."""
    view = open_case(public_id)
    entry = view.entry(event_id)
    if entry is None:
        return _put_right_already(view, event_id)
    if not entry.may_be_corrected:
        flash(f"{AGREED}.", "told")
        return redirect(url_for("exceptions.index", public_id=public_id), 303)
    # Nobody lifts a limit alone, nor by putting right what they entered themselves.
    is_own = entry.event.entered_by_id == viewer().user_id
    may_lift = viewer().may(Permission.APPROVE_EXCEPTIONS) and not is_own
    form = correcting_form(entry, view, may_lift=may_lift)
    words: dict[str, Any] = {"form": form, "entry": entry, "may_lift": may_lift}
    if not form.validate_on_submit():
        return show("cases/correct.html", view, status=422 if form.errors else 200, **words)
    made = corrected(form, entry)
    if not request.form.get("checked"):
        words |= {
            "made": made,
            "effects": effects(view, _would(view, made, event_id)),
            "typed": typed_fields(),
        }
        return show("cases/check_correction.html", view, **words)
    try:
        _save(view, form, [made])
    except Refused as refused:
        words["is_oddity"] = explain_refused(form, refused)
        return show("cases/correct.html", view, status=422, **words)
    except ChangedMeanwhile as changed:
        return changed_meanwhile(public_id, changed, [made])
    return saved(public_id, f"Corrected: {entry.words}, now {spoken_date(made.on)}.")


@blueprint.route("/events/<int:event_id>/strike-out", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def strike_out(public_id: str, event_id: int) -> ResponseReturnValue:
    """Take back an entry that should not be there, with a reason; it stays to be seen."""
    view = open_case(public_id)
    entry = view.entry(event_id)
    if entry is None:
        return _put_right_already(view, event_id)
    form = load(StrikeOutForm, data={"version": view.case.version})
    struck = NewEvent(kind="struck_out", on=view.today, corrects_id=event_id)
    words: dict[str, Any] = {
        "form": form,
        "entry": entry,
        "effects": effects(view, _would(view, struck, event_id)),
    }
    if not form.validate_on_submit():
        return show("cases/strike_out.html", view, status=422 if form.errors else 200, **words)
    try:
        events.strike_out(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            version=form.version.data or 0,
            event_id=event_id,
            reason=form.note.data or "",
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return show("cases/strike_out.html", view, status=422, **words)
    except ChangedMeanwhile as changed:
        return changed_meanwhile(public_id, changed, [struck])
    return saved(public_id, f"Struck out: {entry.words}.")


def _page_of_final(view: CaseView) -> str | None:
    """Where the sending is recorded of a final plan that is signed here, or is to be: its draft was
    made here, and whoever answers for it signs it first. None for one that is written elsewhere.
    """
    with reading():
        if final_plans.signed(view.case.id, view.entered):
            return "final.send"
        draft = editions.draft_with_the_family(view)
    if draft is None or draft.edition_id is None:
        return None
    flash("This plan is written here. It is signed first, and then sent.", "refused")
    return "final.index"


def _save(view: CaseView, form: EventForm, made: Sequence[NewEvent]) -> None:
    events.log_events(
        actor=actor(),
        today=clock.today(),
        case_id=view.case.id,
        version=form.version.data or 0,
        events=made,
        may_record_oddity=viewer().may(Permission.RECORD_ODDITY),
    )


def _put_right_already(view: CaseView, event_id: int) -> ResponseReturnValue:
    """For an entry that no longer stands, as after a second press: to the case, which shows how."""
    if event_id not in {line.event.id for line in view.history}:
        abort(404)
    flash("That entry has been put right. The case shows how.", "told")
    return redirect(url_for("cases.case", public_id=view.case.public_id), 303)


def _would(view: CaseView, made: NewEvent, event_id: int) -> Happened:
    """An entry that is put right, as the rules would read it."""
    old = next(happened for happened in view.entered if happened.id == event_id)
    return Happened(
        id=0,
        kind=made.kind,
        on=made.on,
        adviser_id=old.adviser_id,
        recipient=old.recipient,
        outcome=made.outcome,
        corrects_id=event_id,
        regulation=old.regulation,
        ground=made.exception.get("ground", old.ground),
        consultation_id=old.consultation_id,
    )
