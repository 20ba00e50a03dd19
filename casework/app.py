"""`create_app`: the whole assembly on one screen."""

import os
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from casework import clock, database, errors, headers, logs, pages, web
from casework.config import ROOT, Settings, load
from casework.extensions import csrf, db, login, migrate
from casework.web import guards, whose_form

MEBIBYTE = 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application, ready to serve; raise `SettingsError` where settings are wanting."""
    settings = settings or load()
    os.umask(0o077)  # what this process writes, the database above all, only its owner reads
    app = Flask(
        "casework",
        root_path=str(ROOT / "casework"),
        template_folder=str(ROOT / "templates"),
        instance_path=str(settings.instance_path),
    )
    app.config.from_mapping(flask_config(settings))
    app.extensions["casework.settings"] = settings
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    clock.set_today(settings.today)

    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    login.init_app(app, add_context_processor=False)  # pages.py gives templates the viewer
    logs.init_app(app)
    guards.init_app(app)
    csrf.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            database.prepare(engine)

    for part in (whose_form, headers, errors, pages):
        part.init_app(app)
    for blueprint in web.blueprints():
        app.register_blueprint(blueprint)
    guards.check_every_route_has_a_rule(app)
    return app


def flask_config(settings: Settings) -> dict[str, Any]:
    """Return what Flask and its extensions are told, by their own names."""
    secure = settings.in_production
    return {
        "SECRET_KEY": settings.secret_key,
        # Whatever FLASK_DEBUG says: debugging would leave out the redirect to HTTPS.
        "DEBUG": False,
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or None,
        "PREFERRED_URL_SCHEME": "https" if secure else "http",
        "SESSION_COOKIE_NAME": "__Host-casework" if secure else "casework",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_absolute_hours),
        # One more for what a form holds besides; a tracker may be 20.
        "MAX_CONTENT_LENGTH": (max(20, settings.largest_document) + 1) * MEBIBYTE,
        "MAX_FORM_MEMORY_SIZE": 2 * MEBIBYTE,
        # A form stays good as long as its session, so that a long letter is never lost to a clock.
        "WTF_CSRF_TIME_LIMIT": None,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # What a person typed is in the parameters: it stays out of errors and logs.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
    }
