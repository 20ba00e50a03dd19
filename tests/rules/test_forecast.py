"""When a final plan is likely, worked out from curves and held against plain counting."""

from collections import Counter
from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.rules.forecast import (
    ANY_SERVICE,
    IN_LAW,
    LEAST_DONE,
    STEPS,
    Ahead,
    Forecaster,
    curves_of,
)
from casework.rules.places import Place, Wait
from casework.rules.survival import Spell

#: Days that each step always took.
ALWAYS = {
    "decide": 30,
    "ask": 4,
    "advice": 50,
    "issue": 5,
    "draft": 10,
    "final": 24,
    "rest": 1,
    "advice:school": 28,
    "advice:educational_psychology": 49,
}


def history(days: Mapping[str, int] = ALWAYS, times: int = 30) -> Forecaster:
    return Forecaster(
        curves_of((step, Spell(long, True)) for step, long in days.items() for _ in range(times))
    )


def middle(ahead: Ahead) -> int:
    return ahead.days_until(0.5)


def test_the_days_of_the_steps_that_remain_are_added_up() -> None:
    known = history()
    assert middle(known.ahead(Place("decide", 10))) == 20 + 4 + 50 + 5 + 10 + 24 + 1
    assert middle(known.ahead(Place("draft", 3))) == 7 + 24 + 1
    assert middle(known.ahead(Place("rest", 0))) == 1


def test_the_slowest_of_those_outstanding_holds_the_case_and_costs_most() -> None:
    waits = (Wait("educational_psychology", 9), Wait("school", 9))
    ahead = history().ahead(Place("advice", 0, waits))
    assert middle(ahead) == 40 + 5 + 10 + 24 + 1
    assert (ahead.costs_most, ahead.costs_days) == ("advice:educational_psychology", 40)
    assert ahead.is_own_history


def test_the_days_that_are_the_familys_are_not_what_costs_most() -> None:
    waits = (Wait("school", 16),)
    ahead = history().ahead(Place("advice", 0, waits))
    assert (ahead.costs_most, ahead.costs_days) == ("advice:school", 12)  # not 24 for the final


def test_a_draft_served_again_is_not_final_before_the_familys_days() -> None:
    ahead = history(ALWAYS | {"final": 40}).ahead(Place("final", 20, family_days=12))
    assert middle(ahead) == 20 + 1
    soon = history(ALWAYS | {"final": 25}).ahead(Place("final", 20, family_days=12))
    assert middle(soon) == 11 + 1
    assert soon.costs_days == 11


def test_without_history_each_step_takes_its_whole_time_in_law() -> None:
    nothing = Forecaster({})
    ahead = nothing.ahead(Place("decide", 0))
    assert middle(ahead) == sum(IN_LAW.values()) == 140
    assert not ahead.is_own_history
    waits = (Wait("camhs", 40),)
    assert middle(nothing.ahead(Place("advice", 0, waits))) == 2 + 13 + 13 + 30


def test_a_service_that_answered_too_seldom_is_taken_for_all_services_together() -> None:
    few = LEAST_DONE - 1
    spells = [("advice:camhs", Spell(90, True))] * few + [("advice:school", Spell(20, True))] * 99
    known = Forecaster(curves_of(spells))
    assert not known.has_own("advice:camhs")
    assert known.curve("advice:camhs") is known.curve(ANY_SERVICE)
    assert known.curve("advice:school").done_by(0.5) == 20
    ahead = known.ahead(Place("advice", 0, (Wait("camhs", 0),)))
    assert not ahead.is_own_history


@pytest.mark.parametrize("curves", [{}, {"rest": [0] * LEAST_DONE}])
def test_a_step_that_takes_no_time_is_not_taken_for_one_that_lasts_too_long(
    curves: dict[str, list[int]],
) -> None:
    spells = [(step, Spell(day, True)) for step, days in curves.items() for day in days]
    ahead = Forecaster(curves_of(spells)).ahead(Place("rest", 0))
    assert (ahead.costs_most, ahead.costs_days) == ("rest", 1)
    assert middle(ahead) == 0


def test_what_has_lasted_longer_than_any_is_told_so_and_counted_as_over_today() -> None:
    ahead = history().ahead(Place("draft", 300))
    assert (ahead.costs_most, ahead.costs_days) == ("draft", 0)
    assert middle(ahead) == 24 + 1


def test_one_service_beyond_all_history_does_not_hide_what_the_others_need() -> None:
    waits = (Wait("educational_psychology", 9), Wait("school", 200))
    ahead = history().ahead(Place("advice", 0, waits))
    assert (ahead.costs_most, ahead.costs_days) == ("advice:school", 0)
    assert middle(ahead) == 40 + 5 + 10 + 24 + 1


def test_one_place_is_worked_out_once() -> None:
    known = history()
    assert known.ahead(Place("draft", 3)) is known.ahead(Place("draft", 3))


lasting = st.lists(st.integers(1, 12), min_size=LEAST_DONE, max_size=30)


@settings(max_examples=40)
@given(st.fixed_dictionaries({"draft": lasting, "final": lasting, "rest": lasting}), st.data())
def test_the_chance_is_that_of_counting_every_way_it_could_go(
    lasted: dict[str, list[int]], data: st.DataObject
) -> None:
    known = Forecaster(
        curves_of((step, Spell(days, True)) for step, many in lasted.items() for days in many)
    )
    elapsed = data.draw(st.integers(0, 3))
    longer = [days - elapsed for days in lasted["draft"] if days > elapsed]
    ahead = known.ahead(Place("draft", elapsed))
    if ahead.costs_days == 0:
        assert len(longer) < 5
        return
    ways = Counter[int]()
    kinds = [Counter(longer), Counter(lasted["final"]), Counter(lasted["rest"])]
    for (a, i), (b, j), (c, k) in product(*(kind.items() for kind in kinds)):
        ways[a + b + c] += i * j * k
    for within in range(40):
        counted = sum(n for way, n in ways.items() if way <= within) / ways.total()
        # The later steps are kept as fifty equally likely totals.
        assert ahead.share_within(within) == pytest.approx(counted, abs=0.021)
    early, likely, late = (ahead.days_until(share) for share in (0.25, 0.5, 0.75))
    assert early <= likely <= late
    rounding = 1e-9
    assert ahead.share_within(likely) >= 0.5 - rounding
    assert ahead.share_within(likely - 1) < 0.5


waits = st.builds(Wait, st.sampled_from(["school", "camhs", "nobody"]), st.integers(0, 400))
at = st.sampled_from([step for step in STEPS if step != "advice"])
elapsed, family = st.integers(0, 400), st.integers(0, 15)
places = st.one_of(
    st.builds(Place, at, elapsed, st.just(()), family),
    st.builds(
        *(Place, st.just("advice"), st.just(0)),
        *(st.lists(waits, min_size=1, max_size=4).map(tuple), st.just(0)),
    ),
)
spells = st.lists(
    st.tuples(
        st.sampled_from([*STEPS, "advice:school", "advice:camhs"]),
        st.builds(Spell, st.integers(0, 300), st.booleans()),
    ),
    max_size=200,
)


@given(spells, places)
def test_whatever_history_holds_there_is_a_day_and_a_share(
    told: list[tuple[str, Spell]], place: Place
) -> None:
    ahead = Forecaster(curves_of(told)).ahead(place)
    shares = [ahead.share_within(days) for days in range(-2, 60)]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 + 1e-9 for share in shares)
    assert 0 <= ahead.days_until(0.25) <= ahead.days_until(0.5) <= ahead.days_until(0.75)
    assert ahead.costs_days >= 0
