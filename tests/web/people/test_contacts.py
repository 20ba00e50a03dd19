"""Those to be told: added, changed, ended, their protected addresses kept. All are invented."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.extensions import db
from casework.models import AuditEntry, Contact
from tests.factories import make_case
from tests.fixtures.forms import boxes, send_again, send_form
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded

AMAL = {"name": "Amal Okafor", "relationship_to_child": "mother"}


@pytest.fixture
def officer(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a case officer is signed in."""
    return sign_in("case-officer", name="Oona Officer")


@pytest.fixture
def path(app: Flask) -> str:
    """Open a case; give the address of its contacts."""
    with app.app_context():
        return f"/cases/{make_case().public_id}/contacts"


@pytest.fixture
def protected(app: Flask, officer: FlaskClient, path: str) -> str:
    """Hold a contact whose address is protected; give the address of its page."""
    typed = {"address": "7 Hidden Lane", "phone": "01632 960 777", "email": "amal@example.org"}
    send_form(officer, f"{path}/new", **AMAL, **typed, address_is_protected="y")
    with app.app_context():
        return f"{path}/{contact().public_id}/change"


def contact() -> Contact:
    return db.session.scalars(select(Contact)).one()


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_contact_is_added_shown_and_audited(app: Flask, officer: FlaskClient, path: str) -> None:
    assert "Nobody is recorded yet" in officer.get(path).text
    typed = {"has_parental_responsibility": "y", "phone": "01632 960 001", "prefers": "phone"}
    answer = send_form(officer, f"{path}/new", **AMAL, **typed)
    assert (answer.status_code, answer.location) == (303, path)
    page = officer.get(path).text
    assert "Amal Okafor" in page
    assert "mother, with parental responsibility" in page
    with app.app_context():
        assert "added contact" in actions()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Enter the contact’s full name"),
        ({"relationship_to_child": "\u200b"}, "Enter how they are related to the child"),
        ({"phone": "ring the bell"}, "Enter a telephone number"),
        ({"email": "amal"}, "Enter an email address in the correct format"),
        ({"prefers": "text"}, "Enter a telephone number, or choose another way"),
        ({"prefers": "pigeon"}, "Choose an answer from the list"),
        ({"address": "x" * 1001}, "1,000 characters or fewer"),
        ({"contact_notes": "a\x00b"}, "a hidden character"),
    ],
)
def test_bad_input_is_refused_and_kept(
    app: Flask, officer: FlaskClient, path: str, typed: dict[str, str], words: str
) -> None:
    answer = send_form(officer, f"{path}/new", **AMAL | {"contact_notes": "Kept"} | typed)
    assert answer.status_code == 422
    assert words in answer.text
    if "contact_notes" not in typed:
        assert boxes(answer)["contact_notes"] == ["Kept"]
    with app.app_context():
        assert db.session.scalars(select(Contact)).all() == []


def test_a_protected_address_is_not_shown_in_the_list(
    officer: FlaskClient, sign_in: SignIn, path: str, protected: str
) -> None:
    for client in (officer, sign_in("manager"), sign_in("panel-clerk")):
        page = client.get(path).text
        assert "Protected: the address and numbers are not shown" in page
        assert "Hidden Lane" not in page
        assert "960 777" not in page


def test_an_officer_changes_the_rest_of_a_protected_contact_and_cannot_unprotect_it(
    app: Flask, officer: FlaskClient, protected: str
) -> None:
    page = officer.get(protected)
    assert "Hidden Lane" not in page.text
    with app.app_context():
        assert actions()[-1] == "viewed contact"
    assert "address_is_protected" not in boxes(page)
    answer = send_again(
        officer, page, protected, name="Amal Nasser", address="Elsewhere", address_is_protected=""
    )
    assert answer.status_code == 303
    with app.app_context():
        held = contact()
        assert (held.name, held.address) == ("Amal Nasser", "7 Hidden Lane")
        assert held.address_is_protected


def test_a_manager_sees_and_changes_a_protected_address_and_the_trail_says_so(
    app: Flask, sign_in: SignIn, protected: str
) -> None:
    manager = sign_in("manager")
    assert "7 Hidden Lane" in manager.get(protected).text
    with app.app_context():
        assert actions()[-1] == "viewed protected address"
    send_form(manager, protected, address="8 Hidden Lane")
    with app.app_context():
        assert contact().address == "8 Hidden Lane"


def test_two_who_change_one_contact_are_shown_both(
    app: Flask, officer: FlaskClient, sign_in: SignIn, path: str
) -> None:
    send_form(officer, f"{path}/new", **AMAL)
    with app.app_context():
        change = f"{path}/{contact().public_id}/change"
    page = officer.get(change)
    send_form(sign_in("manager", name="Mo Manager"), change, phone="01632 960 001")
    conflict = send_again(officer, page, change, phone="01632 960 002")
    assert conflict.status_code == 409
    assert "Mo Manager changed contact" in conflict.text
    assert "01632 960 001" in conflict.text
    with app.app_context():
        assert contact().phone == "01632 960 001"
    send_again(officer, conflict, change)
    with app.app_context():
        assert contact().phone == "01632 960 002"


def test_a_contact_is_ended_and_taken_up_again(app: Flask, officer: FlaskClient, path: str) -> None:
    send_form(officer, f"{path}/new", **AMAL)
    with app.app_context():
        one = f"{path}/{contact().public_id}"
    assert (
        "must be today or in the past"
        in send_form(officer, f"{one}/end", ended_on="24/11/2026").text
    )
    send_form(officer, f"{one}/end", ended_on="t")
    assert "until 23 November 2026" in officer.get(path).text
    with app.app_context():
        assert contact().ended_on == date(2026, 11, 23)
        assert actions()[-2] == "ended contact"
    page = officer.get(path)
    officer.post(f"{one}/take-up", data={"csrf_token": boxes(page)["csrf_token"][0]})
    with app.app_context():
        assert contact().ended_on is None
        assert "took contact up again" in actions()


def test_a_contact_of_another_child_is_not_found(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    send_form(officer, f"{path}/new", **AMAL)
    with app.app_context():
        other = make_case(person={"surname": "Other"})
        address = f"/cases/{other.public_id}/contacts/{contact().public_id}/change"
    assert officer.get(address).status_code == 404


def test_a_clerk_sees_contacts_and_changes_none(sign_in: SignIn, path: str) -> None:
    clerk = sign_in("panel-clerk")
    assert clerk.get(path).status_code == 200
    assert "Add a contact" not in clerk.get(path).text
    assert clerk.get(f"{path}/new").status_code == 403


@pytest.mark.parametrize("role", ["dco", "service-member", "administrator"])
def test_nobody_else_sees_contacts(sign_in: SignIn, path: str, role: str) -> None:
    assert sign_in(role).get(path).status_code == 403
