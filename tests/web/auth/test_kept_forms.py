"""Nothing typed is lost: it comes back to whoever typed it, and to no one else."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.extensions import db
from casework.models import KeptForm, User
from tests.fixtures.people import Later, SignIn, send_sign_in, token_in

ADMINISTRATOR = "administrator@example.org"
FORM = "/accounts/new"
TYPED = {
    "name": "Zofia Zając-O’Brien",
    "email": "zofia@example.org",
    "role": "manager",
    "team": "North & East <b>",
}
OURS = {"Origin": "http://localhost"}


def send(client: FlaskClient, token: str, headers: Any = OURS, **typed: str) -> Any:
    return client.post(FORM, data={"csrf_token": token, **TYPED, **typed}, headers=headers)


def kept(app: Flask) -> int:
    with app.app_context():
        return db.session.query(KeptForm).count()


def test_a_form_sent_too_late_comes_back_filled_and_can_be_sent_again(
    app: Flask, sign_in: SignIn, later: Later
) -> None:
    client = sign_in("administrator")
    token = token_in(client.get(FORM))
    later(minutes=45)

    told = send(client, token)
    assert told.location == f"/sign-in?next={FORM}"
    assert "What you typed was kept" in client.get(told.location).text

    back = send_sign_in(client, ADMINISTRATOR, path=told.location)
    assert back.location == FORM
    page = client.get(FORM)
    assert "This is what you had typed" in page.text
    assert 'value="Zofia Zając-O’Brien"' in page.text
    assert "North &amp; East &lt;b&gt;" in page.text
    assert 'value="manager" checked' in page.text
    with app.app_context():
        assert db.session.query(User).count() == 1

    again = send(client, token_in(page))
    assert "One-time password" in again.text
    with app.app_context():
        assert db.session.query(User).filter_by(email="zofia@example.org").one()


def test_what_was_kept_is_forgotten_once_the_form_has_led_somewhere(
    app: Flask, sign_in: SignIn, later: Later
) -> None:
    client = sign_in("administrator")
    with app.app_context():
        account = db.session.query(User.public_id).scalar()
    form = f"/accounts/{account}/change"
    typed = {"name": "Ada Changed", "email": ADMINISTRATOR, "role": "administrator"}
    token = token_in(client.get(form))
    later(minutes=45)
    told = client.post(form, data={"csrf_token": token, **typed}, headers=OURS)
    send_sign_in(client, ADMINISTRATOR, path=told.location)
    page = client.get(form)
    assert 'value="Ada Changed"' in page.text
    assert client.get(form).text.count("Ada Changed") == 1, "still there when the page is reloaded"
    done = client.post(form, data={"csrf_token": token_in(page), **typed}, headers=OURS)
    assert done.status_code == 303
    assert kept(app) == 0


def test_nobody_else_is_given_what_was_kept(sign_in: SignIn, later: Later, app: Flask) -> None:
    client = sign_in("administrator")
    token = token_in(client.get(FORM))
    later(minutes=45)
    told = send(client, token)
    sign_in("auditor")
    other = sign_in("manager")
    assert "Zofia" not in other.get(FORM).text
    with app.app_context():
        db.session.query(User).filter_by(email="auditor@example.org").one().role = "administrator"
        db.session.commit()
    send_sign_in(client, "auditor@example.org", path=told.location)
    assert "Zofia" not in client.get(FORM).text
    assert kept(app) == 1


def test_a_form_left_open_in_another_window_when_the_person_signed_out_is_kept(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("administrator")
    token = token_in(client.get(FORM))
    client.post("/sign-out", data={"csrf_token": token_in(client.get("/account"))})
    told = send(client, token)
    send_sign_in(client, ADMINISTRATOR, path=told.location)
    assert "Zofia" in client.get(FORM).text


def test_a_form_with_the_token_of_an_earlier_session_is_kept(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("administrator")
    old = token_in(client.get(FORM))
    client.post("/sign-out", data={"csrf_token": token_in(client.get("/account"))})
    send_sign_in(client, ADMINISTRATOR)
    told = send(client, old)
    assert (told.status_code, told.location) == (303, FORM)
    assert "Zofia" in client.get(FORM).text
    with app.app_context():
        assert db.session.query(User).count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "none"},
    ],
)
def test_no_other_site_can_leave_its_words_in_a_persons_form(
    app: Flask, sign_in: SignIn, later: Later, headers: dict[str, str]
) -> None:
    client = sign_in("administrator")
    assert send(client, "a forged token", headers).status_code == 400
    later(minutes=45)
    assert send(client, "a forged token", headers).status_code == 303
    assert kept(app) == 0


def test_a_password_is_never_kept(app: Flask, sign_in: SignIn, later: Later) -> None:
    client = sign_in("administrator")
    later(minutes=45)
    typed = {"current_password": "secret one", "new_password": "secret two"}
    client.post("/account/password", data=typed, headers=OURS)
    assert kept(app) == 0


def test_a_form_of_nobody_is_not_kept(app: Flask, client: FlaskClient) -> None:
    assert send(client, "no token").status_code == 303
    assert kept(app) == 0


def test_what_was_kept_can_be_cleared(app: Flask, sign_in: SignIn, later: Later) -> None:
    client = sign_in("administrator")
    token = token_in(client.get(FORM))
    later(minutes=45)
    told = send(client, token)
    send_sign_in(client, ADMINISTRATOR, path=told.location)
    token = token_in(client.get(FORM))
    done = client.post("/account/kept-form/discard", data={"csrf_token": token, "path": FORM})
    assert done.location == FORM
    assert "Zofia" not in client.get(FORM).text
    assert kept(app) == 0


def test_what_nobody_came_back_for_is_forgotten_after_a_day(
    app: Flask, sign_in: SignIn, later: Later
) -> None:
    client = sign_in("administrator")
    token = token_in(client.get(FORM))
    later(minutes=45)
    told = send(client, token)
    later(hours=25)
    send_sign_in(client, ADMINISTRATOR, path=told.location)
    assert "Zofia" not in client.get(FORM).text
    assert kept(app) == 0


def test_a_form_refused_for_its_words_shows_them_again_and_changes_nothing(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("administrator")
    answer = send(client, token_in(client.get(FORM)), email="not an address")
    assert answer.status_code == 422
    assert "name@example.gov.uk" in answer.text
    assert 'value="not an address"' in answer.text
    assert "Zofia Zając-O’Brien" in answer.text
    with app.app_context():
        assert db.session.query(User).count() == 1
