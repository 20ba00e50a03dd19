"""Officers' words for an exception, and the one ground they name, if they name one."""

import pytest

from casework.rules.exceptions import read_ground


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("school closed over summer", "X1"),
        ("School closure", "X1"),
        ("summer holidays", "X1"),
        ("College shut 23/7 to 1/9", "X1"),
        ("nursery closed for the summer holidays", "X2"),
        ("Early years setting closed", "X2"),
        ("pre-school closed", "X2"),
        ("exceptional personal circs - bereavement", "X3"),
        ("Exceptional Personal Circumstances", "X3"),
        ("bereavement", "X3"),
        ("child in hospital", "X3"),
        ("mum seriously ill", "X3"),
        ("Mother passed away", "X3"),
        ("family fleeing domestic abuse", "X3"),
        ("family abroad 5 weeks", "X4"),
        ("absent from area", "X4"),
        ("  Away from the  LA area for six weeks ", "X4"),
        ("out of country 28 days", "X4"),
        ("missed EP appointment", "X5"),
        ("DNA'd paediatric clinic", "X5"),
        ("parent did not attend appointment", "X5"),
        ("away 3 weeks", "X6"),
        ("family abroad 14 days", "X6"),
        ("Covid-19 lockdown", "XC"),
        ("X1", "X1"),
        ("xc", "XC"),
        ("reg 10(4)(c)", "X3"),
        ("Reg. 5(4)(d)", "X4"),
    ],
)
def test_words_that_name_one_ground_are_read(words: str, ground: str) -> None:
    assert read_ground(words) == ground


@pytest.mark.parametrize(
    "words",
    [
        "",
        "yes",
        "EP shortage",
        "EP absent",
        "no psychologist available",
        "staff illness",
        "late advice from health",
        "parent requested more time",
        "absent from school",
        "away 10 days",
        "school closed and family abroad",
        "exceptional circumstances",
        "school consultation late",
        "missed deadline",
        "case file closed",
        "awaiting test results",
    ],
)
def test_words_that_name_no_ground_or_two_are_left_to_a_person(words: str) -> None:
    assert read_ground(words) is None
