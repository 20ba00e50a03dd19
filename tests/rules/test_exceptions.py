"""Exceptions: they lift what their regulation lists, and never move a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.holidays import england_and_wales
from casework.rules.book import BOOK
from casework.rules.deadlines import due
from casework.rules.exceptions import GROUNDS, closure_window
from casework.rules.lifting import lifting

FINAL = BOOK["final_20w"]


def test_only_listed_grounds_lift_in_the_order_marked_and_none_twice() -> None:
    assert lifting(FINAL, ["X5", "X4", "X3", "X4", "X6"]) == ("X4", "X3")
    assert lifting(BOOK["advice_partner_6w"], GROUNDS) == ("X3", "X4", "X5")
    assert lifting(BOOK["reps_15d_min"], GROUNDS) == ()


@pytest.mark.parametrize(
    ("received", "lifts"),
    [
        (date(2019, 12, 12), False),  # due 30 April 2020
        (date(2019, 12, 13), True),  # due 1 May 2020
        (date(2020, 9, 25), True),
        (date(2020, 9, 26), False),
    ],
)
def test_coronavirus_lifts_only_limits_that_ran_in_its_window(received: date, lifts: bool) -> None:
    answered = due(FINAL, {"request_received": received}, england_and_wales())
    assert lifting(FINAL, ["XC"], answered) == (("XC",) if lifts else ())
    assert lifting(FINAL, ["XC"]) == ()


def test_a_summer_closure_opens_a_window_for_asking_as_in_worked_example_9() -> None:
    window = closure_window(date(2026, 7, 23), date(2026, 9, 1))
    assert window == (date(2026, 7, 16), date(2026, 8, 26))


@pytest.mark.parametrize(
    ("first", "last", "qualifies"),
    [
        (date(2026, 12, 19), date(2027, 1, 3), False),  # Christmas, 16 days
        (date(2026, 3, 28), date(2026, 4, 12), False),  # Easter
        (date(2026, 7, 23), date(2026, 8, 18), False),  # 27 days
        (date(2026, 7, 23), date(2026, 8, 19), True),  # 28 days
    ],
)
def test_a_closure_counts_from_four_continuous_weeks(
    first: date, last: date, qualifies: bool
) -> None:
    assert (closure_window(first, last) is not None) is qualifies


@given(first=st.dates(date(2014, 1, 1), date(2040, 1, 1)), days=st.integers(28, 200))
def test_a_closure_window_is_as_long_as_the_closure_and_a_day_and_a_week_earlier(
    first: date, days: int
) -> None:
    last = first + timedelta(days=days - 1)
    window = closure_window(first, last)
    assert window is not None
    opens, ends = window
    assert (first - opens).days == 7
    assert (last - ends).days == 6
    assert (ends - opens).days == days


def test_a_closure_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be before its first day"):
        closure_window(date(2026, 9, 1), date(2026, 7, 23))
