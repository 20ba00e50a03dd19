"""When a service is reminded of advice: at its points, on working days, never twice for one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.holidays import england_and_wales
from casework.rules.chasing import (
    WEEK,
    Request,
    due_now,
    goes_higher,
    plan,
    reached,
    read_every,
    read_points,
    stands,
)

CALENDAR = england_and_wales()
PLAN = plan("3w 5w -1d", "7d")
#: Asked on a Monday, due six weeks later on a Monday.
ASKED = date(2026, 9, 14)
REQUEST = Request(started_on=ASKED, due_on=ASKED + 6 * WEEK)
WEEK_3, WEEK_5 = ASKED + 3 * WEEK, ASKED + 5 * WEEK

starts = st.dates(date(2024, 1, 1), date(2026, 6, 1))
requests = st.builds(lambda started: Request(started_on=started, due_on=started + 6 * WEEK), starts)


def words(request: Request, today: date) -> str | None:
    point = due_now(request, PLAN, today, CALENDAR)
    return point.words if point else None


def test_nothing_is_due_before_the_first_point() -> None:
    assert words(REQUEST, WEEK_3 - timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("today", "said", "number"),
    [
        (WEEK_3, "week 3", 1),
        (WEEK_5, "week 5", 2),
        # The day before the due day is a Sunday, so the reminder goes on the Monday it is due.
        (REQUEST.due_on, "1 day before the due day", 3),
        (REQUEST.due_on + WEEK, "7 days after the due day", 4),
        (REQUEST.due_on + 3 * WEEK + timedelta(days=2), "21 days after the due day", 6),
    ],
)
def test_each_point_has_its_number_and_words(today: date, said: str, number: int) -> None:
    point = due_now(REQUEST, PLAN, today, CALENDAR)
    assert point is not None
    assert (point.words, point.number) == (said, number)
    assert point.is_after_due == (number > 3)


def test_a_day_on_which_nothing_ran_heals_itself_once() -> None:
    later = WEEK_3 + timedelta(days=4)
    assert words(REQUEST, later) == "week 3"
    assert words(replace(REQUEST, told_on=later), later) is None
    assert words(replace(REQUEST, told_on=later), WEEK_5) == "week 5"


def test_a_reminder_sent_before_its_point_does_not_stand_for_it() -> None:
    assert words(replace(REQUEST, told_on=WEEK_3 - timedelta(days=1)), WEEK_3) == "week 3"


def test_a_point_on_a_bank_holiday_is_reached_on_the_next_working_day() -> None:
    started = date(2026, 8, 10)  # three weeks on is the summer bank holiday, 31 August
    request = Request(started_on=started, due_on=started + 6 * WEEK)
    assert words(request, date(2026, 8, 31)) is None
    assert words(request, date(2026, 9, 1)) == "week 3"


def test_whoever_answers_for_the_service_is_told_only_after_the_due_day() -> None:
    on_time = reached(REQUEST, PLAN, REQUEST.due_on, CALENDAR)
    late_on = REQUEST.due_on + WEEK
    late = reached(REQUEST, PLAN, late_on, CALENDAR)
    assert on_time is not None
    assert not goes_higher(REQUEST, on_time, REQUEST.due_on)
    assert late is not None
    assert goes_higher(REQUEST, late, late_on)


@pytest.mark.parametrize(
    "excuse", [{"is_lifted": True}, {"expected_on": REQUEST.due_on + 9 * WEEK}]
)
def test_what_is_excused_is_asked_at_most_weekly_and_goes_no_higher(
    excuse: dict[str, object],
) -> None:
    twice_a_week = plan("3w", "3d")
    excused = replace(REQUEST, told_on=REQUEST.due_on + timedelta(days=3), **excuse)
    for days in range(4, 10):
        assert due_now(excused, twice_a_week, REQUEST.due_on + timedelta(days), CALENDAR) is None
    again = REQUEST.due_on + timedelta(days=10)
    point = due_now(excused, twice_a_week, again, CALENDAR)
    assert point is not None
    assert not goes_higher(excused, point, again)


def test_a_day_that_was_promised_and_is_past_excuses_nothing() -> None:
    today = REQUEST.due_on + WEEK
    request = replace(REQUEST, expected_on=today - timedelta(days=1))
    assert not request.is_excused(today)
    assert request.is_late(today)
    assert replace(request, expected_on=today).is_excused(today)


@pytest.mark.parametrize(
    ("changes", "today", "said"),
    [
        ({}, REQUEST.due_on + timedelta(days=11), "11 days late"),
        ({}, REQUEST.due_on, "due today"),
        ({}, REQUEST.due_on - timedelta(days=1), "due in 1 day"),
        ({"is_lifted": True}, REQUEST.due_on + WEEK, "an exception lifts the limit"),
        ({"expected_on": date(2026, 12, 3)}, REQUEST.due_on, "expected by 3 December 2026"),
    ],
)
def test_how_a_request_stands_is_said(changes: dict[str, object], today: date, said: str) -> None:
    assert stands(replace(REQUEST, **changes), today, is_guidance=False) == said


def test_a_limit_of_guidance_says_so() -> None:
    said = stands(REQUEST, REQUEST.due_on + WEEK, is_guidance=True)
    assert said == "7 days late (six weeks is guidance)"


@given(requests, st.integers(0, 200))
def test_a_second_run_of_a_day_says_nothing_new(request: Request, days: int) -> None:
    today = request.started_on + timedelta(days=days)
    assert due_now(replace(request, told_on=today), PLAN, today, CALENDAR) is None


@given(requests, st.integers(0, 150))
def test_points_come_in_order_and_their_numbers_rise(request: Request, days: int) -> None:
    today = request.started_on + timedelta(days=days)
    before = reached(request, PLAN, today, CALENDAR)
    after = reached(request, PLAN, today + timedelta(days=1), CALENDAR)
    assume(before is not None)
    assert before is not None
    assert after is not None
    assert before.on <= after.on <= today + timedelta(days=1)
    assert (before.number < after.number) == (before.on < after.on)
    assert after.is_after_due == (after.on > request.due_on)


@given(requests, st.integers(1, 30))
def test_run_every_working_day_each_point_is_told_once_and_on_a_working_day(
    request: Request, weeks: int
) -> None:
    told: list[date] = []
    for days in range((6 + weeks) * 7):
        today = request.started_on + timedelta(days=days)
        if not CALENDAR.is_working_day(today):
            continue
        now = replace(request, told_on=told[-1] if told else None)
        if due_now(now, PLAN, today, CALENDAR):
            told.append(today)
    points = [WEEK * 3, WEEK * 5, WEEK * 6 - timedelta(days=1)]
    points += [WEEK * (6 + n) for n in range(1, weeks + 1)]
    last = request.started_on + timedelta(days=(6 + weeks) * 7 - 1)
    moved = {CALENDAR.on_or_after(request.started_on + point) for point in points}
    assert told == sorted(day for day in moved if day <= last)


@given(requests, st.integers(0, 120))
def test_on_a_day_off_nothing_is_reached_that_was_not_the_working_day_before(
    request: Request, days: int
) -> None:
    today = request.started_on + timedelta(days=days)
    assume(not CALENDAR.is_working_day(today))
    before = CALENDAR.on_or_before(today)
    assert reached(request, PLAN, today, CALENDAR) == reached(request, PLAN, before, CALENDAR)


def test_points_that_fall_on_one_day_are_one_and_none_lies_past_the_due_day() -> None:
    chosen = plan("5w 35d -7d -7d -41d", "1w")
    point = reached(REQUEST, chosen, REQUEST.due_on, CALENDAR)
    assert point is not None
    assert (point.on, point.number) == (WEEK_5, 2)
    short = Request(started_on=ASKED, due_on=ASKED + 2 * WEEK)
    assert reached(short, plan("3w", "7d"), short.due_on, CALENDAR) is None


@pytest.mark.parametrize("text", ["3", "w", "-0d", "0w", "6w", "-42d", "3w,5w", "3 w", "+3w", "٣w"])
def test_points_that_cannot_be_read_are_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="must be points such as 3w"):
        read_points(f"3w {text}")


@pytest.mark.parametrize("text", ["", "7", "0d", "-7d", "7d 8d", "100d"])
def test_an_interval_that_cannot_be_read_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="must be written as 7d or 1w"):
        read_every(text)


def test_weeks_and_days_are_read_alike() -> None:
    assert read_every("1w") == read_every("7d") == 7
    assert read_points("3w") == read_points("21d")
    assert [point.words for point in read_points("3w 10d -1d -2w")] == [
        *("week 3", "day 10"),
        *("1 day before the due day", "14 days before the due day"),
    ]
