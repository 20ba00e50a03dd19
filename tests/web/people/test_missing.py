"""The case says what is still to be found out. Every child is invented."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.extensions import db
from casework.models import Contact, Setting
from tests.factories import make_case
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded


@pytest.fixture
def officer(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a case officer is signed in."""
    return sign_in("case-officer")


def test_a_case_opened_on_four_answers_says_what_is_missing(
    app: Flask, officer: FlaskClient
) -> None:
    with app.app_context():
        path = f"/cases/{make_case(person={'date_of_birth': None}).public_id}"
    page = officer.get(path).text
    assert "Still to find out" in page
    for words in ("Date of birth", "UPN, ULN or the reason there is neither", "Primary need"):
        assert f"<li>{words}</li>" in page
    assert "<li>Someone with parental responsibility</li>" in page
    assert "Whether the school showed" not in page  # a parent asked


def test_a_schools_request_must_show_its_graduated_approach(
    app: Flask, officer: FlaskClient
) -> None:
    with app.app_context():
        path = f"/cases/{make_case(source='2').public_id}"
    assert "Whether the school showed its graduated approach" in officer.get(path).text


def test_a_contact_who_cannot_be_reached_is_still_to_find_out(
    app: Flask, officer: FlaskClient
) -> None:
    with app.app_context():
        case = make_case()
        contact = Contact(
            person_id=case.person_id,
            name="Amal",
            relationship_to_child="mother",
            has_parental_responsibility=True,
        )
        db.session.add(contact)
        db.session.commit()
        path = f"/cases/{case.public_id}"
    page = officer.get(path).text
    assert "<li>Someone with parental responsibility</li>" not in page
    assert "<li>How to reach anyone with parental responsibility</li>" in page


def test_a_whole_case_says_nothing(app: Flask, officer: FlaskClient) -> None:
    with app.app_context():
        db.session.add(Setting(name="Oakfield", name_key="oakfield"))
        db.session.commit()
        child = {"upn_unknown": "UN1", "sex": "F", "ethnicity": "WBRI", "postcode": "SL6 1RF"}
        child |= {"primary_need": "ASD", "looked_after": False}
        case = make_case(person=child, setting_id=1)
        db.session.add(
            Contact(
                person_id=case.person_id,
                name="Amal",
                relationship_to_child="mother",
                has_parental_responsibility=True,
                phone="01632 960 001",
            )
        )
        db.session.commit()
        path = f"/cases/{case.public_id}"
    assert "Still to find out" not in officer.get(path).text


def test_a_case_that_has_ended_asks_for_nothing(app: Flask, officer: FlaskClient) -> None:
    from casework.services.events import NewEvent
    from tests.factories import log

    with app.app_context():
        case = make_case()
        log(case, NewEvent(kind="withdrawn", on=date(2026, 11, 20)))
        path = f"/cases/{case.public_id}"
    assert "Still to find out" not in officer.get(path).text
