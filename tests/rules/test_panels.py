"""The questions that panels decide, the quorum, the days of meetings, the window of a member."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.holidays import england_and_wales
from casework.rules.book import BOOK
from casework.rules.events import EVENTS
from casework.rules.panels import QUESTIONS, not_ready, question_for, quorum, slots, window
from casework.rules.stages import Stage

DAYS = st.dates(date(2015, 1, 1), date(2028, 10, 1))
EVERYONE = [("education", "chair"), ("health", "member"), ("social_care", "member")]


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_every_question_has_its_test_in_law_and_outcomes_that_are_events(question):
    assert question.test
    assert "s." in question.law
    assert len({one.key for one in question.outcomes}) == len(question.outcomes) >= 2
    for outcome in question.outcomes:
        assert outcome.event in EVENTS
    for limit in question.limits:
        assert limit in BOOK


def test_a_new_request_waits_for_whether_to_assess_and_then_for_whether_to_issue():
    assert question_for("request", Stage.RECEIVED) is QUESTIONS["assess"]
    assert question_for("attention", Stage.CONSIDERING) is QUESTIONS["assess"]
    assert question_for("reassessment", Stage.RECEIVED) is QUESTIONS["reassess"]
    assert question_for("request", Stage.ASSESSING) is QUESTIONS["issue"]
    assert question_for("request", Stage.DRAFTING) is None


def test_a_case_is_not_ready_while_advice_is_owed_or_before_its_stage():
    issue = QUESTIONS["issue"]
    assert not_ready(issue, "request", Stage.ASSESSING, []) == []
    assert not_ready(issue, "request", Stage.RECEIVED, []) == ["The case is at “Request received”"]
    assert not_ready(issue, "request", Stage.ASSESSING, ["Physiotherapy"]) == [
        "Advice is outstanding: Physiotherapy"
    ]
    assert not_ready(QUESTIONS["assess"], "request", Stage.RECEIVED, ["Physiotherapy"]) == []


def test_a_refusal_may_be_looked_at_a_second_time():
    assert not_ready(QUESTIONS["assess"], "request", Stage.REFUSED, []) == []
    assert not_ready(QUESTIONS["issue"], "request", Stage.NO_PLAN, []) == []


def test_whether_to_re_assess_is_asked_of_a_re_assessment_alone():
    assert not_ready(QUESTIONS["reassess"], "request", Stage.RECEIVED, [])
    assert not_ready(QUESTIONS["assess"], "reassessment", Stage.RECEIVED, [])
    assert not_ready(QUESTIONS["issue"], "reassessment", Stage.ASSESSING, []) == []


def test_a_quorum_is_a_chair_every_required_agency_and_enough_people():
    required = ["education", "health"]
    assert quorum(EVERYONE, required, 3).is_met
    assert quorum(EVERYONE[:2], required, 3).missing == ("1 more person",)
    assert quorum([("education", "deputy"), *EVERYONE[1:]], required, 3).is_met
    assert quorum([("education", "member"), *EVERYONE[1:]], required, 3).missing == (
        "the chair or a deputy",
    )
    assert quorum([EVERYONE[0], EVERYONE[2]], required, 2).missing == ("Health",)


@given(DAYS, st.integers(0, 400), st.integers(0, 6))
def test_slots_are_every_such_weekday_between_two_days(first, length, weekday):
    last = first + timedelta(length)
    days = (first + timedelta(n) for n in range(length + 1))
    assert slots(first, last, weekday) == [day for day in days if day.weekday() == weekday]


@given(DAYS, st.integers(-40, 40), st.integers(1, 20), st.integers(0, 20))
def test_a_window_opens_and_closes_on_the_very_working_day(today, apart, opens, closes):
    """The days that are compared in the database say what counting from each meeting says."""
    calendar = england_and_wales()
    seen = window(today, calendar, opens_days=opens, closes_days=closes)
    day = calendar.on_or_after(today + timedelta(apart))
    assert (day <= seen.meetings_to) == (today >= calendar.before(day, opens))
    if closes:
        assert (day >= seen.decided_since) == (today <= calendar.after(day, closes))
