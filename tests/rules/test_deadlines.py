"""By when, and how it stands: what may never be said of a child's case."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.holidays import england_and_wales
from casework.rules.book import BOOK
from casework.rules.deadlines import Due, Stand, Standing, due, standing
from casework.rules.duty import Duty
from casework.rules.errors import BeyondCalendar, Unanswerable

CALENDAR = england_and_wales()
FINAL, REPS, BAR = BOOK["final_20w"], BOOK["reps_15d_min"], BOOK["assess_six_month_bar"]
MON_2_MARCH, MON_20_JULY = date(2026, 3, 2), date(2026, 7, 20)
DUE = due(FINAL, {"request_received": MON_2_MARCH}, CALENDAR)
WINDOW = due(REPS, {"draft_served": date(2026, 6, 22)}, CALENDAR)

ceilings = st.sampled_from(
    [
        row
        for row in BOOK.values()
        if row.is_computed and row.starts and not row.is_floor and row.valid_until is None
    ]
)
starts = st.dates(date(2018, 5, 1), date(2027, 6, 30))
todays = st.dates(date(2014, 1, 1), date(2028, 12, 31))


def stand(
    duty: Duty = FINAL,
    answered: Due = DUE,
    *,
    today: date = MON_20_JULY,
    ended_on: date | None = None,
    lifted: bool = False,
    soon_within: int = 10,
) -> Stand:
    return standing(
        duty,
        answered,
        ended_on=ended_on,
        lifted=lifted,
        today=today,
        calendar=CALENDAR,
        soon_within=soon_within,
    )


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (MON_2_MARCH, Stand(Standing.RUNNING, days_left=140)),
        (date(2026, 7, 3), Stand(Standing.RUNNING, days_left=17)),
        (date(2026, 7, 4), Stand(Standing.RUNNING, days_left=16)),
        (date(2026, 7, 6), Stand(Standing.SOON, days_left=14)),
        (MON_20_JULY, Stand(Standing.SOON, days_left=0)),
        (date(2026, 7, 21), Stand(Standing.OVERDUE, days_late=1)),
    ],
)
def test_a_limit_runs_then_is_soon_then_overdue(today: date, expected: Stand) -> None:
    assert stand(today=today) == expected


def test_soon_counts_back_from_the_working_day_to_act_by() -> None:
    whit = due(FINAL, {"request_received": date(2026, 4, 13)}, CALENDAR)
    assert (whit.on, whit.act_by) == (date(2026, 8, 31), date(2026, 8, 28))
    assert stand(answered=whit, today=date(2026, 8, 13)).standing is Standing.RUNNING
    assert stand(answered=whit, today=date(2026, 8, 14)).standing is Standing.SOON


def test_how_soon_is_soon_is_a_setting() -> None:
    assert stand(today=date(2026, 7, 6), soon_within=9).standing is Standing.RUNNING


@pytest.mark.parametrize(
    ("ended_on", "lifted", "expected"),
    [
        (MON_20_JULY, False, Stand(Standing.MET)),
        (MON_20_JULY, True, Stand(Standing.MET)),
        (date(2026, 7, 21), False, Stand(Standing.MET_LATE, days_late=1)),
        (date(2026, 7, 24), True, Stand(Standing.MET_AFTER_LIFTED, days_late=4)),
    ],
)
def test_the_due_day_itself_is_in_time_and_lateness_counts_from_the_day_after(
    ended_on: date, lifted: bool, expected: Stand
) -> None:
    assert stand(ended_on=ended_on, lifted=lifted) == expected


@given(row=ceilings, start=starts, today=todays)
def test_a_lifted_limit_is_never_overdue_and_its_due_day_stays(
    row: Duty, start: date, today: date
) -> None:
    answered = due(row, dict.fromkeys(row.starts, start), CALENDAR)
    lifted = stand(row, answered, today=today, lifted=True)
    assert lifted.standing is Standing.LIFTED
    plain = stand(row, answered, today=today)
    assert (plain.days_left, plain.days_late) == (lifted.days_left, lifted.days_late)


@given(row=ceilings, start=starts, today=todays)
def test_what_is_owed_has_days_left_or_days_late_and_never_both(
    row: Duty, start: date, today: date
) -> None:
    answered = due(row, dict.fromkeys(row.starts, start), CALENDAR)
    said = stand(row, answered, today=today)
    assert (said.days_left is None) is (today > answered.on)
    assert (said.days_late is None) is (today <= answered.on)
    assert (said.standing is Standing.OVERDUE) is (today > answered.on)


@given(row=ceilings, start=starts, today=todays, ended_on=todays)
def test_what_has_ended_stands_the_same_on_every_later_day(
    row: Duty, start: date, today: date, ended_on: date
) -> None:
    answered = due(row, dict.fromkeys(row.starts, start), CALENDAR)
    said = stand(row, answered, today=today, ended_on=ended_on)
    assert said == stand(row, answered, today=date(2040, 1, 1), ended_on=ended_on)
    assert said.standing in {Standing.MET, Standing.MET_LATE}


@pytest.mark.parametrize(
    ("today", "ended_on", "expected"),
    [
        (date(2026, 6, 22), None, Stand(Standing.RUNNING, days_left=14)),
        (date(2026, 7, 6), None, Stand(Standing.RUNNING, days_left=0)),
        (date(2026, 7, 7), None, Stand(Standing.RUNNING)),
        (date(2026, 8, 1), date(2026, 7, 6), Stand(Standing.BREACHED)),
        (date(2026, 8, 1), date(2026, 7, 7), Stand(Standing.MET)),
    ],
)
def test_a_floor_runs_until_the_next_step_and_is_breached_by_one_too_soon(
    today: date, ended_on: date | None, expected: Stand
) -> None:
    assert stand(REPS, WINDOW, today=today, ended_on=ended_on) == expected


def test_a_bar_is_never_overdue_it_runs_out() -> None:
    barred = due(BAR, {"last_assessment_completed": date(2026, 1, 15)}, CALENDAR)
    assert stand(BAR, barred, today=date(2026, 7, 15)) == Stand(Standing.RUNNING, days_left=0)
    assert stand(BAR, barred, today=date(2026, 7, 16)) == Stand(Standing.MET)


def test_the_earliest_start_governs_and_the_reason_names_it() -> None:
    both = {"request_received": date(2026, 3, 9), "became_responsible": MON_2_MARCH}
    answer = due(FINAL, both, CALENDAR)
    assert (answer.on, answer.started_on) == (MON_20_JULY, MON_2_MARCH)
    assert "became responsible" in answer.because


def test_facts_that_the_rule_does_not_start_from_change_nothing() -> None:
    more = {"request_received": MON_2_MARCH, "draft_served": date(2026, 6, 22)}
    assert due(FINAL, more, CALENDAR) is DUE


def test_a_start_not_given_is_named_with_what_to_give() -> None:
    with pytest.raises(Unanswerable, match="the day on which the request was received"):
        due(FINAL, {}, CALENDAR)


def test_a_row_without_a_number_is_not_computed() -> None:
    with pytest.raises(Unanswerable, match="as soon as practicable"):
        due(BOOK["cease_hold"], {}, CALENDAR)


def test_a_row_answers_only_for_starts_in_its_own_days() -> None:
    row = BOOK["tr_final_18w_start"]
    assert due(row, {"transfer_review_started": date(2015, 9, 1)}, CALENDAR).on == date(2016, 1, 5)
    for outside in (date(2015, 8, 31), date(2018, 4, 1)):
        with pytest.raises(Unanswerable, match="was law from 1 September 2015 to 31 March 2018"):
            due(row, {"transfer_review_started": outside}, CALENDAR)


def test_past_the_bank_holidays_calendar_limits_are_due_and_the_day_to_act_is_not_guessed() -> None:
    far = due(FINAL, {"request_received": date(2028, 11, 1)}, CALENDAR)
    assert (far.on, far.act_by) == (date(2029, 3, 21), None)
    assert "bank holidays are known only to 31 December 2028" in far.because
    assert stand(answered=far, today=date(2029, 3, 6)).standing is Standing.RUNNING
    assert stand(answered=far, today=date(2029, 3, 7)).standing is Standing.SOON
    assert stand(answered=far, today=date(2029, 3, 22)).standing is Standing.OVERDUE


def test_past_the_bank_holidays_working_days_are_refused() -> None:
    with pytest.raises(BeyondCalendar, match="bring the list up to date"):
        due(BOOK["med_cert_declined_3wd"], {"mediation_declined": date(2028, 12, 28)}, CALENDAR)


def test_a_date_past_the_end_of_all_calendars_is_refused_in_words() -> None:
    with pytest.raises(Unanswerable, match="past the calendar's end"):
        due(FINAL, {"request_received": date(9999, 12, 1)}, CALENDAR)


def test_a_local_target_is_its_row_with_the_authoritys_own_number() -> None:
    own = replace(BOOK["early_review_request"], amount=5)
    asked = {"early_review_requested": date(2026, 3, 30)}
    assert due(own, asked, CALENDAR).on == date(2026, 4, 8)
    assert due(BOOK["early_review_request"], asked, CALENDAR).on == date(2026, 4, 22)


def test_at_least_n_before_warns_a_day_early_and_a_fixed_day_is_itself_too_late() -> None:
    papers = due(BOOK["ar_papers_2w"], {"review_meeting_on": date(2026, 6, 23)}, CALENDAR)
    assert (papers.on, papers.warn_on, papers.limit) == (
        date(2026, 6, 9),
        date(2026, 6, 8),
        None,
    )
    transfer = BOOK["pt_early_years_to_y11"]
    fixed = due(transfer, {"phase_transfer_on": date(2027, 9, 1)}, CALENDAR)
    assert (fixed.on, fixed.warn_on, fixed.limit) == (date(2027, 2, 14), None, date(2027, 2, 15))
    on_the_limit = stand(transfer, fixed, ended_on=fixed.on + timedelta(days=1))
    assert on_the_limit == Stand(Standing.MET_LATE, days_late=1)


def test_a_familys_window_is_not_told_to_act_on_the_friday_before() -> None:
    saturday = due(REPS, {"draft_served": date(2026, 6, 20)}, CALENDAR)
    assert (saturday.on, saturday.act_by) == (date(2026, 7, 4), date(2026, 7, 3))
    assert "act by" not in saturday.because
    assert "from Sunday 5 July 2026" in saturday.because
