"""Contact details and names in free text: found however typed, and seldom where there are none."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.found_in_text import (
    Particular,
    contact_details,
    found,
    others_in,
    particulars,
    protected_in,
)

#: Invented notes; `has` says whether one holds a contact detail.
NOTES = Path(__file__).parent.parent / "examples" / "notes.jsonl"
HIDDEN = particulars(
    of="c1",
    address="Flat 2, 12A Larch Lane\nMaidenhead\nSL6 1RF",
    phone="+44 (0)1632 960 001",
    email="Mum.Smith@example.com",
)


def kinds(text: str) -> list[str]:
    return [hit.kind for hit in found(text)]


def test_nine_in_ten_notes_with_a_contact_detail_are_told_and_one_in_ten_without_is_not() -> None:
    notes = [json.loads(line) for line in NOTES.read_text(encoding="utf-8").splitlines()]
    assert len(notes) == 300
    told = {
        has: [bool(contact_details(n["note"])) for n in notes if n["has"] is has]
        for has in (True, False)
    }
    assert sum(told[True]) >= 0.9 * len(told[True]), "too many are missed"
    assert sum(told[False]) <= 0.1 * len(told[False]), "too many false alarms"


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("They live at 12 Mill Lane now", "address", "12 Mill Lane"),
        ("flat 2, 14b king’s rd, borchester", "address", "flat 2, 14b king’s rd"),
        ("moved to sl61rf", "postcode", "sl61rf"),
        ("Ｓend to ＳＬ６ １ＲＦ please", "postcode", "ＳＬ６ １ＲＦ"),
        ("ring +44 (0)7700 900123.", "phone", "+44 (0)7700 900123"),
        ("call her on 960001", "phone", "960001"),
        ("it is jo at example dot org", "email", "jo at example dot org"),
        ("José: jo@example.org", "email", "jo@example.org"),
        ("NHS 943 476 5919", "nhs_number", "943 476 5919"),
        ("UPN R868960192309", "upn", "R868960192309"),
        ("D.O.B: 4 May 2018", "date_of_birth", "4 May 2018"),
    ],
)  # fmt: skip
def test_a_detail_is_found_where_it_stands_in_the_words_as_typed(
    text: str, kind: str, words: str
) -> None:
    [hit] = found(text)
    assert (hit.kind, hit.words) == (kind, words)
    assert text[hit.start : hit.end] == words


@pytest.mark.parametrize(
    "text",
    [
        "Year 6 Mill Lane Primary School, KS2 3hr a week",
        "NHS 943 476 5918 and R868960192308 have wrong check digits",
        "The meeting of 4 May 2018 at 10:30, room 4, lasted 15 days to the close",
        "EHC-000042, regulation 8(1), 01/02/2026 10:30, £1,250.00",
    ],
)
def test_numbers_of_other_kinds_are_left_alone(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "sl61rf", "S L 6  1 R F", "file_SL6-1RF.pdf", "ＳＬ６ １ＲＦ", "12a larch ln", "LARCH LANE",
        "01632960001", "(01632) 960-001", "+441632960001", "0044 1632 960 001", "ring 960 001",
        "MUM.SMITH@EXAMPLE.COM", "mum.smith at example dot com", "mum.smith [at] example.com",
    ],
)  # fmt: skip
def test_a_protected_detail_is_found_however_it_is_written(text: str) -> None:
    [hit] = protected_in(f"Note: {text}, as told.", HIDDEN)
    assert hit.words.strip() in text


@pytest.mark.parametrize(
    "text",
    ["Maidenhead", "SL6 1RG", "some 12 about", "12 Mill Lane", "01632 960 002", "mum@example.com"],
)
def test_what_is_not_the_protected_detail_is_not_taken_for_it(text: str) -> None:
    assert protected_in(text, HIDDEN) == ()


def test_a_street_that_every_town_has_gives_nobody_away_without_its_number() -> None:
    hidden = particulars(address="3 High Street, Borchester")
    assert protected_in("Met at the clinic in High Street, Borchester", hidden) == ()
    assert [hit.words for hit in protected_in("at 3 High St", hidden)] == ["3 High St"]


def test_a_house_with_a_name_and_a_number_on_its_own_line_are_found() -> None:
    assert protected_in("at rose cottage", particulars(address="Rose Cottage\nThe Green"))
    assert protected_in("at 14 Larch Close", particulars(address="14\nLarch Close"))


def test_a_particular_says_whose_it_is_so_that_a_letter_to_them_may_hold_it() -> None:
    assert {one.of for one in HIDDEN} == {"c1"}
    assert particulars(address=" ", phone=None) == ()


def test_a_name_is_found_in_any_case_order_and_with_marks() -> None:
    names = ["Zoë O’Brien", "O’Brien Zoë", "EHC-000043"]
    text = "zoe obrien’s report; O'BRIEN, Zoe; see EHC-000043. Zoë is not named alone."
    assert [hit.words for hit in others_in(text, names)] == [
        "zoe obrien’s",
        "O'BRIEN, Zoe",
        "EHC-000043",
    ]


def test_a_forename_by_itself_needs_a_capital_and_a_word_needs_a_place_in_a_sentence() -> None:
    names = ["Freya", "Will", "May"]
    assert [hit.words for hit in others_in("Ask Freya’s teacher, and Will too.", names)] == [
        "Freya’s",
        "Will",
    ]
    assert others_in("Will ask. It will. In May 2026, freya.", names) == ()


@given(st.text(), st.lists(st.text(min_size=1), max_size=5))
def test_any_text_and_any_name_can_be_looked_at(text: str, names: list[str]) -> None:
    hidden = [
        Particular(kind, name)
        for name in names
        for kind in ("address", "phone", "email", "postcode")
    ]
    hits = (*found(text), *protected_in(text, hidden), *others_in(text, names))
    assert all(text[hit.start : hit.end] == hit.words for hit in hits)


@given(st.sampled_from(["SL6 1RF", "sl61rf"]), st.text(max_size=40), st.text(max_size=40))
def test_a_protected_postcode_is_found_among_any_words(code: str, before: str, after: str) -> None:
    assert protected_in(f"{before} {code} {after}", HIDDEN)
