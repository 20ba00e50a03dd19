"""What every response tells the browser: what it may load, whom it may trust, what it may keep."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, request
from flask_talisman import DENY, Talisman
from flask_talisman.talisman import SAMEORIGIN

from casework.config import Settings

talisman = Talisman()
View = TypeVar("View", bound=Callable[..., Any])

#: Everything comes from this application and from files: no inline script or style at all.
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
PERMISSIONS_POLICY = dict.fromkeys(
    ("browsing-topics", "camera", "geolocation", "microphone", "payment"), "()"
)
A_YEAR = 31536000
_WITHOUT_PATH = "address_holds_a_secret"


def init_app(app: Flask) -> None:
    """Put the security and caching headers on every response."""
    settings: Settings = app.extensions["casework.settings"]
    app.after_request(_set_caching)
    app.after_request(_leave_out_path)
    talisman.init_app(
        app,
        content_security_policy=CONTENT_SECURITY_POLICY,
        permissions_policy=PERMISSIONS_POLICY,
        frame_options=DENY,
        # A form's token is checked against the page it came from, so our own pages are told.
        referrer_policy="same-origin",
        force_https=settings.in_production,
        strict_transport_security=settings.in_production,
        strict_transport_security_max_age=A_YEAR,
        session_cookie_secure=settings.in_production,
    )


def plain_http_allowed(view: View) -> View:
    """Return a view that is answered without a redirect to HTTPS, for a machine on this network."""
    return cast(View, talisman(force_https=False)(view))


def sandboxed(view: View) -> View:
    """Return a view whose answer is a file from outside: wherever it is opened, nothing in it
    acts, and it is of no origin."""
    policy = {"default-src": "'none'", "sandbox": "", "frame-ancestors": "'none'"}
    return cast(View, talisman(content_security_policy=policy)(view))


def frames_own_pages(view: View) -> View:
    """Return a view whose page holds another page of ours in a frame."""
    policy = {**CONTENT_SECURITY_POLICY, "frame-src": "'self'"}
    return cast(View, talisman(content_security_policy=policy)(view))


def shown_in_frame(view: View) -> View:
    """Return a view whose answer is a page from outside, which only a page of ours may frame.

    Nothing in it acts, and it is of no origin; it has its own styles, and its links open elsewhere.
    """
    policy = {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
        "frame-ancestors": "'self'",
    }
    framed = talisman(content_security_policy=policy, frame_options=SAMEORIGIN)
    return cast(View, framed(view))


def without_path(view: View) -> View:
    """Return a view whose address holds a secret: no request that its page makes tells it.

    The name of the host is still told, by which a form's token is checked to be of our own page.
    """
    setattr(view, _WITHOUT_PATH, True)
    return view


def _leave_out_path(response: Response) -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, _WITHOUT_PATH, False):
        response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _set_caching(response: Response) -> Response:
    """Keep nothing of a page; keep for a year a file whose address names its contents."""
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.endpoint not in ("static", "theme.stylesheet") or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    elif "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response
