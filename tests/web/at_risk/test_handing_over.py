"""Cases ticked on the lists are handed to one officer, once each was looked at."""

import re
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.clock import now
from casework.extensions import db
from casework.models import AuditEntry, Case, Interest, OfficerAssignment, User
from casework.services import cases
from casework.services.audit_trail import COMMAND_LINE
from casework.services.events import NewEvent
from tests.factories import TODAY, log, make_case, make_user
from tests.fixtures.forms import send_again, send_form
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded


@pytest.fixture
def manager(app: Flask, sign_in: SignIn) -> FlaskClient:
    """Give a browser of a manager: Ada holds two cases, one complex, and nobody holds a third."""
    client = sign_in("manager", name="Mo Manager")
    with app.app_context():
        ada = make_user(name="Ada Able", email="ada@example.org", takes_complex_cases=True)
        make_user(name="Ben Brown", email="ben@example.org")
        make_case(officer_id=ada.id)
        make_case(officer_id=ada.id, is_complex=True)
        make_case()
    return client


def number_of(name: str) -> int:
    return int(db.session.scalars(select(User.id).where(User.name == name)).one())


def ben(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(User.public_id).where(User.name == "Ben Brown")).one()


def path(app: Flask, *references: str, **more: str) -> str:
    with app.app_context():
        wanted = select(Case.public_id).where(Case.reference.in_(references)).order_by(Case.id)
        chosen = [("case", one) for one in db.session.scalars(wanted)]
    return f"/at-risk/hand-over?{urlencode([*chosen, *more.items()])}"


def held_by(app: Flask, name: str) -> list[str]:
    with app.app_context():
        held = select(Case.reference).where(Case.officer_id == number_of(name)).order_by(Case.id)
        return list(db.session.scalars(held))


def case_of(reference: str) -> Case:
    return db.session.scalars(select(Case).where(Case.reference == reference)).one()


ALL = ("EHC-000001", "EHC-000002", "EHC-000003")


def test_the_page_lists_the_cases_by_reference_and_says_how_many_each_officer_holds(
    app: Flask, manager: FlaskClient
) -> None:
    page = manager.get(path(app, *ALL)).text
    assert all(reference in page for reference in ALL)
    assert "Invented" not in page
    assert "Ada Able: 2 open cases, 2 overdue, takes complex cases" in page
    assert "Ben Brown: 0 open cases, 0 overdue" in page


def test_what_was_ticked_goes_once_it_was_confirmed_and_a_complex_case_stays(
    app: Flask, manager: FlaskClient
) -> None:
    address = path(app, *ALL, stage="received")
    page = send_form(manager, address, to=ben(app))
    assert "2 cases will go to Ben Brown." in page.text
    assert "EHC-000002 stays: it is complex, and Ben Brown takes no complex cases." in page.text
    assert held_by(app, "Ben Brown") == []
    answer = send_again(manager, page, address, confirmed=ben(app))
    assert answer.location == "/at-risk?stage=received"
    said = manager.get("/at-risk").text
    assert "2 cases handed over to Ben Brown: EHC-000001, EHC-000003." in said
    assert held_by(app, "Ben Brown") == ["EHC-000001", "EHC-000003"]
    with app.app_context():
        told = select(AuditEntry.case_id).where(AuditEntry.action == "handed over case")
        assert sorted(db.session.scalars(told)) == [1, 3]
        rows = select(OfficerAssignment.officer_id, OfficerAssignment.until_day)
        first = db.session.execute(rows.where(OfficerAssignment.case_id == 1)).all()
        assert [tuple(row) for row in first] == [
            (number_of("Ada Able"), TODAY),
            (number_of("Ben Brown"), None),
        ]


def test_sent_twice_it_is_done_once(app: Flask, manager: FlaskClient) -> None:
    address = path(app, "EHC-000001")
    page = send_form(manager, address, to=ben(app))
    for _ in range(2):
        send_again(manager, page, address, confirmed=ben(app))
    assert "Not handed over: EHC-000001, since Ben Brown holds it already." in (
        manager.get("/at-risk").text
    )
    with app.app_context():
        told = select(AuditEntry.case_id).where(AuditEntry.action == "handed over case")
        assert db.session.scalars(told).all() == [1]


def change(case: Case) -> None:
    log(case, NewEvent(kind="considering_notified", on=TODAY))


def hand_over(case: Case) -> None:
    to = number_of("Mo Manager")
    cases.hand_over(actor=COMMAND_LINE, today=TODAY, case_id=case.id, officer_id=to)


def end(case: Case) -> None:
    log(case, NewEvent(kind="withdrawn", on=TODAY))


def declare(case: Case) -> None:
    who = {"user_id": number_of("Ben Brown"), "nature": "A nephew", "declared_at": now()}
    db.session.add(Interest(case_id=case.id, **who))
    db.session.commit()


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        (change, "it was changed or handed over meanwhile"),
        (hand_over, "it was changed or handed over meanwhile"),
        (end, "its assessment has ended"),
        (declare, "Ben Brown has declared an interest in it"),
    ],
)
def test_a_case_that_changed_since_it_was_shown_is_left_out_and_named(
    app: Flask, manager: FlaskClient, meanwhile, why: str
) -> None:
    address = path(app, "EHC-000001", "EHC-000003")
    page = send_form(manager, address, to=ben(app))
    with app.app_context():
        meanwhile(case_of("EHC-000001"))
    send_again(manager, page, address, confirmed=ben(app))
    assert f"Not handed over: EHC-000001, since {why}." in manager.get("/at-risk").text
    assert held_by(app, "Ben Brown") == ["EHC-000003"]


def test_an_officer_chosen_after_the_check_is_checked_first(
    app: Flask, manager: FlaskClient
) -> None:
    address = path(app, "EHC-000001")
    page = send_form(manager, address, to=ben(app))
    with app.app_context():
        mo = db.session.get_one(User, number_of("Mo Manager")).public_id
    again = send_again(manager, page, address, to=mo, confirmed=ben(app))
    assert again.status_code == 200
    assert "1 case will go to Mo Manager." in again.text
    assert held_by(app, "Ben Brown") == []


@pytest.mark.parametrize(
    ("to", "words"),
    [("", "Choose who takes them over"), ("nobody", "Choose an answer from the list")],
)
def test_nobody_takes_cases_over_who_was_not_chosen(
    app: Flask, manager: FlaskClient, to: str, words: str
) -> None:
    answer = send_form(manager, path(app, "EHC-000001"), to=to, confirmed=to)
    assert answer.status_code == 422
    assert words in answer.text
    assert re.search("EHC-000001", answer.text)


def test_without_a_tick_the_list_says_what_to_do(manager: FlaskClient) -> None:
    answer = manager.get("/at-risk/hand-over?case=nothing&team=all")
    assert answer.location == "/at-risk?team=all"
    assert "Tick the cases to hand over." in manager.get("/at-risk").text


def test_a_case_hidden_from_the_manager_is_not_handed_over(
    app: Flask, manager: FlaskClient
) -> None:
    with app.app_context():
        who = {"user_id": number_of("Mo Manager"), "nature": "A niece", "declared_at": now()}
        db.session.add(Interest(case_id=1, **who))
        db.session.commit()
    assert "EHC-000001" not in manager.get(path(app, "EHC-000001", "EHC-000003")).text
