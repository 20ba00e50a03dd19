"""Figures are rounded half up, by whole numbers."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from casework.rules.figures import Ageing, Count, Rate, one_decimal, percent, spread, weeks


def test_every_quotient_is_rounded_half_up() -> None:
    for denominator in range(1, 90):
        for numerator in range(200):
            exact = Decimal(numerator) / Decimal(denominator)
            assert one_decimal(numerator, denominator) == float(
                exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
            )


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(1, 2000, 0.1), (1, 2001, 0.0), (125, 224, 55.8), (5, 5, 100.0), (0, 7, 0.0)],
)
def test_a_percentage_has_one_decimal(numerator: int, denominator: int, expected: float) -> None:
    assert percent(numerator, denominator) == expected


def test_a_percentage_of_nothing_is_none() -> None:
    assert percent(0, 0) is None
    assert Rate(0, 0).as_json() == {"numerator": 0, "denominator": 0, "percent": None}


def test_weeks_are_sevenths_of_days() -> None:
    assert (weeks(140), weeks(141), weeks(7 * 52 + 1)) == (20.0, 20.1, 52.1)


def test_a_spread_counts_each_plan_once() -> None:
    found = spread([(365, 1), (140, 2), (364, 1)])
    assert found.as_json() == {"mean": 36.0, "median": 36.0, "over_52": 1}
    assert spread([(70, 1), (140, 1), (147, 1)]).median == 20.0


def test_a_spread_of_nothing_has_neither_mean_nor_median() -> None:
    assert spread([]).as_json() == {"mean": None, "median": None, "over_52": 0}


def test_variants_and_parts_are_named_beside_the_rate() -> None:
    rate = Rate(3, 4, {"excluding_nil_returns": Rate(1, 2)}, {"by_service": {"camhs": Rate(1, 1)}})
    assert rate.as_json() == {
        "numerator": 3,
        "denominator": 4,
        "percent": 75.0,
        "excluding_nil_returns": {"numerator": 1, "denominator": 2, "percent": 50.0},
        "by_service": {"camhs": {"numerator": 1, "denominator": 1, "percent": 100.0}},
    }
    assert Count(2, {"by_source": {"1": 2}}, {"under_5s": 1}).as_json() == {
        "count": 2,
        "under_5s": 1,
        "by_source": {"1": 2},
    }
    assert Ageing(0, None).as_json() == {"count": 0, "oldest_weeks": None}
