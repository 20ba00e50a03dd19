"""The pages of accounts: an administrator opens, changes and closes them."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.extensions import db
from casework.models import User
from tests.fixtures.people import PASSWORD, SignIn, add_person, send_sign_in, token_in

pytestmark = pytest.mark.embedded
NIA = {"name": "Nia New", "email": "nia@example.org", "role": "case-officer", "team": "North"}


@pytest.fixture
def administrator(sign_in: SignIn) -> FlaskClient:
    return sign_in("administrator")


def post(client: FlaskClient, path: str, **typed: Any) -> Any:
    return client.post(path, data={"csrf_token": token_in(client.get("/account")), **typed})


def officer(app: Flask) -> str:
    with app.app_context():
        return add_person("case-officer", name="Omar Officer", team="South").public_id


def test_a_new_account_is_opened_and_its_password_shown_once(
    app: Flask, administrator: FlaskClient
) -> None:
    page = post(administrator, "/accounts/new", **NIA)
    drawn = re.search(r"casework-one-time\">([^<]+)<", page.text)
    assert drawn
    assert send_sign_in(app.test_client(), "nia@example.org", drawn[1]).status_code == 303
    assert "Nia New" in administrator.get("/accounts").text
    assert drawn[1] not in administrator.get("/accounts").text


def test_an_empty_form_says_everything_that_is_missing(administrator: FlaskClient) -> None:
    page = post(administrator, "/accounts/new")
    assert page.status_code == 422
    for words in ("Enter their full name", "Enter their work email address", "Choose a role"):
        assert page.text.count(words) == 2, "once in the summary and once at the field"


def test_a_field_that_no_form_has_is_not_taken(app: Flask, administrator: FlaskClient) -> None:
    post(administrator, "/accounts/new", **NIA, is_demonstration="y", password="mine mine mine")
    with app.app_context():
        made = db.session.query(User).filter_by(email="nia@example.org").one()
        assert not made.is_demonstration
        assert made.one_time_until


def test_an_account_is_shown_with_what_its_role_may_do(
    app: Flask, administrator: FlaskClient
) -> None:
    page = administrator.get(f"/accounts/{officer(app)}").text
    assert "Omar Officer" in page
    assert "add to or change a case" in page
    assert "bring a tracker in" not in page


def test_an_account_is_changed_in_a_form_filled_with_what_is_held(
    app: Flask, administrator: FlaskClient
) -> None:
    path = f"/accounts/{officer(app)}/change"
    page = administrator.get(path).text
    assert 'value="Omar Officer"' in page
    assert 'value="South"' in page
    assert 'value="case-officer" checked' in page
    changed = {"name": "Omar Other", "email": "omar@example.org", "role": "manager", "team": ""}
    assert post(administrator, path, **changed, takes_complex_cases="y").status_code == 303
    with app.app_context():
        held = db.session.query(User).filter_by(email="omar@example.org").one()
        assert (held.name, held.role, held.team) == ("Omar Other", "manager", None)
        assert held.takes_complex_cases


def test_ones_own_role_cannot_be_changed_and_the_page_says_why(
    app: Flask, administrator: FlaskClient
) -> None:
    with app.app_context():
        own = db.session.query(User.public_id).scalar()
    typed = {"name": "Ada", "email": "administrator@example.org", "role": "manager"}
    page = post(administrator, f"/accounts/{own}/change", **typed)
    assert page.status_code == 422
    assert "You cannot change your own role" in page.text
    assert "Close this account" not in administrator.get(f"/accounts/{own}").text


def test_closing_an_account_says_so_and_opening_it_asks_for_a_password(
    app: Flask, administrator: FlaskClient
) -> None:
    path = f"/accounts/{officer(app)}"
    assert post(administrator, f"{path}/close").location == path
    assert "The account is closed" in administrator.get(path).text
    assert send_sign_in(app.test_client(), "case-officer@example.org").status_code == 422
    post(administrator, f"{path}/reopen")
    assert "Give them a new password" in administrator.get(path).text
    assert send_sign_in(app.test_client(), "case-officer@example.org").status_code == 422


def test_an_act_refused_is_said_on_the_account(app: Flask, administrator: FlaskClient) -> None:
    path = f"/accounts/{officer(app)}"
    post(administrator, f"{path}/close")
    administrator.get(path)
    assert post(administrator, f"{path}/password").location == path
    assert "Open the account again first" in administrator.get(path).text


def test_a_lock_is_shown_and_lifted_by_a_new_password(
    app: Flask, administrator: FlaskClient
) -> None:
    path = f"/accounts/{officer(app)}"
    for _ in range(10):
        send_sign_in(app.test_client(), "case-officer@example.org", "wrong")
    assert "locked after failed attempts" in administrator.get(path).text
    post(administrator, f"{path}/password")
    assert "locked" not in administrator.get(path).text


def test_the_list_is_narrowed_by_role_and_state(app: Flask, administrator: FlaskClient) -> None:
    path = f"/accounts/{officer(app)}"
    post(administrator, f"{path}/close")
    administrator.get(path)
    for query, there in {
        "": True,
        "?role=case-officer": True,
        "?role=manager": False,
        "?state=closed": True,
        "?state=open": False,
        "?state=nonsense&page=99": True,
        "?page=-1": True,
        "?page=x": True,
    }.items():
        page = administrator.get(f"/accounts{query}")
        assert page.status_code == 200
        assert ("Omar Officer" in page.text) is there, query


def test_a_long_list_is_paged_by_name(app: Flask, administrator: FlaskClient) -> None:
    with app.app_context():
        for number in range(101):
            add_person(email=f"u{number}@example.org", name=f"Person {number:03}")
    first, last = administrator.get("/accounts"), administrator.get("/accounts?page=3")
    assert "102 accounts" in first.text
    assert "Person 000" in first.text
    assert "Person 100" not in first.text
    assert "Person 100" in last.text
    assert 'rel="next"' in first.text
    assert 'rel="next"' not in last.text


def test_an_account_that_is_not_there_is_not_found(administrator: FlaskClient) -> None:
    assert administrator.get("/accounts/none").status_code == 404
    assert administrator.get("/accounts/none/change").status_code == 404
    for act in ("password", "close", "reopen"):
        assert post(administrator, f"/accounts/none/{act}").status_code == 404


def test_names_are_shown_as_text_whatever_they_hold(app: Flask, administrator: FlaskClient) -> None:
    post(administrator, "/accounts/new", **(NIA | {"name": "<script>alert(1)</script>"}))
    page = administrator.get("/accounts").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_nothing_is_done_without_the_forms_token(app: Flask, administrator: FlaskClient) -> None:
    path = f"/accounts/{officer(app)}"
    for act in ("password", "close", "reopen", "change"):
        assert administrator.post(f"{path}/{act}").status_code == 400
    assert send_sign_in(app.test_client(), "case-officer@example.org", PASSWORD).status_code == 303
