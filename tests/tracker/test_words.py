"""Short words in cells: what each means."""

import pytest

from casework.codes import RequestSource, Sex, UpnUnknown
from casework.tracker import words
from casework.tracker.words import HealthOutcome

PARENT, SCHOOL, HEALTH, CARE, OTHER = RequestSource


@pytest.mark.parametrize("text", ["Y", "y", "Yes", "YES.", "true", "TRUE", "1", "✓", " y "])
def test_yes(text: str) -> None:
    assert words.yes_or_no(text) is True


@pytest.mark.parametrize("text", ["N", "n", "No", "false", "0", "✗"])
def test_no(text: str) -> None:
    assert words.yes_or_no(text) is False


@pytest.mark.parametrize("text", ["X", "maybe", "tbc", "?", "yes and no", "2"])
def test_neither_yes_nor_no(text: str) -> None:
    assert words.yes_or_no(text) is None


@pytest.mark.parametrize(
    ("typed", "source"),
    [
        ("Parent", PARENT), ("parents", PARENT), ("Parent/carer", PARENT), ("Mum", PARENT),
        ("Young Person", PARENT), ("YP", PARENT), ("Foster carer", PARENT),
        ("Parent via school", PARENT), ("1", PARENT), ("Grandparent", PARENT),
        ("School", SCHOOL), ("SENCO", SCHOOL), ("Nursery", SCHOOL), ("College", SCHOOL),
        ("Pre-school", SCHOOL), ("Head teacher", SCHOOL), ("School and parent", SCHOOL),
        ("Setting", SCHOOL), ("School nursery", SCHOOL), ("2", SCHOOL), ("Academy", SCHOOL),
        ("GP", HEALTH), ("Health visitor", HEALTH), ("Paediatrician", HEALTH), ("CAMHS", HEALTH),
        ("School nurse", HEALTH), ("SALT", HEALTH), ("Community Paediatrics", HEALTH),
        ("Social worker", CARE), ("Children’s services", CARE), ("Social care", CARE),
        ("YOT", OTHER), ("Virtual school", OTHER), ("Other", OTHER), ("Police", OTHER),
    ],
)  # fmt: skip
def test_who_asked_is_read_from_the_words(typed: str, source: RequestSource) -> None:
    assert words.request_source(typed) is source


@pytest.mark.parametrize("typed", ["", "Mrs Patel", "6", "phone call", "grouping"])
def test_words_that_say_nothing_of_who_asked_are_not_guessed(typed: str) -> None:
    assert words.request_source(typed) is None


@pytest.mark.parametrize(
    ("typed", "outcome", "understood"),
    [
        ("advice", HealthOutcome.ADVICE, True),
        ("Advice received", HealthOutcome.ADVICE, True),
        ("Report", HealthOutcome.ADVICE, True),
        ("not known", HealthOutcome.NOT_KNOWN, True),
        ("Not known to service", HealthOutcome.NOT_KNOWN, True),
        ("nil", HealthOutcome.NOT_KNOWN, True),
        ("Nil return", HealthOutcome.NOT_KNOWN, True),
        ("N/K", HealthOutcome.NOT_KNOWN, True),
        ("No advice needed", HealthOutcome.NO_ADVICE_NEEDED, True),
        ("no involvement required", HealthOutcome.NO_ADVICE_NEEDED, True),
        ("awaited", None, True),
        ("no reply", None, True),
        ("no advice", None, False),
        ("banana", None, False),
    ],
)
def test_how_health_answered(typed: str, outcome: HealthOutcome | None, understood: bool) -> None:
    assert words.health_outcome(typed) == (outcome, understood)


@pytest.mark.parametrize("text", ["n/a", "N/A", "-", "none", "TBC", "?", "...", ""])
def test_what_only_fills_a_place_is_nothing(text: str) -> None:
    assert words.is_nothing(text)


def test_codes_are_known_by_their_words() -> None:
    assert (words.sex("Male"), words.sex("f"), words.sex("girl")) == (
        Sex.MALE,
        Sex.FEMALE,
        Sex.FEMALE,
    )
    assert words.sex("robot") is None
    assert words.upn_unknown("un3") is UpnUnknown.UN3
    assert words.upn_unknown("UN4") is None
