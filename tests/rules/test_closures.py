"""Whether a closure bears out the ground, by the statute's ninth worked example."""

from datetime import date

import pytest

from casework.rules.closures import check

SUMMER = (date(2026, 7, 23), date(2026, 9, 1))
CHRISTMAS = (date(2026, 12, 19), date(2027, 1, 3))


@pytest.mark.parametrize(
    ("asked", "bears_out"),
    [
        (date(2026, 7, 15), False),
        (date(2026, 7, 16), True),
        (date(2026, 8, 1), True),
        (date(2026, 8, 26), True),
        (date(2026, 8, 27), False),
    ],
)
def test_asking_counts_from_a_week_before_closing_to_a_week_before_reopening(
    asked: date, bears_out: bool
) -> None:
    verdict = check([asked], [SUMMER])
    assert verdict.bears_out is bears_out
    assert "from 16 July 2026 to 26 August 2026" in verdict.words
    assert "41 days" in verdict.words


def test_christmas_never_bears_it_out() -> None:
    verdict = check([date(2026, 12, 20)], [CHRISTMAS])
    assert verdict.bears_out is False
    assert "No closure of 4 weeks or more" in verdict.words


def test_without_a_day_of_asking_nothing_can_be_said() -> None:
    assert check([], [SUMMER]).bears_out is None


def test_one_day_of_asking_in_the_window_is_enough() -> None:
    assert check([date(2026, 6, 1), date(2026, 7, 20)], [CHRISTMAS, SUMMER]).bears_out is True


def test_the_nearest_closure_is_named_where_none_fits() -> None:
    last_summer = (date(2025, 7, 23), date(2025, 9, 1))
    verdict = check([date(2026, 7, 1)], [last_summer, SUMMER])
    assert "23 July 2026" in verdict.words
