"""Drafts of the plan on one case, and the plan for the weeks left."""

from datetime import date, datetime, time
from typing import Any

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.documents import kinds
from casework.holidays import england_and_wales
from casework.queries import drafts, editions, plans
from casework.queries.cases import CaseView
from casework.queries.comments import family_said
from casework.queries.editions import ToServe
from casework.rules.civil_dates import LONDON, spoken_date
from casework.rules.service_day import served_on
from casework.services import drafts as serving
from casework.services import editions as freezing
from casework.services import viewing
from casework.services.drafts import Enclosed
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.web.cases.meanwhile import changed_meanwhile, saved
from casework.web.cases.page import open_case, show
from casework.web.drafts import blueprint
from casework.web.drafts import comment_routes as comment_routes
from casework.web.drafts import meeting_routes as meeting_routes
from casework.web.drafts.forms import ELSEWHERE, HERE, ServeForm
from casework.web.fields import offer
from casework.web.files import file_of
from casework.web.form_errors import explain_refused
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load

_NOON = time(12, 0)
_INDEX = "drafts.index"
#: What is said of an event's day belongs to the day of sending on this form.
_BOXES = {"on": "sent_on", "seen": "what", "document": "what"}
_PREVIEWS = {"pdf": kinds.PDF, "word": kinds.WORD}


@blueprint.get("")
@needs(Permission.SEE_CASES)
def index(public_id: str) -> ResponseReturnValue:
    """Show each draft with the family's days on it, and the last safe day of what is left."""
    view = open_case(public_id)
    with reading():
        served = drafts.drafts(view)
        words: dict[str, Any] = {
            "is_written": bool(editions.written(plans.newest_versions(view.case.id))),
            "drafts": served,
            "left": drafts.plan_for_the_weeks_left(view),
            "said": family_said(view, served),
        }
        viewing.let_go()
    return show("drafts/index.html", view, what="viewed drafts", **words)


@blueprint.route("/serve", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def serve(public_id: str) -> ResponseReturnValue:
    """Record that a draft was sent: the day of service, and the family's days, follow."""
    view = open_case(public_id)
    with reading():
        found = editions.to_serve(view)
        viewing.let_go()
    form = _serve_form(view, found)
    words: dict[str, Any] = {"form": form, "found": found}
    if not form.validate_on_submit():
        return show("drafts/serve.html", view, status=422 if form.errors else 200, **words)
    try:
        day = _serve(view, form)
    except Refused as refused:
        words["is_oddity"] = explain_refused(form, refused, **_BOXES)
        form.seen.data = found.seen
        return show("drafts/serve.html", view, status=422, **words)
    except ChangedMeanwhile as changed:
        return changed_meanwhile(public_id, changed, [_made(form)])
    return saved(public_id, f"Saved: the draft counts as served on {spoken_date(day)}.", _INDEX)


@blueprint.get("/preview/<kind>")
@needs(Permission.WRITE_CASES)
def preview(public_id: str, kind: str) -> ResponseReturnValue:
    """Give out the plan as it is written now, as a PDF or for Word, marked as a preview."""
    view = open_case(public_id)
    if kind not in _PREVIEWS:
        abort(404)
    try:
        made = freezing.preview(actor=actor(), case_id=view.case.id, kind=_PREVIEWS[kind])
    except Refused as refused:
        flash(f"{'. '.join(refused.reasons.values())}.", "refused")
        return redirect(url_for(_INDEX, public_id=public_id), 303)
    return file_of(made)


def _serve_form(view: CaseView, found: ToServe) -> ServeForm:
    """Return the form without the questions that this case does not ask."""
    seen = found.seen
    offered = [(HERE, "The plan as it is written here now")] if seen else []
    offered += [(d.public_id, f"{d.title}, a document on this case") for d in found.documents]
    was_served = any(event.kind == "draft_served" for event in view.entered)
    given = {"version": view.case.version, "seen": seen, "what": HERE if seen else None}
    form = load(ServeForm, data=given)
    form.what.choices = offer([*offered, (ELSEWHERE, "A plan that is not kept here")])
    if not offered:
        del form.what
    if not was_served:
        del form.changed_because
    return form


def _serve(view: CaseView, form: ServeForm) -> date:
    because = form.changed_because.data if "changed_because" in form else None
    return serving.serve(
        actor=actor(),
        today=clock.today(),
        case_id=view.case.id,
        version=form.version.data or 0,
        route=form.route.data,
        sent=_sent(form),
        changed_because=because or "",
        enclosed=_enclosed(form),
        may_record_oddity=viewer().may(Permission.RECORD_ODDITY),
        oddity=form.oddity.data,
    )


def _enclosed(form: ServeForm) -> Enclosed:
    what = form.what.data if "what" in form else ELSEWHERE
    if what == HERE:
        return Enclosed(seen=form.seen.data or "")
    return Enclosed(document=None if what == ELSEWHERE else what)


def _sent(form: ServeForm) -> datetime:
    assert form.sent_on.data is not None, "a valid form has its day"
    return datetime.combine(form.sent_on.data, form.sent_time.data or _NOON, LONDON)


def _made(form: ServeForm) -> NewEvent:
    day = served_on(form.route.data, _sent(form), england_and_wales())
    return NewEvent(kind="draft_served", on=day)
