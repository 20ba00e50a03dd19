"""Signing in: who gets in, what everyone else is told, and where it leads."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.extensions import db
from casework.models import AuditEntry, SignInAttempt
from tests.fixtures.people import PASSWORD, add_person, send_sign_in, token_in

pytestmark = pytest.mark.embedded

UNKNOWN = "nobody@example.org"
KNOWN = "case-officer@example.org"


@pytest.fixture(autouse=True)
def _an_officer(app: Flask) -> None:
    with app.app_context():
        add_person("case-officer")


def without_token(html: str) -> str:
    return re.sub(r'value="[^"]*"|X-Request-ID', "", html)


def test_whoever_gives_their_address_and_password_is_signed_in(client: FlaskClient) -> None:
    answer = send_sign_in(client, " Case-Officer@EXAMPLE.org ")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Ada Example" in client.get("/account").text


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(app: Flask) -> None:
    known = send_sign_in(app.test_client(), KNOWN, "not the password at all")
    unknown = send_sign_in(app.test_client(), UNKNOWN, "not the password at all")
    assert known.status_code == unknown.status_code == 422
    assert without_token(known.text) == without_token(unknown.text)
    assert "is not right" in known.text


def test_the_password_is_never_sent_back(client: FlaskClient) -> None:
    answer = send_sign_in(client, KNOWN, "not the password at all")
    assert "not the password at all" not in answer.text
    assert KNOWN in answer.text


def test_an_empty_form_says_what_is_missing(client: FlaskClient) -> None:
    answer = send_sign_in(client, "", "")
    assert answer.status_code == 422
    assert "Enter your email address" in answer.text
    assert "Enter your password" in answer.text
    assert "<title>Error: Sign in" in answer.text


def test_the_eleventh_guess_is_not_looked_at_even_when_it_is_right(app: Flask) -> None:
    for _ in range(10):
        assert send_sign_in(app.test_client(), KNOWN, "wrong wrong wrong").status_code == 422
    answer = send_sign_in(app.test_client(), KNOWN)
    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.text


def test_an_address_that_nobody_has_is_locked_in_the_same_way(app: Flask) -> None:
    for _ in range(10):
        send_sign_in(app.test_client(), UNKNOWN, "wrong wrong wrong")
    assert send_sign_in(app.test_client(), UNKNOWN, "wrong wrong wrong").status_code == 429
    assert send_sign_in(app.test_client(), KNOWN).status_code == 303


def test_a_form_without_its_token_signs_nobody_in(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": KNOWN, "password": PASSWORD})
    assert answer.status_code == 400
    assert PASSWORD not in answer.text
    assert client.get("/account").status_code == 303


def test_signing_in_leaves_an_entry_and_so_does_failing_to(app: Flask) -> None:
    send_sign_in(app.test_client(), KNOWN, "wrong wrong wrong")
    send_sign_in(app.test_client(), KNOWN)
    with app.app_context():
        entries = db.session.query(AuditEntry).order_by(AuditEntry.id).all()
        failed, signed_in = entries[-2:]
        assert (failed.action, failed.actor_id) == ("failed to sign in", None)
        assert (signed_in.action, signed_in.address) == ("signed in", "127.0.0.1")
        assert failed.subject == signed_in.subject == f"user {signed_in.actor_id}"


def test_what_counted_against_a_person_here_is_forgotten_when_they_get_in(app: Flask) -> None:
    for _ in range(9):
        send_sign_in(app.test_client(), KNOWN, "wrong wrong wrong")
    send_sign_in(app.test_client(), KNOWN)
    with app.app_context():
        assert db.session.query(SignInAttempt).count() == 0


def test_a_person_goes_on_to_the_page_they_asked_for(client: FlaskClient) -> None:
    asked = client.get("/account/password?from=here")
    assert asked.status_code == 303
    answer = send_sign_in(client, KNOWN, path=asked.location)
    assert answer.location == "/account/password?from=here"


PLACES = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/account",
    "https:evil.example",
    "http:///evil.example",
    "//evil.example/account",
    "/%5cevil.example",
    "/%2f/evil.example",
    "//evil.example%2faccount",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\taccount",
    "/account\r\nSet-Cookie: a=b",
    "/\x00account",
    " /account",
    "account",
    "@evil.example",
    "/@evil.example",
    ".evil.example",
    "/..//evil.example",
    "/account/../../evil.example",
    "////account",
    "/account;//evil.example",
    "https://localhost@evil.example/account",
    "/no-such-page",
    "/sign-out",
    "/static/casework.js",
    "/sign-in?next=//evil.example",
    "/" + "a" * 600,
)


@pytest.mark.parametrize("place", PLACES)
def test_no_address_leads_a_person_away_after_they_sign_in(client: FlaskClient, place: str) -> None:
    page = client.get("/sign-in", query_string={"next": place})
    typed = {"email": KNOWN, "password": PASSWORD, "csrf_token": token_in(page)}
    answer = client.post("/sign-in", query_string={"next": place}, data=typed)
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_person_already_signed_in_is_sent_on(client: FlaskClient) -> None:
    send_sign_in(client, KNOWN)
    assert client.get("/sign-in").location == "/"
