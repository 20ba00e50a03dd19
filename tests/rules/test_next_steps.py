"""What a decision asks for, by when, and until it is done."""

from datetime import date

import pytest

from casework.holidays import england_and_wales
from casework.rules.book import BOOK
from casework.rules.clocks import clocks
from casework.rules.decided import CARRIED_OUT_BY, against_changing
from casework.rules.events import EVENTS
from casework.rules.history import Happened, standing_events
from casework.rules.next_steps import ASKED_AT, STEPS, Due, in_a_line, steps_due
from casework.rules.panel_waits import PanelWait, limit_of
from casework.rules.panels import QUESTIONS
from casework.rules.stages import Stage

REQUEST = Happened(1, "request_received", date(2026, 10, 19))
YES = Happened(2, "decided_to_assess", date(2026, 11, 18))
NO = Happened(2, "decided_not_to_assess", date(2026, 11, 18))
TODAY = date(2026, 11, 23)


def due_after(*events: Happened) -> list[Due]:
    stand = standing_events([REQUEST, *events])
    found = clocks(
        kind="request", detained=False, advisers={}, events=stand, calendar=england_and_wales()
    )
    return steps_due(stand, found)


def test_after_a_yes_the_family_is_told_within_the_limit_and_advice_is_asked_for() -> None:
    [due] = due_after(YES)
    assert due.step.words == "Tell the family that we will assess"
    assert due.by == date(2026, 11, 30)
    assert "Ask for advice" in due.step.then[0]
    assert due.limit is not None
    assert due.limit.duty.id == "assess_decision_6w"


def test_after_a_no_the_notice_carries_the_reasons_and_the_rights() -> None:
    [due] = due_after(NO)
    assert due.by == date(2026, 11, 30)
    assert any("appeal" in words for words in due.step.then)


@pytest.mark.parametrize("told", ["told_will_assess", "told_will_not_assess", "withdrawn"])
def test_nothing_is_asked_for_once_the_family_was_told_or_the_request_is_over(told: str) -> None:
    assert due_after(YES, Happened(3, told, date(2026, 11, 19))) == []


def test_a_decision_overturned_before_it_was_carried_out_asks_for_nothing() -> None:
    again = Happened(3, "decided_to_assess", date(2026, 11, 20))
    assert [due.event for due in due_after(NO, again)] == [again]


def test_a_second_look_after_the_notice_is_told_though_the_law_sets_no_new_day() -> None:
    told = Happened(3, "told_will_not_assess", date(2026, 11, 19))
    again = Happened(4, "decided_to_assess", date(2026, 11, 20))
    [due] = due_after(NO, told, again)
    assert (due.event, due.by) == (again, None)


def test_after_an_order_the_limit_is_that_of_the_order() -> None:
    told = Happened(3, "told_will_not_assess", date(2026, 11, 19))
    order = Happened(4, "ordered_to_assess", date(2026, 11, 20))
    decided = Happened(5, "decided_to_assess", date(2026, 11, 23))
    [due] = due_after(NO, told, order, decided)
    assert (due.limit is not None and due.limit.duty.id) == "order_assess_notify_2w"


def test_a_draft_to_be_changed_is_changed_before_week_sixteen() -> None:
    issue = Happened(3, "decided_to_issue", date(2026, 12, 7))
    change = Happened(4, "draft_content_to_change", date(2026, 12, 9))
    told = Happened(2, "told_will_assess", date(2026, 11, 19))
    steps = due_after(told, issue, change)
    assert [due.event.kind for due in steps] == ["decided_to_issue", "draft_content_to_change"]
    assert {due.limit and due.limit.duty.id for due in steps} == {"draft_by_week16"}
    served = Happened(5, "draft_served", date(2026, 12, 11))
    assert due_after(told, issue, change, served) == []


def test_every_outcome_that_asks_for_a_step_has_its_row_and_its_rules_exist() -> None:
    outcomes = {one.event for question in QUESTIONS.values() for one in question.outcomes}
    assert outcomes - STEPS.keys() == {"decided_to_keep_plan"}
    assert outcomes == CARRIED_OUT_BY.keys()
    assert {rule for step in STEPS.values() for rule in step.limits} <= BOOK.keys()
    assert {kind for kinds in CARRIED_OUT_BY.values() for kind in kinds} <= EVENTS.keys()


def test_a_list_says_it_in_one_line_while_the_case_is_at_the_stage_that_asks_for_it() -> None:
    day = date(2026, 11, 18)
    assert in_a_line(Stage.ASSESS_AGREED, "decided_to_assess", day) == (
        "Decided on 18 November 2026: tell the family that we will assess"
    )
    assert in_a_line(Stage.ASSESSING, "decided_to_assess", day) is None
    assert in_a_line(Stage.DRAFTING, "ordered_to_make_plan", day) is None
    assert in_a_line(Stage.RECEIVED, None, None) is None
    assert {kind for kinds in ASKED_AT.values() for kind in kinds} == STEPS.keys() - {
        "decided_to_cease"
    }


def test_a_decision_that_was_carried_out_changes_in_its_words_alone() -> None:
    told = Happened(3, "told_will_not_assess", date(2026, 11, 19))
    assert against_changing(NO, "decided_to_assess", NO.on, [REQUEST]) is None
    assert against_changing(NO, "decided_not_to_assess", told.on, [REQUEST, told]) is None
    for kind, on in (
        ("decided_to_assess", NO.on),
        (None, NO.on),
        ("decided_not_to_assess", date(2026, 11, 20)),
    ):
        assert "second look" in (against_changing(NO, kind, on, [REQUEST, told]) or "")


@pytest.mark.parametrize(
    ("meets_on", "needs_an_officer"),
    [
        (date(2026, 11, 25), False),
        (date(2026, 11, 30), False),
        (date(2026, 12, 2), True),
        (None, True),
    ],
)
def test_an_officer_decides_where_no_panel_meets_in_time(
    meets_on: date | None, needs_an_officer: bool
) -> None:
    found = clocks(
        kind="request", detained=False, advisers={}, events=[REQUEST], calendar=england_and_wales()
    )
    question = QUESTIONS["assess"]
    limit = limit_of(question, found)
    wait = PanelWait(question=question, limit=limit, meets_on=meets_on, today=TODAY)
    assert wait.last_day == date(2026, 11, 30)
    assert wait.needs_an_officer is needs_an_officer
    assert not wait.is_overdue
