"""The one thing to do now, as an email says it."""

from datetime import date
from typing import Any

import pytest

from casework.rules.advisers import SERVICES
from casework.rules.next_action import Situation, next_action
from casework.rules.stages import OPEN_STAGES, Stage

TODAY = date(2026, 11, 30)
LATER, EARLIER = date(2026, 12, 9), date(2026, 11, 20)


@pytest.mark.parametrize(
    ("words", "stage", "known"),
    [
        ("Decide whether to assess, and tell the family", "received", {}),
        ("Tell the family that we will assess", "assess_agreed", {}),
        ("Tell the family that we will not assess", "assess_declined", {}),
        ("Ask for advice", "assessing", {}),
        (
            "Tell the family that we will assess",
            "assessing",
            {"due": "agreed_assess_notify_2w"},
        ),
        (
            "Remind educational psychology (and 1 more who is late)",
            "assessing",
            {"was_asked": True, "late": ["educational_psychology", "camhs"]},
        ),
        ("Remind the school or setting", "assessing", {"was_asked": True, "late": ["school"]}),
        (
            "Ask by which day the advice will come: social care and physiotherapy",
            "assessing",
            {"was_asked": True, "awaited": ["social_care", "physiotherapy"]},
        ),
        ("Decide whether to issue a plan", "assessing", {"was_asked": True}),
        ("Write the draft plan and serve it on the family", "drafting", {}),
        ("Change the draft as decided", "drafting", {"decided": "draft_content_to_change"}),
        ("Tell the family that there will be no plan", "plan_declined", {}),
        ("Ask the settings that the plan may name", "draft_out", {"family_until": LATER}),
        (
            "Remind the setting that has not answered about a place",
            "draft_out",
            {"consulted": 2, "unanswered": [EARLIER, LATER]},
        ),
        (
            "Wait for the family, which has the draft until 9 December 2026",
            "draft_out",
            {"consulted": 1, "family_until": LATER},
        ),
        (
            "Wait for the setting, which has until 9 December 2026",
            "draft_out",
            {"consulted": 1, "unanswered": [LATER], "family_until": EARLIER},
        ),
        (
            "Ask the setting to answer before 9 December 2026",
            "draft_out",
            {"consulted": 1, "unanswered": [LATER], "final_by": LATER},
        ),
        (
            "Ask the setting to answer at once",
            "draft_out",
            {"consulted": 1, "unanswered": [LATER], "final_by": EARLIER},
        ),
        (
            "Wait for the setting, which has until 9 December 2026",
            "draft_out",
            {"consulted": 1, "unanswered": [LATER], "final_by": date(2026, 12, 10)},
        ),
        ("Name the setting asked for", "draft_out", {"decided": "placement_agreed"}),
        ("Sign the final plan and send it", "draft_out", {"consulted": 1}),
        ("Send the final plan", "draft_out", {"consulted": 1, "is_signed": True}),
        ("Send the final plan to health", "part_sent", {"unsent": ["health_body"]}),
        (
            "Send the final plan to the family, the setting and health",
            "part_sent",
            {"unsent": ["family", "institution", "health_body"]},
        ),
        ("Send the final plan to everyone who must have it", "part_sent", {}),
        ("Approve or refuse the exception proposed", "assessing", {"may_approve": True}),
    ],
)
def test_the_one_thing_to_do_is_what_moves_the_case_on(
    words: str, stage: str, known: dict[str, Any]
) -> None:
    assert next_action(Situation(today=TODAY, stage=Stage(stage), **known)) == words


@pytest.mark.parametrize("stage", OPEN_STAGES)
def test_there_is_something_to_do_at_every_stage_of_an_open_case(stage: Stage) -> None:
    assert next_action(Situation(today=TODAY, stage=stage))


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_can_be_reminded_in_words(service: str) -> None:
    now = Situation(today=TODAY, stage=Stage.ASSESSING, was_asked=True, late=[service])
    assert next_action(now).startswith(("Remind ", "Ask the family "))
