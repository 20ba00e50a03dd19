"""The clock: London's day, unless one is fixed."""

from datetime import UTC, date, datetime, timedelta

from casework import clock


def test_today_is_the_london_date_of_now() -> None:
    before = clock.london_date(clock.now())
    assert before <= clock.today() <= clock.london_date(clock.now())


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.now().tzinfo is UTC


def test_a_fixed_day_is_today_until_it_is_let_go() -> None:
    clock.set_today(date(2025, 12, 31))
    assert clock.today() == date(2025, 12, 31)
    assert clock.is_fixed()
    clock.set_today(None)
    assert not clock.is_fixed()
    assert clock.today() != date(2025, 12, 31)


def test_half_past_eleven_on_a_summer_night_in_greenwich_is_tomorrow_in_london() -> None:
    assert clock.london_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
