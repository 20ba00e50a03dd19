"""Every way of counting in the book, from every start date, against the naive oracle.

Calendar limits run from 1 September 2014 to the end of 2040, working days to the end of the
bank-holiday list. Rows that count alike are tried once: the shape is what counts.
"""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from casework.holidays import england_and_wales
from casework.rules.book import BOOK
from casework.rules.deadlines import due
from casework.rules.duty import Count, Duty
from casework.rules.errors import BeyondCalendar
from tests.rules import naive

CALENDAR = england_and_wales()
START, END = date(2014, 9, 1), date(2040, 12, 31)
WORKING = {
    Count.WORKING_DAYS_AFTER,
    Count.WORKING_DAYS_BEGINNING_WITH,
    Count.WORKING_DAYS_BEFORE,
}


def shape(row: Duty) -> tuple[object, ...]:
    return (row.count, row.amount, row.bound, row.roll, row.fixed, row.valid_until)


SIMPLE = {
    shape(row): row for row in BOOK.values() if row.is_computed and not row.limbs and row.starts
}
CALENDAR_ROWS = [r for r in SIMPLE.values() if r.count not in WORKING and r.roll == "none"]
WORKING_ROWS = [r for r in SIMPLE.values() if r.count in WORKING or r.roll != "none"]
EVERY_ROW = [r for r in BOOK.values() if r.is_computed and r.starts]


def days(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def last_day_by_the_oracle(row: Duty, start: date) -> date:
    shut = naive.closed_to_the_tribunal if row.roll == "tribunal" else naive.closed
    n = row.amount
    ways: dict[Count, Callable[[], date]] = {
        Count.WEEKS_AFTER: lambda: naive.plus(start, 7 * n),
        Count.DAYS_AFTER: lambda: naive.plus(start, n),
        Count.DAYS_BEGINNING_WITH: lambda: naive.plus(start, n - 1),
        Count.MONTHS_AFTER: lambda: naive.plus_months(start, n),
        Count.MONTHS_BEGINNING_WITH: lambda: naive.months_from_and_with(start, n),
        Count.WEEKS_BEFORE: lambda: naive.plus(start, -7 * n),
        Count.MONTHS_BEFORE: lambda: naive.plus_months(start, -n),
        Count.AT_ONCE: lambda: start,
        Count.WORKING_DAYS_AFTER: lambda: naive.walk(start, n, shut),
        Count.WORKING_DAYS_BEGINNING_WITH: lambda: naive.walk(naive.plus(start, -1), n, shut),
        Count.WORKING_DAYS_BEFORE: lambda: naive.walk(start, n, shut, -1),
        Count.BEFORE_FIXED_DAY: lambda: naive.plus(date(start.year, *(row.fixed or (1, 1))), -1),
    }
    assert row.count is not None
    end = ways[row.count]()
    return naive.settle(end, shut, 1) if row.roll == "tribunal" else end


def named(row: Duty) -> str:
    return row.id


@pytest.mark.parametrize("row", CALENDAR_ROWS, ids=named)
def test_a_calendar_limit_agrees_from_every_start_to_2040(row: Duty) -> None:
    fact = row.starts[0]
    for start in days(max(START, row.valid_from), min(END, row.valid_until or END)):
        answer = due(row, {fact: start}, CALENDAR)
        assert answer.on == last_day_by_the_oracle(row, start), start
        if naive.FIRST <= answer.on <= naive.LAST and row.count is not Count.AT_ONCE:
            assert answer.act_by == naive.settle(answer.on, naive.closed, -1), start
        elif answer.on > naive.LAST:
            assert answer.act_by in {None, start}


@pytest.mark.parametrize("row", WORKING_ROWS, ids=named)
def test_a_working_day_limit_agrees_from_every_start_to_the_end_of_the_list(row: Duty) -> None:
    fact, last_answer = row.starts[0], None
    for start in days(max(START, row.valid_from), naive.LAST):
        expected = last_day_by_the_oracle(row, start)
        if expected > naive.LAST:
            with pytest.raises(BeyondCalendar):
                due(row, {fact: start}, CALENDAR)
            continue
        answer = last_answer = due(row, {fact: start}, CALENDAR)
        assert answer.on == expected, start
        assert answer.act_by == expected or not closed_on(answer.act_by), start
    assert last_answer is not None


def closed_on(day: date | None) -> bool:
    return day is None or naive.closed(day)


@pytest.mark.parametrize("row", EVERY_ROW, ids=named)
def test_a_later_start_is_never_due_earlier(row: Duty) -> None:
    until = min(date(2027, 6, 30), row.valid_until or END)
    ends = [
        due(row, dict.fromkeys(row.starts, start), CALENDAR).on
        for start in days(max(START, row.valid_from), until)
        if start.toordinal() % 5 == 0
    ]
    assert ends == sorted(ends)
    assert len(ends) > 15


@pytest.mark.parametrize("rule", ["assess_decision_6w", "no_plan_16w", "final_20w"])
def test_weeks_fall_on_the_weekday_they_started_from_whatever_the_clocks_do(rule: str) -> None:
    for start in days(START, END):
        answer = due(BOOK[rule], {"request_received": start}, CALENDAR)
        assert answer.on.weekday() == start.weekday()
        assert answer.on.toordinal() - start.toordinal() == BOOK[rule].amount * 7


def test_the_appeal_window_is_the_later_of_its_two_limbs_each_rolled() -> None:
    window, two, one = BOOK["appeal_window"], BOOK["appeal_2m"], BOOK["appeal_1m_cert"]
    for decided in days(START, date(2028, 8, 1)):
        for gap in (1, 29, 45, 200):
            certified = naive.plus(decided, gap)
            if certified > date(2028, 11, 1):
                continue
            given = {
                "decision_notice_sent": decided,
                "mediation_certificate_issued": certified,
            }
            expected = max(
                last_day_by_the_oracle(two, decided), last_day_by_the_oracle(one, certified)
            )
            assert due(window, given, CALENDAR).on == expected


def test_the_reason_names_the_start_in_full_from_every_start() -> None:
    for start in days(START, END):
        spoken = f"{start:%A} {start.day} {start:%B %Y}"
        assert spoken in due(BOOK["final_20w"], {"request_received": start}, CALENDAR).because


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2023, 2, 28), date(2024, 2, 27)),
        (date(2023, 3, 1), date(2024, 2, 29)),
        (date(2027, 2, 28), date(2028, 2, 27)),
        (date(2016, 2, 29), date(2017, 2, 28)),
        (date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_twelve_months_starting_with_a_day_know_leap_years(made: date, expected: date) -> None:
    assert due(BOOK["ar_first_12m"], {"plan_first_made": made}, CALENDAR).on == expected


def test_a_month_without_the_day_ends_the_period_and_the_reason_says_so() -> None:
    leap = due(BOOK["ar_first_12m"], {"plan_first_made": date(2024, 2, 29)}, CALENDAR)
    assert "February 2025 has no day 29" in leap.because
    plain = due(BOOK["ar_first_12m"], {"plan_first_made": date(2026, 3, 1)}, CALENDAR)
    assert plain.on == date(2027, 2, 28)
    assert "has no day" not in plain.because
