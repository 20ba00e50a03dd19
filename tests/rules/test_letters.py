"""Letters: each part that the law demands has words, and each date in them is the rules’ own."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.holidays import england_and_wales
from casework.rules.ages import is_young_person
from casework.rules.civil_dates import spoken
from casework.rules.events import EVENTS
from casework.rules.letter_values import (
    Addressed,
    Facts,
    Services,
    dates,
    empty_parts,
    values,
)
from casework.rules.letters import COMMON, LETTERS, MARKS
from casework.rules.sources import SOURCES

SERVICES = Services(
    mediation_adviser="The adviser",
    disagreement_service="The other service",
    information_service="The third",
    local_offer="The offer",
)
TO = Addressed(name="Amal Invented", address="1 Elm Road, Anytown")


def facts(kind: str, **details: object) -> Facts:
    known = {
        "authority": "Anyshire",
        "authority_address": "County Hall, Anytown",
        "services": SERVICES,
        "calendar": england_and_wales(),
        "reference": "EHC-000001",
        "forenames": "Ida",
        "surname": "Invented",
        "born": date(2018, 5, 4),
        "is_young_person": False,
        "day": date(2026, 11, 23),
        "officer": "Oona Officer",
        "reasons": "One.\nTwo.",
        "served_on": date(2026, 11, 23),
        "limit": "send the final plan",
        "grounds": "somebody was away",
        "lifted_under": "SEND Regulations 2014, reg 13(3)",
        "expected_on": date(2027, 1, 4),
    }
    return Facts(kind=kind, **(known | details))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", LETTERS)
def test_each_part_that_the_law_demands_has_words_and_a_source(kind: str) -> None:
    row = LETTERS[kind]
    said = values(facts(kind), TO)
    assert empty_parts([part.field for part in row.parts], said) == []
    assert said.keys() == row.fields.keys()
    assert all(part.law.startswith(SOURCES) for part in row.parts)
    assert row.notes is None or row.notes in EVENTS
    assert set(MARKS) <= COMMON.keys()


def test_a_child_who_has_a_plan_is_assessed_again() -> None:
    said = values(facts("will_not_assess", assessment="a further EHC needs assessment"), TO)
    assert "not to carry out a further EHC needs assessment" in said["decision"]
    assert "not to carry out a further EHC needs assessment" in said["appeal_right"]


def test_without_reasons_the_part_is_empty_and_is_named() -> None:
    said = values(facts("no_plan", reasons=" \n "), TO)
    assert empty_parts([part.field for part in LETTERS["no_plan"].parts], said) == ["reasons"]


@pytest.mark.parametrize(
    ("sent", "appeal", "adviser"),
    [
        # Two months; a day that is no working day runs on for the tribunal alone.
        (date(2026, 11, 23), date(2027, 1, 25), date(2027, 1, 23)),
        # December has no 31st of February: the end of that month, and then Monday.
        (date(2026, 12, 31), date(2027, 3, 1), date(2027, 2, 28)),
        # August counts for nothing in the time limit of a tribunal.
        (date(2026, 6, 10), date(2026, 9, 1), date(2026, 8, 10)),
    ],
)
def test_the_time_to_appeal_is_the_rules_own(sent: date, appeal: date, adviser: date) -> None:
    letter = facts("will_not_assess", day=sent)
    assert [one.on for one in dates(letter)] == [appeal, adviser]
    assert f"5pm on {spoken(appeal)}" in values(letter, TO)["appeal_time_limits"]
    assert spoken(adviser) in values(letter, TO)["mediation"]


@given(st.dates(date(2020, 1, 1), date(2027, 6, 1)))
def test_the_family_always_has_fifteen_days_counted_with_the_day_of_service(served: date) -> None:
    said = values(facts("draft", served_on=served), TO)
    last = spoken(served + timedelta(days=14))
    assert last in said["last_day_for_comments"]
    assert last in said["ask_for_school"]
    assert last in said["ask_for_meeting"]


@pytest.mark.parametrize(
    ("born", "on", "is_young"),
    [
        (date(2010, 5, 4), date(2026, 6, 26), False),  # the last Friday of June itself
        (date(2010, 5, 4), date(2026, 6, 27), True),
        (date(2010, 8, 31), date(2026, 6, 27), True),  # 16 only in August, the same school year
        (date(2010, 9, 1), date(2026, 9, 2), False),  # 16 in the next one
        (date(2010, 9, 1), date(2027, 6, 26), True),
    ],
)
def test_a_young_person_is_one_over_compulsory_school_age(
    born: date, on: date, is_young: bool
) -> None:
    assert is_young_person(born, on) is is_young
