"""The last safe day of each step, and what can run side by side when they no longer fit in turn."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casework.rules.weeks_left import Way, weeks_left
from casework.rules.workdays import WorkingDays

#: Worked example 8: received on 2 March 2026.
DAY_110, FINAL = date(2026, 6, 20), date(2026, 7, 20)
CALENDAR = WorkingDays(holidays=frozenset(), first=date(2026, 1, 1), last=date(2026, 12, 31))


def by(today: date, **known: date) -> tuple[Way, list[date]]:
    left = weeks_left(today=today, final_by=FINAL, calendar=CALENDAR, **known)
    return left.way, [step.by for step in left.steps]


def test_a_draft_on_day_110_leaves_its_days_to_the_family_and_then_to_a_setting() -> None:
    assert by(DAY_110) == (Way.IN_TURN, [DAY_110, date(2026, 7, 5), FINAL])
    assert by(DAY_110, served_on=DAY_110) == (Way.IN_TURN, [date(2026, 7, 5), FINAL])
    asked = {"served_on": DAY_110, "consulted_on": date(2026, 7, 5)}
    assert by(date(2026, 7, 20), **asked) == (Way.IN_TURN, [FINAL])


def test_a_day_later_the_setting_is_asked_while_the_family_has_the_draft() -> None:
    later = DAY_110 + timedelta(days=1)
    assert by(later) == (Way.SIDE_BY_SIDE, [date(2026, 7, 5), date(2026, 7, 5), FINAL])
    assert by(later, served_on=later)[0] is Way.SIDE_BY_SIDE


def test_with_fewer_than_fifteen_days_left_and_no_draft_it_cannot_be_in_time() -> None:
    assert by(date(2026, 7, 5))[0] is Way.SIDE_BY_SIDE
    assert by(date(2026, 7, 6))[0] is Way.TOO_LATE


def test_a_step_whose_last_safe_day_is_no_working_day_is_to_be_taken_before_it() -> None:
    draft, settings, final = weeks_left(today=DAY_110, final_by=FINAL, calendar=CALENDAR).steps
    assert (draft.by, draft.act_by) == (DAY_110, date(2026, 6, 19)), "a Saturday"
    assert draft.because.endswith("not a working day, so act by Friday 19 June 2026.")
    assert "one that is posted counts as served two working days later" in draft.because
    assert (settings.by, settings.act_by) == (date(2026, 7, 5), date(2026, 7, 3)), "a Sunday"
    assert (final.act_by, final.because) == (FINAL, "The limit itself."), "a Monday"


def test_a_draft_served_again_takes_its_own_fifteen_days() -> None:
    asked = date(2026, 6, 21)
    assert by(date(2026, 7, 6), served_on=date(2026, 7, 5), consulted_on=asked)[0] is Way.IN_TURN
    assert by(date(2026, 7, 6), served_on=date(2026, 7, 6), consulted_on=asked)[0] is Way.TOO_LATE


days = st.dates(date(2026, 1, 1), date(2026, 9, 1))


@given(days, st.none() | days, st.none() | days)
def test_to_wait_never_makes_more_steps_fit(
    today: date, served: date | None, asked: date | None
) -> None:
    def way(day: date) -> int:
        left = weeks_left(
            today=day, final_by=FINAL, calendar=CALENDAR, served_on=served, consulted_on=asked
        )
        return list(Way).index(left.way)

    assert way(today) <= way(today + timedelta(days=1))


@given(days, st.none() | days, st.none() | days)
def test_a_step_that_fits_has_a_last_safe_day_that_is_not_past(
    today: date, served: date | None, asked: date | None
) -> None:
    left = weeks_left(
        today=today, final_by=FINAL, calendar=CALENDAR, served_on=served, consulted_on=asked
    )
    if left.way is not Way.TOO_LATE:
        assert not any(step.is_past(today) for step in left.steps)
