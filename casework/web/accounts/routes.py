"""`/accounts`: who may sign in, in which role. For administrators, who see no child's record."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import RULES, Permission, Role
from casework.queries import accounts as queries
from casework.services import accounts as services
from casework.services import sign_in
from casework.services.errors import Absent, Refused
from casework.web import kept_forms
from casework.web.accounts.forms import AccountForm
from casework.web.form_errors import explain
from casework.web.guards import actor, needs
from casework.web.paging import numbered

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


@blueprint.get("")
@needs(Permission.MANAGE_ACCOUNTS)
def index() -> str:
    """List the accounts, by name; filtered by role and state."""
    role, state = request.args.get("role") or None, request.args.get("state") or None
    found = queries.listed(role=role, state=state, page=request.args.get("page", 1, int))
    query = {name: value for name, value in (("role", role), ("state", state)) if value}
    return render_template(
        "accounts/index.html",
        found=found,
        role=role,
        state=state,
        roles=Role.choices(),
        standing=lambda person: queries.standing(person, clock.now()),
        pagination=numbered("accounts.index", found.page, found.pages, query),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_ACCOUNTS)
def add() -> ResponseReturnValue:
    """Open an account, and show its one-time password this once."""
    form = kept_forms.load(AccountForm)
    if form.validate_on_submit():
        try:
            opened = services.create_user(actor=actor(), **form.values())
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            return _show_once(opened.public_id, opened.one_time_password or "")
    return _form("accounts/add.html", form)


@blueprint.get("/<public_id>")
@needs(Permission.MANAGE_ACCOUNTS)
def show(public_id: str) -> str:
    """Show one account and what can be done with it."""
    account = queries.account(public_id) or abort(404)
    role = Role(account.role)
    return render_template(
        "accounts/show.html",
        account=account,
        allows=[rule.allows for rule in RULES if role in rule.roles],
        service=account.advice_service.name if account.advice_service else None,
        standing=queries.standing(account, clock.now()),
        is_locked=bool(account.email and sign_in.is_locked(account.email)),
    )


@blueprint.route("/<public_id>/change", methods=["GET", "POST"])
@needs(Permission.MANAGE_ACCOUNTS)
def change(public_id: str) -> ResponseReturnValue:
    """Change whose an account is and what it may do."""
    account = queries.account(public_id) or abort(404)
    held = {name: getattr(account, name) for name in ("name", "email", "role")}
    held |= {"service": account.advice_service.public_id if account.advice_service else None}
    held |= {"team": account.team.name if account.team else ""}
    held |= {"takes_complex_cases": account.takes_complex_cases}
    form = kept_forms.load(AccountForm, data=held)
    if form.validate_on_submit():
        try:
            services.change_account(actor=actor(), public_id=public_id, **form.values())
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            flash("The account has been changed.", "success")
            return redirect(url_for("accounts.show", public_id=public_id), 303)
    return _form("accounts/change.html", form, public_id=public_id)


@blueprint.post("/<public_id>/password")
@needs(Permission.MANAGE_ACCOUNTS)
def draw_password(public_id: str) -> ResponseReturnValue:
    """Draw a one-time password and show it this once; a lock is lifted."""
    try:
        drawn = services.draw_password(actor=actor(), public_id=public_id)
    except Absent:
        abort(404)
    except Refused as refused:
        return _refused(public_id, refused)
    return _show_once(public_id, drawn)


@blueprint.post("/<public_id>/close")
@needs(Permission.MANAGE_ACCOUNTS)
def close(public_id: str) -> ResponseReturnValue:
    """Close an account; whoever uses it is signed out."""
    return _done(services.disable, public_id, "The account is closed. They have been signed out.")


@blueprint.post("/<public_id>/reopen")
@needs(Permission.MANAGE_ACCOUNTS)
def reopen(public_id: str) -> ResponseReturnValue:
    """Open a closed account again."""
    return _done(services.enable, public_id, "The account is open. Give them a new password.")


def _done(act: Callable[..., None], public_id: str, words: str) -> ResponseReturnValue:
    try:
        act(actor=actor(), public_id=public_id)
    except Absent:
        abort(404)
    except Refused as refused:
        return _refused(public_id, refused)
    flash(words, "success")
    return redirect(url_for("accounts.show", public_id=public_id), 303)


def _refused(public_id: str, refused: Refused) -> ResponseReturnValue:
    flash(f"{refused}.", "refused")
    return redirect(url_for("accounts.show", public_id=public_id), 303)


def _form(template: str, form: AccountForm, **words: str) -> ResponseReturnValue:
    teams = queries.team_names()
    return render_template(template, form=form, teams=teams, **words), 422 if form.errors else 200


def _show_once(public_id: str, password: str) -> str:
    account = queries.account(public_id) or abort(404)
    return render_template(
        "accounts/password.html",
        account=account,
        password=password,
        hours=int(services.ONE_TIME_FOR.total_seconds() // 3600),
    )
