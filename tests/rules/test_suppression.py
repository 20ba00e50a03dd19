"""Small numbers are kept back, and so is whatever would give them away."""

from datetime import date
from typing import Any

from casework.rules.figures import Ageing, Count, Figure, NotCollected, Rate, Spread
from casework.rules.indicators import Period
from casework.rules.suppression import Shown, quarters, suppressed


def figures(**changed: Figure) -> dict[str, Figure]:
    whole: dict[str, Figure] = {
        "requests_received": Count(100),
        "plans_20w_inc": Rate(60, 80),
        "plans_20w_exc": Rate(50, 60),
        "exceptions_share": Rate(20, 80),
        "weeks_to_plan": Spread(80, 20.0, 19.0, 0),
        "graduated_approach": Rate(20, 40),
        "open_over_20w": Ageing(10, 33.0),
    }
    return whole | changed


def shown(name: str, **changed: Figure) -> Any:
    return suppressed(figures(**changed))[name]


def test_numbers_above_five_are_shown() -> None:
    assert shown("plans_20w_inc") == Shown(numerator=60, denominator=80, percent=75.0)
    assert shown("requests_received") == Shown(count=100)
    assert shown("open_over_20w") == Shown(count=10, oldest_weeks=33.0)


def test_one_to_five_is_kept_back_and_nought_is_not() -> None:
    for small in range(1, 6):
        assert shown("open_over_20w", open_over_20w=Ageing(small, 21.0)) == Shown()
        assert shown("requests_received", requests_received=Count(small)) == Shown()
    assert shown("open_over_20w", open_over_20w=Ageing(0, None)) == Shown(count=0)
    assert shown("decision", decision=Rate(0, 0)) == Shown(numerator=0, denominator=0)


def test_a_rate_whose_misses_are_few_is_kept_back_too() -> None:
    assert shown("decision", decision=Rate(97, 100)) == Shown(denominator=100)
    assert shown("decision", decision=Rate(3, 100)) == Shown(denominator=100)
    assert shown("decision", decision=Rate(1, 3)) == Shown()
    assert shown("decision", decision=Rate(100, 100)).percent == 100.0


def test_plans_that_would_give_the_exceptions_away_are_kept_back() -> None:
    few = {"plans_20w_exc": Rate(57, 77), "exceptions_share": Rate(3, 80)}
    assert shown("plans_20w_exc", **few) == Shown()
    assert shown("exceptions_share", **few) == Shown()
    assert shown("plans_20w_inc", **few).percent == 75.0
    in_time = {"plans_20w_exc": Rate(57, 60)}
    assert shown("plans_20w_exc", **in_time) == Shown()


def test_very_late_plans_that_few_others_share_are_kept_back() -> None:
    assert shown("weeks_to_plan", weeks_to_plan=Spread(80, 20.0, 19.0, 17)).over_52 is None
    assert shown("weeks_to_plan", weeks_to_plan=Spread(80, 20.0, 19.0, 12)).over_52 == 12
    assert shown("weeks_to_plan", weeks_to_plan=Spread(80, 20.0, 19.0, 2)).over_52 is None
    assert shown("weeks_to_plan", weeks_to_plan=Spread(4, 20.0, 19.0, 0)) == Shown()


def test_schools_requests_are_kept_back_where_few_came_from_others() -> None:
    assert shown("graduated_approach", graduated_approach=Rate(50, 97)) == Shown()


def test_what_is_not_collected_says_so() -> None:
    assert shown("audits", audits=NotCollected()) == NotCollected()


def test_no_breakdown_and_no_variant_is_shown() -> None:
    with_parts = Rate(60, 80, {"excluding_nil_returns": Rate(59, 79)})
    assert shown("health", health=with_parts) == Shown(numerator=60, denominator=80, percent=75.0)


def test_the_quarters_offered_have_ended_and_never_overlap() -> None:
    found = quarters(date(2026, 11, 23), 4)
    assert found == [
        Period(date(2026, 7, 1), date(2026, 9, 30)),
        Period(date(2026, 4, 1), date(2026, 6, 30)),
        Period(date(2026, 1, 1), date(2026, 3, 31)),
        Period(date(2025, 10, 1), date(2025, 12, 31)),
    ]
    assert quarters(date(2026, 1, 1), 1) == [Period(date(2025, 10, 1), date(2025, 12, 31))]


def test_plans_with_few_or_all_but_few_contributions_are_kept_back() -> None:
    for name in ("plans_with_health", "plans_with_social_care"):
        assert shown(name, **{name: Rate(3, 80)}) == Shown(denominator=80)
        assert shown(name, **{name: Rate(76, 80)}) == Shown(denominator=80)
        assert shown(name, **{name: Rate(60, 80)}).percent == 75.0


def test_what_was_found_in_advice_is_shown_whole_and_never_by_its_parts() -> None:
    parts = {"needs_found": Rate(79, 80), "child_voice": Rate(61, 80)}
    quality = Rate(60, 80, parts)
    assert shown("advice_quality", advice_quality=quality) == Shown(
        numerator=60, denominator=80, percent=75.0
    )
    assert shown("advice_quality", advice_quality=Rate(2, 4, parts)) == Shown()
