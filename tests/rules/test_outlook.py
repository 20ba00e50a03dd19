"""The words of a forecast: plain, likely and never the law's date."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.advisers import SERVICES
from casework.rules.forecast import STEPS, Ahead
from casework.rules.journeys import key_of
from casework.rules.outlook import Outlook, chance_words, headline, in_weeks, outlook, step_words

TODAY = date(2026, 11, 23)
PSYCHOLOGY = key_of("educational_psychology")


def told(likely: int, due: int, **details: Any) -> Outlook:
    """Return an outlook whose days are so many after today."""
    given = {"chance": 20, "costs_most": PSYCHOLOGY, "costs_days": 36, "is_own_history": True}
    day = TODAY + timedelta(days=likely)
    return Outlook(
        due_on=TODAY + timedelta(days=due),
        early_on=day,
        late_on=day,
        **{"likely_on": day, **given, **details},
    )


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (told(91, 70), "Likely 3 weeks late: advice from educational psychology usually takes 5"),
        (told(56, 70, chance=80), "Likely in time, with about 2 weeks to spare: advice from"),
        (told(69, 70, chance=70), "Likely in time, with a few days to spare: "),
        (told(70, 70, chance=70), "Likely in time, with no day to spare: "),
        (told(69, 70, chance=55), "Could go either way: "),
        (told(75, 70, chance=40), "Could go either way: "),
        (told(72, 70, chance=39), "Likely a few days late: "),
        (told(14, -21), "3 weeks late already, and likely 5 weeks in the end: "),
        (told(91, 70, costs_days=0), "Likely 3 weeks late or more: advice from educational psych"),
        (told(20, 70, costs_days=0), "Hard to tell: advice from educational psychology has taken"),
        (told(0, -21, costs_days=0), "3 weeks late already: advice from educational psychology"),
        (told(14, -21, costs_days=0), "3 weeks late already, and likely 5 weeks or more in the"),
    ],
)
def test_a_forecast_is_said_in_a_line(one: Outlook, words: str) -> None:
    assert headline(one, TODAY).startswith(words)


def test_the_step_that_costs_most_is_named_with_what_it_still_takes() -> None:
    assert headline(told(91, 70), TODAY).endswith("usually takes 5 more weeks")
    assert headline(told(91, 70, costs_most="draft"), TODAY).endswith(
        "writing and serving the draft needs about 5 weeks"
    )
    assert headline(told(91, 70, costs_days=0), TODAY).endswith("longer than almost any before")


def test_a_lifted_limit_is_said_to_be_lifted_and_nobody_is_late() -> None:
    words = headline(told(91, 70), TODAY, is_lifted=True)
    assert words.startswith("Likely about 22 February 2027, its limit lifted by an exception: ")
    assert "late" not in words
    beyond = headline(told(91, 70, costs_days=0), TODAY, is_lifted=True)
    assert beyond.startswith("Not likely before 22 February 2027")


def test_the_chance_is_said_as_a_number_of_cases() -> None:
    assert chance_words(told(1, 2, chance=38)) == (
        "Of 100 cases at this point, about 38 would be in time."
    )
    assert "almost none" in chance_words(told(1, 2, chance=0))
    assert "cannot be said" in chance_words(told(1, 2, costs_days=0))


def test_where_history_is_thin_nothing_is_called_usual_or_longer_than_before() -> None:
    needs = headline(told(91, 70, is_own_history=False), TODAY)
    assert needs.endswith(" is taken to need about 5 weeks, for want of history")
    beyond = headline(told(20, 70, costs_days=0, is_own_history=False), TODAY)
    assert beyond == (
        "Hard to tell: there is too little history to say how long advice from educational "
        "psychology still takes"
    )
    assert chance_words(told(1, 2, chance=100, is_own_history=False)) == (
        "Of 100 cases at this point, almost all would be in time, as far as little history can "
        "tell."
    )


def test_days_are_said_as_people_plan_by_them() -> None:
    said = {days: in_weeks(days) for days in (0, 3, 4, 10, 11, 35)}
    assert said == {
        0: "a few days",
        3: "a few days",
        4: "1 week",
        10: "1 week",
        11: "2 weeks",
        35: "5 weeks",
    }
    assert in_weeks(36, more="more ") == "5 more weeks"


@pytest.mark.parametrize("step", [*STEPS, *map(key_of, SERVICES), key_of("any"), key_of("alien")])
def test_each_step_stands_in_a_sentence(step: str) -> None:
    assert step_words(step)[0].islower()
    assert "_" not in step_words(step)


@given(
    st.lists(st.floats(0, 1), max_size=60).map(sorted),
    st.lists(st.integers(0, 90), min_size=1, max_size=9).map(sorted),
    st.integers(-200, 300),
    st.integers(0, 90),
)
def test_an_outlook_holds_together(
    present: list[float], after: list[int], due: int, costs: int
) -> None:
    ahead = Ahead([*present, 1.0], after, "draft", costs, is_own_history=True)
    found = outlook(ahead, TODAY + timedelta(days=due), TODAY)
    assert TODAY <= found.early_on <= found.likely_on <= found.late_on
    assert 0 <= found.chance <= 100
    assert (found.chance >= 50) or found.days_late >= 0
    assert headline(found, TODAY)
