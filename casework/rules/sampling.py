"""The dip sample of advice: how much is looked at, by whom, for what, and what is made of it.

What is looked for comes from the multi-agency monitoring of plans that the area wrote down: needs
that affect education found, outcomes SMART, provision specific, the child's voice heard.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from casework.rules.figures import Rate


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is looked for in sampled advice."""

    key: str
    words: str
    #: What good looks like.
    hint: str


_ROWS = (
    Question(
        "needs_found",
        "Are the needs that affect education found?",
        "Each need is named, with how it shows in learning and how it was found out. Nothing that "
        "the papers show is left out.",
    ),
    Question(
        "outcomes_smart",
        "Are the outcomes SMART?",
        "Specific, measurable, achievable, relevant and with a time: somebody else could say "
        "whether it was reached. A service is not an outcome.",
    ),
    Question(
        "provision_specific",
        "Is the provision specific and quantified?",
        "It says what, by whom with which skills, how often and for how long. Not “access to”, "
        "“regular” or “as needed”.",
    ),
    Question(
        "child_voice",
        "Is the child’s or young person’s voice heard?",
        "It says what they think, want and like, how they were asked, and what came of it.",
    ),
)
#: Each question by its key, which is its column of AdviceScore, in the order of the form.
QUESTIONS: Mapping[str, Question] = MappingProxyType({row.key: row for row in _ROWS})

YES: Final = "yes"


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_before(month: date) -> date:
    """Return the first day of the month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def is_over(month: date, today: date) -> bool:
    """Return whether a month has ended, so that all its advice has the same chance to be drawn."""
    return next_month(month) <= today


def to_draw(wanted: int, drawn: int, left: int) -> int:
    """Return how many are to be drawn: as many as are wanted less those drawn, of those left.

    A second draw only tops up; it never takes the place of what the first one brought.
    """
    return min(max(wanted - drawn, 0), left)


def is_own(user_id: int | None, writers: Iterable[int | None]) -> bool:
    """Return whether a person wrote the advice or brought it in, and so does not score it."""
    return user_id is None or user_id in writers


def shares(scores: Sequence[Mapping[str, str]]) -> dict[str, Rate]:
    """Return, for each question, how many of the scored are an unreserved yes.

    `scores` holds the latest score of each piece of advice: question to answer.
    """
    return {key: Rate(sum(score[key] == YES for score in scores), len(scores)) for key in QUESTIONS}
