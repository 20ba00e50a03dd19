"""Whether the newest advice was checked, and the one thing to do next."""

from datetime import date, timedelta

import pytest

from casework.rules.checking import (
    CASE_HAS_ENDED,
    PLAN_IS_FINAL,
    State,
    Step,
    checked,
    closed_because,
    is_late,
    next_step,
)
from casework.rules.history import Happened, standing_events

D = date(2026, 10, 1)
WEEK = timedelta(days=7)


def happened(*kinds: str, adviser_id: int = 7, **details: object) -> list[Happened]:
    """Return events of one adviser, a day apart, each by its kind; returns hold advice."""
    return [
        Happened(
            number,
            kind,
            D + timedelta(days=number),
            adviser_id,
            outcome="advice" if kind == "advice_received" else None,
            **details,
        )
        for number, kind in enumerate(kinds, start=1)
    ]


ASKED, CAME = "advice_requested", "advice_received"
BACK, ACCEPTED = "advice_sent_back", "advice_accepted"


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((ASKED,), State.NOTHING),
        ((ASKED, CAME), State.TO_CHECK),
        ((ASKED, CAME, ACCEPTED), State.ACCEPTED),
        ((ASKED, CAME, BACK), State.SENT_BACK),
        ((ASKED, CAME, BACK, CAME), State.TO_CHECK),
        ((ASKED, CAME, BACK, CAME, ACCEPTED), State.ACCEPTED),
        ((ASKED, CAME, ACCEPTED, BACK), State.SENT_BACK),
        ((ASKED, CAME, ACCEPTED, ASKED), State.NOTHING),
        ((ASKED, "advice_request_withdrawn", CAME), State.NOTHING),
    ],
)
def test_the_newest_return_is_what_is_checked(kinds: tuple[str, ...], state: State) -> None:
    assert checked(happened(*kinds), 7).state is state


def test_a_nil_return_has_nothing_to_check() -> None:
    asked, came = happened(ASKED, CAME)
    assert checked([asked, came._replace(outcome="not_known")], 7).state is State.NOTHING


def test_what_another_adviser_did_is_not_theirs() -> None:
    assert checked(happened(ASKED, CAME, adviser_id=8), 7).state is State.NOTHING


def test_a_return_put_right_after_its_check_stays_checked() -> None:
    entered = happened(ASKED, CAME, ACCEPTED)
    right = entered[1]._replace(id=4, on=D + timedelta(days=1), corrects_id=2)
    found = checked([*entered, right], 7)
    assert found.state is State.ACCEPTED
    assert found.received == right


def test_the_check_of_a_return_that_was_struck_out_is_not_that_of_the_one_before() -> None:
    entered = happened(ASKED, CAME, BACK, CAME, ACCEPTED)
    struck = Happened(9, "struck_out", D + 3 * WEEK, 7, corrects_id=4)
    found = checked([*entered, struck], 7)
    assert (found.state, found.check) == (State.SENT_BACK, entered[2])
    again = happened(ASKED, CAME, CAME, ACCEPTED)
    assert checked([*again, struck._replace(corrects_id=3)], 7).state is State.TO_CHECK


def test_a_version_filed_late_with_an_earlier_day_is_still_to_be_checked() -> None:
    entered = happened(ASKED, CAME, BACK)
    filed = entered[1]._replace(id=4, on=D + timedelta(days=2))
    assert checked([*entered, filed], 7).state is State.TO_CHECK


def test_a_plan_once_sent_or_an_ended_case_takes_no_more_checks() -> None:
    start = Happened(1, "request_received", D)
    sent = Happened(2, "final_plan_sent", D + WEEK, recipient="family")
    out = Happened(3, "withdrawn", D + WEEK)
    assert closed_because([start]) is None
    assert closed_because(standing_events([start, sent])) == PLAN_IS_FINAL
    assert closed_because(standing_events([start, out])) == CASE_HAS_ENDED


@pytest.mark.parametrize(
    ("met_on", "closed_on", "today", "late"),
    [
        (D, None, D + WEEK, False),
        (D + timedelta(days=1), None, D + WEEK, True),
        (None, None, D, False),
        (None, None, D + timedelta(days=1), True),
        (None, D, D + WEEK, False),
    ],
)
def test_advice_is_late_when_it_comes_or_is_owed_after_its_day(
    met_on: date | None, closed_on: date | None, today: date, late: bool
) -> None:
    assert is_late(D, met_on, closed_on, today) is late


def step(state: State = State.NOTHING, **given: object) -> Step | None:
    usual = {
        "owed_by": None,
        "chased_on": None,
        "is_unexplained": False,
        "is_closed": False,
        "today": D,
    }
    return next_step(state, **usual | given)  # type: ignore[arg-type]


def test_one_thing_is_to_be_done_next() -> None:
    assert step(State.TO_CHECK, is_unexplained=True) is Step.CHECK
    assert step(State.ACCEPTED, is_unexplained=True) is Step.EXPLAIN
    assert step(State.ACCEPTED) is None
    assert step(State.SENT_BACK) is Step.FILE_REPLY
    assert step(owed_by=D + timedelta(days=8)) is Step.FILE_REPLY
    assert step(owed_by=D + WEEK) is Step.REMIND
    assert step(owed_by=D, chased_on=D - timedelta(days=6)) is Step.FILE_REPLY
    assert step(owed_by=D, chased_on=D - WEEK) is Step.REMIND


def test_a_closed_case_asks_only_why_it_was_late() -> None:
    assert step(State.TO_CHECK, is_closed=True) is None
    assert step(State.TO_CHECK, is_closed=True, is_unexplained=True) is Step.EXPLAIN
