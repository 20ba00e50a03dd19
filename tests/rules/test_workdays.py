"""Working days: agreeing with a day-by-day walk, and never guessing past the list."""

from datetime import date, timedelta

import pytest

from casework.holidays import england_and_wales
from casework.rules.errors import BeyondCalendar
from casework.rules.workdays import WorkingDays
from tests.rules import naive

CALENDAR = england_and_wales()
DAYS = [naive.plus(date(2014, 9, 1), n) for n in range(5_000)]
THU_BEFORE_EASTER, GOOD_FRIDAY, EASTER_MONDAY = date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 6)


def test_every_day_is_open_or_closed_as_the_published_list_says() -> None:
    for day in DAYS:
        assert CALENDAR.is_working_day(day) is not naive.closed(day)
        assert CALENDAR.for_tribunal.is_working_day(day) is not naive.closed_to_the_tribunal(day)


@pytest.mark.parametrize("tribunal", [False, True])
def test_settling_on_a_working_day_agrees_with_walking_to_it(tribunal: bool) -> None:
    calendar = CALENDAR.for_tribunal if tribunal else CALENDAR
    shut = naive.closed_to_the_tribunal if tribunal else naive.closed
    for day in DAYS:
        assert calendar.on_or_before(day) == naive.settle(day, shut, -1)
        assert calendar.on_or_after(day) == naive.settle(day, shut, 1)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 10, 15, 30])
def test_counting_working_days_agrees_with_walking_them(n: int) -> None:
    for day in DAYS[::3]:
        assert CALENDAR.after(day, n) == naive.walk(day, n, naive.closed)
        assert CALENDAR.before(day, n) == naive.walk(day, n, naive.closed, -1)
        assert CALENDAR.beginning_with(day, n) == naive.walk(naive.plus(day, -1), n, naive.closed)


def test_a_count_beginning_with_a_closed_day_begins_with_the_next_open_one() -> None:
    assert CALENDAR.beginning_with(GOOD_FRIDAY, 1) == date(2026, 4, 7)
    assert CALENDAR.beginning_with(THU_BEFORE_EASTER, 2) == date(2026, 4, 7)
    assert CALENDAR.after(THU_BEFORE_EASTER, 1) == date(2026, 4, 7)
    assert CALENDAR.before(date(2026, 4, 7), 1) == THU_BEFORE_EASTER


def test_the_tribunal_keeps_neither_august_nor_christmas() -> None:
    tribunal = CALENDAR.for_tribunal
    assert tribunal.on_or_after(date(2026, 8, 1)) == date(2026, 9, 1)
    assert tribunal.on_or_after(date(2026, 12, 25)) == date(2027, 1, 4)
    assert tribunal.after(date(2026, 7, 31), 1) == date(2026, 9, 1)
    assert tribunal.is_working_day(date(2026, 12, 24))
    assert not tribunal.is_working_day(date(2026, 12, 29))


@pytest.mark.parametrize("outside", [timedelta(days=-1), timedelta(days=6210)])
@pytest.mark.parametrize("method", ["is_working_day", "on_or_before", "on_or_after"])
def test_a_day_outside_the_list_is_refused_and_the_remedy_named(
    method: str, outside: timedelta
) -> None:
    with pytest.raises(BeyondCalendar, match="bring the list up to date"):
        getattr(CALENDAR, method)(CALENDAR.first + outside)


@pytest.mark.parametrize("method", ["after", "beginning_with", "before"])
def test_a_count_from_outside_the_list_is_refused(method: str) -> None:
    with pytest.raises(BeyondCalendar):
        getattr(CALENDAR, method)(CALENDAR.last + timedelta(days=1), 1)


def test_a_count_that_runs_off_either_end_of_the_list_is_refused() -> None:
    week = WorkingDays(holidays=frozenset(), first=date(2026, 6, 1), last=date(2026, 6, 7))
    assert week.after(date(2026, 6, 1), 4) == date(2026, 6, 5)
    assert week.before(date(2026, 6, 5), 4) == date(2026, 6, 1)
    with pytest.raises(BeyondCalendar):
        week.after(date(2026, 6, 1), 5)
    with pytest.raises(BeyondCalendar):
        week.before(date(2026, 6, 5), 5)
    with pytest.raises(BeyondCalendar):
        week.on_or_after(date(2026, 6, 6))
