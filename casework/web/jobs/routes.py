"""`/jobs`: the scheduler's jobs and heartbeat, "Run now", and saying that its clock is right."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.widgets import HiddenInput

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import heartbeat, job_runs
from casework.services import heartbeat as heartbeats
from casework.services import jobs
from casework.services.errors import Absent, Refused
from casework.web.guards import actor, needs
from casework.web.kept_forms import load

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


class ClockForm(FlaskForm):
    """What stands for the doubt that the person looked at."""

    seen = StringField(widget=HiddenInput())


@blueprint.get("")
@needs(Permission.SEE_JOBS)
def index() -> str:
    """Show whether the scheduler is at work, and how each of its jobs went."""
    now, pulse = clock.now(), heartbeat.pulse()
    with reading():
        lines = job_runs.lines(now, clock.today())
    doubt = pulse.doubt if pulse else None
    return render_template(
        "jobs/index.html",
        pulse=pulse,
        is_silent=pulse is not None and pulse.is_silent(now),
        lines=lines,
        run_form=FlaskForm(formdata=None),
        clock_form=ClockForm(formdata=None, data={"seen": doubt.seen if doubt else ""}),
    )


@blueprint.post("/<job_id>/run")
@needs(Permission.RUN_JOBS)
def run(job_id: str) -> ResponseReturnValue:
    """Ask the scheduler to do a job now."""
    try:
        is_new = jobs.ask_for(actor=actor(), job_id=job_id)
    except Absent:
        abort(404)
    if is_new:
        name = job_runs.name(job_id)
        flash(f"{name} is asked for. The scheduler begins it within a minute.", "success")
    else:
        flash("That was asked for already, and waits for the scheduler.")
    return redirect(url_for("jobs.index"), 303)


@blueprint.post("/clock")
@needs(Permission.RUN_JOBS)
def say_clock_is_right() -> ResponseReturnValue:
    """Say that the doubted clock is right, so that the scheduler works on by it."""
    try:
        heartbeats.say_right(actor=actor(), seen=load(ClockForm).seen.data or "")
    except Refused as refused:
        flash(f"{refused}.", "refused")
    else:
        flash("The scheduler goes on by its clock within a minute.", "success")
    return redirect(url_for("jobs.index"), 303)
