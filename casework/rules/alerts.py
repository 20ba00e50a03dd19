"""To which points a limit comes that somebody is told of, and when. Pure.

A rung is such a point: so many working days before the day to act by (an authority's own choice,
held as settings), the working day before a limit in law, the day past a limit, so many weeks past
it; and for a limit of which somebody was told, that it is no longer owed, or is owed again. "Due by
now and not yet told", so that a night on which nothing ran heals itself, and a second run says
nothing new.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from casework.rules.book import BOOK
from casework.rules.book import duty as find_duty
from casework.rules.duty import Duty
from casework.rules.errors import BeyondCalendar, UnknownRule
from casework.rules.workdays import WorkingDays

#: The clock of the case itself, whose limits are the authority's own.
CLOCK: Final = "case"
#: How long a rung is news: one reached longer ago than this gets no email of its own.
NEWS: Final = timedelta(days=14)
_MOST_DAYS, _MOST_WEEKS = 60, 104


class Kind(StrEnum):
    """What sort of point a rung is."""

    #: Working days before the day to act by.
    SOON = "soon"
    #: The last working day before the due day.
    EVE = "eve"
    #: The day after the due day.
    BREACHED = "breached"
    #: Weeks past the due day.
    OVER = "over"
    #: No longer owed, or lifted.
    CLEARED = "cleared"
    #: Owed again, after its reader was told that it was cleared.
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Rung:
    """One point that a limit comes to; the higher the order, the further it has come."""

    key: str
    words: str
    order: int
    kind: Kind
    #: Working days for SOON, weeks for OVER.
    amount: int = 0

    @property
    def is_owed(self) -> bool:
        """Return whether a limit at this rung is still to be met, and was never cleared."""
        return self.kind in (Kind.SOON, Kind.EVE, Kind.BREACHED, Kind.OVER)


def _rows() -> Iterable[tuple[str, str, Kind, int]]:
    for days in range(_MOST_DAYS, 0, -1):
        plural = "" if days == 1 else "s"
        yield (
            f"soon_{days}",
            f"{days} working day{plural} before the day to act by",
            Kind.SOON,
            days,
        )
    yield "eve", "the working day before the limit", Kind.EVE, 0
    yield "breached", "past the limit", Kind.BREACHED, 0
    for weeks in range(1, _MOST_WEEKS + 1):
        number = "1 week" if weeks == 1 else f"{weeks} weeks"
        yield f"over_{weeks}w", f"{number} past the limit", Kind.OVER, weeks
    yield "lifted", "lifted by an exception", Kind.CLEARED, 0
    yield "closed", "no longer owed", Kind.CLEARED, 0
    yield "met", "met", Kind.CLEARED, 0
    yield "again", "owed again", Kind.AGAIN, 0


#: Every rung by its key, in the order in which a limit comes to them.
RUNGS: Final[Mapping[str, Rung]] = MappingProxyType(
    {
        key: Rung(key, words, order, kind, amount)
        for order, (key, words, kind, amount) in enumerate(_rows())
    }
)
#: The keys of the rungs that say that a limit is no longer owed, or lifted.
CLEARED: Final = tuple(key for key, rung in RUNGS.items() if rung.kind is Kind.CLEARED)

#: Why an alert was not told after all.
DROPPED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "met": "The step had been taken by then",
        "closed": "It was no longer owed by then",
        "lifted": "An exception lifted the limit",
        "changed": "The limit had another day by then",
        "not_theirs": "The case was no longer theirs to be told of",
        "interest": "They had declared an interest in the case",
        "told_more": "The limit had come further, and they were told of that",
        "owed": "It was owed again by then",
    }
)
#: Those that may cease to hold: such an alert is queued anew when it is true again.
RETURNING: Final = ("met", "closed", "lifted", "changed", "not_theirs", "interest", "owed")

#: The rules whose limits are told of: the authority's own, in law and guidance. A least period for
#: the family is no limit on the authority, and a target that we derive has one in law behind it.
ALERTED: Final = tuple(
    row.id
    for row in BOOK.values()
    if row.is_computed
    and row.kind in ("law", "guidance")
    and not row.is_floor
    and row.per not in ("adviser", "consultation")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The points that an authority has chosen."""

    #: Working days before the day to act by.
    soon: tuple[int, ...]
    #: The same for single rules, by id.
    of: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    #: Weeks past the due day.
    over: tuple[int, ...] = ()

    def rungs(self, duty: Duty) -> tuple[Rung, ...]:
        """Return the rungs of a rule's limits, the lowest first.

        A limit in law has the working day before it besides, whatever the settings say.
        """
        keys = [f"soon_{days}" for days in self.of.get(duty.id, self.soon)]
        keys += ["eve"] if duty.kind == "law" else []
        keys += ["breached", *(f"over_{weeks}w" for weeks in self.over)]
        return tuple(sorted((RUNGS[key] for key in keys), key=lambda rung: rung.order))


def read_days(text: str) -> tuple[int, ...]:
    """Return the working days that a text such as "10 5" names. Raises ValueError, in words."""
    return _numbers(text, _MOST_DAYS, "working days")


def read_weeks(text: str) -> tuple[int, ...]:
    """Return the weeks that a text such as "4 26" names, or none. Raises ValueError, in words."""
    return () if text == "none" else _numbers(text, _MOST_WEEKS, "weeks")


def read_days_of(text: str) -> Mapping[str, tuple[int, ...]]:
    """Return the working days of single rules that "final_20w=30,10,5 no_plan_16w=15" names.

    Raises ValueError, in words, for a rule that is not in the book or of which nobody is told.
    """
    found: dict[str, tuple[int, ...]] = {}
    for word in text.split() if text != "none" else ():
        rule, equals, days = word.partition("=")
        if not equals:
            raise ValueError(f"must be written as final_20w=30,10,5, not “{word}”.")
        try:
            find_duty(rule)
        except UnknownRule as unknown:
            raise ValueError(f"names no rule. {unknown}") from None
        if rule not in ALERTED:
            raise ValueError(f"{rule} is no limit of the authority’s own: nobody is told of it.")
        if rule in found:
            raise ValueError(f"names {rule} twice.")
        found[rule] = read_days(days)
    return found


def plan(days: str, of: str, weeks: str) -> Plan:
    """Return the plan that three settings hold. Raises ValueError, in words."""
    return Plan(soon=read_days(days), of=read_days_of(of), over=read_weeks(weeks))


def reached_on(
    rung: Rung, *, act_by: date | None, due_on: date, calendar: WorkingDays
) -> date | None:
    """Return the day on which a limit comes to a rung; None where no day makes it so.

    Past the known bank holidays a week is reckoned to have five working days, as
    `deadlines.soon_until` has it; such a limit has no day to act by, which says so.
    """
    match rung.kind:
        case Kind.SOON:
            return _before(act_by or due_on, rung.amount, calendar)
        case Kind.EVE:
            return _before(due_on, 1, calendar)
        case Kind.BREACHED:
            return due_on + timedelta(days=1)
        case Kind.OVER:
            return due_on + timedelta(weeks=rung.amount)
        case _:
            return None


def highest(
    rungs: Iterable[Rung], *, act_by: date | None, due_on: date, day: date, calendar: WorkingDays
) -> tuple[Rung, date] | None:
    """Return the last of these rungs to which a limit has come by a day, and when it did."""
    found = None
    for rung in rungs:
        on = reached_on(rung, act_by=act_by, due_on=due_on, calendar=calendar)
        if on is not None and on <= day and (found is None or rung.order > found[0].order):
            found = rung, on
    return found


def is_single(duty: Duty, rung: Rung) -> bool:
    """Return whether an email of its own tells of it: the eve of a limit in law, and its breach."""
    return duty.kind == "law" and rung.kind in (Kind.EVE, Kind.BREACHED)


def stand_ins(covers: Mapping[int, int], readers: Collection[int]) -> dict[int, int]:
    """Return who is told in the place of each who is away: the first of the covers who is there.

    `covers` are the covers of those who are away, by their own id. Who has none that is there and
    is a reader is left out: what they would be told waits for them.
    """
    found = {}
    for away in covers:
        cover, seen = covers[away], {away}
        while cover in covers and cover not in seen:
            seen.add(cover)
            cover = covers[cover]
        if cover not in seen and cover in readers:
            found[away] = cover
    return found


def _before(day: date, n: int, calendar: WorkingDays) -> date:
    try:
        return calendar.before(day, n)
    except BeyondCalendar:
        return day - timedelta(days=n * 7 // 5)


def _numbers(text: str, most: int, what: str) -> tuple[int, ...]:
    words = [word for word in re.split(r"[ ,]+", text) if word]
    wrong = [word for word in words if not re.fullmatch(r"[1-9][0-9]{0,2}", word)]
    if not words or wrong or any(int(word) > most for word in words):
        raise ValueError(f"must be {what} from 1 to {most}, such as 10 5, not “{text}”.")
    return tuple(sorted({int(word) for word in words}, reverse=True))
