"""A session is over when it should be, on the next request, whatever the browser still holds."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.extensions import db
from casework.models import AuditEntry, User, UserSession
from casework.services import accounts
from casework.services.audit_trail import COMMAND_LINE
from tests.fixtures.people import PASSWORD, Later, SignIn, send_sign_in, token_in

pytestmark = pytest.mark.embedded

OFFICER = "case-officer@example.org"
NEW = "seven lighthouses humming"


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def post(client: FlaskClient, path: str, page: str = "/account", **typed: Any) -> Any:
    return client.post(path, data={"csrf_token": token_in(client.get(page)), **typed})


def officer() -> User:
    return db.session.query(User).filter_by(email=OFFICER).one()


def test_a_session_lasts_while_it_is_used(sign_in: SignIn, later: Later) -> None:
    client = sign_in()
    for _ in range(6):
        later(minutes=29)
        assert is_in(client)


def test_a_session_left_for_thirty_one_minutes_is_over(sign_in: SignIn, later: Later) -> None:
    client = sign_in()
    later(minutes=31)
    answer = client.get("/account")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/account"
    assert "because nothing was done for a while" in client.get(answer.location).text


@pytest.mark.parametrize(("minutes", "expected"), [(11 * 60 + 59, True), (12 * 60 + 1, False)])
def test_a_session_is_over_after_twelve_hours_however_busy(
    sign_in: SignIn, later: Later, minutes: int, expected: bool
) -> None:
    client = sign_in()
    for _ in range(minutes // 20):
        later(minutes=20)
        is_in(client)
    later(minutes=minutes % 20)
    assert is_in(client) is expected


def test_looking_about_writes_once_a_minute_at_most(
    app: Flask, sign_in: SignIn, later: Later
) -> None:
    def seen() -> Any:
        with app.app_context():
            return db.session.query(UserSession).one().last_seen_at

    client = sign_in()
    began = seen()
    later(seconds=30)
    is_in(client)
    assert seen() == began
    later(seconds=31)
    is_in(client)
    assert seen() > began


def test_signing_out_ends_the_session_in_the_database(app: Flask, sign_in: SignIn) -> None:
    client = sign_in()
    assert post(client, "/sign-out").location == "/sign-in"
    assert not is_in(client)
    with app.app_context():
        assert db.session.query(UserSession).one().ended_at
        assert db.session.query(AuditEntry.action).order_by(AuditEntry.id.desc()).first() == (
            "signed out",
        )


def test_a_get_signs_nobody_out(sign_in: SignIn) -> None:
    client = sign_in()
    assert client.get("/sign-out").status_code == 405
    assert is_in(client)


def test_the_cookie_holds_a_token_that_the_database_does_not(app: Flask, sign_in: SignIn) -> None:
    client = sign_in()
    with client.session_transaction() as held:
        token = held["_user_id"]
    assert len(token) >= 43  # 256 bits
    with app.app_context():
        kept = db.session.query(UserSession).one()
        assert token not in (kept.token_digest, str(kept.id))
        assert len(kept.token_digest) == 64


def test_a_cookie_planted_before_signing_in_is_worth_nothing_after(app: Flask) -> None:
    with app.app_context():
        accounts.create_user(
            actor=COMMAND_LINE, email=OFFICER, name="Ada", role="manager", password=PASSWORD
        )
    victim = app.test_client()
    with victim.session_transaction() as held:
        held["_user_id"], held["planted"] = "a token of the attacker", "yes"
    planted = victim.get_cookie("casework")
    assert planted
    before = token_in(victim.get("/sign-in"))
    send_sign_in(victim, OFFICER)
    assert is_in(victim)
    with victim.session_transaction() as held:
        assert held["_user_id"] != "a token of the attacker"
        assert "planted" not in held
    assert token_in(victim.get("/account")) != before
    attacker = app.test_client()
    attacker.set_cookie("casework", planted.value)
    assert not is_in(attacker)


def test_a_disabled_account_is_out_at_the_next_request(app: Flask, sign_in: SignIn) -> None:
    client = sign_in()
    with app.app_context():
        accounts.disable(actor=COMMAND_LINE, public_id=officer().public_id)
    assert not is_in(client)
    assert send_sign_in(client, OFFICER).status_code == 422


def test_an_account_disabled_by_other_hands_is_out_too(app: Flask, sign_in: SignIn) -> None:
    client = sign_in()
    with app.app_context():
        officer().is_active = False
        db.session.commit()
    assert not is_in(client)


def test_a_changed_role_ends_the_session_even_when_nobody_ended_it(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in()
    with app.app_context():
        officer().role = "auditor"
        db.session.commit()
    answer = client.get("/account")
    assert answer.status_code == 303
    assert "because your role was changed" in client.get(answer.location).text


def test_changing_a_role_ends_every_session(app: Flask, sign_in: SignIn) -> None:
    first, second = sign_in(), sign_in(email=OFFICER)
    with app.app_context():
        user = officer()
        accounts.change_account(
            actor=COMMAND_LINE,
            public_id=user.public_id,
            email=OFFICER,
            name=user.name,
            team=None,
            service=None,
            role="manager",
            takes_complex_cases=False,
        )
    assert not is_in(first)
    assert not is_in(second)
    assert send_sign_in(first, OFFICER).status_code == 303


def test_a_changed_name_ends_nothing(app: Flask, sign_in: SignIn) -> None:
    client = sign_in()
    with app.app_context():
        accounts.change_account(
            actor=COMMAND_LINE,
            public_id=officer().public_id,
            email=OFFICER,
            name="Ada New",
            team="South",
            service=None,
            role="case-officer",
            takes_complex_cases=True,
        )
    assert is_in(client)
    assert "Ada New" in client.get("/account").text


def test_a_changed_password_signs_out_every_other_browser(app: Flask, sign_in: SignIn) -> None:
    here, elsewhere = sign_in(), sign_in(email=OFFICER)
    typed = {"current_password": PASSWORD, "new_password": NEW, "new_password_again": NEW}
    answer = post(here, "/account/password", "/account/password", **typed)
    assert answer.location == "/account"
    assert is_in(here)
    assert not is_in(elsewhere)
    assert send_sign_in(app.test_client(), OFFICER).status_code == 422
    assert send_sign_in(app.test_client(), OFFICER, NEW).status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"current_password": "not it at all"}, "not your present password"),
        ({"new_password_again": "another one entirely"}, "not the same"),
        ({"new_password": "short", "new_password_again": "short"}, "12 characters"),
        ({"new_password": PASSWORD, "new_password_again": PASSWORD}, "not your present one"),
        ({"current_password": ""}, "Enter your present password"),
    ],
)
def test_a_password_change_that_is_refused_changes_nothing(
    app: Flask, sign_in: SignIn, typed: dict[str, str], words: str
) -> None:
    client = sign_in()
    good = {"current_password": PASSWORD, "new_password": NEW, "new_password_again": NEW}
    answer = post(client, "/account/password", "/account/password", **(good | typed))
    assert answer.status_code == 422
    assert words in answer.text
    assert not [value for value in typed.values() if value and f'"{value}"' in answer.text]
    assert send_sign_in(app.test_client(), OFFICER).status_code == 303


def test_guessing_at_the_present_password_is_braked_like_signing_in(sign_in: SignIn) -> None:
    client = sign_in()
    wrong = {"current_password": "wrong", "new_password": NEW, "new_password_again": NEW}
    for _ in range(10):
        assert post(client, "/account/password", "/account/password", **wrong).status_code == 422
    right = wrong | {"current_password": PASSWORD}
    assert post(client, "/account/password", "/account/password", **right).status_code == 429


def test_a_person_sees_their_own_sessions_and_ends_one(app: Flask, sign_in: SignIn) -> None:
    here, elsewhere = sign_in(), sign_in(email=OFFICER)
    with app.app_context():
        _, other = db.session.query(UserSession.id).order_by(UserSession.id)
    assert "This browser" in here.get("/account").text
    assert post(here, f"/account/sessions/{other.id}/end").location == "/account"
    assert is_in(here)
    assert not is_in(elsewhere)


def test_nobody_ends_the_session_of_someone_else(app: Flask, sign_in: SignIn) -> None:
    sign_in()
    other = sign_in("manager")
    with app.app_context():
        first = db.session.query(UserSession.id).order_by(UserSession.id).first()
    assert post(other, f"/account/sessions/{first[0]}/end").status_code == 404
    with app.app_context():
        assert db.session.query(UserSession).filter(UserSession.ended_at.is_not(None)).count() == 0


def test_one_press_keeps_the_session_open(sign_in: SignIn, later: Later) -> None:
    client = sign_in()
    token = token_in(client.get("/account"))
    later(minutes=28)
    answer = client.post("/account/extend", headers={"X-CSRFToken": token})
    assert answer.status_code == 204
    later(minutes=28)
    assert is_in(client)


def test_no_cookie_of_ours_outlives_the_browser_or_can_be_read_by_a_script(
    sign_in: SignIn, app: Flask
) -> None:
    client = app.test_client()
    sign_in()
    answer = send_sign_in(client, OFFICER)
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]
    assert "Expires" not in cookies[0]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_one_time_password_opens_nothing_but_the_choice_of_ones_own(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        opened = accounts.create_user(
            actor=COMMAND_LINE, email=OFFICER, name="Ada Example", role="case-officer"
        )
    client, drawn = app.test_client(), opened.one_time_password or ""
    assert send_sign_in(client, OFFICER, drawn).status_code == 303
    for path in ("/", "/account", "/accounts"):
        assert client.get(path).location == "/account/password"
    page = client.get("/account/password")
    assert "Choose your own password" in page.text
    typed = {"current_password": drawn, "new_password": NEW, "new_password_again": NEW}
    assert post(client, "/account/password", "/account/password", **typed).location == "/"
    assert is_in(client)
    assert send_sign_in(app.test_client(), OFFICER, drawn).status_code == 422


def test_a_one_time_password_is_good_for_three_days(app: Flask, later: Later) -> None:
    with app.app_context():
        opened = accounts.create_user(
            actor=COMMAND_LINE, email=OFFICER, name="Ada Example", role="case-officer"
        )
    drawn = opened.one_time_password or ""
    later(hours=71)
    assert send_sign_in(app.test_client(), OFFICER, drawn).status_code == 303
    later(hours=2)
    assert send_sign_in(app.test_client(), OFFICER, drawn).status_code == 422


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_a_session_that_cannot_be_is_not_found(sign_in: SignIn, number: int) -> None:
    client = sign_in()
    token = token_in(client.get("/account"))
    answer = client.post(f"/account/sessions/{number}/end", data={"csrf_token": token})
    assert answer.status_code == 404
