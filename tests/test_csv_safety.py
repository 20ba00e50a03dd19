"""Cells that a spreadsheet would run are written as text, and come back as they were."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.csv_safety import spreadsheet_raw, spreadsheet_safe


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+44 1628 000000", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x", "＝1", "＋1", "－1", "＠x",
     " =1", "\u00a0=1", "=cmd|' /C calc'!A0", "-"],
)  # fmt: skip
def test_text_that_would_run_gets_an_apostrophe(text: str) -> None:
    assert spreadsheet_safe(text) == f"'{text}"
    assert spreadsheet_raw(f"'{text}") == text


@pytest.mark.parametrize(
    "value", ["", "O'Brien", "'tis", "a=b", 5, -1, 2.5, None, True, date(2026, 3, 2)]
)
def test_other_text_numbers_and_days_are_as_they_were(value: object) -> None:
    assert spreadsheet_safe(value) == value


@given(st.text(max_size=20) | st.from_regex(r"'{0,3} ?[=+@-].{0,3}"))
def test_the_journey_alters_nothing_and_the_cell_never_runs(text: str) -> None:
    safe = spreadsheet_safe(text)
    assert spreadsheet_raw(safe) == text
    assert safe.lstrip(" \u00a0")[:1] not in tuple("=+-@\t\r\n＝＋－＠")
