"""Rows: typed facts, what is refused and why, what comes in with a doubt."""

from datetime import date, datetime
from typing import Any

import pytest

from casework.codes import RequestSource, Sex, UpnUnknown
from casework.tracker.rows import TrackerRow
from casework.tracker.words import HealthOutcome
from tests.tracker.books import CHILD, HEADINGS, TODAY, read, read_one, read_text

REQUEST = date(2026, 3, 2)


def row_of(**cells: Any) -> TrackerRow:
    """Return the one row that comes in, with nothing refused."""
    reading = read_one(**cells)
    assert not reading.refused
    (row,) = reading.rows
    return row


def refusals(**cells: Any) -> list[tuple[str, str]]:
    """Return (column, reason) of each refusal of one row, which does not come in."""
    reading = read_one(**cells)
    assert reading.rows == ()
    assert list(reading.refused_cells) == [2]
    return [(refusal.column, refusal.reason) for refusal in reading.refused]


def doubts(**cells: Any) -> list[tuple[str, str]]:
    """Return (column, reason) of each doubt about one row, which comes in."""
    reading = read_one(**cells)
    assert len(reading.rows) == 1
    return [(doubt.column, doubt.reason) for doubt in reading.doubts]


def test_a_row_is_typed_facts() -> None:
    row = row_of(
        upn="R868960192309", nhs_number="943 476 5919", sex="f", requested_by="Health visitor",
        graduated_approach="y", decision_to_assess="Yes", complex="N", issue_plan=True,
        assess_decision_sent="10.4.26", health_outcome="Nil return", exception="Y",
        exception_reason="school closed over summer", withdrawn="N", status="open",
        notes="Line one\r\nline two", setting="St Mary’s", officer="Officer 1",
    )  # fmt: skip
    assert row == TrackerRow(
        line=2, reference="E1", surname="Okafor", forename="Ada", date_of_birth=date(2016, 5, 5),
        request_received=REQUEST, upn="R868960192309", nhs_number="9434765919", sex=Sex.FEMALE,
        requested_by="Health visitor", request_source=RequestSource.HEALTH_PROFESSIONAL,
        graduated_approach=True, decision_to_assess=True, complex=False, issue_plan=True,
        assess_decision_sent=date(2026, 4, 10), health_outcome=HealthOutcome.NOT_KNOWN,
        exception=True, exception_reason="school closed over summer", withdrawn=False,
        status="open", notes="Line one\nline two", setting="St Mary’s", officer="Officer 1",
    )  # fmt: skip
    assert not row.is_request


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"request_received": None}, "request received", "no date for the request"),
        ({"request_received": " "}, "request received", "no date for the request"),
        ({"request_received": "tbc"}, "request received", "“tbc” is not a date"),
        ({"draft_served": "31/4/26"}, "draft served", "31 April 2026 is not a day"),
        ({"panel_date": "n/a"}, "panel date", "“n/a” is not a date"),
        ({"final_plan_sent": "1/3/26"}, "final plan sent", "before the request"),
        ({"date_of_birth": "3/3/26"}, "date of birth", "after the request"),
        ({"date_of_birth": "3.8.98"}, "date of birth", "a year of two figures is read as 20YY"),
        ({"request_received": "24/11/2026"}, "request received", "in the future"),
        ({"exception": "Y"}, "exception", "no reason is given"),
        ({"exception": "Y", "exception_reason": "n/a"}, "exception", "no reason is given"),
        ({"withdrawn": "moved away"}, "withdrawn", "is not a date"),
        ({"surname": "", "forename": None}, "surname", "There is no name"),
        ({"surname": "x" * 201}, "surname", "This has 201 letters, more than the 200"),
    ],
)
def test_a_row_is_refused_with_its_column_and_reason(
    cells: dict[str, Any], column: str, reason: str
) -> None:
    ((said_column, said),) = refusals(**cells)
    assert said_column == column
    assert reason in said


def test_every_refused_cell_of_a_row_is_reported() -> None:
    said = refusals(
        request_received="31/2/26", date_of_birth="n/a", exception="Y", surname="", forename=""
    )
    assert [column for column, _ in said] == [
        "date of birth", "request received", "surname", "exception",
    ]  # fmt: skip


def test_a_final_plan_or_a_birth_on_the_day_of_the_request_is_no_contradiction() -> None:
    row = row_of(final_plan_sent=REQUEST, date_of_birth=REQUEST)
    assert row.final_plan_sent == row.date_of_birth == row.request_received


def test_a_request_today_is_not_in_the_future() -> None:
    assert row_of(request_received=TODAY).request_received == TODAY


def test_a_young_person_is_over_25_from_the_26th_birthday() -> None:
    assert doubts(date_of_birth="3/3/2000") == []
    assert doubts(date_of_birth="2/3/2000") == [
        ("date of birth", "The young person was over 25 at the request. Check the year")
    ]


def test_unlawful_history_is_history() -> None:
    """Told after a year, the draft after the final, a plan with no decision to assess."""
    late = row_of(
        request_received="2.3.23", assess_decision_sent="2.3.24", draft_served="5.5.24",
        final_plan_sent="1.4.24", decision_to_assess="N", issue_plan="N",
    )  # fmt: skip
    assert late.final_plan_sent == date(2024, 4, 1)


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"panel_date": "1/12/2026"}, "panel date", "in the future"),
        ({"final_plan_sent": "1/1/2084"}, "final plan sent", "in the future"),
        ({"draft_served": "1/3/2026"}, "draft served", "before the request"),
        ({"withdrawn": "1/3/2026"}, "withdrawn", "before the request"),
        ({"withdrawn": "Y"}, "withdrawn", "day of the withdrawal is not recorded"),
        ({"withdrawn": "n/a"}, "withdrawn", "taken as not withdrawn"),
        (
            {"request_received": "1/8/2014", "date_of_birth": None},
            "request received",
            "before 1 September 2014",
        ),
        ({"date_of_birth": "1/3/2000"}, "date of birth", "over 25"),
        ({"complex": "maybe"}, "complex", "neither yes nor no"),
        ({"issue_plan": REQUEST}, "issue plan", "neither yes nor no"),
        ({"exception": "school closed"}, "exception", "neither yes nor no"),
        ({"exception_reason": "absent"}, "exception reason", "no exception is marked"),
        ({"requested_by": "Mrs Patel"}, "requested by", "taken as someone else"),
        ({"health_outcome": "banana"}, "health outcome", "not understood"),
        ({"sex": "robot"}, "sex", "not understood"),
        ({"upn": "A868960192309"}, "upn", "first letter does not fit"),
        ({"upn": "868960192309"}, "upn", "1 letter and 12 numbers"),
        ({"upn": "9.12E+09"}, "upn", "lost figures of it"),
        ({"upn": 868960192309}, "upn", "lost figures of it"),
        ({"nhs_number": 912345678}, "nhs number", "lost figures of it"),
        ({"nhs_number": "9.12345E+09"}, "nhs number", "lost figures of it"),
        ({"nhs_number": "9434765918"}, "nhs number", "Left out"),
        ({"surname": "Oka\u202efor"}, "surname", "hidden or lost letter"),
        ({"surname": "Oka\ufffdfor"}, "surname", "hidden or lost letter"),
    ],
)
def test_what_cannot_be_understood_comes_in_with_a_doubt(
    cells: dict[str, Any], column: str, reason: str
) -> None:
    ((said_column, said),) = doubts(**cells)
    assert said_column == column
    assert reason in said


def test_what_is_doubted_is_taken_as_not_recorded() -> None:
    row = row_of(complex="maybe", exception="?", health_outcome="banana", upn="9.12E+09", sex="x")
    assert (row.complex, row.exception, row.health_outcome, row.upn, row.sex) == (
        None, None, None, "", None,
    )  # fmt: skip


def test_a_upn_that_fails_its_check_is_kept_as_typed_and_unverified() -> None:
    assert (row_of(upn="a868960192309").upn, row_of(upn="a868960192309").upn_verified) == (
        "A868960192309",
        False,
    )
    assert row_of(upn="R868960192309").upn_verified


@pytest.mark.parametrize("typed", ["-", "none", "N/A", "unknown", ""])
def test_no_upn_is_no_mistake(typed: str) -> None:
    assert doubts(upn=typed) == []
    assert row_of(upn=typed).upn == ""


def test_a_reason_for_no_upn_may_be_typed_in_its_place() -> None:
    assert row_of(upn="UN1").upn_unknown is UpnUnknown.UN1


def test_an_nhs_number_kept_as_a_number_is_read() -> None:
    assert row_of(nhs_number=9434765919).nhs_number == "9434765919"


@pytest.mark.parametrize(
    "name", ["Null", "None", "True", "-", "Test", "=Sum", "Robert'); DROP", "Nguyễn"]
)
def test_a_name_that_looks_like_data_is_a_name(name: str) -> None:
    assert row_of(surname=f" {name}\u00a0").surname == name


@pytest.mark.parametrize("word", ["n/a", "-", "tbc"])
def test_a_word_that_fills_a_place_is_no_setting_and_no_officer(word: str) -> None:
    row = row_of(setting=word, officer=word, requested_by=word)
    assert (row.setting, row.officer, row.requested_by, row.request_source) == ("", "", "", None)


@pytest.mark.parametrize(
    ("typed", "surname", "forename"),
    [
        ("Okafor, Ada Grace", "Okafor", "Ada Grace"),
        ("Ada Okafor", "Okafor", "Ada"),
        ("Ada van der Berg", "van der Berg", "Ada"),
        ("Ada", "Ada", ""),
    ],
)
def test_a_name_in_one_cell_is_divided(typed: str, surname: str, forename: str) -> None:
    (row,) = read((typed, REQUEST), headings=("Name", "Request received")).rows
    assert (row.surname, row.forename) == (surname, forename)


def test_a_name_in_one_cell_of_three_words_is_to_be_looked_at() -> None:
    reading = read(("Ana Maria Lopez", REQUEST), headings=("Name", "Request received"))
    assert [doubt.reason for doubt in reading.doubts] == [
        "The surname is taken to be the last word: check it"
    ]


def test_a_name_of_its_own_column_goes_before_the_name_in_one_cell() -> None:
    headings = ("Name", "Surname", "Request received")
    (row,) = read(("Ada Okafor", "Lee", REQUEST), headings=headings).rows
    assert (row.surname, row.forename) == ("Lee", "Ada")


def test_one_upn_for_two_names_is_said_and_for_one_name_is_not() -> None:
    headings = (*HEADINGS, "UPN")
    same = (*CHILD, "R868960192309")
    other = ("E3", "Lee", "Bo", *CHILD[3:], "R868960192309")
    reading = read(same, ("E2", *same[1:]), other, headings=headings)
    assert [(doubt.line, doubt.column) for doubt in reading.doubts] == [(4, "UPN")]
    assert "Row 2 has this UPN" in reading.doubts[0].reason


def test_cells_under_no_heading_are_said_once_and_not_read() -> None:
    reading = read((*CHILD, None, "stray"), (*CHILD, None, "again"))
    assert [(d.line, d.column, d.value) for d in reading.doubts] == [(2, "Column G", "stray")]
    assert len(reading.rows) == 2


def test_empty_rows_are_not_rows_and_the_line_is_the_sheets_own() -> None:
    reading = read((None,), CHILD, (" ", "\u00a0", None), CHILD)
    assert [row.line for row in reading.rows] == [3, 5]
    assert reading.counted == 2


def test_a_time_beside_a_day_does_not_move_it() -> None:
    assert (
        row_of(request_received=datetime.fromisoformat("2026-03-02T23:59:59")).request_received
        == REQUEST
    )


def test_a_ragged_row_of_text_is_read_as_far_as_it_goes() -> None:
    reading = read_text("Surname,Request received,UPN\nOkafor,2/3/26\nLee,2/3/26,,,stray\n")
    assert [row.surname for row in reading.rows] == ["Okafor", "Lee"]
    assert [doubt.column for doubt in reading.doubts] == ["Column E"]
