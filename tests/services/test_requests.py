"""A request is taken in whole or not at all, and once however often it is sent. All invented."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from casework.extensions import db
from casework.models import AuditEntry, Case, Contact, Person, Setting
from casework.models.base import public_id
from casework.queries.matches import matches
from casework.services import requests
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Refused
from tests.factories import TODAY, make_case, make_user


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def take_in(**given: Any) -> Case:
    child = {"surname": "Okafor", "forenames": "Ada", "date_of_birth": date(2018, 5, 4)}
    return requests.take_in(
        actor=COMMAND_LINE,
        today=TODAY,
        child_id=given.get("child_id"),
        prefer_typed=given.get("prefer_typed", False),
        person=child | given.get("person", {}),
        case={"public_id": public_id(), "kind": "request", "source": "1"} | given.get("case", {}),
        started_on=given.get("started_on", TODAY),
        officer_id=given.get("officer_id"),
        contact=given.get("contact"),
        new_setting=given.get("new_setting"),
    )


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_one_form_makes_one_case_however_often_it_is_sent() -> None:
    key = public_id()
    first = take_in(case={"public_id": key}).id
    assert take_in(case={"public_id": key}).id == first
    assert (count(Case), count(Person)) == (1, 1)


def test_two_clicks_at_once_make_one_case(app: Flask) -> None:
    key, together = public_id(), threading.Barrier(2)

    def click() -> int:
        with app.app_context():
            together.wait()
            return take_in(case={"public_id": key}).id

    with ThreadPoolExecutor(2) as pool:
        made = {done.result() for done in [pool.submit(click), pool.submit(click)]}
    assert len(made) == 1
    assert (count(Case), count(Person)) == (1, 1)


def test_a_new_setting_is_made_for_review_and_found_the_second_time() -> None:
    take_in(new_setting="St Mary’s, Oakfield")
    take_in(new_setting="St Marys Oakfield")
    [setting] = db.session.scalars(select(Setting)).all()
    assert setting.needs_review
    assert {case.setting_id for case in db.session.scalars(select(Case))} == {setting.id}


def test_a_second_request_fills_in_what_the_record_lacks_and_leaves_the_rest() -> None:
    held = make_case(person={"surname": "Okafor", "forenames": "Ada", "postcode": "SL6 1RF"})
    take_in(child_id=held.person_id, person={"postcode": "SL1 1AA", "sex": "F"})
    person = db.session.get_one(Person, held.person_id)
    assert (person.postcode, person.sex) == ("SL6 1RF", "F")
    assert count(Person) == 1
    assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-2:] == [
        "opened case",
        "changed child",
    ]


def test_what_was_typed_takes_the_place_of_what_is_held_when_it_is_preferred() -> None:
    held = make_case(person={"surname": "Okafor", "forenames": "Ada"})
    take_in(child_id=held.person_id, person={"surname": "Lindqvist"}, prefer_typed=True)
    assert db.session.get_one(Person, held.person_id).surname == "Lindqvist"
    assert matches(surname="Lindqvist", forenames="Ada", date_of_birth=None)


@pytest.mark.parametrize(
    ("column", "number"), [("upn", "B801200005001"), ("nhs_number", "9434765919")]
)
def test_a_different_child_cannot_have_the_same_number(column: str, number: str) -> None:
    make_case(person={column: number})
    with pytest.raises(Refused) as refused:
        take_in(person={column: number}, new_setting="Oakfield School")
    db.session.rollback()
    assert "Another child has this" in refused.value.reasons[column]
    assert (count(Case), count(Person), count(Setting)) == (1, 1, 0)


def test_a_complex_case_goes_only_to_an_officer_who_takes_them() -> None:
    plain = make_user()
    able = make_user(email="able@example.org", takes_complex_cases=True)
    with pytest.raises(Refused):
        take_in(case={"is_complex": True}, officer_id=plain.id)
    assert count(Case) == 0
    assert take_in(case={"is_complex": True}, officer_id=able.id).officer_id == able.id


@pytest.mark.parametrize("details", [{"role": "auditor"}, {"is_active": False}])
def test_nobody_who_may_not_hold_cases_is_given_one(details: dict[str, Any]) -> None:
    other = make_user(**({"role": "case-officer"} | details))
    with pytest.raises(Refused):
        take_in(officer_id=other.id)
    assert count(Case) == 0


def test_nothing_is_left_of_a_request_that_is_refused() -> None:
    with pytest.raises(Refused):
        take_in(started_on=date(2026, 11, 24), new_setting="Oakfield", contact={"name": "Eve"})
    db.session.rollback()
    assert [count(m) for m in (Case, Person, Setting, Contact, AuditEntry)] == [0] * 5


def test_whoever_is_shown_a_possible_match_is_on_the_trail() -> None:
    case = make_case(person={"surname": "Okafor"})
    found = matches(surname="Okafor", forenames="Ben", date_of_birth=date(2018, 5, 4))
    requests.note_shown(actor=COMMAND_LINE, found=found)
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last
    assert (last.action, last.case_id) == ("viewed as a possible match", case.id)
