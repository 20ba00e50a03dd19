"""What a case's events say once corrections are read."""

from datetime import date

from casework.rules.history import (
    Happened,
    case_facts,
    draft_with_the_family,
    final_complete_on,
    objections,
    standing_events,
    standpoint,
)
from casework.rules.stages import Stage

mon_2_mar = date(2026, 3, 2)
mon_13_apr = date(2026, 4, 13)
mon_22_jun = date(2026, 6, 22)
tue_7_jul = date(2026, 7, 7)
mon_20_jul = date(2026, 7, 20)


def happened(number: int, kind: str, on: date, **details: object) -> Happened:
    return Happened(id=number, kind=kind, on=on, **details)  # type: ignore[arg-type]


REQUEST = happened(1, "request_received", mon_2_mar)
TOLD = happened(2, "told_will_assess", mon_13_apr)
DRAFT = happened(3, "draft_served", mon_22_jun)


def sent(number: int, recipient: str, on: date) -> Happened:
    return happened(number, "final_plan_sent", on, recipient=recipient)


def test_a_correction_stands_in_the_place_of_what_it_corrects() -> None:
    corrected = happened(3, "told_will_assess", date(2026, 4, 10), corrects_id=2)
    assert standing_events([REQUEST, TOLD, corrected]) == [REQUEST, corrected]


def test_an_entry_struck_out_no_longer_counts() -> None:
    struck = happened(3, "struck_out", tue_7_jul, corrects_id=2)
    assert standing_events([REQUEST, TOLD, struck]) == [REQUEST]


def test_a_case_moves_on_and_an_entry_out_of_order_does_not_bring_it_back() -> None:
    late_told = happened(4, "told_will_assess", date(2026, 6, 29))
    events = standing_events([REQUEST, DRAFT, late_told])
    assert standpoint(events).stage is Stage.DRAFT_OUT


def test_a_final_plan_is_sent_when_the_last_recipient_has_been_sent_it() -> None:
    to_two = [sent(4, "family", tue_7_jul), sent(5, "institution", tue_7_jul)]
    to_all = [*to_two, sent(6, "health_body", mon_20_jul)]
    assert final_complete_on(to_two) is None
    assert final_complete_on(to_all) == mon_20_jul
    assert standpoint([REQUEST, TOLD, DRAFT, *to_two]).stage is Stage.PART_SENT
    stands = standpoint([REQUEST, TOLD, DRAFT, *to_all])
    assert (stands.stage, stands.ended_on) == (Stage.FINAL, mon_20_jul)


def test_a_plan_that_names_no_institution_is_sent_to_the_other_two() -> None:
    events = [
        happened(4, "no_institution_named", tue_7_jul),
        sent(5, "family", tue_7_jul),
        sent(6, "health_body", mon_20_jul),
    ]
    assert final_complete_on(events) == mon_20_jul


def test_a_decision_is_a_fact_but_only_its_notice_ends_a_limit() -> None:
    decided = happened(2, "decided_to_assess", date(2026, 4, 1))
    assert "assess_decision_sent" not in case_facts([REQUEST, decided])
    assert case_facts([REQUEST, decided, TOLD])["assess_decision_sent"] == mon_13_apr


def test_a_refusal_later_overturned_keeps_its_first_decision() -> None:
    refused = happened(2, "told_will_not_assess", mon_13_apr)
    agreed = happened(3, "told_will_assess", mon_22_jun)
    assert case_facts([REQUEST, refused, agreed])["assess_decision_sent"] == mon_13_apr


def test_an_event_before_what_it_follows_is_objected_to_with_the_day() -> None:
    early = happened(9, "draft_served", date(2026, 4, 1))
    assert objections(early, [REQUEST, TOLD]) == [
        "This is before “Family told we will assess” on Monday 13 April 2026"
    ]


def test_an_event_whose_forerunner_is_missing_is_objected_to() -> None:
    (words,) = objections(happened(9, "draft_served", mon_22_jun), [REQUEST])
    assert words.endswith("which is not recorded")


def test_a_final_plan_inside_the_familys_fifteen_days_is_objected_to() -> None:
    too_soon = sent(9, "family", date(2026, 7, 6))
    (words,) = objections(too_soon, [REQUEST, TOLD, DRAFT], earliest_final=tue_7_jul)
    assert "Tuesday 7 July 2026" in words
    in_time = sent(9, "family", tue_7_jul)
    assert objections(in_time, [REQUEST, TOLD, DRAFT], earliest_final=tue_7_jul) == []


def test_no_final_plan_is_signed_inside_the_familys_fifteen_days_either() -> None:
    too_soon = happened(9, "plan_signed", date(2026, 7, 6))
    (words,) = objections(too_soon, [REQUEST, TOLD, DRAFT], earliest_final=tue_7_jul)
    assert "may be signed is Tuesday 7 July 2026" in words
    answered = happened(8, "family_answered_in_full", date(2026, 7, 1))
    others = [REQUEST, TOLD, DRAFT, answered]
    assert objections(too_soon, others, earliest_final=tue_7_jul) == []


def test_advice_comes_after_it_was_asked_of_that_adviser_not_of_another() -> None:
    asked = happened(3, "advice_requested", date(2026, 4, 14), adviser_id=1)
    back = happened(9, "advice_received", date(2026, 5, 20), adviser_id=2)
    assert objections(back, [REQUEST, TOLD, asked])


def test_a_start_may_not_be_moved_past_what_followed_it() -> None:
    moved = happened(9, "request_received", date(2026, 5, 1), corrects_id=1)
    assert objections(moved, [TOLD])


def test_a_date_corrected_past_what_rests_on_it_is_objected_to() -> None:
    moved = happened(9, "told_will_assess", date(2026, 6, 29), corrects_id=2)
    (words,) = objections(moved, [REQUEST, DRAFT], replaced=TOLD)
    assert words == (
        "“Draft plan served on the family” on Monday 22 June 2026 rests on this: put it right first"
    )
    in_order = happened(9, "told_will_assess", date(2026, 4, 10), corrects_id=2)
    assert objections(in_order, [REQUEST, DRAFT], replaced=TOLD) == []


def test_an_entry_whose_step_is_recorded_twice_may_be_struck_out() -> None:
    struck = happened(9, "struck_out", mon_20_jul, corrects_id=2)
    again = happened(5, "told_will_assess", date(2026, 4, 14))
    assert objections(struck, [REQUEST, again, DRAFT], replaced=TOLD) == []
    assert objections(struck, [REQUEST, DRAFT], replaced=TOLD)


def test_an_entry_struck_out_and_entered_again_stands_once_more() -> None:
    struck = happened(3, "struck_out", tue_7_jul, corrects_id=2)
    again = happened(4, "told_will_assess", mon_13_apr)
    assert standing_events([REQUEST, TOLD, struck, again]) == [REQUEST, again]


def test_of_a_correction_corrected_only_the_last_stands() -> None:
    once = happened(3, "told_will_assess", date(2026, 4, 10), corrects_id=2)
    twice = happened(4, "told_will_assess", date(2026, 4, 9), corrects_id=3)
    assert standing_events([REQUEST, TOLD, once, twice]) == [REQUEST, twice]


TO_ALL = [
    sent(4, "family", tue_7_jul),
    sent(5, "institution", tue_7_jul),
    sent(6, "health_body", mon_20_jul),
]


def test_moving_away_or_ceasing_after_the_plan_does_not_move_the_day_the_assessment_ended() -> None:
    made = [REQUEST, TOLD, DRAFT, *TO_ALL]
    moved = happened(7, "moved_out", date(2026, 9, 1))
    ceased = happened(8, "ceased", date(2026, 10, 1))
    assert standpoint([*made, moved]).ended_on == mon_20_jul
    stands = standpoint([*made, moved, ceased])
    assert (stands.stage, stands.ended_on) == (Stage.CEASED, mon_20_jul)


def test_there_is_no_request_left_to_withdraw_once_the_plan_is_made() -> None:
    withdrawn = happened(7, "withdrawn", date(2026, 9, 1))
    stands = standpoint([REQUEST, TOLD, DRAFT, *TO_ALL, withdrawn])
    assert (stands.stage, stands.ended_on) == (Stage.FINAL, mon_20_jul)


def test_an_order_to_make_a_plan_takes_the_case_from_no_plan_back_to_drafting() -> None:
    no_plan = happened(3, "no_plan_notice_sent", mon_22_jun)
    ordered = happened(4, "ordered_to_make_plan", date(2026, 10, 5))
    stands = standpoint([REQUEST, TOLD, no_plan, ordered])
    assert (stands.stage, stands.ended_on) == (Stage.DRAFTING, None)


def test_the_draft_the_family_has_is_the_last_before_the_plan_not_a_later_one() -> None:
    amended = happened(7, "draft_served", date(2026, 9, 7))
    assert draft_with_the_family([REQUEST, DRAFT, *TO_ALL, amended]) == mon_22_jun


REFUSED = happened(2, "told_will_not_assess", mon_13_apr)
NO_PLAN = happened(3, "no_plan_notice_sent", mon_22_jun)


def test_a_second_look_brings_a_refused_case_back_to_the_decision() -> None:
    looked_again = happened(3, "decided_to_assess", tue_7_jul)
    stands = standpoint(standing_events([REQUEST, REFUSED, looked_again]))
    assert (stands.stage, stands.ended_on) == (Stage.ASSESS_AGREED, None)
    told = happened(4, "told_will_assess", mon_20_jul)
    assert standpoint([REQUEST, REFUSED, looked_again, told]).stage is Stage.ASSESSING


def test_a_second_look_at_a_plan_refused_brings_the_case_back_to_drafting() -> None:
    looked_again = happened(4, "decided_to_issue", tue_7_jul)
    stands = standpoint(standing_events([REQUEST, TOLD, NO_PLAN, looked_again]))
    assert (stands.stage, stands.ended_on) == (Stage.DRAFTING, None)


def test_a_decision_before_the_refusal_was_sent_is_no_second_look() -> None:
    before = happened(3, "decided_to_assess", date(2026, 4, 1))
    assert standpoint(standing_events([REQUEST, REFUSED, before])).stage is Stage.REFUSED


def test_a_decision_to_assess_does_not_bring_back_a_case_that_has_gone_further() -> None:
    again = happened(4, "decided_to_assess", tue_7_jul)
    assert standpoint(standing_events([REQUEST, TOLD, DRAFT, again])).stage is Stage.DRAFT_OUT
    withdrawn = happened(3, "withdrawn", mon_22_jun)
    assert standpoint(standing_events([REQUEST, withdrawn, again])).stage is Stage.WITHDRAWN


def test_of_one_day_what_was_entered_after_the_refusal_overturns_it() -> None:
    after = happened(5, "decided_to_issue", mon_22_jun)
    ordered = happened(5, "ordered_to_make_plan", mon_22_jun)
    before = happened(2, "decided_to_issue", mon_22_jun)
    assert standpoint(standing_events([REQUEST, NO_PLAN, after])).stage is Stage.DRAFTING
    assert standpoint(standing_events([REQUEST, NO_PLAN, ordered])).stage is Stage.DRAFTING
    assert standpoint(standing_events([REQUEST, before, NO_PLAN])).stage is Stage.NO_PLAN


def test_a_refusal_looked_at_again_keeps_its_first_decision() -> None:
    looked_again = happened(3, "decided_to_assess", tue_7_jul)
    told = happened(4, "told_will_assess", mon_20_jul)
    found = case_facts(standing_events([REQUEST, REFUSED, looked_again, told]))
    assert found["assess_decision_sent"] == mon_13_apr
