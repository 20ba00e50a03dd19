"""What every route wears: the rule that says who may use it.

    @blueprint.get("/cases")
    @needs(Permission.SEE_CASES)
    def caseload(): ...

The decorator only declares. One hook before each request enforces, and `create_app` refuses to
start while any route declares nothing: what nobody thought of is closed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from casework import clock, current
from casework.access import Permission, Scope, Seat, Viewer, rule_for, scope_of, seat_of
from casework.holidays import england_and_wales
from casework.rules.panels import window
from casework.services import refusals
from casework.services.audit_trail import Actor
from casework.web import kept_forms, sessions
from casework.web.next_page import here, with_query

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "access_rule"
#: What a person with a one-time password may do before they have chosen their own.
_BEFORE_OWN_PASSWORD = ("auth.change_password", "auth.sign_out", "auth.extend")


class UndeclaredRoute(RuntimeError):
    """A route declares no rule, so nobody has decided who may use it."""


class NotAllowed(Forbidden):
    """The person's role does not have the permission that the page needs."""

    def __init__(self, permission: Permission) -> None:
        super().__init__()
        self.permission = permission


@dataclass(frozen=True, slots=True)
class RouteRule:
    """Who may use a route: anyone, anyone signed in, or those who have a permission."""

    reason: str
    is_public: bool = False
    permission: Permission | None = None


def public(reason: str) -> Callable[[View], View]:
    """Declare a route open to anyone, signed in or not, and say why."""
    return _mark(RouteRule(reason, is_public=True))


def signed_in(reason: str) -> Callable[[View], View]:
    """Declare a route open to anyone with an account, whatever their role, and say why."""
    return _mark(RouteRule(reason))


def needs(permission: Permission) -> Callable[[View], View]:
    """Declare a route open to those whose role has the permission (casework.access.RULES)."""
    return _mark(RouteRule(rule_for(permission).reason, permission=permission))


def init_app(app: Flask) -> None:
    """Enforce the rules before each request. Called before CSRFProtect's own hook is added, so
    that a stranger is asked to sign in before anything they sent is read.
    """
    sessions.init_app(app)
    app.before_request(_enforce)
    app.register_error_handler(NotAllowed, _refused)


def check_every_route_has_a_rule(app: Flask) -> None:
    """Raise UndeclaredRoute, naming each route that declares no rule; files are open to all."""
    undeclared = sorted(
        f"{rule.endpoint} ({rule.rule})"
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and rule_of(app, rule.endpoint) is None
    )
    if undeclared:
        raise UndeclaredRoute(
            "These routes do not say who may use them. Give each @public, @signed_in or @needs "
            f"from casework.web.guards: {', '.join(undeclared)}"
        )


def rule_of(app: Flask, endpoint: str) -> RouteRule | None:
    """Return the rule that a route declares, or None."""
    return getattr(app.view_functions[endpoint], _MARK, None)


def viewer() -> Viewer:
    """Return the person who is signed in. Only for routes that are not public."""
    found = viewer_or_none()
    if found is None:
        raise UndeclaredRoute(f"{request.endpoint} is public and asked who is signed in")
    return found


def viewer_or_none() -> Viewer | None:
    """Return the person who is signed in, or None."""
    person = sessions.person()
    return person.viewer if person else None


def scope() -> Scope:
    """Return the cases that the person who is signed in may see."""
    return scope_of(viewer())


def seat() -> Seat:
    """Return the place from which the person who is signed in looks at panels."""
    settings = current.settings()
    opens, closes = settings.panel_opens_days, settings.panel_closes_days
    days = window(clock.today(), england_and_wales(), opens_days=opens, closes_days=closes)
    return seat_of(viewer(), days)


def actor() -> Actor:
    """Return the person who is signed in as the audit trail knows them."""
    return Actor(viewer().user_id, "web", sessions.address())


def may_open(endpoint: str) -> bool:
    """Return whether the person who asks could use this route: for navigation and links."""
    if endpoint not in current_app.view_functions:
        return False
    rule, found = rule_of(current_app, endpoint), viewer_or_none()
    if rule is None or rule.is_public:
        return rule is not None
    return found is not None and (rule.permission is None or found.may(rule.permission))


def _mark(rule: RouteRule) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, _MARK, rule)
        return view

    return declare


def _enforce() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint == "static":
        return None  # no such page, which says so itself; or a file, open to all
    rule = rule_of(current_app, endpoint)
    if rule is None:
        raise UndeclaredRoute(endpoint)
    if rule.is_public:
        return None
    if "\0" in request.path or b"%00" in request.query_string:
        abort(404)  # no record has one in its name, and PostgreSQL cannot even be asked
    person = sessions.person()
    if person is None:
        return _ask_to_sign_in()
    if person.must_choose_password and endpoint not in _BEFORE_OWN_PASSWORD:
        return redirect(url_for("auth.change_password"), 303)
    if rule.permission and not person.viewer.may(rule.permission):
        # Told here, where what cannot be recorded is still an error with a page of its own.
        refusals.note(actor=actor(), rule=rule_for(rule.permission).id, endpoint=endpoint)
        raise NotAllowed(rule.permission)
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    ended = sessions.ended()
    kept = kept_forms.keep_for(ended.session.viewer.user_id) if ended else False
    if ended and ended.ended and not _is_from_script():
        flash(f"You have been signed out {ended.ended}.", "signed-out")
    if kept:
        flash("What you typed was kept. You will find it again when you have signed in.", "kept")
    return redirect(with_query("auth.sign_in", next=here()), 303)


def _is_from_script() -> bool:
    """Whether a page's script asks, which shows nobody what is said: it is said to who comes."""
    return request.headers.get("Sec-Fetch-Dest") == "empty"


def _refused(error: NotAllowed) -> ResponseReturnValue:
    rule = rule_for(error.permission)
    return render_template("errors/refused.html", rule=rule, role=viewer().role), 403
