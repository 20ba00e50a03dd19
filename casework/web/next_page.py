"""Where a person goes after they have signed in: back to a page of ours, and nowhere else."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

LONGEST = 500


def here() -> str | None:
    """Return the page that the request was for, or came from where it is no page to open."""
    path = request.full_path if request.query_string else request.path
    if opens(path):
        return path
    came_from = urlsplit(request.referrer or "")
    return came_from.path if came_from.netloc == request.host and opens(came_from.path) else None


def checked(target: str | None) -> str | None:
    """Return the target if it is a page of this application that can be opened, or None.

    Refuses every way of naming another site: a scheme, two slashes, a backslash, a control
    character that browsers drop (OWASP ASVS 5.0, 3.7.2).
    """
    if not target or len(target) > LONGEST or not target.isprintable():
        return None
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    return target if opens(target) else None


def opens(target: str) -> bool:
    """Return whether the target's path is one that this application answers a GET for."""
    adapter = current_app.url_map.bind("localhost")
    try:
        endpoint, _ = adapter.match(urlsplit(target).path, method="GET")
    except (HTTPException, RequestRedirect, ValueError):
        return False
    return endpoint not in ("static", "auth.sign_in", "home.index")


def with_query(endpoint: str, **query: Any) -> str:
    """Return the address of a page with those query values that are not None."""
    return url_for(endpoint, **{name: value for name, value in query.items() if value is not None})
