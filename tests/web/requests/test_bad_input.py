"""Every kind of bad input: clear words, what was typed kept, nothing changed. All invented."""

from html import escape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from casework.extensions import db
from casework.models import AuditEntry, Case, CaseEvent, Contact, Person, Setting
from tests.fixtures.people import SignIn
from tests.web.requests.test_new_request import LEAST, send

pytestmark = pytest.mark.embedded

MODELS = (Case, Person, Setting, Contact, CaseEvent)
#: A digit that only looks like one, an overlong text, and names that look like markup or code.
WIDE_UPN = "Ｂ８０１２００００５００１"
HIDDEN = "a hidden character"

#: What is typed (over LEAST), the field it is kept in, and the words that are shown.
REFUSED: list[tuple[str, dict[str, str], str, str]] = [
    # Nothing there.
    ("empty name", {"surname": ""}, "surname", "Enter the child’s last name"),
    ("spaces only", {"surname": "   "}, "surname", "Enter the child’s last name"),
    ("invisible only", {"surname": "\u00a0\u200b"}, "surname", "Enter the child’s last name"),
    ("no day", {"received_on": ""}, "received_on", "Enter the day it was received"),
    ("no source", {"source": ""}, "source", "Choose who asked"),
    ("no kind", {"kind": ""}, "kind", "Choose what kind of case it is"),
    # Too long.
    ("201 letters", {"surname": "x" * 201}, "surname", "200 characters or fewer. It is now 201"),
    ("500 kB", {"asks": "x" * 500_000}, "asks", "4,000 characters or fewer. It is now 500,000"),
    ("4001 letters", {"asks": "x" * 4001}, "asks", "It is now 4,001"),
    # Letters that cannot be kept.
    ("NUL", {"surname": "O\x00Brien"}, "surname", HIDDEN),
    ("control", {"forenames": "A\x07da"}, "forenames", HIDDEN),
    ("line in a name", {"surname": "O\nBrien"}, "surname", HIDDEN),
    ("override", {"surname": "\u202eneirB"}, "surname", "changes the reading order"),
    ("lost letter", {"surname": "O\ufffdBrien"}, "surname", "lost in copying"),
    ("no character", {"surname": "O\ufffeBrien"}, "surname", HIDDEN),
    # What no list offers.
    ("unknown source", {"source": "9"}, "source", "Choose an answer from the list"),
    ("unknown kind", {"kind": "appeal"}, "kind", "Choose an answer from the list"),
    ("unknown sex", {"sex": "<b>"}, "sex", "Choose an answer from the list"),
    ("unknown need", {"primary_need": "XXX"}, "primary_need", "Choose an answer from the list"),
    ("unknown officer", {"officer_id": "999"}, "officer_id", "Choose an answer from the list"),
    ("officer in words", {"officer_id": "1e9"}, "officer_id", "Choose an answer from the list"),
    # Days.
    ("30 February", {"received_on": "30/2/2026"}, "received_on", "is not a day that exists"),
    ("29 February", {"received_on": "29/2/2025"}, "received_on", "is not a day that exists"),
    ("month first", {"received_on": "11/23/2026"}, "received_on", "the day comes first"),
    ("year 26", {"received_on": "23/11/0026"}, "received_on", "has the year 0026"),
    ("year 2126", {"received_on": "23/11/2126"}, "received_on", "must be today or in the past"),
    ("tomorrow", {"received_on": "24/11/2026"}, "received_on", "must be today or in the past"),
    ("a number", {"received_on": "46349"}, "received_on", "is not a date"),
    ("1e9", {"received_on": "1e9"}, "received_on", "is not a date"),
    ("minus", {"received_on": "−1"}, "received_on", "is not a date"),
    ("words", {"received_on": "tbc"}, "received_on", "is not a date"),
    ("leap second", {"received_time": "23:59:60"}, "received_time", "Enter a time like 14:30"),
    ("25 o’clock", {"received_time": "25:00"}, "received_time", "Enter a time like 14:30"),
    (
        "unborn",
        {"received_on": "3/5/2018", "date_of_birth": "4/5/2018"},
        "date_of_birth",
        "The date of birth must be on or before the day received",
    ),
    (
        "born tomorrow",
        {"date_of_birth": "24/11/2026"},
        "date_of_birth",
        "Date of birth must be today or in the past",
    ),
    (
        "too old",
        {"date_of_birth": "23/11/2000"},
        "date_of_birth",
        "They would be 26 on the day received",
    ),
    (
        "1926",
        {"date_of_birth": "4/5/1926"},
        "date_of_birth",
        "They would be 100 on the day received",
    ),
    # Numbers.
    ("UPN letter", {"upn": "A801200005001"}, "upn", "its first letter does not fit"),
    ("UPN short", {"upn": "B80120000500"}, "upn", "Enter a UPN as 1 letter and 12 numbers"),
    ("UPN number", {"upn": "9.12E+09"}, "upn", "Enter a UPN as 1 letter and 12 numbers"),
    ("NHS check", {"nhs_number": "943 476 5918"}, "nhs_number", "its last number does not fit"),
    ("NHS lost zero", {"nhs_number": "943476591"}, "nhs_number", "Keep a zero at the start"),
    ("ULN", {"uln": "1000000095"}, "uln", "its numbers do not fit together"),
    ("abroad", {"postcode": "75008 Paris"}, "postcode", "Leave it empty if there is no fixed"),
    ("no address", {"postcode": "no fixed address"}, "postcode", "Leave it empty if there is no"),
    (
        "reason and UPN",
        {"upn": "B801200005001", "upn_unknown": "UN1"},
        "upn_unknown",
        "Take out this reason, or take out the UPN and ULN",
    ),
    # What does not fit together.
    (
        "need twice",
        {"primary_need": "ASD", "secondary_need": "ASD"},
        "secondary_need",
        "Choose a secondary need that is not the primary one",
    ),
    ("second need only", {"secondary_need": "ASD"}, "secondary_need", "Choose the primary need"),
    (
        "by whom",
        {"looked_after": "no", "looked_after_by": "Anyshire"},
        "looked_after_by",
        "Choose Yes, since you have said which authority",
    ),
    # The contact.
    ("nameless", {"contact-phone": "01632 960001"}, "contact-phone", "Enter the contact’s full"),
    ("no relation", {"contact-name": "Amal"}, "contact-name", "Enter how they are related"),
    ("phone", {"contact-phone": "call after six"}, "contact-phone", "Enter a telephone number"),
    ("email", {"contact-email": "amal at home"}, "contact-email", "Enter an email address in the"),
    ("header", {"contact-email": "a@example.org\r\nBcc: b@example.org"}, "contact-email", HIDDEN),
    (
        "no way",
        {
            "contact-name": "Amal",
            "contact-relationship_to_child": "mother",
            "contact-prefers": "post",
        },
        "contact-name",
        "Enter an address, or choose another",
    ),
    # The setting.
    ("no such setting", {"setting": "Nowhere School"}, "setting", "No setting is called"),
    # Markup and code in a value that is refused comes back as text.
    ("script", {"setting": "<script>alert(1)</script>"}, "setting", "No setting is called"),
    ("template", {"setting": "{{ 7*7 }}{% raw %}"}, "setting", "No setting is called"),
]


def shown(value: str) -> str:
    """Return a value as the page holds it."""
    return escape(value).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")


def nothing_held(app: Flask) -> bool:
    with app.app_context():
        opened = select(func.count()).where(AuditEntry.action == "opened case")
        rows = [db.session.scalar(select(func.count()).select_from(m)) for m in MODELS]
        return rows == [0] * len(MODELS) and db.session.scalar(opened) == 0


@pytest.fixture
def officer(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a case officer is signed in."""
    return sign_in("case-officer")


@pytest.mark.parametrize(
    ("typed", "field", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_bad_input_is_answered_in_words_is_kept_and_changes_nothing(
    app: Flask, officer: FlaskClient, typed: dict[str, str], field: str, words: str
) -> None:
    answer = send(officer, **LEAST | typed)
    assert answer.status_code == 422
    assert "<title>Error: New request" in answer.text
    assert "There is a problem" in answer.text
    assert words in answer.text
    assert "alert(1)</script>" not in answer.text
    chosen = field in ("source", "kind", "sex", "primary_need", "officer_id")
    chosen = chosen or field in ("secondary_need", "upn_unknown")
    if not chosen:  # a choice that no list offers cannot be shown again as chosen
        assert shown(typed[field]).replace("\r\n", "\n") in answer.text.replace("\r\n", "\n")
    assert nothing_held(app)


@pytest.mark.parametrize(
    "name",
    [
        *("José", "Jose\u0301", "O’Brien", "OʼBrien", "d'Arcy", "van der Berg", "Smith-Jones", "X"),
        *("Łuczak", "İpek ı", "Groß", "Nguyễn", "محمد", "דוד", "王小明", "さくら", "Иванова"),
        *("Null", "True", "None", "Test", "-", "=Sum", 'O"Neil', "Robert'); DROP", "<b>Ada</b>"),
        *("x" * 200, "Zoë 👩🏽", "a\u200db"),
    ],
)
def test_a_name_is_held_as_it_was_typed_whatever_it_looks_like(
    app: Flask, officer: FlaskClient, name: str
) -> None:
    assert send(officer, **LEAST | {"surname": name}).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Person.surname)).one() == name


def test_full_width_figures_are_figures(app: Flask, officer: FlaskClient) -> None:
    typed = {"upn": WIDE_UPN, "received_on": "２３/１１/２０２６"}
    assert send(officer, **LEAST | typed).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Person.upn)).one() == "B801200005001"


def test_a_field_sent_twice_counts_once_and_one_not_asked_for_counts_not_at_all(
    app: Flask, officer: FlaskClient
) -> None:
    typed: dict[str, Any] = LEAST | {"surname": ["Okafor", "Other"], "stage": "final", "id": "7"}
    assert send(officer, **typed).status_code == 303
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert (case.person.surname, case.stage, case.id) == ("Okafor", "received", 1)


def test_a_field_left_out_is_an_empty_one(app: Flask, officer: FlaskClient) -> None:
    typed = {name: value for name, value in LEAST.items() if name != "surname"}
    answer = send(officer, **typed)
    assert "Enter the child’s last name" in answer.text
    assert nothing_held(app)


@pytest.mark.parametrize("key", ["", "short", "x" * 22 + "'", "é" * 22])
def test_a_form_whose_key_was_changed_saves_nothing(
    app: Flask, officer: FlaskClient, key: str
) -> None:
    answer = send(officer, **LEAST, key=key)
    assert answer.status_code == 422
    assert "it was not sent whole" in answer.text
    assert nothing_held(app)


def test_born_today_on_29_february_and_25_are_days_like_any_other(
    app: Flask, officer: FlaskClient
) -> None:
    for number, born in enumerate(["23/11/2026", "29/2/2020", "24/11/2000"]):
        typed = LEAST | {"surname": f"Child {number}", "date_of_birth": born}
        assert send(officer, **typed).status_code == 303, born


def test_two_parents_may_share_an_address(app: Flask, officer: FlaskClient) -> None:
    for surname in ("Okafor", "Lindqvist"):
        contact = {"contact-name": surname, "contact-relationship_to_child": "parent"}
        typed = LEAST | contact | {"surname": surname, "contact-email": "both@example.org"}
        assert send(officer, **typed).status_code == 303


@pytest.mark.parametrize("email", ["o'neil+send@example.org", "jörg@bücher.example"])
def test_an_address_with_marks_is_an_address(officer: FlaskClient, email: str) -> None:
    contact = {"contact-name": "Eve", "contact-relationship_to_child": "aunt"}
    assert send(officer, **LEAST | contact | {"contact-email": email}).status_code == 303


def test_the_page_is_never_in_an_address(officer: FlaskClient) -> None:
    answer = send(officer, **LEAST)
    assert "Okafor" not in answer.location
