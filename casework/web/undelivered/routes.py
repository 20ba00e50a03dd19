"""`/undelivered`: which email did not arrive and why, and having it tried again."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import clock, readiness
from casework.access import Permission
from casework.database import reading
from casework.emails.messages import KINDS
from casework.filters import counted
from casework.queries import mail_place
from casework.queries import undelivered as queries
from casework.services import mail_hold, viewing
from casework.services import undelivered as services
from casework.services.errors import Absent, Refused
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import load
from casework.web.undelivered.forms import ReleaseForm

blueprint = Blueprint("undelivered", __name__, url_prefix="/undelivered")

_WAS_DONE = "Somebody has dealt with that email already."


@blueprint.get("")
@needs(Permission.SEE_UNDELIVERED)
def index() -> str:
    """List the email that failed and what may have come twice; say what waits and what is held."""
    with reading():
        found = queries.found(viewer(), clock.now())
        backlog, held = mail_place.backlog(clock.now()), mail_place.held()
        viewing.let_go()
    return render_template(
        "undelivered/index.html",
        found=found,
        backlog=backlog,
        held=held,
        kinds=KINDS,
        mail_goes=readiness.mail_goes(),
    )


@blueprint.post("/<public_id>/again")
@needs(Permission.SEE_UNDELIVERED)
def again(public_id: str) -> ResponseReturnValue:
    """Have one failed email tried again."""
    try:
        services.try_again(actor=actor(), viewer=viewer(), public_id=public_id)
    except Absent:
        flash(_WAS_DONE, "refused")
    except Refused as refused:
        flash(f"{refused}.", "refused")
    else:
        flash("The email waits to be sent again.", "success")
    return redirect(url_for("undelivered.index"), 303)


@blueprint.post("/<public_id>/settled")
@needs(Permission.SEE_UNDELIVERED)
def settle(public_id: str) -> ResponseReturnValue:
    """Take one failed email off the list: there is no more to do about it."""
    try:
        services.settle(actor=actor(), viewer=viewer(), public_id=public_id)
    except Absent:
        flash(_WAS_DONE, "refused")
    else:
        flash("The email is off the list. It is not sent.", "success")
    return redirect(url_for("undelivered.index"), 303)


@blueprint.post("/again")
@needs(Permission.SEE_UNDELIVERED)
def all_again() -> ResponseReturnValue:
    """Have all that failed tried again, but for what may have arrived."""
    count = services.try_all_again(actor=actor(), viewer=viewer())
    if count:
        flash(f"{counted(count, 'email waits', 'emails wait')} to be sent again.", "success")
    else:
        flash("There was no email that can be sent again.", "refused")
    return redirect(url_for("undelivered.index"), 303)


@blueprint.route("/release", methods=["GET", "POST"])
@needs(Permission.RELEASE_MAIL)
def release() -> ResponseReturnValue:
    """Let email go that was held after a restore, after showing how much waits and since when."""
    form = load(ReleaseForm)
    with reading():
        backlog, held = mail_place.backlog(clock.now()), mail_place.held()
    if held is None:
        flash("Email is not held: there is nothing to release.", "refused")
        return redirect(url_for("undelivered.index"), 303)
    if form.validate_on_submit():
        try:
            done = mail_hold.release(actor=actor(), **form.values())
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            left = f" {counted(done.dropped, 'email')} left out." if done.dropped else ""
            flash(f"Email goes again: {counted(done.waiting, 'email')} to send.{left}", "success")
            return redirect(url_for("undelivered.index"), 303)
    page = render_template("undelivered/release.html", form=form, backlog=backlog, held=held)
    return page, 422 if form.errors else 200
