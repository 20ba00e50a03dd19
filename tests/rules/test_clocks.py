"""Which duties run on a case, and what meets, closes and lifts them."""

from datetime import date

import pytest

from casework.holidays import england_and_wales
from casework.rules.clocks import Clock, clocks, next_clock, outstanding_advice
from casework.rules.history import Happened, standing_events

mon_2_mar = date(2026, 3, 2)


def running(*events: Happened, kind: str = "request", **details: object) -> dict[str, Clock]:
    options: dict[str, object] = {"detained": False, "advisers": {7: "camhs", 8: "school"}}
    found = clocks(
        kind=kind,
        events=standing_events(events),
        calendar=england_and_wales(),
        **(options | details),  # type: ignore[arg-type]
    )
    return {f"{clock.key} {clock.duty.id}": clock for clock in found}


def happened(number: int, kind: str, on: date, **details: object) -> Happened:
    return Happened(id=number, kind=kind, on=on, **details)  # type: ignore[arg-type]


REQUEST = happened(1, "request_received", mon_2_mar)
TOLD = happened(2, "told_will_assess", date(2026, 4, 13))


def test_a_request_starts_the_limits_of_six_sixteen_and_twenty_weeks() -> None:
    found = running(REQUEST)
    assert found["case assess_decision_6w"].due.on == date(2026, 4, 13)
    assert found["case no_plan_16w"].due.on == date(2026, 6, 22)
    assert found["case final_20w"].due.on == date(2026, 7, 20)


def test_the_next_thing_due_is_the_first_limit_in_law_not_yet_met() -> None:
    assert next_clock(running(REQUEST).values()).duty.id == "assess_decision_6w"  # type: ignore[union-attr]
    assert next_clock(running(REQUEST, TOLD).values()).duty.id == "no_plan_16w"  # type: ignore[union-attr]


def test_deciding_to_issue_closes_the_limit_for_saying_there_is_no_plan() -> None:
    decided = happened(3, "decided_to_issue", date(2026, 6, 1))
    found = running(REQUEST, TOLD, decided)
    assert found["case no_plan_16w"].closed_on == date(2026, 6, 1)
    assert next_clock(found.values()).duty.id == "final_20w"  # type: ignore[union-attr]


@pytest.mark.parametrize("ending", ["withdrawn", "moved_out", "told_will_not_assess"])
def test_a_case_that_is_over_owes_nothing_more(ending: str) -> None:
    found = running(REQUEST, happened(2, ending, date(2026, 4, 1)))
    assert not [clock for clock in found.values() if clock.is_owed]


def test_a_health_body_is_bound_by_law_from_the_day_the_request_reached_it() -> None:
    asked = happened(3, "advice_requested", date(2026, 4, 13), adviser_id=7)
    reached = happened(4, "advice_request_received", date(2026, 4, 14), adviser_id=7)
    clock = running(REQUEST, TOLD, asked, reached)["adviser-7 advice_partner_6w"]
    assert clock.due.on == date(2026, 5, 26)


def test_where_the_day_it_reached_the_body_is_not_known_the_day_of_asking_stands() -> None:
    asked = happened(3, "advice_requested", date(2026, 4, 14), adviser_id=7)
    assert running(REQUEST, TOLD, asked)["adviser-7 advice_partner_6w"].due.on == date(2026, 5, 26)


def test_a_school_is_asked_by_guidance_and_a_nil_return_is_an_answer() -> None:
    asked = happened(3, "advice_requested", date(2026, 4, 14), adviser_id=8)
    back = happened(4, "advice_received", date(2026, 5, 1), adviser_id=8, outcome="not_known")
    clock = running(REQUEST, TOLD, asked, back)["adviser-8 advice_all_6w"]
    assert (clock.duty.kind, clock.met_on, clock.met_as) == (
        "guidance",
        date(2026, 5, 1),
        "not_known",
    )
    assert outstanding_advice([clock]) == []


def test_an_exception_lifts_the_limits_its_regulation_lifts_and_no_others() -> None:
    lifted = happened(3, "exception_recorded", mon_2_mar, regulation="13(3)", ground="X3")
    found = running(REQUEST, TOLD, lifted)
    assert found["case final_20w"].lifted_by == ("X3",)
    assert found["case no_plan_16w"].lifted_by == ()
    assert found["case final_20w"].due.on == date(2026, 7, 20)


def test_a_ground_that_the_regulation_does_not_list_lifts_nothing() -> None:
    wrong = happened(3, "exception_recorded", mon_2_mar, regulation="13(3)", ground="X5")
    assert running(REQUEST, TOLD, wrong)["case final_20w"].lifted_by == ()


def test_a_mark_whose_words_name_no_ground_is_an_exception_as_recorded() -> None:
    marked = happened(3, "exception_recorded", mon_2_mar, regulation="13(3)", ground=None)
    assert running(REQUEST, TOLD, marked)["case final_20w"].lifted_by == ("unread",)


def test_the_familys_window_runs_from_the_latest_draft() -> None:
    first = happened(3, "draft_served", date(2026, 6, 1))
    again = happened(4, "draft_served", date(2026, 6, 22))
    found = running(REQUEST, TOLD, first, again)
    assert found["case reps_15d_min"].due.earliest == date(2026, 7, 7)
    assert found["case draft_by_day110"].met_on == date(2026, 6, 1)


def test_a_child_brought_to_attention_has_the_same_limits() -> None:
    start = happened(1, "became_responsible", mon_2_mar)
    assert running(start, kind="attention")["case final_20w"].due.on == date(2026, 7, 20)


def test_a_detained_young_person_is_under_the_rows_for_detention() -> None:
    found = running(REQUEST, detained=True)
    assert "case det_final_20w" in found
    assert "case final_20w" not in found


def test_a_reassessment_has_fifteen_days_and_then_fourteen_weeks() -> None:
    asked = happened(1, "reassessment_requested", date(2026, 6, 15))
    told = happened(2, "told_will_assess", date(2026, 6, 30))
    found = running(asked, told, kind="reassessment")
    assert found["case reassess_decision_15d"].due.on == date(2026, 6, 30)
    assert found["case reassess_final_14w"].due.on == date(2026, 10, 6)


def test_a_statement_transfer_of_2016_has_eighteen_weeks_from_its_start() -> None:
    start = happened(1, "transfer_review_started", date(2016, 1, 25))
    found = running(start, kind="transfer")
    assert found["case tr_final_18w_start"].due.on == date(2016, 5, 30)
    assert "case tr_final_14w_start" not in found
