"""What tests of a case's pages share."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.extensions import db
from casework.models import Case
from tests.factories import log, make_case
from tests.fixtures.people import token_in

Send = Callable[..., TestResponse]


@pytest.fixture
def case(app: Flask) -> str:
    """Give the identifier of a case opened on 7 September 2026."""
    with app.app_context():
        return make_case(person={"forenames": "José", "surname": "O’Brien"}).public_id


@pytest.fixture
def happen(app: Flask, case: str) -> Callable[..., None]:
    """Give a function that logs events on the case from the command line."""

    def happen(*events: Any) -> None:
        with app.app_context():
            found = db.session.query(Case).filter_by(public_id=case).one()
            log(found, *events)

    return happen


def send(client: FlaskClient, path: str, **typed: Any) -> TestResponse:
    """Return the answer to the form at `path`, filled in with `typed` as a browser sends it."""
    page = client.get(path)
    assert page.status_code == 200, page.status_code
    version = page.text.split('name="version"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    data = {"csrf_token": token_in(page), "version": version} | typed
    return client.post(path, data=data)
