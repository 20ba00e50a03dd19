"""What every response tells the browser, here and in production."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, request, session
from flask.testing import FlaskClient

from casework.app import create_app
from casework.config import Settings
from casework.web.guards import public

pytestmark = pytest.mark.embedded

HTTPS = "https://ehc.example.org"


@pytest.fixture
def production(settings: Settings) -> Callable[..., Flask]:
    """Give a way to make the application as production has it."""

    def make(**changes: object) -> Flask:
        words = {"environment": "production", "today": None, "trusted_hosts": ("ehc.example.org",)}
        app = create_app(replace(settings, **{**words, **changes}))  # type: ignore[arg-type]
        app.add_url_rule("/remember", view_func=_remember)
        app.add_url_rule("/address", view_func=_address)
        return app

    return make


@public("A page of a test.")
def _remember() -> str:
    session["kept"] = "yes"
    return ""


@public("A page of a test.")
def _address() -> str:
    return f"{request.scheme} {request.remote_addr}"


@pytest.mark.parametrize("path", ["/privacy", "/no-such-page", "/health/live", "/theme.css"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/privacy", "/no-such-page", "/health/ready"])
def test_a_page_is_kept_nowhere(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_file_is_kept_for_a_year_only_where_its_address_names_its_contents(
    client: FlaskClient,
) -> None:
    assert "immutable" in client.get("/static/favicon.svg?v=0123").headers["Cache-Control"]
    assert client.get("/static/favicon.svg").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/nothing.svg?v=0123").headers["Cache-Control"] == "no-store"


def test_in_production_plain_http_is_sent_on_to_https(production: Callable[..., Flask]) -> None:
    answer = production().test_client().get("/privacy", base_url="http://ehc.example.org")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{HTTPS}/privacy"


def test_in_production_a_machine_may_ask_after_health_in_plain_http(
    production: Callable[..., Flask],
) -> None:
    client = production().test_client()
    assert client.get("/health/live", base_url="http://ehc.example.org").status_code == 200


def test_in_production_browsers_are_told_to_keep_to_https(
    production: Callable[..., Flask],
) -> None:
    answer = production().test_client().get("/privacy", base_url=HTTPS)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_in_production_the_cookie_goes_only_home_and_only_over_https(
    production: Callable[..., Flask],
) -> None:
    cookie = production().test_client().get("/remember", base_url=HTTPS).headers["Set-Cookie"]
    assert cookie.startswith("__Host-casework=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie


def test_in_production_another_host_name_is_refused(production: Callable[..., Flask]) -> None:
    client = production().test_client()
    assert client.get("/privacy", base_url="https://evil.example").status_code == 400
    assert client.get("/privacy", base_url=HTTPS).status_code == 200


FORGED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


def test_with_no_proxy_of_ours_nobody_may_say_who_they_are(
    production: Callable[..., Flask],
) -> None:
    answer = production().test_client().get("/address", base_url=HTTPS, headers=FORGED)
    assert answer.text == "https 127.0.0.1"


def test_a_proxy_of_ours_says_who_asked_and_by_which_scheme(
    production: Callable[..., Flask],
) -> None:
    client = production(trusted_proxies=1).test_client()
    answer = client.get("/address", base_url="http://ehc.example.org", headers=FORGED)
    assert answer.text == "https 203.0.113.9"


def test_no_variable_of_flask_turns_debugging_on(
    production: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    app = production()
    assert not app.debug
    answer = app.test_client().get("/sign-in", base_url="http://ehc.example.org")
    assert answer.status_code == 302
    assert answer.location == f"{HTTPS}/sign-in"
