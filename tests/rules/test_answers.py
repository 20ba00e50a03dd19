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
