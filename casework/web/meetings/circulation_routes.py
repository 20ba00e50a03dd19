"""`/meetings/<id>/circulation`: the decisions sent round, and whom they have reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.widgets import HiddenInput

from casework import clock, current, readiness
from casework.access import Permission
from casework.database import reading
from casework.filters import counted
from casework.holidays import england_and_wales
from casework.queries import circulation as queries
from casework.queries import messages, notices
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What went round at one moment, and how each person's email stands."""

    #: The version of the record; None for the agenda.
    version: int | None
    at: datetime
    emails: Sequence[Delivery]
    #: Whether it is the first that went round of the decisions: the one that is held to its day.
    is_first: bool = False

    @property
    def counts(self) -> Mapping[messages.State, int]:
        """Return how many stand in each state."""
        return messages.counted(self.emails)

    def by(self, last: date) -> int:
        """Return how many were sent by the end of a day."""
        at = [one.at for one in self.emails if one.state is messages.State.SENT]
        return len([one for one in at if one is not None and london_date(one) <= last])


@blueprint.get("/circulation")
@needs(Permission.PREPARE_MEETINGS)
def circulation(public_id: str) -> ResponseReturnValue:
    """Show who will be told of the decisions; and of all that went round, whom it reached."""
    view = open_meeting(public_id)
    settings, calendar = current.settings(), england_and_wales()
    with reading():
        told, sent = _to_tell(view), _sent(view)
        viewing.let_go()
    return render_template(
        "meetings/circulation.html",
        view=view,
        told=told,
        sent=sent,
        states=messages.State,
        last=calendar.after(view.meeting.on_day, CIRCULATE_WITHIN),
        closes=calendar.after(view.meeting.on_day, settings.panel_closes_days),
        is_mail_set=readiness.mail_goes(),
        can_try_again=any(one.counts[messages.State.FAILED] for one in sent),
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
        count = services.try_again(actor=actor(), today=clock.today(), meeting_id=view.meeting.id)
    except Absent:
        abort(404)
    if count:
        flash(f"{counted(count, 'email waits', 'emails wait')} to be tried again.", "success")
    return redirect(url_for("meetings.circulation", public_id=public_id), 303)


def _to_tell(view: MeetingView) -> Round | None:
    """Return who is to be told of the record in force; None where nothing signed is untold."""
    if view.record is None or queries.circulated_at(view.record.id) is not None:
        return None
    return queries.of_decisions(view.record, clock.today())


def _sent(view: MeetingView) -> list[Sent]:
    """Return all that went round, the newest first."""
    now = clock.now()
    sent, done = [], queries.done(view.meeting.id)
    for record, at in done:
        emails = messages.delivery(queries.about_decisions(record), now)
        is_first = record is done[-1][0]
        sent.append(Sent(version=record.version, at=at, emails=emails, is_first=is_first))
    if view.agenda_circulated_at is not None:
        emails = messages.delivery(notices.about_agenda(view.meeting.id), now)
        sent.append(Sent(version=None, at=view.agenda_circulated_at, emails=emails))
    return sent
