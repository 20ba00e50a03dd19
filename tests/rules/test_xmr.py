"""XmR charts: worked by hand, and what must hold of every chart."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.rules.special_cause import Meaning, Rule, Side
from casework.rules.xmr import NOUGHT_OR_MORE, Better, Chart, Reading, chart, moving_ranges

#: Flow rates of ten batches, the example of individuals charts in the NIST/SEMATECH e-Handbook of
#: Statistical Methods, 6.3.2.2. It gives a mean of 50.81, a mean moving range of 1.8778, and
#: limits of 55.8041 and 45.8159 by 3 / 1.128 where we, like the NHS, take 2.66.
FLOW_RATES = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)


def made(*values: float | None, better: Better | None = None) -> Chart:
    return chart([Reading(f"Month {n}", value) for n, value in enumerate(values, 1)], better=better)


def marked(found: Chart, rule: Rule) -> list[int]:
    """The months, numbered from 1, that a rule marks."""
    return [n for n, point in enumerate(found.points, 1) if rule in point.rules]


def test_the_limits_are_those_of_a_published_example() -> None:
    limits = made(*FLOW_RATES).limits
    assert limits is not None
    assert limits.mean == pytest.approx(50.81)
    assert limits.mean_range == pytest.approx(1.8778, abs=0.00005)
    assert (limits.lower, limits.upper) == pytest.approx((45.8159, 55.8041), abs=0.001)


def test_the_limits_are_those_of_the_example_worked_by_hand_with_two_point_six_six() -> None:
    """Ranges 2.0 2.3 1.4 3.5 3.4 1.4 0.2 1.2 1.5 are 16.9 over 9; 2.66 × 16.9 / 9 = 4.99489."""
    limits = made(*FLOW_RATES).limits
    assert limits is not None
    assert (limits.lower, limits.upper) == pytest.approx((45.81511, 55.80489), abs=0.000005)
    assert limits.range_upper == pytest.approx(6.13470, abs=0.000005)


def test_the_published_example_shows_no_sign_of_change() -> None:
    found = made(*FLOW_RATES)
    assert not found.signals
    assert found.words == (
        "No sign of change: ordinary variation.",
        "The limits are provisional: there are 10 values, fewer than 12.",
    )


def test_limits_of_a_percentage_are_cut_for_showing_and_kept_as_they_are() -> None:
    limits = made(90, 100, 80, 100, 70).limits
    assert limits is not None
    assert limits.upper > 100
    assert limits.shown_upper == 100
    assert limits.shown_lower == limits.lower
    days = chart([Reading("", v) for v in (1, 30, 2, 40)], bounds=NOUGHT_OR_MORE).limits
    assert days is not None
    assert days.lower < 0 == days.shown_lower
    assert days.shown_upper == days.upper


@pytest.mark.parametrize(
    ("values", "has_limits", "is_provisional"),
    [
        ((), False, False),
        ((50, 60), False, False),
        ((50, 60, 70), True, True),
        ((50, None, 60, None, 70), False, False),
        ((*range(50, 61),), True, True),
        ((*range(50, 62),), True, False),
    ],
)
def test_limits_need_three_values_and_are_provisional_below_twelve(
    values: tuple[float | None, ...], *, has_limits: bool, is_provisional: bool
) -> None:
    found = made(*values)
    assert (found.limits is not None) is has_limits
    assert found.is_provisional is is_provisional
    assert has_limits or found.words == (
        "There are too few months to tell a change from ordinary variation.",
    )


def test_a_month_with_no_value_has_no_moving_range_to_either_side() -> None:
    found = made(10, 12, None, 90, 91)
    assert found.limits is not None
    assert found.limits.mean_range == 1.5
    assert found.points[2].words == "No"


def test_a_point_outside_the_limits_is_a_special_cause() -> None:
    found = made(*[50, 52] * 8, 20, better="higher")
    assert marked(found, Rule.OUTSIDE) == [17]
    assert found.points[16].meaning is Meaning.CONCERN
    assert found.points[16].words == "Concern: below the lower limit"
    assert found.words[0] == "Month 17 is lower than ordinary variation explains: a concern."


def test_seven_in_a_row_on_one_side_of_the_mean_are_a_special_cause_and_six_are_not() -> None:
    low, high = [40, 42, 41], [60, 62, 61]
    assert marked(made(*low * 2, 42, *high, *high, 60), Rule.RUN) == [*range(1, 15)]
    assert marked(made(*low * 2, *high * 2), Rule.RUN) == []
    assert marked(made(*low, None, *low, 40, *high * 2), Rule.RUN) == []


def test_a_point_on_the_mean_breaks_a_run() -> None:
    values = [49, 48, 49, 50, 48, 49, 49, 51, 52, 51, 52, 51, 51]
    assert sum(values) == 50 * len(values)
    assert marked(made(*values), Rule.RUN) == []


def test_six_in_a_row_that_rise_are_a_special_cause_and_five_are_not() -> None:
    found = made(60, 50, 51, 52, 53, 54, 55, 45, better="lower")
    assert marked(found, Rule.TREND) == [2, 3, 4, 5, 6, 7]
    assert "Month 2 to Month 7: 6 months in a row rise: a concern." in found.words
    assert marked(made(60, 50, 51, 52, 53, 54, 45), Rule.TREND) == []
    assert marked(made(60, 50, 51, 52, 52, 53, 54, 45), Rule.TREND) == []
    assert marked(made(60, 50, 51, 52, None, 53, 54, 55, 45), Rule.TREND) == []


def test_two_of_three_in_the_outer_third_are_a_special_cause() -> None:
    calm = [50, 53, 47] * 5
    limits = made(*calm, 63, 50, 63).limits
    assert limits is not None
    outer = limits.mean + 2 / 3 * (limits.upper - limits.mean)
    assert outer < 63 < limits.upper
    found = made(*calm, 63, 50, 63)
    assert marked(found, Rule.NEAR_LIMIT) == [16, 18]
    assert found.words[0] == "Month 16 to Month 18: 2 months are near the upper limit."
    assert marked(made(*calm, 63, 50, 50, 63), Rule.NEAR_LIMIT) == []
    assert marked(made(*calm, 63, None, 63), Rule.NEAR_LIMIT) == []


def test_a_point_outside_the_limits_is_not_near_them_too() -> None:
    found = made(*[50, 53, 47] * 8, 80, 80)
    assert marked(found, Rule.OUTSIDE) == [25, 26]
    assert marked(found, Rule.NEAR_LIMIT) == []


@pytest.mark.parametrize(
    ("better", "meaning"),
    [
        ("higher", Meaning.IMPROVEMENT),
        ("lower", Meaning.CONCERN),
        (None, Meaning.NEITHER),
    ],
)
def test_what_a_high_point_means_hangs_on_which_way_is_better(
    better: Better | None, meaning: Meaning
) -> None:
    assert made(*[50, 52] * 8, 80, better=better).points[16].meaning is meaning


def test_the_level_of_a_point_goes_before_the_way_it_is_going() -> None:
    """A rate that falls month by month, but is still above the mean, is high."""
    found = made(*[20, 22] * 4, 99, 95, 91, 87, 83, 79, 75, better="higher")
    assert {Rule.RUN, Rule.TREND} <= set(found.points[10].rules)
    assert found.points[10].side is Side.HIGH
    assert "in a falling trend" in found.points[10].words


def test_values_that_never_differ_show_no_change() -> None:
    found = made(*[33.3] * 12)
    assert found.limits is not None
    assert found.limits.lower == found.limits.upper == 33.3
    assert not found.signals


tenths = st.integers(0, 1000).map(lambda n: n / 10)
series = st.lists(st.one_of(tenths, st.none()), max_size=30)


def shape(found: Chart) -> list[tuple[frozenset[Rule], Side | None]]:
    return [(frozenset(point.rules), point.side) for point in found.points]


@given(series, st.integers(-500, 500))
def test_a_shift_moves_the_limits_and_changes_no_special_cause(
    values: list[float | None], by: int
) -> None:
    one = made(*values)
    other = made(*(None if v is None else round(v + by, 1) for v in values))
    assert shape(one) == shape(other)
    if one.limits and other.limits:
        assert other.limits.lower == pytest.approx(one.limits.lower + by)
        assert other.limits.mean_range == pytest.approx(one.limits.mean_range)


@given(series, st.integers(1, 50))
def test_a_scale_stretches_the_limits_and_changes_no_special_cause(
    values: list[float | None], by: int
) -> None:
    one = made(*values)
    other = made(*(None if v is None else round(v * by, 1) for v in values))
    assert shape(one) == shape(other)
    if one.limits and other.limits:
        assert other.limits.upper == pytest.approx(one.limits.upper * by)


@given(series)
def test_upside_down_what_was_high_is_low(values: list[float | None]) -> None:
    one, other = made(*values), made(*(None if v is None else -v for v in values))
    flipped = {Side.HIGH: Side.LOW, Side.LOW: Side.HIGH, None: None}
    mirrored = [(rules, flipped[side]) for rules, side in shape(other)]
    assert shape(one) == mirrored


@given(series)
def test_backwards_the_limits_and_the_special_points_are_the_same(
    values: list[float | None],
) -> None:
    one, other = made(*values), made(*reversed(values))
    assert one.limits == other.limits
    assert [rules for rules, _ in shape(one)] == [rules for rules, _ in shape(other)][::-1]


@given(series)
def test_the_rules_agree_with_a_plain_reading_of_them(values: list[float | None]) -> None:
    found = made(*values)
    assume(found.limits is not None)
    exact = [None if v is None else Fraction(str(v)) for v in values]
    known = [v for v in exact if v is not None]
    mean, ranges = sum(known) / Fraction(len(known)), moving_ranges(exact)
    reach = Fraction("2.66") * sum(ranges) / len(ranges)
    assume(reach)
    for n, value in enumerate(exact):
        runs = [exact[i : i + 7] for i in range(max(0, n - 6), n + 1) if i + 7 <= len(exact)]
        trends = [exact[i : i + 6] for i in range(max(0, n - 5), n + 1) if i + 6 <= len(exact)]
        rules = found.points[n].rules
        assert (Rule.OUTSIDE in rules) == (value is not None and abs(value - mean) > reach)
        assert (Rule.RUN in rules) == any(_on_one_side(run, mean) for run in runs)
        assert (Rule.TREND in rules) == any(_goes_one_way(trend) for trend in trends)


def _on_one_side(run: list[Fraction | None], mean: Fraction) -> bool:
    known = [v for v in run if v is not None]
    above, below = sum(v > mean for v in known), sum(v < mean for v in known)
    return max(above, below) == len(run)


def _goes_one_way(trend: list[Fraction | None]) -> bool:
    known = [v for v in trend if v is not None]
    ordered = sorted(set(known))
    return len(known) == len(trend) and known in (ordered, ordered[::-1]) and len(ordered) == 6
