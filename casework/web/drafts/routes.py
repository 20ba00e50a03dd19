"""Drafts of the plan on one case, and the plan for the weeks left."""

from datetime import date, datetime, time
from typing import Any

from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.holidays import england_and_wales
from casework.queries import drafts
from casework.queries.cases import CaseView
from casework.rules.civil_dates import LONDON, spoken_date
from casework.rules.service_day import served_on
from casework.services import drafts as serving
from casework.services import viewing
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.web.cases.meanwhile import changed_meanwhile, saved
from casework.web.cases.page import open_case, show
from casework.web.drafts import blueprint
from casework.web.drafts.forms import ServeForm
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load

_NOON = time(12, 0)
_INDEX = "drafts.index"
#: What is said of an event's day belongs to the day of sending on this form.
_BOXES = {"on": "sent_on"}


@blueprint.get("")
@needs(Permission.SEE_CASES)
def index(public_id: str) -> ResponseReturnValue:
    """Show each draft with the family's days on it, and the last safe day of what is left."""
    view = open_case(public_id)
    with reading():
        words: dict[str, Any] = {
            "drafts": drafts.drafts(view),
            "left": drafts.plan_for_the_weeks_left(view),
        }
        viewing.let_go()
    return show("drafts/index.html", view, what="viewed drafts", **words)


@blueprint.route("/serve", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def serve(public_id: str) -> ResponseReturnValue:
    """Record that a draft was sent: the day of service, and the family's days, follow."""
    view = open_case(public_id)
    form = load(ServeForm, data={"version": view.case.version})
    if not any(event.kind == "draft_served" for event in view.entered):
        del form.changed_because
    if not form.validate_on_submit():
        return show("drafts/serve.html", view, status=422 if form.errors else 200, form=form)
    try:
        day = _serve(view, form)
    except Refused as refused:
        explain(form, {_BOXES.get(name, name): why for name, why in refused.reasons.items()})
        is_oddity = refused.is_oddity and viewer().may(Permission.RECORD_ODDITY)
        return show("drafts/serve.html", view, status=422, form=form, is_oddity=is_oddity)
    except ChangedMeanwhile as changed:
        return changed_meanwhile(public_id, changed, [_made(form)])
    return saved(public_id, f"Saved: the draft counts as served on {spoken_date(day)}.", _INDEX)


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
        may_record_oddity=viewer().may(Permission.RECORD_ODDITY),
        oddity=form.oddity.data,
    )


def _sent(form: ServeForm) -> datetime:
    assert form.sent_on.data is not None, "a valid form has its day"
    return datetime.combine(form.sent_on.data, form.sent_time.data or _NOON, LONDON)


def _made(form: ServeForm) -> NewEvent:
    day = served_on(form.route.data, _sent(form), england_and_wales())
    return NewEvent(kind="draft_served", on=day)
