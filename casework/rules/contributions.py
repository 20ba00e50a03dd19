"""What became of the requests for advice of a service, a provider or an agency, as numbers.

A request belongs to the period in which it fell due. It was then answered on time or late, is
waiting still, or was never answered: the plan was made without it, or it was no longer needed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from casework.rules.figures import Rate, median, nearest_rank, weeks
from casework.rules.lateness import CAUSES, Whose


class Fate(StrEnum):
    """What became of a request that fell due, by the last day of the period."""

    ON_TIME = "on_time"
    LATE = "late"
    OUTSTANDING = "outstanding"
    STOPPED = "stopped"

    @property
    def words(self) -> str:
        """Return the fate as a table says it."""
        return _FATES[self]


_FATES = {
    Fate.ON_TIME: "On time",
    Fate.LATE: "Late",
    Fate.OUTSTANDING: "Outstanding",
    Fate.STOPPED: "Never answered",
}

#: Days and how many answers took so long, each number of days once.
DayTally = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The requests of one service, one provider, or all. Days are calendar days."""

    asked: int = 0
    fell_due: int = 0
    on_time: int = 0
    late: int = 0
    outstanding: int = 0
    stopped: int = 0
    not_known: int = 0
    no_advice_needed: int = 0
    sent_back: int = 0
    asked_late: int = 0
    lifted: int = 0
    #: Of those on time, the answers that were no nil returns.
    on_time_with_advice: int = 0
    days_lost: int = 0
    #: The longest that anyone waited; None where nothing fell due.
    longest: int | None = None
    taken: DayTally = ()

    @property
    def rate(self) -> Rate:
        """Return how many were on time of those that fell due, a nil return being an answer."""
        return Rate(self.on_time, self.fell_due)

    @property
    def with_advice(self) -> int:
        """Return how many fell due and had no nil return."""
        return self.fell_due - self.not_known - self.no_advice_needed

    @property
    def rate_without_nil(self) -> Rate:
        """Return the same with nil returns left out of both."""
        return Rate(self.on_time_with_advice, self.with_advice)

    @property
    def median_days(self) -> float | None:
        """Return the median days to an answer, None where there is none."""
        return median(self.taken)

    @property
    def ninetieth_days(self) -> int | None:
        """Return the days within which nine of ten answers came, None where there is none."""
        return nearest_rank(self.taken, 90)

    @property
    def weeks_lost(self) -> float:
        """Return the weeks past the due day, all together."""
        return weeks(self.days_lost)

    def __add__(self, other: "Tally") -> "Tally":
        """Return the two taken together."""
        summed = {name: getattr(self, name) + getattr(other, name) for name in SUMMED}
        waits = [wait for wait in (self.longest, other.longest) if wait is not None]
        return Tally(
            **summed, longest=max(waits, default=None), taken=_merged(self.taken, other.taken)
        )


#: What adds up: every number of a tally but the longest wait and the days taken.
SUMMED: Final = tuple(f.name for f in fields(Tally) if f.name not in ("longest", "taken"))


def together(tallies: Iterable[Tally]) -> Tally:
    """Return all of the tallies taken together; of none, a tally of nothing."""
    return sum(tallies, start=Tally())


def _merged(some: DayTally, others: DayTally) -> DayTally:
    found: dict[int, int] = {}
    for days, many in (*some, *others):
        found[days] = found.get(days, 0) + many
    return tuple(sorted(found.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table: a service of a provider, or a provider with `service` None.

    The keys stand in addresses; `provider` is None where nobody recorded which service it was.
    """

    key: str
    name: str
    provider_key: str
    provider: str | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table that can be sorted by: its heading, its number, and how it falls."""

    heading: str
    number: Callable[[Tally], float | None]
    #: What the column counts, in words; empty where its heading says it.
    meaning: str = ""
    #: Whether the least stands first: what a reader looks for is what went worst.
    least_first: bool = False


#: Every column by its key. A key that is a figure's opens the cases behind it.
COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        "asked": Column("Asked", lambda t: t.asked, "asked in the period"),
        "fell_due": Column("Fell due", lambda t: t.fell_due, "due in the period"),
        "on_time": Column("On time", lambda t: t.on_time, "answered by the due day"),
        "late": Column("Late", lambda t: t.late, "answered after it, within the period"),
        "outstanding": Column("Outstanding", lambda t: t.outstanding, "not answered by its end"),
        "stopped": Column(
            "Never answered",
            lambda t: t.stopped,
            "no longer waited for: the plan was made, or the request or the case was closed",
        ),
        "not_known": Column("Not known", lambda t: t.not_known, "“not known to us”"),
        "no_advice_needed": Column(
            "No advice needed", lambda t: t.no_advice_needed, "“known, no advice needed”"
        ),
        "sent_back": Column("Sent back", lambda t: t.sent_back, "returned to the service"),
        "asked_late": Column("Asked late by us", lambda t: t.asked_late),
        "percent": Column("On time %", lambda t: t.rate.percent, "", least_first=True),
        "percent_without_nil": Column(
            "Without nil %", lambda t: t.rate_without_nil.percent, "", least_first=True
        ),
        "median": Column("Median days", lambda t: t.median_days),
        "ninetieth": Column("9 in 10 within", lambda t: t.ninetieth_days),
        "longest": Column("Longest wait", lambda t: t.longest),
        "weeks": Column("Weeks lost", lambda t: t.weeks_lost),
    }
)
#: The figures that open the cases behind them.
FIGURES: Final = (
    *("asked", "fell_due", "on_time", "late", "outstanding", "stopped", "not_known"),
    *("no_advice_needed", "sent_back", "asked_late", "lifted", "lost"),
)
MOST_WEEKS: Final = "weeks"
BY_NAME: Final = "name"


def in_order(lines: Iterable[Line], column: str = MOST_WEEKS) -> list[Line]:
    """Return the lines by a column, the largest first (of percentages the least), no figure last.

    By "name" too. Raises KeyError for a column that there is not. Lines alike are in the order of
    their names.
    """
    by_name = sorted(lines, key=lambda line: line.name.casefold())
    if column == BY_NAME:
        return by_name
    wanted = COLUMNS[column]

    def place(line: Line) -> tuple[bool, float]:
        number = wanted.number(line.tally)
        return number is None, (number or 0) if wanted.least_first else -(number or 0)

    return sorted(by_name, key=place)


def by_provider(lines: Iterable[Line], not_recorded: str) -> list[Line]:
    """Return a line for each provider, its services taken together."""
    found: dict[str, Line] = {}
    for line in lines:
        key = line.provider_key
        before = found[key].tally if key in found else Tally()
        name = line.provider or not_recorded
        found[key] = Line(
            key=key,
            name=name,
            provider_key=key,
            provider=line.provider,
            tally=before + line.tally,
        )
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Lost:
    """How many requests were not answered in time for one cause or side, and the days lost."""

    key: str
    words: str
    count: int
    days: int
    parts: tuple["Lost", ...] = ()

    @property
    def weeks(self) -> float:
        """Return the weeks lost."""
        return weeks(self.days)


NOT_RECORDED: Final = "not_recorded"


def by_whose(found: Mapping[str | None, tuple[int, int]]) -> list[Lost]:
    """Return whose delay it was, from {cause: (how many, days lost)}; each side's causes inside.

    All sides are there, and what has no cause recorded, or one that is not known, last.
    """
    lines = [_side(whose, found) for whose in Whose]
    others = [counts for cause, counts in found.items() if cause not in CAUSES]
    rest = Lost(NOT_RECORDED, "Not recorded", *_added(others))
    return [*lines, rest]


def _side(whose: Whose, found: Mapping[str | None, tuple[int, int]]) -> Lost:
    causes = [cause for cause in CAUSES.values() if cause.whose is whose and cause.key in found]
    parts = tuple(Lost(cause.key, cause.words, *found[cause.key]) for cause in causes)
    return Lost(whose, whose.words, *_added([(p.count, p.days) for p in parts]), parts)


def _added(counts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(count for count, _ in counts), sum(days for _, days in counts)
