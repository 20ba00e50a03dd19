"""What is held of a child is put right, and nobody's change is lost. Every child is invented."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.extensions import db
from casework.models import AuditEntry, Case, Person
from casework.queries.matches import matches
from casework.services import people
from casework.services.audit_trail import COMMAND_LINE
from tests.factories import make_case
from tests.fixtures.forms import boxes, send_again, send_form
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded


@pytest.fixture
def officer(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a case officer is signed in."""
    return sign_in("case-officer", name="Oona Officer")


@pytest.fixture
def path(app: Flask) -> str:
    """Hold Ida Invented; give the address of her page."""
    with app.app_context():
        return f"/cases/{make_case().public_id}/child"


def child() -> Person:
    return db.session.scalars(select(Person)).one()


def last_action() -> str | None:
    return db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()


def test_a_change_is_saved_audited_and_found_by(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    answer = send_form(
        officer, path, surname="Lindqvist", postcode="sl6 1rf", looked_after="yes",
        looked_after_by="Anyshire", upn="B801200005001",
    )  # fmt: skip
    assert answer.status_code == 303
    assert answer.location == path.removesuffix("/child")
    with app.app_context():
        person = child()
        assert (person.surname, person.postcode, person.looked_after) == (
            *("Lindqvist", "SL6 1RF", True),
        )
        assert last_action() == "changed child"
        assert matches(surname="Lindqvist", forenames="Ida", date_of_birth=None)


def test_looking_is_told_to_the_trail_before_the_page_is_sent(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    officer.get(path)
    with app.app_context():
        assert last_action() == "viewed details"


def test_saving_without_a_change_changes_nothing(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    send_form(officer, path)
    with app.app_context():
        person = child()
        assert (person.version, person.date_of_birth) == (1, date(2018, 5, 4))
        assert last_action() == "viewed details"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"surname": " "}, "Enter the child’s last name"),
        ({"date_of_birth": "8/9/2026"}, "on or before the day the case began"),
        ({"date_of_birth": "7/9/2000"}, "They would be 26"),
        ({"upn": "A801200005001"}, "its first letter does not fit"),
        ({"sex": "X"}, "Choose an answer from the list"),
        ({"postcode": "SL6\x00"}, "a hidden character"),
    ],
)
def test_bad_input_is_refused_and_kept(
    app: Flask, officer: FlaskClient, path: str, typed: dict[str, str], words: str
) -> None:
    answer = send_form(officer, path, **typed, first_language="Igbo")
    assert answer.status_code == 422
    assert words in answer.text
    assert boxes(answer)["first_language"] == ["Igbo"]
    with app.app_context():
        assert child().version == 1


def test_a_number_of_another_child_is_refused(app: Flask, officer: FlaskClient, path: str) -> None:
    with app.app_context():
        make_case(person={"surname": "Other", "upn": "B801200005001"})
    answer = send_form(officer, path, upn="B801200005001")
    assert answer.status_code == 422
    assert "Another child has this UPN" in answer.text


def test_a_tracker_s_wrong_number_may_stay_and_one_put_right_is_verified(
    app: Flask, officer: FlaskClient
) -> None:
    with app.app_context():
        case = make_case(person={"upn": "A801200005001", "upn_verified": False})
        path = f"/cases/{case.public_id}/child"
    assert "does not pass its check" in officer.get(path).text
    assert send_form(officer, path, sex="F").status_code == 303
    with app.app_context():
        assert (child().sex, child().upn, child().upn_verified) == ("F", "A801200005001", False)
    send_form(officer, path, upn="B801200005001")
    with app.app_context():
        assert (child().upn, child().upn_verified) == ("B801200005001", True)


def test_two_who_change_one_answer_are_shown_both_and_the_second_chooses(
    app: Flask, officer: FlaskClient, sign_in: SignIn, path: str
) -> None:
    page = officer.get(path)
    manager = sign_in("manager", name="Mo Manager")
    send_form(manager, path, postcode="SL1 1AA")
    conflict = send_again(officer, page, path, postcode="sl6 1rf", sex="F")
    assert conflict.status_code == 409
    assert "Someone else saved first" in conflict.text
    assert "Mo Manager changed child" in conflict.text
    assert "SL1 1AA" in conflict.text
    assert boxes(conflict)["postcode"] == ["sl6 1rf"]
    with app.app_context():
        assert (child().postcode, child().sex) == ("SL1 1AA", None)
    assert send_again(officer, conflict, path).status_code == 303
    with app.app_context():
        assert (child().postcode, child().sex) == ("SL6 1RF", "F")


def test_what_only_the_other_changed_is_taken_over(
    app: Flask, officer: FlaskClient, sign_in: SignIn, path: str
) -> None:
    page = officer.get(path)
    send_form(sign_in("manager"), path, postcode="SL1 1AA", has_vision_impairment="y")
    conflict = send_again(officer, page, path, sex="F")
    assert "You changed different things" in conflict.text
    assert boxes(conflict)["postcode"] == ["SL1 1AA"]
    send_again(officer, conflict, path)
    with app.app_context():
        person = child()
        assert (person.postcode, person.sex, person.has_vision_impairment) == (
            *("SL1 1AA", "F", True),
        )


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999", "１"])
def test_a_version_that_was_tampered_with_is_a_conflict(
    app: Flask, officer: FlaskClient, path: str, version: str
) -> None:
    typed: dict[str, Any] = {"version": version, "was": "[not json", "surname": "Lindqvist"}
    if version == "":  # an empty one is stamped anew, over what the page then shows
        assert send_form(officer, path, **typed).status_code == 303
        return
    assert send_form(officer, path, **typed).status_code == 409
    with app.app_context():
        assert child().surname == "Invented"


@pytest.mark.parametrize("role", ["panel-clerk", "dco", "administrator", "auditor"])
def test_only_those_who_write_cases_open_it(sign_in: SignIn, path: str, role: str) -> None:
    assert sign_in(role).get(path).status_code == 403


def test_no_such_case_is_no_such_page(officer: FlaskClient) -> None:
    assert officer.get("/cases/nothing/child").status_code == 404


def test_a_form_without_its_token_changes_nothing(
    app: Flask, officer: FlaskClient, path: str
) -> None:
    assert officer.post(path, data={"surname": "Lindqvist", "version": "1"}).status_code == 400
    with app.app_context():
        assert child().surname == "Invented"


def test_the_postcode_of_a_child_with_a_protected_contact_is_shown_to_a_manager_alone(
    app: Flask, officer: FlaskClient, sign_in: SignIn, path: str
) -> None:
    send_form(officer, path, postcode="SL6 1RF")
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        people.save_contact(
            actor=COMMAND_LINE,
            case_id=case.id,
            person_id=case.person_id,
            contact_id=None,
            details={"name": "A", "relationship_to_child": "mother", "address_is_protected": True},
        )
    shown = officer.get(path)
    assert "SL6 1RF" not in shown.text
    assert send_again(officer, shown, path, first_language="Welsh").status_code == 303
    assert send_form(officer, path, postcode="SL6 9XX", first_language="Urdu").status_code == 303
    with app.app_context():
        assert (child().postcode, child().first_language) == ("SL6 1RF", "Urdu")
    assert "SL6 1RF" in sign_in("manager").get(path).text
