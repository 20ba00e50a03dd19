"""What one row of a tracker tells: its events, and what no event could be made of."""

from datetime import date
from typing import Any

import pytest

from casework.codes import RequestSource
from casework.tracker.facts import RowFacts, facts
from casework.tracker.rows import TrackerRow
from casework.tracker.words import HealthOutcome

TODAY = date(2026, 11, 23)
ASKED, TOLD, DRAFT, FINAL = (
    date(2025, 1, 6),
    date(2025, 2, 10),
    date(2025, 4, 1),
    date(2025, 5, 12),
)


def read(**details: Any) -> RowFacts:
    return facts(TrackerRow(line=4, request_received=ASKED, **details), TODAY)


def told(found: RowFacts) -> list[tuple[str, date, str | None]]:
    return [(event.kind, event.on, event.doubt) for event in found.events]


def test_a_request_alone_is_one_event_with_the_notes() -> None:
    found = read(notes="Moved school")
    assert (found.kind, told(found)) == ("request", [("request_received", ASKED, None)])
    assert found.events[0].note == "Moved school"


@pytest.mark.parametrize(
    ("source", "kind", "start"),
    [
        (RequestSource.EDUCATION_SETTING, "request", "request_received"),
        (RequestSource.HEALTH_PROFESSIONAL, "attention", "became_responsible"),
        (RequestSource.SOCIAL_CARE_PROFESSIONAL, "attention", "became_responsible"),
        (None, "request", "request_received"),
    ],
)
def test_who_asked_decides_which_start_the_clock_has(
    source: RequestSource | None, kind: str, start: str
) -> None:
    found = read(request_source=source)
    assert (found.kind, found.events[0].kind) == (kind, start)


@pytest.mark.parametrize(
    ("agreed", "kind"), [(True, "told_will_assess"), (False, "told_will_not_assess")]
)
def test_a_notice_with_its_decision_is_the_notice(agreed: bool, kind: str) -> None:
    found = read(decision_to_assess=agreed, assess_decision_sent=TOLD)
    assert told(found)[1:] == [(kind, TOLD, None)]


def test_a_decision_with_no_notice_is_a_decision_whose_day_was_not_recorded() -> None:
    found = read(decision_to_assess=True, ep_requested=TOLD)
    assert ("decided_to_assess", TOLD, "day_not_recorded") in told(found)
    found = read(decision_to_assess=False)
    assert ("decided_not_to_assess", ASKED, "day_not_recorded") in told(found)


def test_a_notice_that_says_neither_yes_nor_no_is_left_out_and_said() -> None:
    found = read(assess_decision_sent=TOLD)
    assert [kind for kind, *_ in told(found)] == ["request_received"]
    assert [field for field, _ in found.doubts] == ["assess_decision_sent"]


def test_a_step_that_only_follows_a_yes_answers_for_the_decision() -> None:
    found = read(assess_decision_sent=TOLD, draft_served=DRAFT)
    assert ("told_will_assess", TOLD, None) in told(found)
    assert not found.doubts


def test_a_panel_before_the_notice_decided_whether_to_assess() -> None:
    panel = date(2025, 2, 5)
    found = read(decision_to_assess=True, assess_decision_sent=TOLD, panel_date=panel)
    assert ("decided_to_assess", panel, None) in told(found)


def test_each_body_asked_has_events_of_its_own() -> None:
    found = read(
        ep_requested=TOLD,
        ep_received=DRAFT,
        health_service="Speech & language",
        health_requested=TOLD,
        health_received=DRAFT,
        health_outcome=HealthOutcome.NOT_KNOWN,
        social_care_requested=TOLD,
    )
    assert found.advisers == (
        ("educational_psychology", None),
        ("speech_and_language", None),
        ("social_care", None),
    )
    advice = [(e.kind, e.adviser, e.outcome) for e in found.events if e.adviser is not None]
    assert advice == [
        ("advice_requested", 0, None),
        ("advice_received", 0, "advice"),
        ("advice_requested", 1, None),
        ("advice_received", 1, "not_known"),
        ("advice_requested", 2, None),
    ]


def test_a_health_service_in_words_we_do_not_know_keeps_its_words() -> None:
    assert read(health_service="Orthoptics", health_requested=TOLD).advisers == (
        ("other_health", "Orthoptics"),
    )


def test_an_answer_whose_asking_has_no_day_comes_in_and_is_not_timed() -> None:
    found = read(ep_received=DRAFT)
    assert told(found)[1:] == [("advice_received", DRAFT, None)]
    assert [field for field, _ in found.doubts] == ["ep_requested"]


def test_an_answer_with_no_day_counts_as_none_and_is_said() -> None:
    found = read(health_requested=TOLD, health_outcome=HealthOutcome.NOT_KNOWN)
    assert [kind for kind, *_ in told(found)] == ["request_received", "advice_requested"]
    assert [field for field, _ in found.doubts] == ["health_received"]


def test_one_final_date_stands_for_every_recipient_and_says_so() -> None:
    found = read(issue_plan=True, draft_served=DRAFT, final_plan_sent=FINAL)
    sent = [(e.recipient, e.on, e.doubt) for e in found.events if e.kind == "final_plan_sent"]
    assert sent == [
        (who, FINAL, "one_date_for_all") for who in ("family", "institution", "health_body")
    ]
    assert ("decided_to_issue", DRAFT, "day_not_recorded") in told(found)


def test_a_notice_of_no_plan_tells_its_own_decision() -> None:
    found = read(issue_plan=False, no_plan_notice_sent=DRAFT)
    assert told(found)[1:] == [("no_plan_notice_sent", DRAFT, None)]


def test_a_decision_not_to_issue_with_no_notice_stands_at_the_last_day_of_the_row() -> None:
    found = read(decision_to_assess=True, assess_decision_sent=TOLD, issue_plan=False)
    assert told(found)[-1] == ("decided_not_to_issue", TOLD, "day_not_recorded")


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("family abroad 5 weeks", "X4"),
        ("school closed over summer", "X1"),
        ("no psychologist available", None),
        ("missed two appointments", None),  # a ground of regulation 8(2), not of 13(3)
    ],
)
def test_an_exception_is_taken_as_recorded(words: str, ground: str | None) -> None:
    found = read(exception=True, exception_reason=words, final_plan_sent=FINAL)
    (event,) = [e for e in found.events if e.kind == "exception_recorded"]
    assert (event.on, event.doubt) == (FINAL, "as_recorded")
    assert event.exception == {
        "regulation": "13(3)",
        "ground": ground,
        "evidence": None,
        "reason": words,
        "approver_recorded": False,
    }


def test_a_reason_without_a_mark_is_no_exception() -> None:
    assert len(read(exception_reason="family abroad").events) == 1


def test_a_withdrawal_with_no_day_stands_at_the_last_day_that_has_come() -> None:
    found = read(withdrawn=True, ep_requested=TOLD, draft_served=date(2027, 1, 1))
    assert told(found)[-1] == ("withdrawn", TOLD, "day_not_recorded")
    found = read(withdrawn=True, withdrawn_on=DRAFT)
    assert told(found)[-1] == ("withdrawn", DRAFT, None)


def test_a_status_word_starts_and_ends_nothing() -> None:
    assert len(read(status="closed").events) == 1


def test_a_yes_with_no_day_does_not_undo_the_notice_of_no_plan() -> None:
    late = {"health_requested": TOLD, "health_received": FINAL}
    found = read(decision_to_assess=True, issue_plan=True, no_plan_notice_sent=DRAFT, **late)
    plan = [
        event for event in told(found) if event[0] in ("decided_to_issue", "no_plan_notice_sent")
    ]
    assert plan == [
        ("decided_to_issue", DRAFT, "day_not_recorded"),
        ("no_plan_notice_sent", DRAFT, None),
    ]
