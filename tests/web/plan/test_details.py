"""Somebody's details in a plan are asked about one by one, and protected ones are refused."""

from flask import Flask

from casework.extensions import db
from casework.models import Case, Contact
from casework.rules.plan_content import Item, Section
from tests.factories import make_case
from tests.fixtures.people import SignIn
from tests.web.plan.conftest import held, hold, send, typed
from tests.web.plan.test_plan import autosave

PHONE = "01632 960123"


def test_a_telephone_number_is_asked_about_once_and_kept_only_where_it_is_ticked(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    row = Item(id="p1", text=f"Ring {PHONE} first, or 01632 960456.")
    asked = send(client, case, "F", typed(row))
    assert asked.status_code == 422
    assert f"F1: “{PHONE}” looks like a telephone number" in asked.text
    assert held(app, "F") == []
    one = send(client, case, "F", typed(row), keep=PHONE)
    assert one.status_code == 422, "the other number is not ticked"
    assert f"“{PHONE}” looks like" not in one.text
    kept = send(client, case, "F", typed(row), keep=[PHONE, "01632 960456"])
    assert kept.status_code == 303
    again = send(client, case, "F", typed(row, number=1, words="More."))
    assert again.status_code == 303, "what stands there already is not asked about again"


def test_another_childs_name_is_asked_about(app: Flask, sign_in: SignIn, case: str) -> None:
    with app.app_context():
        make_case(person={"forenames": "Odo", "surname": "Invented"})
    asked = send(sign_in(), case, "A", typed(words="Plays with Odo Invented."))
    assert asked.status_code == 422
    assert "another person’s name" in asked.text
    assert 'href="#words"' in asked.text


def test_a_protected_address_is_refused_whatever_is_ticked(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    with app.app_context():
        found = db.session.query(Case).filter_by(public_id=case).one()
        hidden = Contact(
            person_id=found.person_id,
            name="Amal Invented",
            relationship_to_child="mother",
            address="7 Hidden Lane",
            address_is_protected=True,
        )
        db.session.add(hidden)
        db.session.commit()
    row = Item(id="p1", text="A taxi from 7 hidden lane.")
    for keep in ([], ["7 hidden lane"]):
        answer = send(client, case, "H2", typed(row), keep=keep)
        assert answer.status_code == 422
        assert row.text in answer.text
    assert "details that are protected" in answer.text
    assert 'href="#text_p1"' in answer.text
    assert held(app, "H2") == []


def test_leaving_with_details_in_it_keeps_them_for_the_person_and_saves_no_version(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    hold(app, case, Section(key="A", words="Likes trains."))
    fields = typed(words=f"Likes trains. Ring {PHONE}.", number=1)
    told = autosave(client, case, "A", {**fields, "make": "1"})
    assert "may hold somebody’s details" in told["words"]
    assert len(held(app, "A")) == 1
    assert "is kept for you and not saved yet" in client.get(f"/cases/{case}/plan").text
