"""Children and contacts changed by two at once, on both databases. All are invented."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from casework.extensions import db
from casework.models import Case, Contact, Person, PersonNameKey
from casework.services import people
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from tests.factories import TODAY, make_case

WHO = {"name": "Amal", "relationship_to_child": "mother"}


@pytest.fixture
def case(app: Flask) -> Iterator[Case]:
    """Give a case just opened."""
    with app.app_context():
        yield make_case()


def save(case: Case, contact_id: int | None, version: int | None = None, **details: str) -> int:
    return people.save_contact(
        actor=COMMAND_LINE,
        case_id=case.id,
        person_id=case.person_id,
        contact_id=contact_id,
        details=WHO | details,
        version=version,
    )


def test_the_second_to_change_a_contact_is_told_what_the_first_did(case: Case) -> None:
    contact = save(case, None)
    save(case, contact, 1, phone="01632 960 001")
    with pytest.raises(ChangedMeanwhile) as told:
        save(case, contact, 1, phone="01632 960 002")
    assert told.value.version == 2
    assert [change.words for change in told.value.changes] == ["changed contact"]
    assert db.session.get_one(Contact, contact).phone == "01632 960 001"


def test_the_second_to_change_a_child_is_told_what_the_first_did(case: Case) -> None:
    def change(version: int, surname: str) -> None:
        people.change_person(
            actor=COMMAND_LINE,
            person_id=case.person_id,
            version=version,
            details={"surname": surname},
            case_id=case.id,
        )

    change(1, "Lindqvist")
    with pytest.raises(ChangedMeanwhile):
        change(1, "Okafor")
    assert db.session.get_one(Person, case.person_id).surname == "Lindqvist"
    keys = set(db.session.scalars(select(PersonNameKey.key)))
    assert "lindqvist" in keys
    assert "invented" not in keys


def test_a_contact_of_another_child_is_absent(case: Case) -> None:
    other = make_case(person={"surname": "Other"})
    contact = save(other, None)
    with pytest.raises(Absent):
        save(case, contact, 1)


def test_a_contact_does_not_end_in_the_future(case: Case) -> None:
    contact = save(case, None)
    given = {"actor": COMMAND_LINE, "today": TODAY, "case_id": case.id, "version": 1}
    given |= {"person_id": case.person_id, "contact_id": contact}
    with pytest.raises(Refused):
        people.end_contact(**given, ended_on=date(2026, 11, 24))
    people.end_contact(**given, ended_on=TODAY)
    assert db.session.get_one(Contact, contact).ended_on == TODAY


def test_a_childs_number_cannot_become_another_childs(case: Case) -> None:
    other = make_case(person={"surname": "Other", "nhs_number": "9434765919"})
    with pytest.raises(Refused):
        people.change_person(
            actor=COMMAND_LINE,
            person_id=case.person_id,
            version=1,
            details={"nhs_number": "9434765919"},
            case_id=case.id,
        )
    db.session.rollback()
    people.change_person(
        actor=COMMAND_LINE,
        person_id=other.person_id,
        version=1,
        details={"nhs_number": "9434765919", "surname": "Else"},
        case_id=other.id,
    )
