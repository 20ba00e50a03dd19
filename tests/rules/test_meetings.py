"""The weekly slot carried past bank holidays, and the moments due before a meeting."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.holidays import england_and_wales
from casework.rules.errors import BeyondCalendar
from casework.rules.meetings import OnBankHoliday, Slot, due_before, planned, week_of
from casework.rules.workdays import WorkingDays

CALENDAR = england_and_wales()
GOOD_FRIDAY = date(2026, 4, 3)
MONDAY, FRIDAY = 0, 4


def slots(first: date, last: date, weekday: int, **options: object) -> list[Slot]:
    given_ = {"on_bank_holiday": "move", "calendar": CALENDAR} | options
    return planned(first, last, weekday=weekday, **given_)  # type: ignore[arg-type]


@given(
    first=st.dates(date(2020, 1, 1), date(2028, 11, 1)),
    length=st.integers(0, 50),
    weekday=st.integers(0, 4),
    holiday=st.sampled_from(list(OnBankHoliday)),
    taken=st.sets(st.integers(0, 60)),
    settled=st.sets(st.integers(0, 8)),
)
def test_each_slot_is_represented_once_and_never_on_a_day_that_is_closed_or_taken(
    first: date, length: int, weekday: int, holiday: str, taken: set[int], settled: set[int]
) -> None:
    last = first + timedelta(length)
    days = {first + timedelta(n) for n in taken}
    weeks = {week_of(first) + timedelta(weeks=n) for n in settled}
    found = slots(first, last, weekday, on_bank_holiday=holiday, taken=days, settled=weeks)
    own_days = [first + timedelta(n) for n in range(length + 1)]
    wanted = [
        week_of(day)
        for day in own_days
        if day.weekday() == weekday and day not in days and week_of(day) not in weeks
    ]
    # A day may be taken by the meeting of the week before that moved there; then it stands for it.
    moved_here = {slot.on_day for slot in found if slot.moved_from}
    assert [slot.week for slot in found] == [
        week for week in wanted if week + timedelta(weekday) not in moved_here
    ]
    live = [slot.on_day for slot in found if not slot.is_cancelled]
    assert len(live) == len(set(live))
    assert not days & set(live)
    assert all(CALENDAR.is_working_day(day) for day in live)
    for slot in found:
        own = slot.week + timedelta(weekday)
        assert CALENDAR.is_working_day(own) == (slot.why is None)
        assert slot.is_cancelled or own <= slot.on_day < own + timedelta(7)
        assert not slot.moved_from or (slot.moved_from == own and holiday == "move")


@given(st.dates(date(2020, 1, 1), date(2028, 6, 1)), st.integers(0, 4))
def test_what_was_planned_once_is_not_planned_again(first: date, weekday: int) -> None:
    last = first + timedelta(weeks=20)
    once = slots(first, last, weekday)
    weeks = [slot.week for slot in once]
    taken = [slot.on_day for slot in once if not slot.is_cancelled]
    assert slots(first, last, weekday, settled=weeks, taken=taken) == []


def test_a_meeting_on_a_bank_holiday_moves_to_the_next_working_day() -> None:
    [slot] = slots(GOOD_FRIDAY, GOOD_FRIDAY, FRIDAY)
    assert (slot.moved_from, slot.on_day) == (GOOD_FRIDAY, date(2026, 4, 7))
    assert slot.why == "Friday 3 April 2026 is a bank holiday"


def test_a_meeting_on_a_bank_holiday_is_cancelled_where_the_panel_says_so() -> None:
    [slot] = slots(GOOD_FRIDAY, GOOD_FRIDAY, FRIDAY, on_bank_holiday="cancel")
    assert slot.is_cancelled
    assert (slot.on_day, slot.moved_from) == (GOOD_FRIDAY, None)
    assert slot.why == "Friday 3 April 2026 is a bank holiday"


def test_a_moved_meeting_passes_over_a_day_on_which_the_panel_meets_already() -> None:
    [slot] = slots(GOOD_FRIDAY, GOOD_FRIDAY, FRIDAY, taken={date(2026, 4, 7)})
    assert slot.on_day == date(2026, 4, 8)


def test_a_meeting_that_finds_no_free_day_before_the_next_is_cancelled() -> None:
    taken = {date(2026, 4, day) for day in (7, 8, 9)}
    [slot] = slots(GOOD_FRIDAY, GOOD_FRIDAY, FRIDAY, taken=taken)
    assert slot.is_cancelled
    assert "no working day is free" in (slot.why or "")


def test_past_the_known_bank_holidays_nothing_is_planned() -> None:
    with pytest.raises(BeyondCalendar):
        slots(CALENDAR.last, CALENDAR.last + timedelta(14), MONDAY)


def test_papers_are_due_by_the_clock_of_london_in_summer_and_in_winter() -> None:
    assert due_before(date(2026, 7, 8), 4, time(17), CALENDAR) == datetime(
        2026, 7, 2, 16, tzinfo=UTC
    )
    assert due_before(date(2026, 12, 2), 4, time(17), CALENDAR) == datetime(
        2026, 11, 26, 17, tzinfo=UTC
    )
    # Counted over Easter, and over the change of the clocks.
    assert due_before(date(2026, 4, 8), 3, time(12), CALENDAR) == datetime(
        2026, 4, 1, 11, tzinfo=UTC
    )


def test_with_no_days_something_is_due_on_the_day_itself() -> None:
    assert due_before(date(2026, 12, 2), 0, time(9), CALENDAR).date() == date(2026, 12, 2)


def test_days_before_the_list_of_bank_holidays_are_refused() -> None:
    week = WorkingDays(holidays=frozenset(), first=date(2026, 6, 1), last=date(2026, 6, 7))
    with pytest.raises(BeyondCalendar):
        due_before(date(2026, 6, 2), 4, time(9), week)
