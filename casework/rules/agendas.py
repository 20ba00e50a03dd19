"""Which cases a meeting must take, which come too late for it, and in which order they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from casework.codes import Code


class Need(Code):
    """What the law's clock asks of a meeting for one case, the most pressing first."""

    OVERDUE = "overdue", "Overdue"
    TOO_LATE = "too_late", "Too late for this meeting"
    MUST_DECIDE = "must_decide", "Must decide"
    CAN_WAIT = "can_wait", "Can wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sittings:
    """The days on which a question may be decided, around one meeting."""

    today: date
    #: The day of the meeting itself.
    here: date
    #: The first day after it on which any panel that may decide the question meets; None for none.
    next: date | None
    #: The first day from today on, and before it, on which one does.
    earlier: date | None = None


def need(last_day: date | None, sittings: Sittings) -> Need:
    """Return what a case needs of a meeting, given the last day that the law leaves it.

    A case with no limit, or whose limit is lifted, has no last day and can wait. One whose last
    day comes before any later meeting must be decided at this one.
    """
    if last_day is None:
        return Need.CAN_WAIT
    if last_day < sittings.today:
        return Need.OVERDUE
    if last_day < sittings.here:
        return Need.TOO_LATE
    if sittings.next is None or last_day < sittings.next:
        return Need.MUST_DECIDE
    return Need.CAN_WAIT


def in_time_before(last_day: date | None, sittings: Sittings) -> date | None:
    """Return the day of an earlier meeting that can still decide in time; None for none."""
    earlier = sittings.earlier
    return earlier if earlier and last_day and earlier <= last_day else None


class Waiting(Protocol):
    """A case that waits for a place on an agenda, in the order of what the law needs first."""

    @property
    def is_ready(self) -> bool:
        """Whether nothing speaks against deciding it now."""

    @property
    def need(self) -> Need:
        """What the law's clock asks."""


One = TypeVar("One", bound=Waiting)


def suggested(waiting: Sequence[One], minutes_left: int, minutes_each: int) -> list[One]:
    """Return the cases to put on an agenda unless the clerk thinks otherwise.

    All that must be decided now, ready or not; and of the others those that are ready, in their
    order, while there is time for them. What comes too late for the meeting is left to an officer.
    """
    must = [one for one in waiting if one.need is Need.MUST_DECIDE]
    room = max(0, minutes_left // max(1, minutes_each) - len(must))
    others = [one for one in waiting if one.is_ready and one.need in (Need.OVERDUE, Need.CAN_WAIT)]
    chosen = {id(one) for one in (*must, *others[:room])}
    return [one for one in waiting if id(one) in chosen]


@dataclass(frozen=True, slots=True)
class Typed:
    """The place that an item has and the one that was typed for it."""

    held: int
    typed: int

    @property
    def key(self) -> tuple[int, int]:
        """One moved up goes before whoever has that place; one moved down goes after."""
        return self.typed, (self.typed > self.held) - (self.typed < self.held)


def arranged(places: Mapping[int, Typed]) -> list[int]:
    """Return the items (by key) in the order that the typed places give."""
    return sorted(places, key=lambda item: (*places[item].key, places[item].held))


def moved(order: Sequence[int], item: int, by: int) -> list[int]:
    """Return the order with one item moved up (-1) or down (1); as it is at either end."""
    found = list(order)
    at = found.index(item)
    to = at + by
    if 0 <= to < len(found):
        found[at], found[to] = found[to], found[at]
    return found


def among_hidden(order: Sequence[int], there: Sequence[int]) -> list[int]:
    """Return all items that are `there`, those in `order` so ordered, the others where they were.

    Whoever has declared an interest in a case does not see it, and does not move it.
    """
    coming = iter(order)
    seen = set(order)
    return [next(coming) if item in seen else item for item in there]


def law_key(due_on: date | None, *, is_lifted: bool) -> tuple[bool, bool, date]:
    """Return the key that sorts cases by what the law needs first.

    Those with a day that binds, by that day; then those whose limit is lifted; then the others.
    """
    return due_on is None, is_lifted, due_on or date.max


def earliest(days: Iterable[tuple[date, bool]]) -> tuple[date, bool] | None:
    """Return of a case's limits, each a day and whether it is lifted, the one to act on first."""
    return min(days, key=lambda one: law_key(one[0], is_lifted=one[1]), default=None)
