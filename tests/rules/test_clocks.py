"""Which duties run on a case, and what meets, closes and lifts them."""

from datetime import date

import pytest

from casework.holidays import england_and_wales
from casework.rules.clocks import Clock, clocks, next_clock, outstanding_advice
from casework.rules.history import Happened, standing_events

mon_2_mar = date(2026, 3, 2)
mon_13_apr = date(2026, 4, 13)


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


REFUSED = happened(2, "told_will_not_assess", mon_13_apr)


def next_due(found: dict[str, Clock]) -> tuple[str, date]:
    following = next_clock(found.values())
    assert following is not None
    return following.duty.id, following.due.on


@pytest.mark.parametrize(
    ("overturned", "rule"),
    [
        ("agreed_to_assess", "agreed_assess"),
        ("ordered_to_assess", "order_assess"),
        ("conceded_assessment", "unopposed_assess"),
    ],
)
def test_a_refusal_overturned_has_2_10_and_14_weeks_and_does_not_restart_the_first_limits(
    overturned: str, rule: str
) -> None:
    undone = happened(3, overturned, date(2026, 7, 20))
    found = running(REQUEST, REFUSED, undone)
    assert next_due(found) == (f"{rule}_notify_2w", date(2026, 8, 3))
    assert found["case final_20w"].closed_on == mon_13_apr
    told = happened(4, "told_will_assess", date(2026, 7, 31))
    found = running(REQUEST, REFUSED, undone, told)
    assert found[f"case {rule}_notify_2w"].met_on == date(2026, 7, 31)
    assert found["case assess_decision_6w"].met_on == mon_13_apr
    assert next_due(found) == (f"{rule}_noplan_10w", date(2026, 9, 28))
    assert found[f"case {rule}_final_14w"].due.on == date(2026, 10, 26)


def test_a_refusal_of_a_plan_overturned_has_5_weeks_to_the_draft_and_11_to_the_plan() -> None:
    no_plan = happened(3, "no_plan_notice_sent", date(2026, 6, 22))
    ordered = happened(4, "ordered_to_make_plan", date(2026, 10, 5))
    found = running(REQUEST, TOLD, no_plan, ordered)
    assert next_due(found) == ("order_make_plan_draft_5w", date(2026, 11, 9))
    assert found["case order_make_plan_final_11w"].due.on == date(2026, 12, 21)


def test_a_refusal_the_authority_itself_goes_back_on_leaves_the_first_limits_running() -> None:
    after_all = happened(3, "told_will_assess", date(2026, 5, 4))
    found = running(REQUEST, REFUSED, after_all)
    assert next_due(found) == ("no_plan_16w", date(2026, 6, 22))
    assert found["case final_20w"].is_owed


def test_a_second_look_leaves_the_first_limits_running_and_gives_none_of_its_own() -> None:
    looked_again = happened(3, "decided_to_assess", date(2026, 5, 4))
    found = running(REQUEST, REFUSED, looked_again)
    assert next_due(found) == ("no_plan_16w", date(2026, 6, 22))
    assert found["case assess_decision_6w"].met_on == mon_13_apr
    assert {clock.duty.id for clock in found.values()} == {
        clock.duty.id for clock in running(REQUEST).values()
    }
    no_plan = happened(3, "no_plan_notice_sent", date(2026, 6, 22))
    issue = happened(4, "decided_to_issue", date(2026, 7, 6))
    found = running(REQUEST, TOLD, no_plan, issue)
    assert next_due(found) == ("final_20w", date(2026, 7, 20))
    assert found["case no_plan_16w"].met_on == date(2026, 6, 22)


def test_what_is_decided_after_an_order_leaves_the_limits_of_the_order() -> None:
    ordered = happened(3, "ordered_to_assess", date(2026, 7, 20))
    decided = happened(4, "decided_to_assess", date(2026, 7, 21))
    found = running(REQUEST, REFUSED, ordered, decided)
    assert next_due(found) == ("order_assess_notify_2w", date(2026, 8, 3))
    assert found["case final_20w"].closed_on == mon_13_apr


def test_advice_asked_for_after_a_refusal_was_overturned_is_owed() -> None:
    ordered = happened(3, "ordered_to_assess", date(2026, 7, 20))
    asked = happened(4, "advice_requested", date(2026, 7, 27), adviser_id=7)
    clock = running(REQUEST, REFUSED, ordered, asked)["adviser-7 advice_partner_6w"]
    assert clock.is_owed
    again = happened(5, "told_will_not_assess", date(2026, 8, 3))
    clock = running(REQUEST, REFUSED, ordered, asked, again)["adviser-7 advice_partner_6w"]
    assert clock.closed_on == date(2026, 8, 3)


def test_a_detained_person_has_2_weeks_from_an_order() -> None:
    ordered = happened(3, "ordered_to_assess", date(2026, 7, 20))
    found = running(REQUEST, REFUSED, ordered, detained=True)
    assert next_due(found) == ("det_order_2w", date(2026, 8, 3))


def test_deciding_against_a_plan_after_all_leaves_the_family_to_be_told_within_16_weeks() -> None:
    issue = happened(3, "decided_to_issue", date(2026, 5, 11))
    after_all = happened(4, "decided_not_to_issue", date(2026, 5, 18))
    assert next_due(running(REQUEST, TOLD, issue, after_all))[0] == "no_plan_16w"


def test_advice_asked_for_anew_after_its_answer_has_six_weeks_of_its_own() -> None:
    asked = happened(3, "advice_requested", date(2026, 4, 14), adviser_id=7)
    back = happened(4, "advice_received", date(2026, 5, 1), adviser_id=7, outcome="not_known")
    anew = happened(5, "advice_requested", date(2026, 6, 1), adviser_id=7)
    found = running(REQUEST, TOLD, asked, back, anew)
    first, second = (
        found["adviser-7 advice_partner_6w"],
        found["adviser-7-2 advice_partner_6w"],
    )
    assert (first.met_on, first.met_as) == (date(2026, 5, 1), "not_known")
    assert (second.due.on, second.met_on) == (date(2026, 7, 13), None)
    assert outstanding_advice(found.values()) == [second]


def test_a_reminder_before_the_answer_does_not_start_the_six_weeks_again() -> None:
    asked = happened(3, "advice_requested", date(2026, 4, 14), adviser_id=7)
    reminder = happened(4, "advice_requested", date(2026, 5, 11), adviser_id=7)
    found = running(REQUEST, TOLD, asked, reminder)
    assert found["adviser-7 advice_partner_6w"].due.on == date(2026, 5, 26)
    assert "adviser-7-2 advice_partner_6w" not in found


def test_an_exception_of_one_body_lifts_its_own_answer_and_no_other() -> None:
    advisers = {7: "camhs", 9: "physiotherapy"}
    asked = [happened(n, "advice_requested", date(2026, 4, 14), adviser_id=n) for n in advisers]
    missed = happened(
        20, "exception_recorded", date(2026, 5, 1), adviser_id=7, regulation="8(2)", ground="X5"
    )
    found = running(REQUEST, TOLD, *asked, missed, advisers=advisers)
    assert found["adviser-7 advice_partner_6w"].lifted_by == ("X5",)
    assert found["adviser-9 advice_partner_6w"].lifted_by == ()


def plan_sent(number: int, on: date, *recipients: str) -> list[Happened]:
    return [
        happened(number + n, "final_plan_sent", on, recipient=recipient)
        for n, recipient in enumerate(recipients)
    ]


def test_a_plan_sent_to_the_first_recipient_inside_the_familys_window_is_too_soon() -> None:
    served = happened(3, "draft_served", date(2026, 6, 22))
    early = plan_sent(4, date(2026, 7, 6), "family")
    late = plan_sent(5, date(2026, 7, 20), "institution", "health_body")
    found = running(REQUEST, TOLD, served, *early, *late)
    window = found["case reps_15d_min"]
    assert window.met_on is not None
    assert window.due.earliest is not None
    assert window.met_on < window.due.earliest
    assert found["case final_20w"].met_on == date(2026, 7, 20)


def test_a_draft_served_after_the_plan_does_not_make_the_plan_too_soon() -> None:
    served = happened(3, "draft_served", date(2026, 6, 22))
    sent = plan_sent(4, date(2026, 7, 20), "family", "institution", "health_body")
    amending = happened(8, "draft_served", date(2026, 9, 7))
    window = running(REQUEST, TOLD, served, *sent, amending)["case reps_15d_min"]
    assert window.due.earliest == date(2026, 7, 7)


def test_a_plan_ceased_before_every_recipient_was_sent_it_owes_nothing_more() -> None:
    served = happened(3, "draft_served", date(2026, 6, 22))
    ceased = happened(6, "ceased", date(2026, 9, 1))
    found = running(REQUEST, TOLD, served, *plan_sent(4, date(2026, 7, 20), "family"), ceased)
    assert found["case final_20w"].closed_on == date(2026, 9, 1)


def test_a_refused_reassessment_never_starts_fourteen_weeks() -> None:
    asked = happened(1, "reassessment_requested", date(2026, 6, 15))
    refused = happened(2, "told_will_not_assess", date(2026, 6, 30))
    found = running(asked, refused, kind="reassessment")
    assert found["case reassess_decision_15d"].met_on == date(2026, 6, 30)
    assert "case reassess_final_14w" not in found


def test_a_reassessment_agreed_after_a_refusal_has_fourteen_weeks_from_the_agreement_sent() -> None:
    asked = happened(1, "reassessment_requested", date(2026, 6, 15))
    refused = happened(2, "told_will_not_assess", date(2026, 6, 30))
    agreed = happened(3, "told_will_assess", date(2026, 7, 13))
    clock = running(asked, refused, agreed, kind="reassessment")["case reassess_final_14w"]
    assert (clock.due.on, clock.is_owed) == (date(2026, 10, 19), True)


@pytest.mark.parametrize(
    ("notice", "start", "rule"),
    [
        (date(2015, 1, 12), date(2015, 1, 26), "tr_final_14w_notice"),
        (date(2015, 4, 20), date(2015, 5, 11), "tr_final_14w_start"),
        (date(2015, 8, 17), date(2015, 9, 7), "tr_final_18w_start"),
    ],
)
def test_a_statement_transfer_is_timed_by_one_version_of_the_law(
    notice: date, start: date, rule: str
) -> None:
    told = happened(1, "transfer_notice_sent", notice)
    started = happened(2, "transfer_review_started", start)
    found = running(told, started, kind="transfer")
    totals = {key.split()[1] for key in found if key.startswith("case tr_final_")}
    assert totals == {rule}


def test_a_statement_transfer_leaves_the_family_fifteen_days_for_the_draft() -> None:
    start = happened(1, "transfer_review_started", date(2016, 1, 25))
    served = happened(2, "draft_served", date(2016, 4, 4))
    found = running(start, served, kind="transfer")
    assert found["case reps_15d_min"].due.earliest == date(2016, 4, 19)


def test_a_child_who_moved_in_has_all_the_weeks_from_the_day_of_responsibility() -> None:
    start = happened(1, "became_responsible", mon_2_mar)
    assert next_due(running(start, kind="moved_in")) == ("assess_decision_6w", mon_13_apr)
