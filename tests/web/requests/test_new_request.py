"""A request keyed on one page. Every child here is invented."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from casework.extensions import db
from casework.models import AuditEntry, Case, CaseEvent, Contact, Person, Setting, User
from tests.factories import make_case
from tests.fixtures.forms import boxes, send_again
from tests.fixtures.people import SignIn, add_person, send_sign_in, token_in

pytestmark = pytest.mark.embedded

NEW = "/requests/new"
LEAST = {"source": "1", "kind": "request", "received_on": "t", "surname": "Okafor"}
MOST = LEAST | {
    "requested_by": "Amal Okafor, mother",
    "received_on": "19/11/26",
    "received_time": "4.05pm",
    "route": "email",
    "forenames": "Ada",
    "known_as": "Addy",
    "date_of_birth": "4 5 18",
    "sex": "F",
    "ethnicity": "BAFR",
    "postcode": "sl61rf",
    "upn": "b801200005001",
    "nhs_number": "943 476 5919",
    "first_language": "Igbo",
    "primary_need": "SLCN",
    "secondary_need": "ASD",
    "looked_after": "yes",
    "looked_after_by": "Anyshire",
    "has_hearing_impairment": "y",
    "setting": "Oakfield Primary",
    "setting_is_new": "y",
    "graduated_approach": "no",
    "asks": "An assessment.\r\nAnd soon.",
    "is_complex": "y",
    "contact-name": "Amal Okafor",
    "contact-relationship_to_child": "mother",
    "contact-has_parental_responsibility": "y",
    "contact-phone": "01632 960 001",
    "contact-email": "amal@example.org",
    "contact-address": "1 High Street\r\nOakfield",
    "contact-address_is_protected": "y",
    "contact-prefers": "email",
}


@pytest.fixture
def officer(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a case officer is signed in."""
    return sign_in("case-officer", name="Oona Officer")


def hidden(page: TestResponse, name: str) -> str:
    return page.text.split(f'name="{name}"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def send(client: FlaskClient, **typed: Any) -> TestResponse:
    """Send the page as a browser does: what it came with, and what was typed."""
    page = client.get(NEW)
    given = {"csrf_token": token_in(page), "key": hidden(page, "key")} | typed
    return client.post(NEW, data=given)


def counts() -> list[int]:
    models = (Case, Person, Setting, Contact, CaseEvent)
    return [db.session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def only_case() -> Case:
    return db.session.scalars(select(Case)).one()


def test_four_answers_are_enough(app: Flask, officer: FlaskClient) -> None:
    answer = send(officer, **LEAST)
    assert answer.status_code == 303
    with app.app_context():
        case = only_case()
        assert answer.location == f"/cases/{case.public_id}"
        assert (case.kind, case.source, case.started_on) == ("request", "1", date(2026, 11, 23))
        assert (case.person.surname, case.person.forenames) == ("Okafor", "")
        assert case.officer_id is None  # the page offered the officer, who took the offer away


def test_the_page_offers_the_officer_who_keys_it(officer: FlaskClient) -> None:
    html = officer.get(NEW).text
    assert "selected>Oona Officer" in html


def test_a_manager_chooses_the_officer(sign_in: SignIn) -> None:
    html = sign_in("manager").get(NEW).text
    assert '<option value="" selected>Nobody yet</option>' in html


def test_everything_typed_is_held(app: Flask, officer: FlaskClient) -> None:
    with app.app_context():
        add_person(email="able@example.org", name="Ben Able", takes_complex_cases=True)
        able = db.session.scalars(select(User.id).where(User.name == "Ben Able")).one()
    assert send(officer, **MOST, officer_id=str(able)).status_code == 303
    with app.app_context():
        case = only_case()
        person, [contact], setting = case.person, case.person.contacts, case.setting
        assert (case.started_on, case.received_time) == (date(2026, 11, 19), time(16, 5))
        assert (case.requested_by, case.route) == ("Amal Okafor, mother", "email")
        assert (case.graduated_approach, case.is_complex) == (False, True)
        assert case.asks == "An assessment.\nAnd soon."
        assert (case.youth_accommodation, case.officer_id) == (False, able)
        assert (person.known_as, person.date_of_birth) == ("Addy", date(2018, 5, 4))
        assert (person.postcode, person.upn, person.nhs_number) == (
            *("SL6 1RF", "B801200005001", "9434765919"),
        )
        assert (person.ethnicity, person.primary_need, person.secondary_need) == (
            *("BAFR", "SLCN", "ASD"),
        )
        assert (person.looked_after, person.looked_after_by) == (True, "Anyshire")
        assert (person.has_hearing_impairment, person.has_vision_impairment) == (True, False)
        assert setting
        assert (setting.name, setting.needs_review) == ("Oakfield Primary", True)
        assert (contact.name, contact.has_parental_responsibility) == ("Amal Okafor", True)
        assert (contact.address, contact.address_is_protected) == ("1 High Street\nOakfield", True)
        actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert actions[-1] == "opened case"


@pytest.mark.parametrize("source", ["3", "4", "5"])
def test_nobody_but_family_and_school_can_request_so_the_child_is_brought_to_attention(
    app: Flask, officer: FlaskClient, source: str
) -> None:
    answer = send(officer, **LEAST | {"source": source})
    with app.app_context():
        case = only_case()
        assert case.kind == "attention"
        event = db.session.scalars(select(CaseEvent)).one()
        assert (event.kind, event.happened_on) == ("became_responsible", date(2026, 11, 23))
    assert answer.status_code == 303
    assert "brought to our attention" in officer.get("/account").text


@pytest.mark.parametrize("source", ["1", "2"])
def test_a_family_or_school_requests(app: Flask, officer: FlaskClient, source: str) -> None:
    send(officer, **LEAST | {"source": source})
    with app.app_context():
        assert db.session.scalars(select(CaseEvent.kind)).one() == "request_received"


def test_a_form_sent_twice_makes_one_case(app: Flask, officer: FlaskClient) -> None:
    page = officer.get(NEW)
    given = {"csrf_token": token_in(page), "key": hidden(page, "key"), **LEAST}
    first = officer.post(NEW, data=given)
    # The second is asked about the child that the first has made, and says it is another.
    again = officer.post(NEW, data=given)
    seen = hidden(again, "seen")
    second = officer.post(NEW, data=given | {"seen": seen, "decision": "different"})
    assert second.location == first.location
    with app.app_context():
        assert counts()[0] == 1


def test_a_form_without_its_token_saves_nothing_and_shows_what_was_typed(
    app: Flask, officer: FlaskClient
) -> None:
    answer = officer.post(NEW, data=LEAST)
    assert answer.status_code == 400
    assert "Okafor" in answer.text
    with app.app_context():
        assert counts() == [0] * 5


@pytest.mark.parametrize("role", ["administrator", "panel-clerk", "dco", "auditor"])
def test_only_those_who_write_cases_key_requests(sign_in: SignIn, role: str) -> None:
    assert sign_in(role).get(NEW).status_code == 403


def test_a_setting_is_found_by_the_name_or_urn_that_was_typed(
    app: Flask, officer: FlaskClient
) -> None:
    with app.app_context():
        db.session.add(Setting(name="St Mary’s School", name_key="st marys school", urn="109890"))
        db.session.commit()
    for number, typed in enumerate(["St Marys School", "109890", "St Mary’s School (URN 109890)"]):
        assert send(officer, **LEAST | {"surname": f"No{number}", "setting": typed}).location
    with app.app_context():
        assert set(db.session.scalars(select(Case.setting_id))) == {1}
        assert counts()[2] == 1


def test_a_setting_not_in_the_list_is_asked_about_with_those_that_come_near(
    app: Flask, officer: FlaskClient
) -> None:
    with app.app_context():
        db.session.add(Setting(name="Oakfield Primary School", name_key="oakfield primary school"))
        db.session.commit()
    answer = send(officer, **LEAST | {"setting": "Oakfeild primary"})
    assert answer.status_code == 422
    assert "Did you mean Oakfield Primary School?" in answer.text
    assert 'value="Oakfeild primary"' in answer.text


def test_two_settings_of_one_name_are_told_apart(app: Flask, officer: FlaskClient) -> None:
    with app.app_context():
        for urn in ("109890", "109891"):
            db.session.add(Setting(name="St Mary’s", name_key="st marys", urn=urn))
        db.session.commit()
    assert (
        "More than one setting has this name"
        in send(officer, **LEAST | {"setting": "st marys"}).text
    )
    assert send(officer, **LEAST | {"setting": "St Mary’s (URN 109891)"}).status_code == 303
    with app.app_context():
        setting = only_case().setting
        assert setting
        assert setting.urn == "109891"


def test_a_complex_case_is_offered_only_to_those_who_take_them(
    app: Flask, officer: FlaskClient
) -> None:
    with app.app_context():
        add_person(email="able@example.org", name="Ben Able", takes_complex_cases=True)
        plain = db.session.scalars(select(User.id).where(User.name == "Oona Officer")).one()
    answer = send(officer, **LEAST, is_complex="y", officer_id=str(plain))
    assert answer.status_code == 422
    assert "Oona Officer does not take complex cases. Choose Ben Able" in answer.text
    with app.app_context():
        assert counts() == [0] * 5


def test_a_time_today_that_has_not_come_is_refused(app: Flask, officer: FlaskClient) -> None:
    from casework import clock

    clock.set_today(None)
    answer = send(officer, **LEAST, received_time="23:59")
    assert "Time received must be in the past" in answer.text


def test_the_same_child_as_twin_is_kept_apart(app: Flask, officer: FlaskClient) -> None:
    with app.app_context():
        make_case(person={"surname": "Okafor", "forenames": "Ben"})
    typed = LEAST | {"forenames": "Ada", "date_of_birth": "4/5/2018"}
    page = send(officer, **typed)
    assert "perhaps a twin" in page.text
    given = {"csrf_token": token_in(page), "key": hidden(page, "key"), **typed}
    answer = officer.post(NEW, data=given | {"seen": hidden(page, "seen"), "decision": "different"})
    assert answer.status_code == 303
    with app.app_context():
        assert counts()[:2] == [2, 2]


def test_a_request_sent_after_the_session_ended_comes_back_as_it_was_typed(
    app: Flask, officer: FlaskClient, later: Callable[..., None]
) -> None:
    page = officer.get(NEW)
    key = hidden(page, "key")
    later(minutes=31)
    typed = MOST | {"officer_id": "", "is_complex": "", "asks": "All of it\r\nand this"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    given = {"csrf_token": token_in(page), "key": key, **typed}
    assert "/sign-in" in officer.post(NEW, data=given, headers=headers).location
    send_sign_in(officer, "case-officer@example.org")
    kept = officer.get(NEW)
    held = boxes(kept)
    for name in ("surname", "received_on", "date_of_birth", "contact-name", "contact-phone"):
        assert held[name] == [typed[name]], name
    assert held["asks"] == ["All of it\r\nand this"]
    assert held["key"] == [key]
    with app.app_context():
        assert counts() == [0] * 5
    assert send_again(officer, kept, NEW).status_code == 303
    with app.app_context():
        assert counts()[:2] == [1, 1]
