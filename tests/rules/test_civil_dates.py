"""Days and moments: read strictly, and taken to London whatever its clocks do."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.civil_dates import london_date, read_day, spoken
from casework.rules.errors import Unanswerable


def last_sunday(year: int, month: int) -> datetime:
    day = datetime(year, month, 31, 1, tzinfo=UTC)
    return day - timedelta(days=day.isoweekday() % 7)


def london_by_the_summer_time_order(moment: datetime) -> date:
    """Summer time runs between the last Sundays of March and October, 1 am Greenwich."""
    summer = last_sunday(moment.year, 3) <= moment < last_sunday(moment.year, 10)
    return (moment + timedelta(hours=1 if summer else 0)).date()


@pytest.mark.parametrize("month", [3, 10])
@pytest.mark.parametrize("year", range(2014, 2041))
def test_every_half_hour_round_a_clock_change_has_its_london_date(year: int, month: int) -> None:
    change = last_sunday(year, month)
    for half_hours in range(-96, 97):
        moment = change + timedelta(minutes=30 * half_hours)
        assert london_date(moment) == london_by_the_summer_time_order(moment)


@given(
    day=st.dates(date(2014, 1, 1), date(2040, 12, 31)),
    time=st.times(),
    offset=st.integers(-14 * 60, 14 * 60),
)
def test_a_moment_has_one_london_date_in_whatever_zone_it_is_written(
    day: date, time: time, offset: int
) -> None:
    known = datetime.combine(day, time, tzinfo=UTC)
    elsewhere = known.astimezone(timezone(timedelta(minutes=offset)))
    expected = london_by_the_summer_time_order(known)
    assert london_date(elsewhere) == expected
    if offset % 60 == 0:
        assert read_day("received", elsewhere.isoformat()) == expected


@given(day=st.dates())
def test_a_day_as_written_is_the_day_that_is_read(day: date) -> None:
    assert read_day("received", day.isoformat()) == day
    assert spoken(day).endswith(str(day.year))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-06-30T23:30:00Z", date(2026, 7, 1)),
        ("2026-06-30T22:59:59Z", date(2026, 6, 30)),
        ("2026-12-31T23:59:59+00:00", date(2026, 12, 31)),
        ("2026-04-02T18:30+01:00", date(2026, 4, 2)),
        ("2026-04-02 18:30:00.25+0100", date(2026, 4, 2)),
        (" 2026-04-02 ", date(2026, 4, 2)),
    ],
)
def test_a_moment_with_its_zone_is_taken_to_london(written: str, expected: date) -> None:
    assert read_day("received", written) == expected


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("2026-02-30", "not a day that exists"),
        ("2025-02-29", "not a day that exists"),
        ("2026-13-01", "not a day that exists"),
        ("0000-01-01", "not a day that exists"),
        ("2026-06-30T23:59:60Z", "not a day that exists"),
        ("2026-06-30T25:00Z", "not a day that exists"),
        ("9999-12-31T23:30:00-12:00", "not a day that exists"),
        ("2026-06-30T23:30:00", "no time zone"),
        ("02/03/2026", "write year, month and day"),
        ("2026-3-2", "write year, month and day"),
        ("20260302", "write year, month and day"),
        ("2026-W10-1", "write year, month and day"),
        ("٢٠٢٦-٠٣-٠٢", "write year, month and day"),
        ("", "write year, month and day"),
        ("2026-03-02T10:00:00 Europe/London", "write year, month and day"),
        (20260302, "in quotes"),
        (None, "in quotes"),
        (["2026-03-02"], "in quotes"),
    ],
)
def test_what_is_no_day_is_refused_by_name_with_what_to_write(written: object, says: str) -> None:
    with pytest.raises(Unanswerable, match=says) as refused:
        read_day("request_received", written)
    assert str(refused.value).startswith("request_received")


def test_a_moment_without_a_zone_has_no_london_date() -> None:
    with pytest.raises(ValueError, match="time zone"):
        london_date(datetime(2026, 6, 30, 23, 30))  # noqa: DTZ001 the point of the test


def test_a_day_is_said_as_people_say_it() -> None:
    assert spoken(date(2026, 3, 2)) == "Monday 2 March 2026"
