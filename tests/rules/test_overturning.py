"""A decision that was undone says by what, and the first stays as it was."""

from datetime import date

import pytest

from casework.rules.history import Happened, standing_events
from casework.rules.overturning import SECOND_LOOKS, overturned_by, overturned_words

mar, apr, may = date(2026, 3, 2), date(2026, 4, 13), date(2026, 5, 3)
REQUEST = Happened(1, "request_received", mar)
NO = Happened(2, "decided_not_to_assess", date(2026, 4, 1))
TOLD_NO = Happened(3, "told_will_not_assess", apr)
NO_PLAN = Happened(5, "decided_not_to_issue", apr)


def undone(decision: Happened, *later: Happened) -> str | None:
    events = standing_events([REQUEST, decision, *later])
    by = overturned_by(decision, events)
    return overturned_words(decision, by) if by else None


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("ordered_to_assess", "Overturned: Tribunal ordered an assessment, 3 May 2026"),
        ("agreed_to_assess", "Overturned: Agreed in mediation to assess, 3 May 2026"),
        (
            "conceded_assessment",
            "Overturned: Tribunal told that we will assess after all, 3 May 2026",
        ),
        ("decided_to_assess", "Overturned by a second look: Decided to assess, 3 May 2026"),
        ("told_will_assess", "Overturned: Family told we will assess, 3 May 2026"),
    ],
)
def test_a_refusal_to_assess_says_what_undid_it_and_when(kind: str, words: str) -> None:
    assert undone(NO, TOLD_NO, Happened(4, kind, may)) == words


@pytest.mark.parametrize("kind", ["ordered_to_make_plan", "conceded_plan", "decided_to_issue"])
def test_a_refusal_of_a_plan_is_undone_by_an_order_a_concession_or_a_second_look(kind: str) -> None:
    assert undone(NO_PLAN, Happened(6, kind, may)) is not None


@pytest.mark.parametrize("kind", ["decided_to_issue", "ordered_to_make_plan", "advice_received"])
def test_what_answers_another_question_undoes_nothing(kind: str) -> None:
    assert undone(NO, TOLD_NO, Happened(4, kind, may)) is None


def test_what_came_before_a_decision_did_not_undo_it() -> None:
    assert undone(NO, Happened(4, "decided_to_assess", mar)) is None


def test_of_three_looks_each_is_undone_by_the_next_and_the_last_holds() -> None:
    yes = Happened(4, "decided_to_assess", date(2026, 4, 20))
    again = Happened(5, "decided_not_to_assess", may)
    events = standing_events([REQUEST, NO, yes, again])
    assert overturned_by(NO, events) is yes
    assert overturned_by(yes, events) is again
    assert overturned_by(again, events) is None


def test_a_draft_may_be_agreed_and_changed_many_times_and_none_overturns_another() -> None:
    change = Happened(2, "draft_content_to_change", apr)
    assert undone(change, Happened(3, "draft_content_agreed", may)) is None
    assert "draft_content_agreed" not in SECOND_LOOKS


def test_an_entry_that_no_longer_stands_is_not_overturned() -> None:
    struck = Happened(4, "struck_out", may, corrects_id=2)
    order = Happened(5, "ordered_to_assess", may)
    assert overturned_by(NO, standing_events([REQUEST, NO, TOLD_NO, struck, order])) is None
