"""What every page has: GOV.UK components, the authority's name, navigation, notices, addresses."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from casework import clock, current, filters, readiness
from casework.access import role_words
from casework.queries import mail_place, undelivered
from casework.web import alarms, guards, navigation, xmr_drawing

SERVICE_NAME = "EHC casework"


def init_app(app: Flask) -> None:
    """Let templates find the GOV.UK components, and give them what every page shows."""
    components = PrefixLoader(
        {name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")}
    )
    app.jinja_env.loader = ChoiceLoader([app.create_global_jinja_loader(), components])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    WTFormsHelpers(app)
    app.url_defaults(_name_the_contents)
    app.context_processor(_page)
    filters.init_app(app)
    app.jinja_env.filters["drawing"] = xmr_drawing.drawing


def fingerprint(file: Path) -> str | None:
    """Return twelve characters that change when a file's contents do, or None for no file."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return _digest(file, stat.st_mtime_ns, stat.st_size)


@cache
def _digest(file: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _name_the_contents(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "filename" in values:
        assert current_app.static_folder
        if found := fingerprint(Path(current_app.static_folder, values["filename"])):
            values.setdefault("v", found)


def _page() -> dict[str, Any]:
    settings = current.settings()
    return {
        "authority_name": settings.authority_name,
        "authority_colour": settings.authority_colour,
        "service_name": SERVICE_NAME,
        "has_family_pages": settings.family_pages,
        "fixed_today": settings.today,
        "today": clock.today(),
        "navigation_items": navigation.items,
        "navigation_below": navigation.items_below,
        "alarms": alarms.on_every_page,
        "viewer": guards.viewer_or_none,
        "may_open": guards.may_open,
        "role_words": role_words,
        "mail_held": mail_place.held,
        "undelivered": lambda: undelivered.how_many_failed(guards.viewer()),
        "largest_document": settings.largest_document,
        "idle_minutes": settings.session_idle_minutes,
        # A proxy: who it is, is asked only where a template looks, so error pages never do.
        "is_demonstration": readiness.is_demonstration,
        "catches_mail": readiness.catches_mail,
    }
