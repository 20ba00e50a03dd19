"""Two councils' trackers: what was read agrees with the figures that must come out of them.

Every child in them is invented. The sums below use nothing but the rows as they were read, so a
figure that differs later differs by a fault of its own.
"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.codes import RequestSource
from casework.tracker.reading import Reading, read_tracker
from casework.tracker.words import HealthOutcome

FOLDER = Path(__file__).parent.parent / "trackers"
TODAY = date(2026, 11, 23)
SIX, SIXTEEN, TWENTY = (timedelta(weeks=weeks) for weeks in (6, 16, 20))


def read(name: str) -> Reading:
    return read_tracker((FOLDER / f"{name}.xlsx").read_bytes(), f"{name}.xlsx", today=TODAY)


@pytest.fixture(scope="module", params=["rbwm-2025", "west-berkshire-2024"])
def tracker(request: pytest.FixtureRequest) -> tuple[Reading, dict[str, Any]]:
    expected = json.loads((FOLDER / f"{request.param}.expected.json").read_text())
    return read(request.param), expected


def test_every_row_is_counted_once(tracker: tuple[Reading, dict[str, Any]]) -> None:
    reading, expected = tracker
    assert len(reading.rows) == expected["rows"]
    assert reading.counted == expected["rows"] + len(expected["bad_rows"])


def test_the_bad_rows_are_refused_by_line_and_no_others(
    tracker: tuple[Reading, dict[str, Any]],
) -> None:
    reading, expected = tracker
    lines = [bad["line"] for bad in expected["bad_rows"]]
    assert sorted({refusal.line for refusal in reading.refused}) == lines
    assert sorted(reading.refused_cells) == lines


def test_every_column_is_read_and_nothing_is_doubted(
    tracker: tuple[Reading, dict[str, Any]],
) -> None:
    reading, _ = tracker
    assert reading.headings.unknown == ()
    assert len(reading.headings.columns) == 31
    assert reading.doubts == ()


def test_the_figures_agree_to_the_last_digit(tracker: tuple[Reading, dict[str, Any]]) -> None:
    reading, expected = tracker
    rows, year = reading.rows, expected["year"]
    plans = [r for r in rows if r.final_plan_sent and r.final_plan_sent.year == year]
    unexcepted = [r for r in plans if not r.exception]
    told = [r for r in rows if r.assess_decision_sent and r.assess_decision_sent.year == year]
    no_plan = [r for r in rows if r.no_plan_notice_sent and r.no_plan_notice_sent.year == year]
    health = [r for r in rows if r.health_requested and (r.health_requested + SIX).year == year]
    requests = [r for r in rows if r.request_received.year == year]
    schools = [r for r in requests if r.request_source is RequestSource.EDUCATION_SETTING]
    answered = [
        r
        for r in health
        if r.health_received
        and r.health_requested
        and r.health_received <= r.health_requested + SIX
    ]
    not_known = [r for r in health if r.health_outcome is HealthOutcome.NOT_KNOWN]

    def within(days: timedelta, rows: list[Any], field: str) -> int:
        return sum(getattr(row, field) - row.request_received <= days for row in rows)

    assert expected["counted"] == {
        "plans_inc": len(plans),
        "plans_exc": len(unexcepted),
        "within_20w_inc": within(TWENTY, plans, "final_plan_sent"),
        "within_20w_exc": within(TWENTY, unexcepted, "final_plan_sent"),
        "over_52w_inc": len(plans) - within(timedelta(weeks=52), plans, "final_plan_sent"),
        "requests_received_in_year": len(requests),
        "decisions_in_year": len(told),
        "decisions_within_6w": within(SIX, told, "assess_decision_sent"),
        "no_plan_in_year": len(no_plan),
        "no_plan_within_16w": within(SIXTEEN, no_plan, "no_plan_notice_sent"),
        "health_due_in_year": len(health),
        "health_on_time": len(answered),
        "health_on_time_excluding_not_known": sum(r not in not_known for r in answered),
        "health_not_known": len(not_known),
        "school_requests_in_year": len(schools),
        "school_requests_graduated": sum(r.graduated_approach is True for r in schools),
    }


def test_each_bad_row_says_which_cell_and_what_to_do() -> None:
    said = [(r.line, r.column, r.value, r.reason) for r in read("west-berkshire-2024").refused]
    write = "Write the day, month and year, like 3/4/2025"
    assert said == [
        (634, "Request rec'd", "",
         "There is no date for the request. Write the day it was received"),
        (635, "Request rec'd", "31/02/2024", f"31 February 2024 is not a day that exists. {write}"),
        (636, "Final issued", "01/05/2024",
         "The final plan is before the request. Check both dates"),
        (637, "Request rec'd", "n/a", f"“n/a” is not a date. {write}"),
        (638, "DOB", "01/01/2025",
         "The birth is after the request. Check both: a year of two figures is read as 20YY"),
        (639, "Request rec'd", "01/03/2084", "The request is in the future. Check the year"),
        (640, "20wk exception", "Y",
         "An exception is marked and no reason is given. Write the reason"),
    ]  # fmt: skip


def test_a_name_comes_in_without_the_space_that_was_typed_after_it() -> None:
    by_line = {row.line: row for row in read("rbwm-2025").rows}
    assert (by_line[7].surname, by_line[17].request_received) == ("Green", date(2024, 11, 10))
    assert by_line[6].surname == "Zając"
    assert not by_line[5].is_request  # a GP brings a child to the authority's attention
    assert by_line[4].is_request
