"""Errors as pages: what happened, what to do, and a reference to quote. Never a detail."""

import logging
from typing import Any

from flask import Flask, g, redirect, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from casework.services.errors import NotRecorded
from casework.web import kept_forms

log = logging.getLogger(__name__)

#: The errors that have a page of their own in templates/errors; any other gets the page of its
#: hundred: 400 or 500.
PAGES = (400, 403, 404, 405, 413, 429, 500, 503)

Answer = tuple[str, int, dict[str, str]]


def init_app(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(CSRFError, form_too_old)
    app.register_error_handler(SecurityError, untrusted_host)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, database_away)
    app.register_error_handler(InterfaceError, database_away)
    app.register_error_handler(NotRecorded, not_recorded)
    app.register_error_handler(Exception, unexpected)


def http_error(error: HTTPException) -> Answer | HTTPException:
    """Return the page of an HTTP error; a redirect passes as it is."""
    if error.code is None or error.code < 400:
        return error
    kept = {
        name: value
        for name, value in error.get_headers()
        if name in ("Allow", "Retry-After", "WWW-Authenticate")
    }
    return page(error.code, kept)


def untrusted_host(_error: SecurityError) -> Answer:
    """Return bare words: under a host name that is not ours, no address of a page can be made."""
    words = "This is not an address of this service. Check the address and try again.\n"
    return words, 400, {"Content-Type": "text/plain; charset=utf-8"}


def form_too_old(_error: CSRFError) -> Answer | Response:
    """Return to the form with what was typed in it, or to a page that gives it back as text."""
    log.warning("form refused: no good token")
    if kept_forms.keep_for_person():
        return redirect(kept_forms.path(), 303)
    typed = [
        (name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, value in kept_forms.typed_fields()
        if value.strip()
    ]
    return page(400, {}, template="errors/form_too_old.html", typed=typed)


def database_away(error: Exception) -> Answer:
    """Return the page for a database that does not answer or is too busy."""
    log.error("database does not answer", exc_info=error)
    return page(503, {"Retry-After": "30"})


def not_recorded(error: Exception) -> Answer:
    """Return the page for an act that the audit trail could not be told of: it is not done."""
    log.error("the audit trail could not be written", exc_info=error.__cause__ or error)
    return page(503, {"Retry-After": "30"})


def unexpected(error: Exception) -> Answer:
    """Return the page for a fault of ours, and log its kind and place."""
    log.error("unexpected error", exc_info=error)
    return page(500, {})


def page(code: int, headers: dict[str, str], template: str | None = None, **words: Any) -> Answer:
    """Return an error's page, its status and headers; the page asks nothing of the database."""
    g.bare_page = True
    named = code if code in PAGES else code // 100 * 100
    template = template or f"errors/{named}.html"
    return render_template(template, reference=g.get("reference"), **words), code, headers
