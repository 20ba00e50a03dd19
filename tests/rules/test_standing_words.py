"""A standing in words: never a colour alone, never a bare number."""

import pytest

from casework.rules.deadlines import Stand, Standing
from casework.rules.standing_words import in_words, weeks_and_days


@pytest.mark.parametrize(
    ("stand", "words"),
    [
        (Stand(Standing.OVERDUE, days_late=4), "Overdue by 4 days"),
        (Stand(Standing.OVERDUE, days_late=1), "Overdue by 1 day"),
        (Stand(Standing.SOON, days_left=0), "Due today"),
        (Stand(Standing.SOON, days_left=1), "Due tomorrow"),
        (Stand(Standing.RUNNING, days_left=30), "Due in 30 days"),
        (Stand(Standing.MET), "Done in time"),
        (Stand(Standing.MET_LATE, days_late=4), "Done 4 days late"),
        (Stand(Standing.LIFTED, days_late=9), "Exception: still owed"),
        (Stand(Standing.LIFTED, days_left=9), "Exception: still owed"),
        (Stand(Standing.MET_AFTER_LIFTED, days_late=4), "Done 4 days late, with an exception"),
    ],
)
def test_a_standing_is_said_with_its_days(stand: Stand, words: str) -> None:
    assert in_words(stand) == words


@pytest.mark.parametrize(
    ("stand", "words"),
    [
        (Stand(Standing.RUNNING, days_left=2), "The family has 2 days more"),
        (Stand(Standing.RUNNING, days_left=0), "The family’s last day"),
        (Stand(Standing.RUNNING), "The family has had its time"),
        (Stand(Standing.MET), "The family had its time"),
        (Stand(Standing.BREACHED), "Sent too soon"),
    ],
)
def test_a_floor_is_said_as_the_familys_time(stand: Stand, words: str) -> None:
    assert in_words(stand, is_floor=True) == words


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("is_floor", [True, False])
def test_every_standing_has_words(standing: Standing, is_floor: bool) -> None:
    assert in_words(Stand(standing, days_late=1), is_floor=is_floor)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (6, "6 days"),
        (7, "1 week"),
        (23, "3 weeks and 2 days"),
        (15, "2 weeks and 1 day"),
    ],
)
def test_lateness_is_said_in_weeks_and_days(days: int, words: str) -> None:
    assert weeks_and_days(days) == words


def test_a_target_is_missed_and_never_overdue() -> None:
    late = Stand(Standing.OVERDUE, days_late=4)
    assert in_words(late, is_target=True) == "Target missed by 4 days"
    assert in_words(Stand(Standing.SOON, days_left=1), is_target=True) == "Due tomorrow"
