"""A declared interest closes a case to its person at once, on every page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.models import Interest
from tests.fixtures.forms import send_form
from tests.fixtures.hearing import Hearing
from tests.fixtures.people import SignIn, token_in

pytestmark = pytest.mark.embedded


@pytest.fixture
def hearing(app: Flask) -> Hearing:
    return Hearing(app)


@pytest.fixture
def clerk(sign_in: SignIn, hearing: Hearing) -> FlaskClient:
    return sign_in(email="clerk@example.org")


@pytest.fixture
def member(sign_in: SignIn, hearing: Hearing) -> FlaskClient:
    return sign_in(email="member@example.org")


def test_a_member_who_declares_an_interest_is_sent_away_and_sees_the_case_no_more(
    hearing: Hearing, member: FlaskClient, clerk: FlaskClient
) -> None:
    answer = send_form(member, hearing.pages[0] + "/interest", nature="My neighbour’s child")
    assert answer.location == hearing.address
    for page in ("", "/view", "/interest", "/decision"):
        assert member.get(hearing.pages[0] + page).status_code == 404
    token = token_in(member.get("/account"))
    for page in ("/name", "/display", "/keys", "/decision/keep"):
        sent = member.post(hearing.pages[0] + page, data={"csrf_token": token})
        assert sent.status_code == 404, page
    assert member.get(hearing.pages[1]).status_code == 200
    text = clerk.get(hearing.pages[0] + "/decision").text
    assert "Mina Member keeps out of this case" in text
    assert "My neighbour’s child" in text
    token = token_in(clerk.get("/account"))
    clerk.post(hearing.pages[0] + "/display", data={"csrf_token": token})
    shared = clerk.get(hearing.pages[0] + "/decision").text
    assert "Mina Member keeps out of this case" in shared
    assert "My neighbour’s child" not in shared


def test_other_members_read_who_keeps_out_and_not_why(
    hearing: Hearing, member: FlaskClient, sign_in: SignIn
) -> None:
    send_form(member, hearing.pages[0] + "/interest", nature="My neighbour’s child")
    text = sign_in(email="dco@example.org").get(hearing.pages[0]).text
    assert "Mina Member keeps out of this case" in text
    assert "My neighbour’s child" not in text


def test_the_clerk_declares_a_members_interest_and_takes_it_back(
    hearing: Hearing, member: FlaskClient, clerk: FlaskClient
) -> None:
    whose = str(hearing.people["member"])
    answer = send_form(clerk, hearing.pages[0] + "/interest", person=whose, nature="Kin")
    assert answer.location == hearing.pages[0]
    assert member.get(hearing.pages[0]).status_code == 404
    held = hearing.rows(Interest)[0]
    end = f"{hearing.pages[0]}/interest/{held.public_id}/end"
    assert send_form(clerk, end).status_code == 422
    assert send_form(clerk, end, why="A namesake").status_code == 303
    assert member.get(hearing.pages[0]).status_code == 200
    assert clerk.get(end).status_code == 404


def test_a_member_declares_for_nobody_else_and_takes_nothing_back(
    hearing: Hearing, member: FlaskClient, clerk: FlaskClient
) -> None:
    whose = str(hearing.people["dco"])
    answer = send_form(member, hearing.pages[0] + "/interest", person=whose, nature="Kin")
    assert answer.status_code == 422
    assert hearing.rows(Interest) == []
    send_form(clerk, hearing.pages[0] + "/interest", person=whose, nature="Kin")
    end = f"{hearing.pages[0]}/interest/{hearing.rows(Interest)[0].public_id}/end"
    assert member.get(end).status_code == 403
    token = token_in(member.get("/account"))
    assert member.post(end, data={"csrf_token": token, "why": "x"}).status_code == 403
    assert hearing.rows(Interest)[0].ended_at is None


def test_an_officer_who_does_not_sit_declares_nothing_here(
    hearing: Hearing, sign_in: SignIn
) -> None:
    assert sign_in("case-officer").get(hearing.pages[0] + "/interest").status_code == 403


def test_an_interest_needs_its_nature(hearing: Hearing, member: FlaskClient) -> None:
    answer = send_form(member, hearing.pages[0] + "/interest", nature=" ")
    assert answer.status_code == 422
    assert "Say what the interest is" in answer.text


def test_a_decision_of_somebody_who_then_declares_an_interest_is_pointed_out(
    hearing: Hearing, clerk: FlaskClient
) -> None:
    hearing.decide(0, decided_by_id=hearing.people["chair"])
    whose = str(hearing.people["chair"])
    send_form(clerk, hearing.pages[0] + "/interest", person=whose, nature="Kin")
    assert "Another chair or deputy must record it again" in clerk.get(hearing.pages[0]).text
