"""A family's page in plain words, and the days on which a link is good."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from casework.holidays import england_and_wales
from casework.rules.clocks import clocks
from casework.rules.family_links import may_have_link, why_stopped
from casework.rules.family_page import as_told, promises, rights, where
from casework.rules.history import Happened
from casework.rules.stages import Stage

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
SHOWN = [stage for stage in Stage if stage not in (Stage.WITHDRAWN, Stage.MOVED_OUT, Stage.CEASED)]


def syllables(word: str) -> int:
    return max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<=..)e$", "", word.lower()))))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade: four to six is what a child of nine to eleven reads."""
    words = re.findall(r"[A-Za-z’]+", text)
    sentences = max(1, len(re.findall(r"[.:?]", text)))
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59


def happened(*events: tuple[str, date, str | None]) -> list[Happened]:
    return [
        Happened(id=n, kind=kind, on=on, adviser_id=None, recipient=whom)
        for n, (kind, on, whom) in enumerate(events, start=1)
    ]


def test_every_stage_is_said_in_words_that_a_child_of_eleven_reads() -> None:
    said = [
        " ".join(where(stage, "Ida", comments_are_over=late, is_coming=coming))
        for stage in SHOWN
        for late, coming in ((False, False), (True, False), (False, True))
    ]
    grades = {text: grade(text) for text in said}
    assert max(grades.values()) <= 7, max(grades, key=lambda text: grades[text])
    assert sum(grades.values()) / len(grades) <= 5.5


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        (Stage.ASSESS_DECLINED, Stage.CONSIDERING),
        (Stage.ASSESS_AGREED, Stage.CONSIDERING),
        (Stage.PLAN_DECLINED, Stage.ASSESSING),
        (Stage.REFUSED, Stage.REFUSED),
    ],
)
def test_a_decision_whose_letter_has_not_gone_is_not_told(stage: Stage, told: Stage) -> None:
    assert as_told(stage) is told
    assert where(stage, "Ida", comments_are_over=False) == where(
        told, "Ida", comments_are_over=False
    )


def test_what_we_must_do_has_its_day_and_says_when_we_are_late() -> None:
    events = happened(("request_received", date(2026, 7, 6), None))
    events += happened(("told_will_assess", date(2026, 8, 12), None))
    running = clocks(
        kind="request", detained=False, advisers={}, events=events, calendar=england_and_wales()
    )
    found = promises(Stage.ASSESSING, running, TODAY + timedelta(days=1))
    assert [(one.by, one.words) for one in found] == [
        (date(2026, 10, 26), "tell you if we decide not to make a plan, and say why"),
        (date(2026, 11, 23), "send you the final plan, if we make one"),
    ]
    assert "If that is what we decide now" in found[0].late
    assert "so we are late" in found[1].late
    assert found[1].gives == "The law gives us 20 weeks from 6 July 2026."
    assert [one.late for one in promises(Stage.DRAFTING, running, TODAY)] == [""]


def test_a_final_plan_is_appealed_from_the_day_it_was_sent_to_the_family() -> None:
    sent = happened(
        ("final_plan_sent", date(2026, 11, 2), "family"),
        ("final_plan_sent", date(2026, 11, 9), "health_body"),
    )
    found = rights(Stage.FINAL, sent, england_and_wales())
    assert found
    assert (found.decided_on, found.mediation_by) == (date(2026, 11, 2), date(2027, 1, 2))
    assert found.appeal_by == date(2027, 1, 4), "2 January 2027 is a Saturday: the tribunal waits"
    assert rights(Stage.PART_SENT, sent[1:], england_and_wales()) is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, None),
        ({"closed_at": NOW}, "Closed"),
        ({"closed_at": NOW, "wrong_codes": 10}, "Closed after too many wrong codes"),
        ({"ends_at": NOW}, "Past its time"),
        (
            {"may_have": False},
            "Stopped: the contact has ended or no longer has parental responsibility",
        ),
        ({"stage": Stage.MOVED_OUT, "case_ended_on": TODAY}, "Stopped: the case is over"),
        ({"stage": Stage.FINAL, "case_ended_on": TODAY - timedelta(days=92)}, None),
        (
            {"stage": Stage.FINAL, "case_ended_on": TODAY - timedelta(days=93)},
            "Stopped: the time to appeal is over",
        ),
    ],
)
def test_a_link_is_good_until_something_stops_it(
    changed: dict[str, Any], words: str | None
) -> None:
    good: dict[str, Any] = {
        "at": NOW,
        "today": TODAY,
        "ends_at": NOW + timedelta(days=1),
        "closed_at": None,
        "wrong_codes": 0,
        "may_have": True,
        "stage": Stage.ASSESSING,
        "case_ended_on": None,
    }
    assert why_stopped(**good | changed) == words


@pytest.mark.parametrize(
    ("tie", "born", "may"),
    [
        ("Young person", date(2010, 11, 23), True),
        ("self", date(2010, 11, 24), False),
        ("Young person", None, False),
        ("Grandmother", date(2009, 1, 1), False),
    ],
)
def test_without_parental_responsibility_only_the_young_person_may_have_a_link(
    tie: str, born: date | None, may: bool
) -> None:
    asked: dict[str, Any] = {"relationship": tie, "born": born, "today": TODAY}
    without = {"has_parental_responsibility": False, "contact_ended_on": None}
    assert may_have_link(**asked, **without) is may


@pytest.mark.parametrize(("born", "may"), [(date(2008, 11, 24), True), (date(2008, 11, 23), False)])
def test_nobody_has_a_link_to_the_page_of_an_adult_as_a_parent(born: date, may: bool) -> None:
    asked: dict[str, Any] = {"relationship": "Mother", "born": born, "today": TODAY}
    assert may_have_link(**asked, has_parental_responsibility=True, contact_ended_on=None) is may
