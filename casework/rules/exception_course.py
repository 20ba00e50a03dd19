"""How far an exception has come: proposed, decided by a second person, told, ended; what is owed.

The family is told that an exception applies and why, and the step is finished quickly once it has
ended (Code of Practice, paras 9.42 and 9.43). It lifts a limit and never moves it: "as soon as
practicable" survives.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.rules.civil_dates import spoken_date
from casework.rules.closures import CLOSURE_GROUNDS, Verdict

#: Regulation 10(4)(a) speaks of requesting advice; sections 39 and 40 are about consulting.
NOT_FOR_CONSULTATION = (
    "The closure of a school or setting counts where advice was asked of it. As we read the "
    "regulations it does not excuse a late answer to a consultation about naming a school"
)

#: In a hundred plans, how many are marked as exceptions by the council in the middle of England's.
USUAL_SHARE = 2.5
#: A share is far above the usual from four times as many, and never by fewer than five plans.
_TIMES, _LEAST = 4, 5


class State(StrEnum):
    """How far an exception has come."""

    WAITING = "waiting"
    REFUSED = "refused"
    APPROVED = "approved"
    ENDED = "ended"
    #: Nobody proposed it: it came with a tracker, or was recorded by one person.
    RECORDED = "recorded"

    @property
    def words(self) -> str:
        """Return the state as people say it."""
        return _WORDS[self]


_WORDS = {
    State.WAITING: "Waiting for approval",
    State.REFUSED: "Not approved",
    State.APPROVED: "Approved",
    State.ENDED: "Ended",
    State.RECORDED: "Recorded, never proposed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days of one exception's steps; None for a step that was not taken."""

    proposed: date | None = None
    refused: date | None = None
    approved: date | None = None
    told: date | None = None
    #: As it was recorded apart.
    ended: date | None = None
    #: Of the circumstances, as the proposal gives it.
    last: date | None = None

    @property
    def over(self) -> date | None:
        """Return the day on which the circumstances ended, or None while they may still last.

        A last day that had come when the exception was proposed is a fact; a later one was only
        expected, and counts once somebody records it.
        """
        if self.ended or not (self.last and self.proposed):
            return self.ended
        return self.last if self.last <= self.proposed else None

    @property
    def state(self) -> State:
        """Return how far it has come."""
        if self.proposed is None:
            return State.RECORDED
        if self.approved is None:
            return State.REFUSED if self.refused else State.WAITING
        return State.ENDED if self.over else State.APPROVED


@dataclass(frozen=True, slots=True)
class OwedLimit:
    """A limit that an exception lifts, whose step is not taken: its words, the day it was due."""

    words: str
    due_on: date


def still_owed(days: Days, limits: list[OwedLimit], today: date) -> list[str]:
    """Return what is still owed for an exception, in words, in the order in which to do it."""
    if days.state is State.REFUSED:
        return []
    if days.state is State.WAITING:
        return ["Approval by a manager who did not propose it. Until then it lifts nothing"]
    found = []
    if days.proposed and days.told is None:
        found.append("Tell the family that it applies and why")
    if days.state is State.APPROVED and limits:
        found.append(_closing(days.last, today))
    found += [
        f"{limit.words}, as soon as practicable: it was due on {spoken_date(limit.due_on)}"
        if limit.due_on < today
        else f"{limit.words}, as soon as practicable: it is due on {spoken_date(limit.due_on)}"
        for limit in limits
    ]
    return found


def _closing(last: date | None, today: date) -> str:
    if last is None:
        return "Record the day it ends, once it does"
    if last < today:
        return f"Record that it has ended: it was to last until {spoken_date(last)}"
    return f"Record that it has ended, after {spoken_date(last)}"


def words_for_family(
    steps: Iterable[tuple[str, date]], ground: str, citation: str, *, is_owed: bool
) -> str:
    """Return words in which a family may be told of an exception to these steps, each with its
    last day; `ground` is a Ground's words for a sentence."""
    named = " and ".join(f"“{words}” by {spoken_date(due_on)}" for words, due_on in steps)
    kept = "We cannot keep to it" if is_owed else "We did not keep to it"
    then = " We still owe you this step, and will take it as soon as we can." if is_owed else ""
    return (
        f"The law gives us a last day: {named}. {kept}, because {ground}. "
        f"The law allows this ({citation}).{then}"
    )


def warnings(
    ground: str | None, verdict: Verdict | None, first_day: date | None, evidence: str | None
) -> list[str]:
    """Return what to think of before an exception is proposed or approved, in words.

    `verdict` is what the recorded closures say of a ground that rests on one.
    """
    found = []
    if ground in CLOSURE_GROUNDS:
        if verdict and not verdict.bears_out:
            cannot = "cannot be checked" if verdict.bears_out is None else "do not bear this out"
            found.append(f"The dates {cannot}. {verdict.words}")
        found.append(NOT_FOR_CONSULTATION)
    if first_day is None:
        found.append("The days of the circumstances are not given")
    if not evidence:
        found.append("No evidence is given")
    return found


def is_far_above_usual(marked: int, plans: int) -> bool:
    """Return whether so many plans of so many marked as exceptions ask for a second look.

    A few plans prove nothing; far above is four times the usual share.
    """
    return marked >= _LEAST and marked * 100 >= _TIMES * USUAL_SHARE * plans
