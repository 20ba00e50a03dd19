"""Logs say what happened and never to whom."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.logs import JsonFormatter
from casework.web.guards import public

pytestmark = pytest.mark.embedded

CANARY = "Zebedee-Canary"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Give what the application logs, every level of it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_request_is_one_line_with_its_route_and_its_reference(
    client: FlaskClient, log: io.StringIO
) -> None:
    answer = client.get("/privacy")
    (line,) = [line for line in lines(log) if line["event"] == "request"]
    assert line["route"] == "/privacy"
    assert line["status"] == 200
    assert line["reference"] == answer.headers["X-Request-ID"]


def test_nothing_that_a_person_sends_is_logged(client: FlaskClient, log: io.StringIO) -> None:
    client.get(f"/{CANARY}?name={CANARY}", headers={"User-Agent": CANARY, "X-Request-ID": CANARY})
    client.post("/privacy", data={"name": CANARY})
    assert lines(log)
    assert CANARY not in log.getvalue()


def test_an_error_is_logged_by_kind_and_place_without_its_words(
    app: Flask, log: io.StringIO
) -> None:
    @public("A page of a test.")
    def broken() -> str:
        raise ValueError(f"no such child as {CANARY}")

    app.add_url_rule("/broken", view_func=broken)
    assert app.test_client().get("/broken").status_code == 500
    (line,) = [line for line in lines(log) if "error" in line]
    assert line["error"] == "builtins.ValueError"
    assert "broken" in str(line["frames"])
    assert CANARY not in log.getvalue()


def test_a_record_is_one_line_whatever_is_in_it(log: io.StringIO) -> None:
    logging.getLogger("x").warning("two\nlines %s", CANARY)
    (line,) = lines(log)
    assert line["event"] == "two\nlines %s"
    assert CANARY not in log.getvalue()
