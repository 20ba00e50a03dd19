"""The rungs of a limit: which there are, on which day it comes to each, and who stands in."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.holidays import england_and_wales
from casework.rules import alerts
from casework.rules.alerts import ALERTED, RUNGS, Kind, Plan
from casework.rules.book import BOOK
from casework.rules.deadlines import Due, Standing, standing

CALENDAR = england_and_wales()
PLAN = alerts.plan("10 5", "final_20w=30,10,5", "4 26")
LAW, GUIDANCE = BOOK["assess_decision_6w"], BOOK["draft_by_week16"]
DAY = timedelta(days=1)

#: Up to and past the end of the known bank holidays.
days = st.dates(date(2026, 1, 1), CALENDAR.last + 60 * DAY)


def act_by(due_on: date) -> date | None:
    return CALENDAR.on_or_before(due_on) if due_on <= CALENDAR.last else None


def comes(rung: str, due_on: date) -> date | None:
    return alerts.reached_on(RUNGS[rung], act_by=act_by(due_on), due_on=due_on, calendar=CALENDAR)


def keys(plan: Plan, rule: str) -> list[str]:
    return [rung.key for rung in plan.rungs(BOOK[rule])]


def test_a_limit_in_law_comes_to_its_eve_whatever_the_settings_say() -> None:
    past = ["breached", "over_4w", "over_26w"]
    assert keys(PLAN, "assess_decision_6w") == ["soon_10", "soon_5", "eve", *past]
    assert keys(PLAN, "final_20w") == ["soon_30", "soon_10", "soon_5", "eve", *past]
    assert keys(PLAN, "draft_by_week16") == ["soon_10", "soon_5", *past]
    assert keys(alerts.plan("1", "none", "none"), "no_plan_16w") == ["soon_1", "eve", "breached"]


@pytest.mark.parametrize(
    ("due_on", "eve"),
    [
        (date(2026, 11, 25), date(2026, 11, 24)),
        # A Monday; a Sunday; a Tuesday after the bank holiday at the end of May.
        (date(2026, 11, 23), date(2026, 11, 20)),
        (date(2026, 11, 22), date(2026, 11, 20)),
        (date(2027, 6, 1), date(2027, 5, 28)),
    ],
)
def test_the_eve_of_a_limit_is_the_last_working_day_before_it(due_on: date, eve: date) -> None:
    assert comes("eve", due_on) == eve


@given(due_on=days, today=days, within=st.integers(1, 60))
def test_a_rung_of_so_many_days_is_reached_when_a_limit_is_due_soon(
    due_on: date, today: date, within: int
) -> None:
    due = Due(on=due_on, act_by=act_by(due_on), because="")
    how = {"ended_on": None, "lifted": False, "calendar": CALENDAR, "soon_within": within}
    stand = standing(LAW, due, today=today, **how).standing
    reached = comes(f"soon_{within}", due_on)
    assert reached is not None
    assert (reached <= today) == (stand in (Standing.SOON, Standing.OVERDUE))


@given(due_on=days, today=days)
def test_a_limit_climbs_and_is_at_the_last_rung_that_it_came_to(due_on: date, today: date) -> None:
    rungs = PLAN.rungs(BOOK["final_20w"])
    on = [comes(rung.key, due_on) for rung in rungs]
    assert on == sorted(on)  # type: ignore[type-var]
    found = alerts.highest(
        rungs, act_by=act_by(due_on), due_on=due_on, day=today, calendar=CALENDAR
    )
    come = [(rung, day) for rung, day in zip(rungs, on, strict=True) if day and day <= today]
    assert found == (come[-1] if come else None)


def test_past_the_known_bank_holidays_a_week_has_five_working_days() -> None:
    due_on = CALENDAR.last + 40 * DAY
    assert comes("soon_10", due_on) == due_on - 14 * DAY
    assert comes("eve", due_on) == due_on - DAY


def test_only_what_the_authority_owes_in_law_and_guidance_is_told_of() -> None:
    assert {"assess_decision_6w", "draft_by_week16", "det_final_20w"} <= set(ALERTED)
    nobodys = {"reps_15d_min", "draft_by_day110", "advice_partner_6w", "school_consult_15d"}
    assert not nobodys & set(ALERTED)


def test_an_email_of_its_own_is_for_the_eve_and_the_breach_of_a_limit_in_law() -> None:
    single = {key for key, rung in RUNGS.items() if alerts.is_single(LAW, rung)}
    assert single == {"eve", "breached"}
    assert not any(alerts.is_single(GUIDANCE, rung) for rung in RUNGS.values())


def test_rungs_are_said_in_words_and_keys_fit_their_column() -> None:
    assert RUNGS["soon_1"].words == "1 working day before the day to act by"
    assert RUNGS["over_26w"].words == "26 weeks past the limit"
    assert max(map(len, RUNGS)) <= 20
    assert max(map(len, alerts.DROPPED)) <= 20
    assert [rung.order for rung in RUNGS.values()] == list(range(len(RUNGS)))
    assert {key for key, rung in RUNGS.items() if rung.kind is Kind.CLEARED} == {
        *alerts.CLEARED,
    }


@pytest.mark.parametrize("text", ["", "0", "61", "5 x", "-5", "5.5"])
def test_days_that_are_none_are_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="must be working days from 1 to 60"):
        alerts.read_days(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("final_20w", "must be written as final_20w=30,10,5"),
        ("final_20=30", "write final_20w or"),
        ("reps_15d_min=5", "no limit of the authority’s own"),
        ("final_20w=5 final_20w=6", "names final_20w twice"),
        ("final_20w=0", "from 1 to 60"),
    ],
)
def test_a_rule_that_is_none_is_refused_with_what_to_write(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        alerts.read_days_of(text)


def test_days_are_read_once_each_the_furthest_first() -> None:
    assert alerts.read_days("5, 10 5") == (10, 5)
    assert alerts.read_weeks("none") == ()
    assert alerts.read_days_of("none") == {}
    assert alerts.read_days_of("no_plan_16w=15,5") == {"no_plan_16w": (15, 5)}


def test_whoever_is_away_is_stood_in_for_by_the_first_cover_who_is_there() -> None:
    there = {1, 2, 3, 4, 5}
    assert alerts.stand_ins({1: 2}, there) == {1: 2}
    assert alerts.stand_ins({1: 2, 2: 3}, there) == {1: 3, 2: 3}
    # Each covers the other; a cover whose account is closed: what they are told waits for them.
    assert alerts.stand_ins({1: 2, 2: 1}, there) == {}
    assert alerts.stand_ins({1: 9}, there) == {}
