"""Errors: what happened, what to do, a reference, and never a detail."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from casework.extensions import csrf
from casework.web.guards import public

pytestmark = pytest.mark.embedded

CANARY = "Zebedee-Canary"


def failing(app: Flask, fail: Callable[[], Any]) -> FlaskClient:
    """Return a client of the application with one more page, which fails."""

    @csrf.exempt
    @public("A page of a test.")
    def view() -> str:
        fail()
        return ""

    app.add_url_rule("/failing", view_func=view, methods=["GET", "POST"])
    return app.test_client()


def heading(html: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert found
    return found[1].strip()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (400, "There is a problem with what was sent"),
        (403, "You cannot see this page"),
        (404, "Page not found"),
        (405, "This page cannot be used that way"),
        (409, "There is a problem with what was sent"),
        (413, "What you sent is too large"),
        (429, "You have tried too many times"),
        (500, "There is a problem with the service"),
        (502, "There is a problem with the service"),
        (503, "The service is not available"),
    ],
)
def test_every_error_has_a_page_with_a_reference(app: Flask, code: int, words: str) -> None:
    answer = failing(app, lambda: abort(code)).get("/failing")
    assert answer.status_code == code
    assert heading(answer.text) == words
    assert answer.headers["X-Request-ID"] in answer.text


def test_a_fault_of_ours_shows_no_detail(app: Flask) -> None:
    def fail() -> None:
        raise ValueError(CANARY)

    answer = failing(app, fail).get("/failing")
    assert answer.status_code == 500
    assert CANARY not in answer.text
    assert "ValueError" not in answer.text


def test_a_database_that_does_not_answer_is_said_so_with_a_time_to_try_again(app: Flask) -> None:
    def fail() -> None:
        raise OperationalError(f"SELECT {CANARY}", {}, Exception(CANARY))

    answer = failing(app, fail).get("/failing")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert CANARY not in answer.text


def test_an_error_page_needs_no_database(app: Flask) -> None:
    from casework.extensions import db

    with app.app_context():
        db.session.execute(db.text('DROP TABLE "user"'))
        db.session.commit()
    assert failing(app, lambda: abort(404)).get("/failing").status_code == 404


def test_a_form_too_large_is_refused_on_a_page(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    client = failing(app, lambda: request.form)
    answer = client.post("/failing", data={"words": "x" * 2000})
    assert answer.status_code == 413
    assert heading(answer.text) == "What you sent is too large"


def test_a_method_that_a_page_does_not_take_is_named_with_those_it_does(
    client: FlaskClient,
) -> None:
    answer = client.delete("/privacy")
    assert answer.status_code in (400, 405)  # without a form's token, that is said first


def test_a_form_sent_too_late_changes_nothing_and_gives_back_what_was_typed(app: Flask) -> None:
    done: list[str] = []

    @public("A page of a test.")
    def save() -> str:
        done.append("saved")
        return ""

    app.add_url_rule("/note", view_func=save, methods=["POST"])
    typed = {
        "note": "First line\r\n<b>second</b>",
        "password": "correct horse",
        "new-password": "battery staple",
        "empty": " ",
        "csrf_token": "old",
    }
    answer = app.test_client().post("/note", data=typed)
    assert answer.status_code == 400
    assert heading(answer.text) == "Your changes have not been saved"
    assert "First line\r\n&lt;b&gt;second&lt;/b&gt;" in answer.text
    for kept_back in ("correct horse", "battery staple", "Empty", "Csrf"):
        assert kept_back not in answer.text
    assert not done


def test_a_redirect_is_no_error(app: Flask) -> None:
    from werkzeug.routing import RequestRedirect

    def fail() -> None:
        raise RequestRedirect("/privacy")

    assert failing(app, fail).get("/failing").status_code == 308
