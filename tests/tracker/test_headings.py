"""Headings: found by their words, corrected by a person, never guessed silently."""

import pytest

from casework.tracker.fields import FIELDS, field_for
from casework.tracker.findings import Unreadable
from casework.tracker.headings import find_headings, match_headings
from casework.tracker.sheets import open_sheet
from tests.tracker.books import CHILD, HEADINGS, book, read, read_text, saved


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Request rec'd", "request_received"),
        ("REQUEST RECEIVED", "request_received"),
        ("Date request received (dd/mm/yyyy)", "request_received"),
        ("Request  Rec’d:", "request_received"),
        ("D.O.B.", "date_of_birth"),
        ("Child's date of birth", "date_of_birth"),
        ("Decision to assess (Y/N)", "decision_to_assess"),
        ("Date of decision to assess", "assess_decision_sent"),
        ("EHCP issued", "final_plan_sent"),
        ("Issue plan?", "issue_plan"),
        ("20 wk exception", "exception"),
        ("UPN no.", "upn"),
        ("Ed Psych report received", "ep_received"),
        ("Ｓｕｒｎａｍｅ", "surname"),
    ],
)
def test_a_heading_is_known_by_its_words(heading: str, field: str) -> None:
    assert field_for(heading) == field


@pytest.mark.parametrize(
    "heading", ["Age", "Year group", "Cost", "", "Issue", "x" * 100_000, "1" * 100_000]
)
def test_a_heading_that_says_none_of_the_fields_is_not_guessed(heading: str) -> None:
    assert field_for(heading) is None


def test_every_field_is_known_by_its_own_words() -> None:
    assert {field.key: field_for(field.words) for field in FIELDS} == {f.key: f.key for f in FIELDS}


def test_the_row_of_headings_is_the_one_that_names_most_fields() -> None:
    rows = [
        (1, ("Our tracker", None)),
        (2, ("Child", "Dates", None)),
        (3, HEADINGS),
        (4, ("Surname", "School", "x", None, None)),
    ]
    headings = find_headings(rows)
    assert headings is not None
    assert (headings.line, len(headings.columns)) == (3, 5)


def test_a_mapping_goes_before_the_words_and_comes_back_as_it_was_used() -> None:
    headings = match_headings(
        1,
        ("Ref", "Came in", "Received", "Surname"),
        {"request_received": "Came in", "reference": ""},
    )
    assert headings.mapping == {"request_received": "Came in", "surname": "Surname"}
    assert headings.unknown == ("Ref", "Received")
    assert (
        match_headings(1, headings.names, headings.mapping | {"reference": ""}).mapping
        == headings.mapping
    )


def test_a_heading_remembered_from_another_sheet_is_said_to_be_missing() -> None:
    headings = match_headings(1, HEADINGS, {"upn": "Pupil code"})
    assert [doubt.reason for doubt in headings.doubts] == ["This sheet has no heading “Pupil code”"]
    assert "upn" not in headings.columns


def test_two_columns_for_one_field_are_said_and_the_first_is_read() -> None:
    headings = match_headings(1, (*HEADINGS, "Surname", "Age", None, "Family name"))
    assert headings.names[5:] == ("Surname (column F)", "Age", "Column H", "Family name")
    assert [(doubt.column, doubt.reason) for doubt in headings.doubts] == [
        ("Surname (column F)", "This column is not read: surname is read from “Surname”"),
        ("Age", "This column is not read"),
        ("Family name", "This column is not read: surname is read from “Surname”"),
    ]


def test_a_tracker_without_a_required_column_says_which_and_what_headings_there_are() -> None:
    with pytest.raises(Unreadable) as refusal:
        read(("E1", "Okafor"), headings=("Ref", "Surname"))
    assert str(refusal.value) == (
        "No column was found for: Request received. The headings on row 1 are: Ref, Surname. "
        "Change the heading in the sheet, or choose which column it is"
    )
    with pytest.raises(Unreadable, match="Request received, Surname or forename"):
        read(("1", "2"), headings=("Apples", "Pears"))


def test_a_sheet_of_foreign_headings_can_be_mapped_by_hand() -> None:
    content = saved(book(("Nom", "Reçu"), ("Okafor", CHILD[4])))
    assert open_sheet(content, "a.xlsx").headings.names == ("Nom", "Reçu")
    mapping = {"surname": "Nom", "request_received": "Reçu"}
    (row,) = read_text(content, "a.xlsx", mapping=mapping).rows
    assert (row.surname, row.request_received) == (CHILD[1], CHILD[4])


def test_the_same_layout_is_known_again_and_another_is_not() -> None:
    one, again = match_headings(1, HEADINGS), match_headings(9, [h.upper() for h in HEADINGS])
    assert one.layout == again.layout != match_headings(1, HEADINGS[1:]).layout
