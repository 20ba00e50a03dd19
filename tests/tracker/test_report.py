"""The report: JSON, words, and a sheet of refused rows that can be corrected and brought back."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from casework.tracker.headings import OUR_COLUMNS
from casework.tracker.reading import Reading, read_tracker
from casework.tracker.report import in_words, refused_csv, refused_sheet, report
from tests.tracker.books import CHILD, HEADINGS, TODAY, read

WEST_BERKSHIRE = Path(__file__).parent.parent / "trackers" / "west-berkshire-2024.xlsx"


@pytest.fixture
def reading() -> Reading:
    return read(
        CHILD,
        ("E2", "=cmd|' /C calc'!A0", "+44", date(2016, 5, 5), "31/2/26"),
        (None, "", "", None, None, "x"),
        (3, "Lee", "Bo", "n/a", date(2026, 3, 2)),
        headings=(*HEADINGS, "Cost"),
    )


def test_the_json_has_its_shape(reading: Reading) -> None:
    said = report(reading, imported=1, already_held=0)
    assert list(said) == ["rows", "imported", "already_held", "refused", "warnings"]
    assert (said["rows"], said["imported"], said["already_held"]) == (4, 1, 0)
    assert said["refused"][0] == {
        "line": 3,
        "column": "Request rec'd",
        "value": "31/2/26",
        "reason": "31 February 2026 is not a day that exists. "
        "Write the day, month and year, like 3/4/2025",
    }
    assert said["warnings"][0] == {
        "line": 1, "column": "Cost", "value": "", "reason": "This column is not read",
    }  # fmt: skip


def test_the_words_say_where_what_and_what_to_do(reading: Reading) -> None:
    lines = in_words(reading, imported=1, already_held=0, dry_run=True)
    assert lines[:4] == [
        "4 rows found in “Tracker”.",
        "1 case would be made.",
        "0 rows already held.",
        "3 rows refused and left out.",
    ]
    assert (
        "Row 5, DOB (n/a): “n/a” is not a date. Write the day, month and year, like 3/4/2025."
        in lines
    )
    assert "Row 1, Cost: This column is not read." in lines


@pytest.mark.parametrize("write", [refused_sheet, refused_csv])
def test_refused_rows_come_back_the_same_and_are_refused_for_the_same_reasons(
    reading: Reading, write: object
) -> None:
    name = "refused.xlsx" if write is refused_sheet else "refused.csv"
    content = refused_sheet(reading) if write is refused_sheet else refused_csv(reading)
    again = read_tracker(content, name, today=TODAY)
    assert again.counted == len(reading.refused_cells)
    assert again.headings.mapping == reading.headings.mapping
    assert [(f.column, f.value, f.reason) for f in again.refused] == [
        (f.column, f.value, f.reason) for f in reading.refused
    ]
    assert again.headings.unknown == ("Cost",)
    assert [d for d in again.doubts if d.column in OUR_COLUMNS] == []


def test_a_corrected_row_comes_in_with_its_text_unaltered(reading: Reading) -> None:
    workbook = load_workbook(BytesIO(refused_sheet(reading)))
    workbook.worksheets[0]["E2"] = "28/2/26"
    content = BytesIO()
    workbook.save(content)
    corrected = read_tracker(content.getvalue(), "a.xlsx", today=TODAY)
    assert (corrected.rows[0].surname, corrected.rows[0].forename) == ("=cmd|' /C calc'!A0", "+44")
    text = refused_csv(reading).decode("utf-8-sig").replace("31/2/26", "28/2/26")
    (row,) = read_tracker(text.encode(), "a.csv", today=TODAY).rows
    assert (row.surname, row.forename) == ("=cmd|' /C calc'!A0", "+44")


def test_no_cell_of_the_sheet_is_a_formula_and_the_reasons_stand_beside_each_row(
    reading: Reading,
) -> None:
    rows = list(load_workbook(BytesIO(refused_sheet(reading))).worksheets[0])
    assert [cell.value for cell in rows[0]][-2:] == list(OUR_COLUMNS)
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "d"}
    assert rows[1][1].quotePrefix
    assert str(rows[3][-2].value).startswith("DOB: “n/a” is not a date")
    assert [row[-1].value for row in rows[1:]] == [3, 4, 5]


def test_no_cell_of_the_csv_would_run(reading: Reading) -> None:
    for line in refused_csv(reading).decode("utf-8-sig").splitlines():
        for cell in line.strip('"').split('","'):
            assert cell[:1] not in tuple("=+-@\t＝")


def test_a_second_round_of_refusals_says_its_reasons_once(reading: Reading) -> None:
    again = read_tracker(refused_sheet(reading), "a.xlsx", today=TODAY)
    rows = list(load_workbook(BytesIO(refused_sheet(again))).worksheets[0].values)
    assert list(rows[0]) == [*HEADINGS, "Cost", *OUR_COLUMNS]


def test_the_seven_bad_rows_of_west_berkshire_make_a_sheet_to_correct() -> None:
    bad = read_tracker(WEST_BERKSHIRE.read_bytes(), "w.xlsx", today=TODAY)
    again = read_tracker(refused_sheet(bad), "refused.xlsx", today=TODAY)
    assert (again.counted, len(again.rows)) == (7, 0)
    assert [f.reason for f in again.refused] == [f.reason for f in bad.refused]
