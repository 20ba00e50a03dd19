"""The letter that goes with the final plan: the rights of the family, and who else was sent it."""

from datetime import date

import pytest
from flask import Flask

from casework.extensions import db
from casework.models import CaseEvent, Contact, Letter
from tests.fixtures.people import SignIn
from tests.web.final.test_final import a_case, sign
from tests.web.letters.test_letters import add_contact, boxes, check, documents_of, words_of


@pytest.fixture
def signed(app: Flask, sign_in: SignIn) -> str:
    """Give a case whose final plan is signed and was sent to nobody."""
    case = a_case(app)
    assert sign(app, sign_in("manager"), case).status_code == 303
    return case


def sent(app: Flask) -> list[str | None]:
    with app.app_context():
        rows = db.session.query(CaseEvent).filter_by(kind="final_plan_sent").order_by(CaseEvent.id)
        return [row.recipient for row in rows]


def test_the_final_letter_gives_the_familys_rights_and_notes_who_was_sent_the_plan(
    app: Flask, sign_in: SignIn, signed: str
) -> None:
    client = sign_in()
    screen = check(client, signed, "final")
    assert "The responsible commissioning body" in screen.text
    data = boxes(screen) | {"also": ["institution"]}
    answer = client.post(f"/cases/{signed}/letters/final", data=data)
    assert answer.status_code == 303
    assert sent(app) == ["family", "institution"]
    letter = next(w for w in map(words_of, documents_of(app)) if "Amal Invented" in w)
    assert "section I" in letter
    assert "You need no certificate if your appeal is only about the school" in letter
    assert "Monday 25 January 2027" in letter
    with app.app_context():
        (row,) = db.session.query(Letter).all()
        first = db.session.query(CaseEvent).filter_by(recipient="family").one()
        assert row.event_id == first.id
    again = client.get(f"/cases/{signed}/letters/final")
    assert "already" in again.text


def test_nobody_but_those_who_wait_is_noted(app: Flask, sign_in: SignIn, signed: str) -> None:
    client = sign_in()
    data = boxes(check(client, signed, "final")) | {"also": ["nonsense", "family", "health_body"]}
    assert client.post(f"/cases/{signed}/letters/final", data=data).status_code == 303
    assert sent(app) == ["family", "health_body"]


def test_before_the_signature_there_is_no_final_letter(app: Flask, sign_in: SignIn) -> None:
    case = a_case(app, served_on=date(2026, 11, 2))
    page = sign_in().get(f"/cases/{case}/letters/final").text
    assert "It follows another step" in page


def test_a_parent_is_left_out_only_for_a_reason_which_is_kept(app: Flask, sign_in: SignIn) -> None:
    case = a_case(app)
    with app.app_context():
        add_contact(db.session.query(Contact.person_id).scalar(), "Bo Invented", "Father")
    sign(app, sign_in("manager"), case)
    client, path = sign_in(), f"/cases/{case}/letters/final"
    one = boxes(check(client, case, "final"))
    one["to"] = one["to"][:1]
    again = client.post(path, data=one)
    assert again.status_code == 422
    assert "Tick Bo Invented too, or enter why they are not sent it" in again.text
    assert sent(app) == []
    why = boxes(again) | {"why_not_all": "A court order of 2 March"}
    assert client.post(path, data=why).status_code == 303
    with app.app_context():
        note = db.session.query(CaseEvent.note).filter_by(kind="final_plan_sent").scalar()
    assert note.startswith("By letter to Amal Invented. Not to everybody")
    assert note.endswith("A court order of 2 March")
