"""`/sign-in`, `/sign-out`, `/account`: who you are, and where you are signed in."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.services import accounts, kept_forms
from casework.services import sessions as session_services
from casework.services import sign_in as service
from casework.services.errors import Absent, Refused
from casework.services.sign_in import TooManyAttempts, WrongDetails
from casework.web import sessions
from casework.web.auth.forms import ChangePasswordForm, SignInForm
from casework.web.fields import LARGEST_NUMBER
from casework.web.form_errors import explain
from casework.web.guards import actor, public, signed_in, viewer
from casework.web.next_page import checked

blueprint = Blueprint("auth", __name__)

OWN = "Everyone with an account looks after their own."
WAIT = "There have been too many attempts. Wait 15 minutes, or ask an administrator to help"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public("It is how a person becomes known.")
def sign_in() -> ResponseReturnValue:
    """Ask who it is; then go to the page they wanted, or their own first page."""
    target = checked(request.args.get("next")) or url_for("home.index")
    if sessions.person():
        return redirect(target, 303)
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("auth/sign_in.html", form=form), 422 if form.errors else 200
    details = {"email": form.email.data, "password": form.password.data}
    try:
        sessions.begin(service.sign_in(**details, address=sessions.address()))
    except WrongDetails:
        explain(form, {"email": "The email address or the password is not right"})
        return render_template("auth/sign_in.html", form=form), 422
    except TooManyAttempts:
        explain(form, {"email": WAIT})
        return render_template("auth/sign_in.html", form=form), 429
    return redirect(target, 303)


@blueprint.post("/sign-out")
@public("Whoever is signed out already is signed out.")
def sign_out() -> ResponseReturnValue:
    """End the session, so that its cookie is good for nothing."""
    if person := sessions.person():
        session_services.sign_out(actor=actor(), session_id=person.session.id)
        sessions.finish()
    flash("You have signed out.", "signed-out")
    return redirect(url_for("auth.sign_in"), 303)


@blueprint.get("/account")
@signed_in(OWN)
def account() -> str:
    """Show a person who they are here, and everywhere they are signed in."""
    person = sessions.person()
    assert person
    return render_template(
        "auth/account.html",
        this=person.session.id,
        open_sessions=session_services.open_sessions(viewer().user_id),
    )


@blueprint.route("/account/password", methods=["GET", "POST"])
@signed_in(OWN)
def change_password() -> ResponseReturnValue:
    """Change one's own password; every other browser is signed out."""
    form, person = ChangePasswordForm(), sessions.person()
    assert person
    words = {"form": form, "is_first": person.must_choose_password}
    if not form.validate_on_submit():
        code = 422 if form.errors else 200
        return render_template("auth/change_password.html", **words), code
    try:
        token = accounts.change_password(
            actor=actor(),
            current_password=form.current_password.data,
            new_password=form.new_password.data,
        )
    except Refused as refused:
        explain(form, refused.reasons)
        return render_template("auth/change_password.html", **words), 422
    except TooManyAttempts:
        explain(form, {"current_password": WAIT})
        return render_template("auth/change_password.html", **words), 429
    sessions.begin(token)
    flash("Your password has been changed. You have been signed out everywhere else.", "success")
    return redirect(url_for("home.index" if words["is_first"] else "auth.account"), 303)


@blueprint.post(f"/account/sessions/<int(max={LARGEST_NUMBER}):session_id>/end")
@signed_in(OWN)
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out another browser of one's own."""
    try:
        session_services.end_own(actor=actor(), session_id=session_id)
    except Absent:
        abort(404)
    flash("That browser has been signed out.", "success")
    return redirect(url_for("auth.account"), 303)


@blueprint.post("/account/extend")
@signed_in(OWN)
def extend() -> tuple[str, int]:
    """Keep the session open: whatever is asked for does, and this asks for nothing else."""
    return "", 204


@blueprint.post("/account/kept-form/discard")
@signed_in(OWN)
def discard_kept_form() -> ResponseReturnValue:
    """Forget what was kept of a form, and show the form as it would have been."""
    path = checked(request.form.get("path"))
    if path is None:
        abort(404)
    kept_forms.forget(user_id=viewer().user_id, path=path)
    return redirect(path, 303)
