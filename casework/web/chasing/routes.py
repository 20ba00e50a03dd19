"""`/chasing`: the services that owe advice, the emails that would remind them, and sending them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.widgets import HiddenInput

from casework import clock, current, readiness
from casework.access import Permission
from casework.database import reading
from casework.filters import counted
from casework.queries import chasing as queries
from casework.queries.chasing import Chosen, Owing
from casework.queries.messages import State, reason, state_of
from casework.services import chasing as services
from casework.services import viewing
from casework.services.chasing import Reminder
from casework.services.errors import Refused
from casework.web.chasing import blueprint
from casework.web.guards import actor, needs, scope
from casework.web.kept_forms import load

#: How many services one preview shows: more than any authority has.
MOST = 200


class SendForm(FlaskForm):
    """What stands for the emails that the person looked at."""

    seen = StringField(widget=HiddenInput())


@dataclass(frozen=True, slots=True)
class Line:
    """One service on the page: what it owes, why it cannot be reminded, and its last email."""

    owing: Owing
    obstacle: str
    #: How the last email stands, in words; empty where it was sent or there was none.
    email: str


@blueprint.get("")
@needs(Permission.CHASE_ADVICE)
def index() -> str:
    """List the services that owe advice, those to be reminded now first and ticked."""
    with reading():
        lines = [_line(one) for one in services.owed(clock.today(), scope())]
        viewing.let_go()
    plan, today = current.settings().reminders, clock.today()
    return render_template("chasing/index.html", lines=lines, plan=plan, today=today)


@blueprint.get("/preview")
@needs(Permission.CHASE_ADVICE)
def preview() -> ResponseReturnValue:
    """Show the email that each ticked service would get, to whom, and what is recorded."""
    if not _ticked():
        flash("Choose the services to remind.", "refused")
        return redirect(url_for("chasing.index"), 303)
    return _preview()


@blueprint.post("/preview")
@needs(Permission.CHASE_ADVICE)
def send() -> ResponseReturnValue:
    """Remind the services, with the emails that were shown."""
    form = load(SendForm)
    with reading():
        chosen = [one.id for one in queries.by_public_id(_ticked())]
    try:
        done = services.chase(
            actor=actor(),
            today=clock.today(),
            service_ids=chosen,
            scope=scope(),
            also=request.args.getlist("also"),
            seen=form.seen.data or "",
        )
    except Refused as refused:
        return _preview(refused=str(refused), status=409)
    if done.services:
        words = counted(len(done.services), "service is", "services are")
        flash(f"{words} reminded of {counted(done.requests, 'request')}.", "success")
    else:
        flash("Nothing was sent: they were reminded today already, or owe nothing now.", "refused")
    return redirect(url_for("chasing.index"), 303)


def _preview(refused: str = "", status: int = 200) -> ResponseReturnValue:
    with reading():
        chosen, also = queries.by_public_id(_ticked()), request.args.getlist("also")
        ids = [one.id for one in chosen]
        found = services.reminders(today=clock.today(), service_ids=ids, scope=scope(), also=also)
        cannot = _unable(chosen, found)
        viewing.let_go()
    page = render_template(
        "chasing/preview.html",
        found=found,
        cannot=cannot,
        refused=refused,
        form=SendForm(formdata=None, data={"seen": services.fingerprint(found)}),
        is_mail_set=readiness.mail_goes(),
    )
    return page, status


def _unable(chosen: Sequence[Chosen], found: Sequence[Reminder]) -> list[tuple[str, str]]:
    """Return the services chosen that get no email, by name, each with why."""
    told = {one.owing.service.id for one in found if one.owing.service}
    owing = {one.service.id: one for one in services.owed(clock.today(), scope()) if one.service}
    return [(one.name, _why_not(owing.get(one.id))) for one in chosen if one.id not in told]


def _why_not(one: Owing | None) -> str:
    if one is None:
        return "It owes nothing."
    return services.obstacle(one) or "It was reminded of everything today."


def _ticked() -> list[str]:
    return request.args.getlist("service")[:MOST]


def _line(one: Owing) -> Line:
    return Line(one, services.obstacle(one), _email(one))


def _email(one: Owing) -> str:
    message = one.last_email
    state = state_of(message, clock.now()) if message else State.SENT
    if message is None or state is State.SENT:
        return ""
    return f"{state.words}. {reason(message.failure)}".strip()
