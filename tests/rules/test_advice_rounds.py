"""What must hold of the limits of advice, whatever happens to a request and in what order."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casework.holidays import england_and_wales
from casework.rules.clocks import Clock, clocks
from casework.rules.history import Happened, standing_events

START, ASKED = date(2026, 1, 5), date(2026, 2, 2)
CALENDAR = england_and_wales()
#: What may happen to a request, besides its being asked for anew.
STEPS = (
    *("advice_request_received", "advice_received", "advice_sent_back", "advice_accepted"),
    *("advice_chased", "advice_expected", "advice_late_because"),
)
steps = st.lists(st.tuples(st.integers(1, 30), st.sampled_from(STEPS)), max_size=8)


def told(*found: tuple[date, str]) -> list[Happened]:
    """The events of one health adviser, in the order in which they were entered."""
    return [
        Happened(number, kind, on, adviser_id=7, outcome=_OUTCOMES.get(kind))
        for number, (on, kind) in enumerate(found, 2)
    ]


_OUTCOMES = {"advice_received": "advice", "advice_late_because": "capacity"}


def limits(events: Sequence[Happened]) -> list[Clock]:
    request = Happened(1, "request_received", START)
    found = clocks(
        kind="request",
        detained=False,
        advisers={7: "camhs"},
        events=standing_events([request, *events]),
        calendar=CALENDAR,
    )
    return [clock for clock in found if clock.adviser_id == 7]


def after(since: date, taken: Sequence[tuple[int, str]]) -> list[tuple[date, str]]:
    """Steps taken one after the other from a day on, each so many days after the one before."""
    found = []
    for days, kind in taken:
        since += timedelta(days=days)
        found.append((since, kind))
    return found


def last_day(found: Sequence[tuple[date, str]]) -> date:
    return found[-1][0] if found else ASKED


def unanswered(taken: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    return [step for step in taken if step[1] != "advice_received"]


@given(steps, steps)
def test_a_withdrawn_request_owes_nothing_and_a_return_after_it_answers_nothing(
    before: list[tuple[int, str]], later: list[tuple[int, str]]
) -> None:
    first = [(ASKED, "advice_requested"), *after(ASKED, unanswered(before))]
    withdrawn = last_day(first) + timedelta(days=1)
    (clock,) = limits(
        told(*first, (withdrawn, "advice_request_withdrawn"), *after(withdrawn, later))
    )
    assert not clock.is_owed
    assert clock.closed_on == withdrawn
    assert (clock.met_on, clock.met_as) == (None, None)


@given(steps, st.integers(0, 60))
def test_asked_again_after_a_withdrawal_there_is_a_limit_of_six_new_weeks(
    before: list[tuple[int, str]], days: int
) -> None:
    first = [(ASKED, "advice_requested"), *after(ASKED, unanswered(before))]
    withdrawn = last_day(first) + timedelta(days=1)
    again = withdrawn + timedelta(days=days)
    old, new = limits(
        told(*first, (withdrawn, "advice_request_withdrawn"), (again, "advice_requested"))
    )
    assert old.closed_on == withdrawn
    assert new.due.on == again + timedelta(weeks=6)
    assert new.is_owed


@given(steps, steps)
def test_the_first_return_counts_whatever_comes_after(
    before: list[tuple[int, str]], later: list[tuple[int, str]]
) -> None:
    first = [(ASKED, "advice_requested"), *after(ASKED, unanswered(before))]
    back = last_day(first) + timedelta(days=1)
    returned = [*first, (back, "advice_received")]
    (alone,) = limits(told(*returned))
    (clock,) = limits(told(*returned, *after(back, later)))
    assert alone.met_on == clock.met_on == back
    # A request that reached its body only after its answer is an error that a page refuses.
    if "advice_request_received" not in {kind for _, kind in later}:
        assert clock.due == alone.due


@given(steps)
def test_sending_back_starts_no_limit_and_moves_none(taken: list[tuple[int, str]]) -> None:
    events = told((ASKED, "advice_requested"), *after(ASKED, taken))
    without = [event for event in events if event.kind != "advice_sent_back"]
    assert [(c.key, c.due, c.met_on, c.closed_on) for c in limits(events)] == [
        (c.key, c.due, c.met_on, c.closed_on) for c in limits(without)
    ]


@given(steps)
def test_asked_again_after_an_answer_there_is_a_second_limit_and_the_first_stays_met(
    taken: list[tuple[int, str]],
) -> None:
    first = [(ASKED, "advice_requested"), (ASKED, "advice_received"), *after(ASKED, taken)]
    again = last_day(first) + timedelta(days=1)
    old, new = limits(told(*first, (again, "advice_requested")))
    assert old.met_on == ASKED
    assert (new.due.on, new.is_owed) == (again + timedelta(weeks=6), True)


@given(st.lists(st.tuples(st.integers(1, 30), st.just("advice_accepted")), max_size=3))
def test_existing_advice_that_is_used_has_no_limit(taken: list[tuple[int, str]]) -> None:
    assert limits(told((ASKED, "advice_reused"), *after(ASKED, taken))) == []
