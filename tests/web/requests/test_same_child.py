"""The same child or an open request: asked before anything is made. Every child is invented."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from casework.extensions import db
from casework.models import AuditEntry, Case, Person
from casework.services import people
from tests.factories import make_case
from tests.fixtures.people import SignIn, token_in
from tests.web.requests.test_new_request import LEAST, NEW, counts, hidden, send

pytestmark = pytest.mark.embedded

BORN = "4/5/2018"
ADA = LEAST | {"forenames": "Ada", "date_of_birth": BORN}


@pytest.fixture
def officer(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a case officer is signed in."""
    return sign_in("case-officer")


@pytest.fixture
def held(app: Flask) -> dict[str, str]:
    """Hold Ada Okafor with one open case; give its identifiers."""
    with app.app_context():
        case = make_case(person={"surname": "Okafor", "forenames": "Ada"})
        return {"case": case.public_id, "child": case.person.public_id}


def decide(client: FlaskClient, page: TestResponse, typed: dict[str, str], **more: Any):
    """Answer the check as a browser does: with everything that was typed."""
    given = {"csrf_token": token_in(page), "key": hidden(page, "key"), **typed}
    return client.post(NEW, data=given | {"seen": hidden(page, "seen")} | more)


def test_nothing_is_made_until_the_person_has_decided(
    app: Flask, officer: FlaskClient, held: dict[str, str]
) -> None:
    page = send(officer, **ADA)
    assert page.status_code == 200
    assert "Is this the same child?" in page.text
    assert "The same name and date of birth" in page.text
    assert "This child already has an open case" in page.text
    with app.app_context():
        assert counts()[:2] == [1, 1]
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last
        assert last.action == "viewed as a possible match"


def test_deciding_nothing_asks_again_and_keeps_what_was_typed(
    officer: FlaskClient, held: dict[str, str]
) -> None:
    page = send(officer, **ADA | {"asks": "One\r\ntwo"})
    again = decide(officer, page, ADA | {"asks": "One\r\ntwo"})
    assert again.status_code == 422
    assert "Choose which child this is" in again.text
    assert 'name="asks" value="One\r\ntwo"' in again.text


def test_the_same_request_goes_to_its_case_and_saves_nothing(
    app: Flask, officer: FlaskClient, held: dict[str, str]
) -> None:
    answer = decide(officer, send(officer, **ADA), ADA, decision=f"case:{held['case']}")
    assert answer.location == f"/cases/{held['case']}"
    with app.app_context():
        assert counts()[:2] == [1, 1]


def test_the_same_child_gets_another_case_and_keeps_one_record(
    app: Flask, officer: FlaskClient, held: dict[str, str]
) -> None:
    typed = ADA | {"postcode": "sl61rf"}
    decide(officer, send(officer, **typed), typed, decision=f"child:{held['child']}")
    with app.app_context():
        assert counts()[:2] == [2, 1]
        assert db.session.scalars(select(Person.postcode)).one() == "SL6 1RF"


def test_what_differs_is_shown_and_changed_only_when_asked(
    app: Flask, officer: FlaskClient
) -> None:
    with app.app_context():
        case = make_case(person={"surname": "Okafor", "forenames": "Ada"})
        child = f"child:{case.person.public_id}"
    typed = ADA | {"surname": "Lindqvist"}
    page = send(officer, **typed)
    assert "perhaps a changed surname" in page.text
    assert "Last name: Okafor on the record, Lindqvist typed." in page.text
    decide(officer, page, typed, decision=child)
    with app.app_context():
        assert db.session.scalars(select(Person.surname)).one() == "Okafor"
    page = send(officer, **typed)
    decide(officer, page, typed, decision=child, prefer_typed="yes")
    with app.app_context():
        assert db.session.scalars(select(Person.surname)).one() == "Lindqvist"


def test_a_different_child_gets_a_record_of_their_own(
    app: Flask, officer: FlaskClient, held: dict[str, str]
) -> None:
    decide(officer, send(officer, **ADA), ADA, decision="different")
    with app.app_context():
        assert counts()[:2] == [2, 2]


def test_a_different_child_with_the_same_upn_is_refused_and_everything_is_kept(
    app: Flask, officer: FlaskClient
) -> None:
    with app.app_context():
        make_case(person={"upn": "B801200005001"})
    typed = ADA | {"upn": "B801200005001", "asks": "Kept"}
    answer = decide(officer, send(officer, **typed), typed, decision="different")
    assert answer.status_code == 422
    assert "Another child has this UPN" in answer.text
    assert "Kept" in answer.text
    with app.app_context():
        assert counts()[:2] == [1, 1]


def test_a_decision_about_records_that_have_changed_is_asked_again(
    app: Flask, officer: FlaskClient, held: dict[str, str]
) -> None:
    page = send(officer, **ADA)
    with app.app_context():
        make_case(person={"surname": "Okafor", "forenames": "Ben"})
    answer = decide(officer, page, ADA, decision="different")
    assert "The records changed while you were deciding" in answer.text
    assert "Ben Okafor" in answer.text
    with app.app_context():
        assert counts()[0] == 2


@pytest.mark.parametrize("decision", ["child:nobody", "case:none", "different'", "child:"])
def test_a_decision_that_was_not_offered_is_none(
    app: Flask, officer: FlaskClient, held: dict[str, str], decision: str
) -> None:
    answer = decide(officer, send(officer, **ADA), ADA, decision=decision)
    assert answer.status_code == 422
    with app.app_context():
        assert counts()[0] == 1


def test_going_back_shows_the_form_as_it_was_typed(
    officer: FlaskClient, held: dict[str, str]
) -> None:
    page = send(officer, **ADA)
    form = decide(officer, page, ADA, change="yes")
    assert form.status_code == 200
    assert 'value="Okafor"' in form.text
    assert f'value="{BORN}"' in form.text
    assert hidden(form, "key") == hidden(page, "key")


def test_an_ended_case_is_no_open_request(app: Flask, officer: FlaskClient) -> None:
    with app.app_context():
        case = make_case(person={"surname": "Okafor", "forenames": "Ada"})
        db.session.get_one(Case, case.id).ended_on = date(2026, 10, 1)
        db.session.commit()
    page = send(officer, **ADA)
    assert "ended:" in page.text
    assert "already has an open case" not in page.text
    assert "The same request" not in page.text


def test_markup_in_a_name_is_text_on_the_check_too(app: Flask, officer: FlaskClient) -> None:
    with app.app_context():
        make_case(person={"surname": "<b>Okafor</b>", "forenames": "{{ 7*7 }}"})
    page = send(officer, **ADA | {"surname": "<b>Okafor</b>", "forenames": "{{ 7*7 }}"})
    assert "<b>Okafor" not in page.text
    assert "{{ 7*7 }} &lt;b&gt;Okafor" in page.text


def test_the_check_does_not_give_a_protected_postcode_away(
    app: Flask, officer: FlaskClient
) -> None:
    with app.app_context():
        case = make_case(person={"surname": "Okafor", "forenames": "Ada", "postcode": "SL6 1RF"})
        mother = {"name": "A", "relationship_to_child": "mother", "address_is_protected": True}
        people.add_contact(case.person_id, mother)
        db.session.commit()
    page = send(officer, **ADA, postcode="SL6 9XX")
    assert "Is this the same child?" in page.text
    assert "Protected" in page.text
    assert "SL6 1RF" not in page.text
