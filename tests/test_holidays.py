"""The bank-holiday list: the package's own, complete years only, and a warning before its end."""

from datetime import date, timedelta

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays

from casework.clock import today
from casework.holidays import covering, england_and_wales, horizon_warning

FULL_2026 = [date(2026, 1, 1 + n) for n in range(8)]


def test_the_list_is_the_one_the_package_gives_for_england_and_wales() -> None:
    package = BankHolidays(use_cached_holidays=True)
    published = package.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    assert england_and_wales().holidays == {holiday["date"] for holiday in published}


def test_the_list_covers_every_year_of_the_regulations_without_a_gap() -> None:
    calendar = england_and_wales()
    assert calendar.first <= date(2014, 1, 1)
    for year in range(2014, calendar.last.year + 1):
        assert sum(day.year == year for day in calendar.holidays) >= 8


def test_the_list_does_not_run_out_within_half_a_year_of_today() -> None:
    assert england_and_wales().last > today() + timedelta(days=183)


def test_a_year_that_is_not_fully_published_is_not_covered() -> None:
    calendar = covering(frozenset([*FULL_2026, date(2027, 1, 1)]))
    assert (calendar.first, calendar.last) == (date(2026, 1, 1), date(2026, 12, 31))
    assert date(2027, 1, 1) not in calendar.holidays


def test_a_gap_in_the_years_ends_the_cover_at_the_gap() -> None:
    older = [day.replace(year=2024) for day in FULL_2026]
    assert covering(frozenset([*older, *FULL_2026])).first == date(2026, 1, 1)


def test_a_list_without_a_full_year_is_refused() -> None:
    with pytest.raises(ValueError, match="no full year"):
        covering(frozenset([date(2026, 1, 1)]))


def test_the_end_of_the_list_is_warned_of_from_a_year_before() -> None:
    last = england_and_wales().last
    assert horizon_warning(last - timedelta(days=366)) is None
    warning = horizon_warning(last - timedelta(days=365))
    assert warning is not None
    assert str(last.year) in warning
