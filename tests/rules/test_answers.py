"""The clock's answers: the interface's shape, and reasons that name every exception."""

from datetime import date
from typing import Any

import pytest

from casework.holidays import england_and_wales
from casework.rules.answers import answer
from casework.rules.errors import RuleError

RECEIVED: dict[str, object] = {"request_received": "2026-03-02"}


def ask(rule: str, given: object = None, **more: Any) -> dict[str, Any]:
    return answer(
        rule,
        RECEIVED if given is None else given,  # type: ignore[arg-type]
        more.get("ended", {}),
        more.get("exceptions", []),
        more.get("today", date(2026, 7, 1)),
        england_and_wales(),
    )


def test_an_answer_has_only_the_fields_that_apply_in_the_interfaces_order() -> None:
    common = ["kind", "law", "because"]
    assert list(ask("final_20w")) == ["rule", "due", "act_by", "standing", "days_left", *common]
    served = ask("reps_15d_min", {"draft_served": "2026-06-22"}, today=date(2026, 8, 1))
    assert list(served) == ["rule", "due", "act_by", "earliest", "standing", *common]
    fixed = ask("pt_early_years_to_y11", {"phase_transfer_on": "2026-09-01"})
    assert list(fixed) == ["rule", "due", "act_by", "limit", "standing", "days_late", *common]


def test_an_exception_that_lifts_is_cited_and_the_due_day_stays() -> None:
    said = ask("final_20w", exceptions=["X3"], today=date(2026, 7, 21))
    assert (said["due"], said["standing"], said["days_late"]) == ("2026-07-20", "lifted", 1)
    assert "X3" in said["because"]
    assert "reg 13(3)" in said["because"]


def test_an_exception_that_the_rule_does_not_list_is_named_as_changing_nothing() -> None:
    said = ask("final_20w", exceptions=["X5", "X5"], today=date(2026, 7, 21))
    assert said["standing"] == "overdue"
    assert said["because"].count("exception X5") == 1
    assert "not listed by this rule and changes nothing" in said["because"]


def test_coronavirus_outside_its_window_is_named_as_changing_nothing() -> None:
    said = ask("final_20w", exceptions=["XC"])
    assert said["standing"] == "running"
    assert "did not run between 1 May and 25 September 2020" in said["because"]


def test_the_fact_of_another_rule_ends_nothing() -> None:
    assert ask("final_20w", ended={"draft_served": "2026-06-22"})["standing"] == "running"


@pytest.mark.parametrize(
    ("rule", "more", "says"),
    [
        ("final_20", {}, "write final_20w"),
        ("final_20w", {"given": {"request_recieved": "2026-03-02"}}, "write request_received"),
        ("final_20w", {"given": {"draft_served": "2026-03-02"}}, "counted from request_received"),
        ("final_20w", {"given": []}, "given is not a set of facts"),
        ("final_20w", {"ended": "2026-03-02"}, "ended is not a set of facts"),
        ("final_20w", {"ended": {"final_plan_sent": "soon"}}, "final_plan_sent is not a date"),
        ("final_20w", {"ended": {"final_plan_sent": "2026-03-01"}}, "check both dates"),
        ("final_20w", {"exceptions": "X3"}, "exceptions is not a list"),
        ("final_20w", {"exceptions": ["X9"]}, "write one of X1"),
        ("final_20w", {"exceptions": [["X3"]]}, "write one of X1"),
        ("final_20w", {"given": {"request_received": "2014-08-31"}}, "1 September 2014"),
    ],
)
def test_what_cannot_be_answered_says_what_to_write_instead(
    rule: str, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(RuleError, match=says):
        ask(rule, more.pop("given", None), **more)


def test_papers_sent_long_before_the_meeting_are_in_time() -> None:
    said = ask(
        "ar_papers_2w",
        {"review_meeting_on": "2026-06-23"},
        ended={"review_papers_sent": "2026-05-01"},
    )
    assert said["standing"] == "met"


def test_a_schools_advice_is_excused_by_what_the_code_lists_and_the_code_is_cited() -> None:
    said = ask("advice_all_6w", {"advice_requested": "2026-03-02"}, exceptions=["X1"])
    assert said["standing"] == "lifted"
    assert "SEND Code of Practice 2015, para 9.42" in said["because"]


def test_working_days_beginning_with_a_saturday_name_the_monday_as_the_first() -> None:
    said = ask("move_transfer_15wd", {"move_known": "2026-02-28"})
    assert said["due"] == "2026-03-20"
    assert said["because"] == (
        "15 working days beginning with the day the move became known, "
        "Saturday 28 February 2026, which is not a working day; "
        "Monday 2 March 2026 is counted as the first"
    )


@pytest.mark.parametrize(("held", "is_said"), [("2022-03-07", True), ("2022-03-08", False)])
@pytest.mark.parametrize("rule", ["ar_amend_notice_4w", "ar_total_12w"])
def test_a_review_before_the_devon_case_is_timed_by_the_law_as_since_declared(
    rule: str, held: str, is_said: bool
) -> None:
    words = ask(rule, {"review_meeting_held": held})["because"]
    assert ("law as since declared, on 8 March 2022, in R (L, M and P) v Devon CC" in words) is (
        is_said
    )


def test_past_the_bank_holidays_what_is_owed_at_once_is_not_soon_years_before() -> None:
    said = ask("order_continue", {"tribunal_order_made": "2035-08-01"})
    assert (said["due"], said["act_by"], said["standing"]) == ("2035-08-01", None, "running")
    assert "bank holidays are known only to" in said["because"]


def test_an_order_made_on_a_saturday_is_not_to_be_carried_out_the_friday_before() -> None:
    said = ask("order_continue", {"tribunal_order_made": "2026-08-01"})
    assert (said["due"], said["act_by"]) == ("2026-08-01", "2026-08-01")


def test_a_zone_may_be_written_in_hours_alone() -> None:
    said = ask("final_20w", {"request_received": "2026-03-29 23:30:00+00"})
    assert "Monday 30 March 2026" in said["because"]


def test_an_appeal_lodged_before_the_decision_is_a_date_to_check() -> None:
    sent = {"decision_notice_sent": "2026-03-02", "mediation_certificate_issued": "2026-04-01"}
    with pytest.raises(RuleError, match="check both dates"):
        ask("appeal_window", sent, ended={"appeal_lodged": "2026-03-01"})
    assert ask("appeal_window", sent, ended={"appeal_lodged": "2026-03-20"})["standing"] == "met"
