"""Who is told what after each change of stage."""

import re
from datetime import date, timedelta

import pytest

from casework.holidays import england_and_wales
from casework.rules.events import EVENTS
from casework.rules.history import Happened, standing_events, standpoint
from casework.rules.informing import (
    CHANGES,
    PARTIES,
    SAID,
    TELLS_FAMILY,
    Change,
    changes,
    involved,
    tell_by,
    text,
)
from casework.rules.stages import STAGES, Stage

DAY = date(2026, 9, 7)
FIELDS = {"child", "reference", "officer", "on", "decision_by", "final_by", "comments_by"}
GIVEN = {
    "child": "Ida",
    "reference": "EHC-000042",
    "officer": "Oona Officer",
    "decision_by": date(2026, 10, 19),
    "final_by": date(2027, 1, 25),
    "comments_by": date(2026, 12, 7),
}


def road(*kinds: str) -> list[Happened]:
    """Return events a week apart."""
    return [
        Happened(n, kind, DAY + timedelta(weeks=n), recipient=recipient or None)
        for n, (kind, _, recipient) in enumerate((k.partition(" ") for k in kinds), start=1)
    ]


def stages(*kinds: str) -> list[Stage]:
    return [change.stage for change in changes(standing_events(road(*kinds)))]


def test_each_stage_that_lasts_is_told_of_and_what_only_waits_for_the_telling_is_not() -> None:
    waiting = {Stage.ASSESS_AGREED, Stage.ASSESS_DECLINED, Stage.PLAN_DECLINED, Stage.PART_SENT}
    assert set(SAID) == set(STAGES) - waiting
    assert set(CHANGES.values()) == set(SAID)


def test_a_stage_is_told_of_once_and_a_final_plan_when_the_family_has_it() -> None:
    found = stages(
        *("request_received", "considering_notified", "decided_to_assess", "told_will_assess"),
        *("decided_to_issue", "draft_served", "draft_served", "final_plan_sent institution"),
        *("final_plan_sent family", "final_plan_sent health_body"),
    )
    assert found == [
        *(Stage.RECEIVED, Stage.CONSIDERING, Stage.ASSESSING, Stage.DRAFTING),
        *(Stage.DRAFT_OUT, Stage.FINAL),
    ]


def test_the_changes_of_a_case_end_where_the_case_stands() -> None:
    kinds = ["request_received", "told_will_not_assess", "agreed_to_assess", "decided_to_issue"]
    for count in range(1, len(kinds) + 1):
        events = standing_events(road(*kinds[:count]))
        assert changes(events)[-1].stage is standpoint(events).stage


def keys(change: str, before: list[Happened], *, has_setting: bool = True) -> list[str]:
    stage = CHANGES[change]
    event = Happened(99, change, DAY + timedelta(weeks=20), recipient="family")
    services = {7: "camhs", 8: "school", 9: "social_care", 10: "family"}
    return involved(Change(stage, event), before, services, has_setting=has_setting)


def asked(adviser: int, weeks: int, kind: str = "advice_requested") -> Happened:
    return Happened(adviser * 100 + weeks, kind, DAY + timedelta(weeks=weeks), adviser)


def test_an_adviser_is_told_once_asked_and_until_the_request_is_withdrawn() -> None:
    everyone = ["family", "setting", "health_body", "social_care"]
    assert keys("decided_to_issue", []) == everyone
    assert keys("decided_to_issue", [asked(7, 3)]) == [*everyone, "adviser:7"]
    assert keys("decided_to_issue", [asked(7, 21)]) == everyone, "asked after the change"
    let_off = [asked(7, 3), asked(7, 5, "advice_request_withdrawn")]
    assert keys("decided_to_issue", let_off) == everyone
    late = [asked(7, 3), asked(7, 21, "advice_request_withdrawn")]
    assert keys("decided_to_issue", late) == [*everyone, "adviser:7"]


def test_nobody_is_told_twice_under_two_names() -> None:
    before = [asked(8, 3), asked(9, 3), asked(10, 3)]
    assert keys("decided_to_issue", before) == ["family", "setting", "health_body", "adviser:9"]
    assert keys("decided_to_issue", before, has_setting=False) == [
        *("family", "health_body", "adviser:8", "adviser:9"),
    ]
    assert keys("considering_notified", before) == [
        *("family", "setting", "health_body", "social_care"),
    ], "no adviser is told of this"
    assert keys("request_received", before) == ["family"]


@pytest.mark.parametrize("kind", CHANGES)
def test_each_text_is_whole_says_when_and_names_the_child_to_the_family_alone(kind: str) -> None:
    change = Change(CHANGES[kind], Happened(1, kind, DAY, recipient="family"))
    said = SAID[change.stage]
    for party, sentences in (
        ("family", said.family),
        ("setting", said.involved),
        ("adviser:7", said.advisers),
    ):
        if sentences is None:
            continue
        words = text(change, party, given=GIVEN)
        fields = set(re.findall(r"{(\w+)}", " ".join(sentences)))
        assert fields <= FIELDS
        assert "{" not in words
        assert words.endswith(".")
        assert ("Ida" in words) is (party == "family")
        assert ("EHC-000042" in words) is (party != "family")
        bare = text(change, party, given={**dict.fromkeys(GIVEN), "child": "Ida"})
        assert "None" not in bare
        assert bare if party == "family" else True
    assert {"family", *PARTIES} == set(PARTIES)


def test_what_lies_in_the_past_is_left_out_of_a_text() -> None:
    change = Change(Stage.DRAFTING, Happened(1, "decided_to_issue", DAY))
    assert "25 January 2027" in text(change, "setting", given=GIVEN)
    assert "will be sent" not in text(change, "setting", given=GIVEN | {"final_by": None})


def test_the_steps_that_tell_the_family_are_events() -> None:
    assert set(TELLS_FAMILY) <= set(EVENTS)


def test_it_is_due_in_working_days_and_not_known_beyond_the_bank_holidays() -> None:
    calendar = england_and_wales()
    assert tell_by(date(2026, 12, 22), 5, calendar) == date(2026, 12, 31)
    assert tell_by(date(1950, 1, 3), 5, calendar) is None
