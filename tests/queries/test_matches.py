"""The same child is found however they are typed, and a twin is told apart. All are invented."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from casework.extensions import db
from casework.models import Case
from casework.queries.matches import Match, differences, matches
from tests.factories import make_case

BORN = date(2018, 5, 4)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def hold(surname: str, forenames: str, born: date | None = BORN, **details: Any) -> Case:
    child = {"surname": surname, "forenames": forenames, "date_of_birth": born}
    return make_case(person=child | details)


def look(surname: str, forenames: str, born: date | None = BORN, **numbers: Any) -> list[Match]:
    return matches(surname=surname, forenames=forenames, date_of_birth=born, **numbers)


@pytest.mark.parametrize(
    ("held", "typed"),
    [
        (("Núñez", "José"), ("nunez", "jose")),
        (("Nu\u0301n\u0303ez", "José"), ("Núñez", "Jose\u0301")),
        (("O’Brien", "Aoife"), ("O'Brien", "AOIFE")),
        (("OʼBrien", "Aoife"), ("obrien", "aoife")),
        (("Smith-Jones", "Ann Marie"), ("Smith Jones", "Ann-Marie")),
        (("Łuczak", "Zoë"), ("Luczak", "Zoe")),
        (("Okafor", "Ada"), ("Ada", "Okafor")),
        (("Null", "True"), ("null", "true")),
    ],
)
def test_the_same_name_and_birthday_is_certain_however_it_is_typed(
    held: tuple[str, str], typed: tuple[str, str]
) -> None:
    hold(*held)
    [found] = look(*typed)
    assert found.is_certain
    assert found.because == "The same name and date of birth"


def test_the_name_they_go_by_is_theirs_too() -> None:
    hold("Okafor", "Adaeze", known_as="Ada")
    assert look("Okafor", "Ada")[0].is_certain


def test_a_twin_is_offered_as_a_twin_and_is_not_certain() -> None:
    hold("Okafor", "Ada")
    [found] = look("Okafor", "Ben")
    assert found.because == "The same surname and date of birth: perhaps a twin"
    assert not found.is_certain


def test_of_twins_the_one_that_was_meant_comes_first() -> None:
    hold("Okafor", "Ada")
    hold("Okafor", "Ben")
    assert [m.person.forenames for m in look("Okafor", "Ben")] == ["Ben", "Ada"]


@pytest.mark.parametrize("forenames", ["Ada", "Ada Rose", "Rose Ada"])
def test_a_changed_surname_is_found_by_forename_and_birthday(forenames: str) -> None:
    hold("Okafor", "Ada")
    [found] = look("Lindqvist", forenames)
    assert found.because == "The same forename and date of birth: perhaps a changed surname"


@pytest.mark.parametrize(
    ("surname", "forenames"), [("Smith", "Ada"), ("Smith-Jones", "Ada Rose"), ("Jones", "Ada")]
)
def test_part_of_a_name_is_much_the_same_name(surname: str, forenames: str) -> None:
    hold("Smith-Jones", "Ada")
    [found] = look(surname, forenames)
    assert found.because == "Much the same name, and the same date of birth"


@pytest.mark.parametrize("held", [date(2018, 4, 5), date(2018, 5, 14), date(2017, 5, 4)])
def test_a_slip_in_the_birthday_does_not_hide_the_child(held: date) -> None:
    hold("Okafor", "Ada", held)
    [found] = look("Okafor", "Ada")
    assert found.because == "The same name, and nearly the same date of birth: perhaps a slip"
    assert not found.is_certain


@pytest.mark.parametrize(("held", "typed"), [(None, BORN), (BORN, None), (None, None)])
def test_a_missing_birthday_leaves_the_name_to_say(held: date | None, typed: date | None) -> None:
    hold("Okafor", "Ada", held)
    assert look("Okafor", "Ada", typed)[0].because == (
        "The same name, and a date of birth is missing"
    )
    assert look("Okafor", "Ada Rose", typed)[0].because == (
        "Much the same name, and a date of birth is missing"
    )
    assert look("Okafor", "Ben", typed) == []


@pytest.mark.parametrize(
    ("column", "number", "words"),
    [
        ("upn", "B801200005001", "UPN"),
        ("nhs_number", "9434765919", "NHS number"),
        ("uln", "1000000094", "ULN"),
    ],
)
def test_a_number_that_no_two_children_share_is_certain_whatever_the_name(
    column: str, number: str, words: str
) -> None:
    hold("Okafor", "Ada", **{column: number})
    [found] = look("Lindqvist", "Maja", date(2010, 1, 1), **{column: number})
    assert (found.because, found.is_certain) == (f"The same {words}", True)


def test_a_namesake_with_another_birthday_is_another_child() -> None:
    hold("Okafor", "Ada", date(2012, 11, 23))
    assert look("Okafor", "Ada") == []


def test_a_child_of_one_name_is_found_by_it() -> None:
    hold("Suharto", "")
    assert look("Suharto", "")[0].is_certain


def test_the_open_cases_are_told_from_the_ended() -> None:
    first = hold("Okafor", "Ada")
    second = make_case(person_id=first.person_id)
    first.ended_on = date(2026, 10, 1)
    db.session.commit()
    [found] = look("Okafor", "Ada")
    assert {case.id for case in found.cases} == {first.id, second.id}
    assert [case.id for case in found.open_cases] == [second.id]


def test_a_name_longer_than_its_key_is_held_and_found() -> None:
    name = "Бескрайняястепь" * 12
    hold(name, name)
    assert look(name, name)[0].is_certain


def test_what_was_typed_adds_to_a_record_or_contradicts_it() -> None:
    held = hold("Okafor", "Ada", upn_unknown="UN1", sex="F", has_hearing_impairment=True).person
    typed = {
        "surname": "Lindqvist",
        "forenames": "Ada",
        "postcode": "SL6 1RF",
        "sex": None,
        "upn": "B801200005001",
        "has_vision_impairment": True,
        "has_hearing_impairment": False,
    }
    found = differences(held, typed)
    assert found.adds == {
        "postcode": "SL6 1RF",
        "upn": "B801200005001",
        "has_vision_impairment": True,
        "upn_unknown": None,
    }
    assert found.contradicts == {"surname": ("Okafor", "Lindqvist")}


def test_a_reason_for_no_upn_says_nothing_against_a_upn() -> None:
    held = hold("Okafor", "Ada", upn="B801200005001").person
    found = differences(held, {"upn_unknown": "UN1"})
    assert (found.adds, found.contradicts) == ({}, {})


def test_looked_after_no_contradicts_yes() -> None:
    held = hold("Okafor", "Ada", looked_after=True).person
    assert differences(held, {"looked_after": False}).contradicts == {"looked_after": (True, False)}
