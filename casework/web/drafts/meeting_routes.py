"""`/cases/<id>/drafts/meetings` and `/nothing-more`: a meeting asked for and held, no more said."""

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.codes import ToldBy
from casework.queries.cases import CaseView
from casework.queries.comments import may_confirm, said_by, speakers
from casework.rules.comments import cannot_record
from casework.rules.events import EVENTS
from casework.services import comments
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.web.cases.meanwhile import changed_meanwhile, saved
from casework.web.cases.page import open_case, show
from casework.web.drafts import blueprint
from casework.web.drafts.comment_forms import (
    MeetingAskedForm,
    MeetingHeldForm,
    NothingMoreForm,
    OfCase,
    offer_speakers,
)
from casework.web.drafts.comment_routes import INDEX
from casework.web.form_errors import explain_refused
from casework.web.guards import actor, needs
from casework.web.kept_forms import load


@blueprint.route("/meetings/asked", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def meeting_asked(public_id: str) -> ResponseReturnValue:
    """Record that the family asked for a meeting: it is owed as soon as practicable."""
    view = open_case(public_id)
    form = load(MeetingAskedForm, data={"version": view.case.version})
    among = offer_speakers(form.who, speakers(view))

    def made() -> NewEvent:
        who = said_by(among[form.who.data])
        return comments.meeting_asked(form.on.data, who, form.words.data or "")

    return _page(view, form, "drafts/meeting_asked.html", made)


@blueprint.route("/meetings/held", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def meeting_held(public_id: str) -> ResponseReturnValue:
    """Record the meeting that was asked for, or that the family did not want it after all."""
    view = open_case(public_id)
    form = load(MeetingHeldForm, data={"version": view.case.version})

    def made() -> NewEvent:
        return comments.meeting_held(form.on.data, form.how.data, form.words.data or "")

    return _page(view, form, "drafts/meeting_held.html", made)


@blueprint.route("/nothing-more", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def nothing_more(public_id: str) -> ResponseReturnValue:
    """Record that the family has nothing more to say of this draft, said by who may say so."""
    view = open_case(public_id)
    form = load(NothingMoreForm, data={"version": view.case.version})
    among = offer_speakers(form.who, may_confirm(view))

    def made() -> NewEvent:
        who, by = said_by(among[form.who.data]), ToldBy(form.by.data)
        return comments.nothing_more(form.on.data, who, by, form.words.data or "")

    return _page(view, form, "drafts/nothing_more.html", made)


def _page(
    view: CaseView, form: OfCase, template: str, made: Callable[[], NewEvent]
) -> ResponseReturnValue:
    """Show the form, or save the event that it describes and return to the drafts."""
    closed = cannot_record(view.stands)
    if not form.validate_on_submit():
        return show(template, view, status=422 if form.errors else 200, form=form, closed=closed)
    event, public_id = made(), view.case.public_id
    try:
        comments.log(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            version=form.version.data or 0,
            event=event,
        )
    except Refused as refused:
        explain_refused(form, refused, note="words")
        return show(template, view, status=422, form=form, closed=closed)
    except ChangedMeanwhile as changed:
        return changed_meanwhile(public_id, changed, [event])
    return saved(public_id, f"Saved: {EVENTS[event.kind].words}.", INDEX)
