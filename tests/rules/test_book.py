"""Guards on the book: every row is whole, cited, dated and shown by an example."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from casework.rules.book import BOOK, LIFTS, duty, search
from casework.rules.duty import Duty
from casework.rules.errors import UnknownRule
from casework.rules.exceptions import GROUNDS, REGULATIONS

EXAMPLES = Path(__file__).parents[1] / "examples"
ROWS = pytest.mark.parametrize("row", BOOK.values(), ids=lambda row: row.id)
COMPUTED = [row for row in BOOK.values() if row.is_computed]

#: The interface's own table, start facts by rule.
INTERFACE: Mapping[str, str] = MappingProxyType(
    {
        "assess_decision_6w": "request_received became_responsible > assess_decision_sent",
        "no_plan_16w": "request_received became_responsible > no_plan_notice_sent",
        "draft_by_week16": "request_received became_responsible > draft_served",
        "draft_by_day110": "request_received became_responsible > draft_served",
        "final_20w": "request_received became_responsible > final_plan_sent",
        "advice_partner_6w": "advice_request_received > advice_received",
        "advice_all_6w": "advice_requested > advice_received",
        "assess_six_month_bar": "last_assessment_completed >",
        "reassess_six_month_bar": "last_assessment_completed >",
        "reps_15d_min": "draft_served > final_plan_sent",
        "school_consult_15d": "consultation_received > consultation_replied",
        "reassess_decision_15d": "reassessment_requested > reassessment_decision_sent",
        "reassess_advice_6w": "advice_request_received > advice_received",
        "reassess_reps_15d_min": "draft_served > final_plan_sent",
        "reassess_final_14w": "reassessment_decision_sent > final_plan_sent",
        "ar_first_12m": "plan_first_made > review_decision_sent",
        "ar_next_12m": "last_review_completed > review_decision_sent",
        "ar_under5_6m": "plan_first_made last_review_completed > review_considered",
        "ar_term_list": "term_starts > review_list_sent",
        "ar_meeting_notice_2w": "review_meeting_on > review_invitation_sent",
        "ar_papers_2w": "review_meeting_on > review_papers_sent",
        "ar_report_2w": "review_meeting_held > review_report_sent",
        "ar_decision_4w": "review_meeting_held > review_decision_sent",
        "ar_amend_notice_4w": "review_meeting_held > amendment_notice_sent",
        "ar_reps_15d_min": "amendment_notice_served > final_plan_sent",
        "ar_final_8w": "amendment_notice_sent > final_plan_sent",
        "ar_not_amend_8w": "amendment_notice_sent > not_amending_notice_sent",
        "ar_total_12w": "review_meeting_held > final_plan_sent",
        "amend_reps_15d_min": "amendment_notice_served > final_plan_sent",
        "amend_final_8w": "amendment_notice_sent > final_plan_sent",
        "early_review_request": "early_review_requested > early_review_replied",
        "pt_early_years_to_y11": "phase_transfer_on > final_plan_sent",
        "pt_secondary_to_post16": "phase_transfer_on > final_plan_sent",
        "pt_2015_post16": "phase_transfer_on > final_plan_sent",
        "pt_post16_to_post16": "phase_transfer_on > final_plan_sent",
        "med_contact_2m": "decision_notice_sent > mediation_adviser_contacted",
        "med_cert_declined_3wd": "mediation_declined > mediation_certificate_issued",
        "med_health_pass_3wd": "health_mediation_requested > health_body_told",
        "med_arrange_la_30d": "mediation_requested > mediation_held",
        "med_arrange_health_30d": "health_body_told > mediation_held",
        "med_unable_cert_3wd": "mediation_unable_notified > mediation_certificate_issued",
        "med_cert_after_3wd": "mediation_concluded > mediation_certificate_issued",
        "med_meeting_notice_5wd": "mediation_on > mediation_notice_given",
        "agreed_assess_notify_2w": "agreement_made > assess_decision_sent",
        "agreed_assess_noplan_10w": "agreement_made > no_plan_notice_sent",
        "agreed_assess_final_14w": "agreement_made > final_plan_sent",
        "med_agreement_other_2w": "agreement_made > agreement_carried_out",
        "med_agreement_tell_la_1w": "agreement_made > authority_told",
        "appeal_2m": "decision_notice_sent > appeal_lodged",
        "appeal_1m_cert": "mediation_certificate_issued > appeal_lodged",
        "appeal_window": "decision_notice_sent mediation_certificate_issued > appeal_lodged",
        "appeal_response_30wd": "appeal_received > appeal_response_sent",
        "order_dismiss_cease": "tribunal_order_made > plan_ceased",
        "order_continue": "tribunal_order_made > plan_continued",
        "order_assess_notify_2w": "tribunal_order_made > assess_decision_sent",
        "order_assess_noplan_10w": "tribunal_order_made > no_plan_notice_sent",
        "order_assess_final_14w": "tribunal_order_made > final_plan_sent",
        "order_make_plan_draft_5w": "tribunal_order_made > draft_served",
        "order_make_plan_final_11w": "tribunal_order_made > final_plan_sent",
        "order_reconsider_2w": "tribunal_order_made > reconsidered",
        "order_amend_provision_5w": "tribunal_order_made > final_plan_sent",
        "order_amend_school_2w": "tribunal_order_made > final_plan_sent",
        "order_continue_amend_5w": "tribunal_order_made > final_plan_sent",
        "unopposed_assess_notify_2w": "not_opposed_notified > assess_decision_sent",
        "unopposed_assess_noplan_10w": "not_opposed_notified > no_plan_notice_sent",
        "unopposed_assess_final_14w": "not_opposed_notified > final_plan_sent",
        "unopposed_contents_5w": "not_opposed_notified > final_plan_sent",
        "unopposed_school_2w": "not_opposed_notified > final_plan_sent",
        "unopposed_make_plan_draft_5w": "not_opposed_notified > draft_served",
        "unopposed_make_plan_final_11w": "not_opposed_notified > final_plan_sent",
        "unopposed_continue_amend_5w": "not_opposed_notified > final_plan_sent",
        "recs_response_5w": "recommendation_made > recommendation_answered",
        "set_aside_28d": "tribunal_decision_sent > set_aside_applied",
        "move_transfer_15wd": "move_known > plan_transferred",
        "move_inform_6w": "plan_transferred > move_notice_sent",
        "move_review": "last_review_completed plan_first_made plan_transferred > "
        "review_decision_sent",
        "move_icb_notify_15wd": "move_known > health_body_told",
        "move_icb_request_15wd": "move_known > health_body_requested",
        "det_decision_6w": "request_received became_responsible > assess_decision_sent",
        "det_noplan_16w": "request_received became_responsible > no_plan_notice_sent",
        "det_final_20w": "request_received became_responsible > final_plan_sent",
        "det_advice_6w": "advice_request_received > advice_received",
        "det_reps_15d_min": "draft_served > final_plan_sent",
        "det_order_2w": "tribunal_order_made > assess_decision_sent final_plan_sent",
        "dp_first_review_3m": "direct_payment_started > direct_payment_reviewed",
        "tr_notice_2w": "transfer_review_starts_on > transfer_notice_sent",
        "tr_final_14w_notice": "transfer_notice_sent > transfer_completed",
        "tr_final_14w_start": "transfer_review_started > transfer_completed",
        "tr_final_18w_start": "transfer_review_started > transfer_completed",
        "tr_phase_date": "phase_transfer_on > transfer_completed",
        "tr_all_2018": "> transfer_completed",
    }
)

#: Rows of the statute table that have no number of their own.
UNCOMPUTED = [
    "assess_consult",
    "assess_notify_considering",
    "assess_refusal_content",
    "advice_existing_bar",
    "no_plan_content",
    "draft_no_placement",
    "reps_meeting",
    "draft_reissue",
    "final_appeal_notice",
    "section_i_type_only",
    "exception_tell_family",
    "ar_nochange_notice",
    "cease_consult",
    "cease_notify",
    "cease_hold",
    "cease_u18",
    "med_agreement_appealable",
    "unopposed_cease",
    "move_transfer_day",
    "move_mid_assessment",
    "pb_request_window",
    "pb_prepare",
    "pb_refuse",
]


@pytest.mark.parametrize("rule", INTERFACE)
def test_a_rule_starts_and_ends_with_the_facts_of_the_interface(rule: str) -> None:
    row = BOOK[rule]
    starts, ends = (part.split() for part in INTERFACE[rule].split(">"))
    assert (list(row.starts), list(row.discharged_by)) == (starts, ends)


@pytest.mark.parametrize("rule", UNCOMPUTED)
def test_a_duty_without_a_number_stands_in_the_book_uncomputed(rule: str) -> None:
    assert not BOOK[rule].is_computed


@ROWS
def test_a_row_is_cited_dated_graded_and_labelled(row: Duty) -> None:
    assert row.law
    assert row.confidence in "PSM"
    assert row.valid_from.year >= 2014
    assert 5 <= len(row.label) <= 60
    assert row.label[0].isupper()
    assert row.duty.endswith(".")
    assert row.note == "" or row.note.endswith(".")


@ROWS
def test_a_row_that_is_unconfirmed_or_has_no_number_says_so(row: Duty) -> None:
    if not row.is_computed:
        assert row.note, "how soon is it owed?"


@pytest.mark.parametrize("row", COMPUTED, ids=lambda row: row.id)
def test_every_rule_that_gives_a_date_has_an_example(row: Duty) -> None:
    lines = "\n".join(file.read_text("utf-8") for file in EXAMPLES.glob("*.jsonl")).splitlines()
    # Examples of other things than dates, such as notes, name no rule.
    dated = [one for line in lines if line.strip() and "rule" in (one := json.loads(line))]
    assert any(
        example["rule"] == row.id
        and (isinstance(example["expected"], str) or example["expected"].get("due"))
        for example in dated
    )


def test_a_row_stands_in_only_for_rows_with_another_limit_or_law() -> None:
    for row in BOOK.values():
        for other in row.instead_of:
            target_of_a_plan = other.startswith("draft_by_") and row.ends == "final_plan_sent"
            assert target_of_a_plan or BOOK[other].ends in row.discharged_by
            assert BOOK[other].law != row.law


@pytest.mark.parametrize(
    ("regulation", "lifts"),
    [
        ("5(4)", ("assess_decision_6w",)),
        ("8(2)", ("advice_partner_6w",)),
        ("10(4)", ("no_plan_16w",)),
        ("13(3)", ("final_20w",)),
        ("26", ("reassess_advice_6w",)),
        ("27(3)", ("reassess_final_14w",)),
    ],
)
def test_a_regulation_lifts_its_own_limit_and_no_other(
    regulation: str, lifts: tuple[str, ...]
) -> None:
    assert LIFTS[regulation] == lifts


def test_orders_concessions_and_agreements_are_lifted_by_the_grounds_of_regulation_44() -> None:
    lifted = {BOOK[rule].starts[0] for rule in LIFTS["44(3)"]}
    assert lifted == {"tribunal_order_made", "not_opposed_notified", "agreement_made"}


@pytest.mark.parametrize(
    ("rule", "grounds"),
    [
        ("assess_decision_6w", "X1 X2 X3 X4 XC"),
        ("advice_partner_6w", "X3 X4 X5 XC"),
        ("no_plan_16w", "X1 X2 X3 X4 XC"),
        ("final_20w", "X1 X2 X3 X4 XC"),
        ("reps_15d_min", ""),
        ("school_consult_15d", ""),
        ("reassess_decision_15d", ""),
        ("reassess_advice_6w", "X3 X4 X5"),
        ("reassess_final_14w", "X1 X2 X3 X4 XC"),
        ("ar_decision_4w", "XC"),
        ("ar_final_8w", ""),
        ("ar_next_12m", "XC"),
        ("pt_early_years_to_y11", ""),
        ("order_assess_final_14w", "X3 X6 X1 X2 X4 XC"),
        ("order_dismiss_cease", ""),
        ("med_agreement_tell_la_1w", ""),
        ("move_inform_6w", "XC"),
        ("move_transfer_15wd", ""),
        ("advice_all_6w", "X1 X2 X3 X4 X5"),
        ("tr_final_14w_notice", "X1 X2 X3 X4"),
        ("tr_final_14w_start", "X1 X2 X3 X4"),
        ("tr_final_18w_start", "X1 X2 X3 X4"),
        ("tr_all_2018", ""),
    ],
)
def test_exceptions_belong_to_rules_not_to_cases(rule: str, grounds: str) -> None:
    assert BOOK[rule].lifted_by == tuple(grounds.split())


def test_every_ground_is_listed_by_a_regulation_and_every_listed_one_is_a_ground() -> None:
    listed = {ground for regulation in REGULATIONS.values() for ground in regulation.grounds}
    assert listed == set(GROUNDS)


def test_an_unknown_rule_is_refused_with_the_nearest_to_write_instead() -> None:
    with pytest.raises(UnknownRule, match="final_20w"):
        duty("final_20weeks")
    with pytest.raises(UnknownRule, match="casework law"):
        duty("zzz")


def test_a_search_needs_every_word_and_minds_no_capitals() -> None:
    assert [row.id for row in search("FINAL re-assessment")] == ["reassess_final_14w"]
    assert search("") == tuple(BOOK.values())
    assert search("zebra") == ()
