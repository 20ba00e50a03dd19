"""Whether advice that was returned has been checked, and what is to be done next about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto

from casework.rules.history import (
    Happened,
    advice_rounds,
    standing_events,
    standpoint,
    withdrawn_on,
)
from casework.rules.stages import STAGES

#: How long a reminder is given before another, and how soon before the day due one is offered.
_WEEK = timedelta(days=7)
_CHECKS = ("advice_accepted", "advice_sent_back")

PLAN_IS_FINAL = "The plan is final: ask for advice at the review instead"
CASE_HAS_ENDED = "The assessment has ended, so nothing more is asked of this service"


class State(StrEnum):
    """How far the newest return of an adviser has come."""

    #: Nothing with content has come, or what came was a nil return or after a withdrawal.
    NOTHING = auto()
    TO_CHECK = auto()
    ACCEPTED = auto()
    SENT_BACK = auto()


@dataclass(frozen=True, slots=True)
class Checked:
    """What was said of the newest advice of one adviser, in the newest round of asking."""

    state: State
    #: The first entry of the newest return, whatever was put right of it since.
    received: Happened | None = None
    #: The newest check of that return.
    check: Happened | None = None
    #: The id of the entry by which that return first came, with which its advice is kept.
    came_id: int | None = None


class Step(StrEnum):
    """What an officer does next about one request."""

    FILE_REPLY = auto()
    CHECK = auto()
    REMIND = auto()
    EXPLAIN = auto()


def checked(entered: Sequence[Happened], adviser_id: int) -> Checked:
    """Return how the adviser's newest advice was checked; `entered` is all that was entered.

    What came after what is told by the order of entry: a check is of the last return entered by
    then, and an entry put right keeps the place of the first. A check of a return that was struck
    out since is a check of nothing.
    """
    own = [e for e in standing_events(entered) if e.adviser_id == adviser_id]
    rounds = advice_rounds(own).get(adviser_id, [[]])
    if withdrawn_on(rounds[-1]):
        return Checked(State.NOTHING)
    first = first_entries(entered)
    in_order = sorted(rounds[-1], key=lambda e: first[e.id])
    returns = [e for e in in_order if e.kind == "advice_received"]
    if not returns or returns[-1].outcome not in (None, "advice"):
        return Checked(State.NOTHING)
    came = first[returns[-1].id]
    arrivals = _arrivals(entered, adviser_id)
    checks = [
        e
        for e in in_order
        if e.kind in _CHECKS and came == max((a for a in arrivals if a < first[e.id]), default=None)
    ]
    if not checks:
        return Checked(State.TO_CHECK, returns[-1], came_id=came)
    state = State.ACCEPTED if checks[-1].kind == "advice_accepted" else State.SENT_BACK
    return Checked(state, returns[-1], checks[-1], came)


def closed_because(events: Sequence[Happened]) -> str | None:
    """Return why advice is no longer checked on a case, in words, or None while it is.

    `events` are those that stand. A plan is final once it was first sent to anyone.
    """
    if any(event.kind == "final_plan_sent" for event in events):
        return PLAN_IS_FINAL
    return CASE_HAS_ENDED if STAGES[standpoint(events).stage].ends else None


def is_late(due_on: date, met_on: date | None, closed_on: date | None, today: date) -> bool:
    """Return whether advice came after its day, or is still owed after it."""
    if met_on is not None:
        return met_on > due_on
    return closed_on is None and due_on < today


def next_step(
    state: State,
    *,
    owed_by: date | None,
    chased_on: date | None,
    is_unexplained: bool,
    is_closed: bool,
    today: date,
) -> Step | None:
    """Return the one thing to do next about a request, or None.

    `owed_by` is the day an answer that is still owed is due; `is_unexplained` says that it was
    late and nobody has said why; `is_closed` that the case takes no more advice.
    """
    if is_closed:
        return Step.EXPLAIN if is_unexplained else None
    if state is State.TO_CHECK:
        return Step.CHECK
    if owed_by is not None:
        is_near = today >= owed_by - _WEEK
        is_quiet = chased_on is None or today - chased_on >= _WEEK
        return Step.REMIND if is_near and is_quiet else Step.FILE_REPLY
    if state is State.SENT_BACK:
        return Step.FILE_REPLY
    return Step.EXPLAIN if is_unexplained else None


def _arrivals(entered: Sequence[Happened], adviser_id: int) -> list[int]:
    """The ids of the entries by which something of the adviser's first came, struck out or not."""
    return [
        event.id
        for event in entered
        if event.adviser_id == adviser_id
        and event.kind == "advice_received"
        and event.corrects_id is None
    ]


def first_entries(entered: Sequence[Happened]) -> dict[int, int]:
    """The id of the first entry of each chain of corrections, by the id of every entry in it."""
    first: dict[int, int] = {}
    for event in sorted(entered, key=lambda e: e.id):
        first[event.id] = first.get(event.corrects_id or 0, event.id)
    return first
