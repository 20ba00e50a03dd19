"""How far an exception has come, what is owed for it, and when there are too many."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casework.rules.exception_course import (
    Days,
    OwedLimit,
    State,
    is_far_above_usual,
    still_owed,
    words_for_family,
)

TODAY = date(2026, 11, 23)
MONDAY = date(2026, 11, 16)
FINAL = [OwedLimit("Send the final plan", date(2026, 10, 12))]

day = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))
steps = st.builds(Days, proposed=day, refused=day, approved=day, told=day, ended=day, last=day)


@given(steps)
def test_only_what_a_second_person_approved_or_nobody_proposed_is_more_than_a_proposal(
    days: Days,
) -> None:
    lifts = days.state in (State.APPROVED, State.ENDED, State.RECORDED)
    assert lifts == (days.proposed is None or days.approved is not None)


@given(steps, st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_the_step_stays_owed_whatever_became_of_an_exception_that_lifts_it(
    days: Days, today: date
) -> None:
    owed = still_owed(days, FINAL, today)
    if days.state in (State.WAITING, State.REFUSED):
        assert not any("as soon as practicable" in words for words in owed)
    else:
        assert "as soon as practicable" in owed[-1]
        assert "12 October 2026" in owed[-1], "the day due has not moved"


@given(steps)
def test_the_family_is_owed_its_telling_once_and_only_for_what_was_proposed_here(
    days: Days,
) -> None:
    owed = any("Tell the family" in words for words in still_owed(days, FINAL, TODAY))
    is_approved = days.state in (State.APPROVED, State.ENDED)
    assert owed == (is_approved and days.told is None)


def test_a_last_day_that_was_only_expected_has_to_be_recorded() -> None:
    expected = Days(proposed=MONDAY, approved=MONDAY, told=MONDAY, last=MONDAY + timedelta(1))
    assert expected.state is State.APPROVED
    assert "it was to last until 17 November 2026" in still_owed(expected, FINAL, TODAY)[0]
    known = Days(proposed=MONDAY, approved=MONDAY, told=MONDAY, last=MONDAY)
    assert (known.state, known.over) == (State.ENDED, MONDAY)
    assert len(still_owed(known, FINAL, TODAY)) == 1


def test_a_step_already_taken_leaves_nothing_to_close_or_to_finish() -> None:
    done = Days(proposed=MONDAY, approved=MONDAY, told=MONDAY)
    assert still_owed(done, [], TODAY) == []


def test_the_words_for_the_family_say_what_is_not_kept_why_and_what_is_still_owed() -> None:
    steps = [("Send the final plan", date(2026, 10, 12))]
    said = words_for_family(steps, "somebody was away", "reg 13(3)", is_owed=True)
    assert said == (
        "The law gives us a last day: “Send the final plan” by 12 October 2026. We cannot keep to "
        "it, because somebody was away. The law allows this (reg 13(3)). We still owe you this "
        "step, and will take it as soon as we can."
    )
    assert "still owe" not in words_for_family(steps, "x", "y", is_owed=False)


@given(st.integers(0, 500), st.integers(0, 500))
def test_more_exceptions_of_as_many_plans_are_never_less_of_a_warning(
    marked: int, others: int
) -> None:
    plans = marked + others
    far = is_far_above_usual(marked, plans)
    assert is_far_above_usual(marked + 1, plans + 1) or not far
    assert not far or (marked >= 5 and marked / plans >= 0.1)
    assert far or marked < 5 or marked / plans < 0.1
