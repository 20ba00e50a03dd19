"""`/meetings/<id>/circulation`: the decisions sent round, and whom they have reached."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.widgets import HiddenInput

from casework import clock, current
from casework.access import Permission
from casework.database import reading
from casework.filters import counted
from casework.holidays import england_and_wales
from casework.queries import circulation as queries
from casework.queries import messages
from casework.queries.circulation import Round
from casework.queries.meetings import MeetingView
from casework.queries.messages import Delivery
from casework.queries.sittings import CIRCULATE_WITHIN
from casework.rules.civil_dates import london_date
from casework.services import circulation as services
from casework.services import viewing
from casework.services.errors import Absent, Refused
from casework.web.guards import actor, needs
from casework.web.kept_forms import load
from casework.web.meetings import blueprint
from casework.web.meetings.page import open_meeting


class CirculateForm(FlaskForm):
    """The version of the record that the person saw when they pressed."""

    record_version = IntegerField(widget=HiddenInput())


@blueprint.get("/circulation")
@needs(Permission.PREPARE_MEETINGS)
def circulation(public_id: str) -> ResponseReturnValue:
    """Show who will be told of the decisions; once they are sent round, whom they reached."""
    view = open_meeting(public_id)
    done_at, told, delivered = _found(view)
    last = england_and_wales().after(view.meeting.on_day, CIRCULATE_WITHIN)
    return render_template(
        "meetings/circulation.html",
        view=view,
        done_at=done_at,
        told=told,
        delivered=delivered,
        counts=messages.counted(delivered),
        states=messages.State,
        in_time=len([one for one in delivered if _went_by(last, one)]),
        last=last,
        is_mail_set=bool(current.settings().smtp_host),
        form=CirculateForm(data={"record_version": view.record.version if view.record else 0}),
    )


@blueprint.post("/circulation")
@needs(Permission.PREPARE_MEETINGS)
def circulate_decisions(public_id: str) -> ResponseReturnValue:
    """Send the decisions round; a second press finds it done."""
    view = open_meeting(public_id)
    form = load(CirculateForm)
    try:
        done = services.circulate_decisions(
            actor=actor(),
            today=clock.today(),
            meeting_id=view.meeting.id,
            record_version=form.record_version.data or 0,
        )
    except Absent:
        flash("The record is not signed yet, so there is nothing to send round.", "refused")
    except Refused as refused:
        flash(f"{refused}. Check who is told, and send it round again.", "refused")
    else:
        words = f"{counted(done.people, 'person is', 'people are')} told of the decisions."
        flash("The decisions were sent round already." if done.was_done else words, "success")
    return redirect(url_for("meetings.circulation", public_id=public_id), 303)


@blueprint.post("/circulation/again")
@needs(Permission.PREPARE_MEETINGS)
def try_email_again(public_id: str) -> ResponseReturnValue:
    """Let the email that failed be tried once more."""
    view = open_meeting(public_id)
    try:
        count = services.try_again(actor=actor(), meeting_id=view.meeting.id)
    except Absent:
        abort(404)
    if count:
        flash(f"{counted(count, 'email waits', 'emails wait')} to be tried again.", "success")
    return redirect(url_for("meetings.circulation", public_id=public_id), 303)


def _found(view: MeetingView) -> tuple[datetime | None, Round | None, Sequence[Delivery]]:
    """Return who is to be told; or, once the record was sent round, when, and each email."""
    if view.record is None:
        return None, None, ()
    with reading():
        done_at = queries.circulated_at(view.record.id)
        if done_at is not None:
            about = queries.about_decisions(view.record)
            return done_at, None, messages.delivery(about, clock.now())
        told = queries.of_decisions(view.record, clock.today())
        viewing.let_go()
    return None, told, ()


def _went_by(last: date, one: Delivery) -> bool:
    return one.state is messages.State.SENT and one.at is not None and london_date(one.at) <= last
