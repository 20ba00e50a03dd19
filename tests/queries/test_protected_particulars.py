"""What a document of one case must not hold: protected details, other children. All invented."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from casework.extensions import db
from casework.models import Case, Contact, Setting
from casework.queries.protected_particulars import must_not_hold, protected_of
from casework.rules.found_in_text import others_in, protected_in
from tests.factories import make_case
from tests.fixtures.statements import counted

BORN = date(2018, 5, 4)
MOTHER = {"name": "Ines Marsh", "relationship_to_child": "Mother"}


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def hold(surname: str, forenames: str, born: date = BORN, setting: Any = None, **more: Any) -> Case:
    child = {"surname": surname, "forenames": forenames, "date_of_birth": born} | more
    return make_case(person=child, setting_id=setting.id if setting else None)


def add_contact(case: Case, **details: Any) -> Contact:
    contact = Contact(person_id=case.person_id, **MOTHER | details)
    db.session.add(contact)
    db.session.commit()
    return contact


def named(case: Case, text: str) -> list[str]:
    return [hit.words for hit in others_in(text, must_not_hold(case.id).others)]


def test_protected_details_are_those_of_every_contact_now_and_before(app: Flask) -> None:
    case = hold("Marsh", "Wren", postcode="SL6 1RF")
    hidden = {"address_is_protected": True, "phone": "01632 960 001"}
    mother = add_contact(case, address="12 Larch Lane\nMaidenhead", **hidden)
    add_contact(case, address="9 Elm Rise", ended_on=date(2026, 1, 1), **hidden)
    add_contact(case, name="Open Father", address="4 Oak Drive")
    case_id = case.id
    with counted(app) as sent:
        protected = protected_of(case_id)
    assert len(sent) == 1, sent
    text = "12 larch ln, 9 elm rise, 4 oak drive, sl61rf, 01632960001"
    found = [hit.words for hit in protected_in(text, protected)]
    assert found == ["12 larch ln", "9 elm rise", "sl61rf", "01632960001"]
    assert {one.of for one in protected} >= {mother.public_id, "child"}


def test_without_a_protected_contact_nothing_is_protected() -> None:
    case = hold("Marsh", "Wren", postcode="SL6 1RF")
    add_contact(case, address="12 Larch Lane")
    assert protected_of(case.id) == ()


def test_a_namesake_is_known_by_the_whole_name_and_a_twin_by_the_forename_too(app: Flask) -> None:
    case = hold("Marsh", "Wren")
    twin = hold("Marsh", "Teal")
    hold("Marsh", "Freya", date(2012, 1, 1))
    hold("Okafor", "Marsh", date(2012, 1, 1))
    case_id = case.id
    with counted(app) as sent:
        must_not_hold(case_id)
    assert len(sent) == 2
    text = f"Teal and Freya; Freya Marsh; Marsh, Teal; Marsh Okafor; Wren Marsh; {twin.reference}"
    assert named(case, text) == ["Teal", "Freya Marsh", "Marsh, Teal", twin.reference]


def test_a_child_of_the_same_parent_is_known_whatever_the_surname() -> None:
    case, sister, stranger = (
        hold("Marsh", "Wren"),
        hold("Bell", "Hazel", date(2011, 2, 3)),
        hold("Stone", "Linnet", date(2011, 2, 3)),
    )
    for one, phone in (
        (case, "01632 960 001"),
        (sister, "01632960001"),
        (stranger, "01632 960 009"),
    ):
        add_contact(one, phone=phone, has_parental_responsibility=True)
    assert named(case, "Hazel has autism; Hazel Bell; Linnet Stone") == ["Hazel", "Hazel Bell"]


def test_a_social_worker_of_many_children_makes_no_household() -> None:
    case, other = hold("Marsh", "Wren"), hold("Bell", "Hazel", date(2011, 2, 3))
    for one in (case, other):
        add_contact(one, phone="01632 960 001", name="Sam Social", relationship_to_child="Worker")
    assert named(case, "Hazel Bell") == []


def test_a_child_born_the_same_day_at_the_same_setting_is_known() -> None:
    school = Setting(name="Larch School", name_key="larch school")
    db.session.add(school)
    db.session.commit()
    case = hold("Marsh", "Wren", setting=school)
    hold("Stone", "Linnet", setting=school)
    hold("Stone", "Robin")
    assert named(case, "Linnet Stone and Robin Stone") == ["Linnet Stone"]


def test_a_name_that_is_this_case_s_own_is_not_another_s() -> None:
    case = hold("Marsh", "Wren", postcode="SL6 1RF")
    add_contact(case)
    same = hold("Marsh", "Wren", date(2012, 1, 1))
    hold("Marsh", "Ines", date(2011, 1, 1), postcode="SL6 1RF")
    text = f"Wren Marsh. Then Ines Marsh, and {same.reference}"
    assert named(case, text) == [same.reference]
