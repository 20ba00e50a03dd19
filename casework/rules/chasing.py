"""When a service is reminded of advice that it owes, and who is told.

The days are an authority's own choice, held as settings. A reminder falls due at points: some
before the day the advice is due, then one every so many days after it. "Due by now and not yet
told", so that a day on which nothing ran heals itself, and a second run says nothing new.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from casework.rules.civil_dates import spoken_date
from casework.rules.workdays import WorkingDays

#: A week: what is asked of whoever has a reason to be late is asked no oftener.
WEEK: Final = timedelta(days=7)
#: A point lies within the six weeks that an adviser has (regulation 8(1)).
_MOST = 41
_POINT = re.compile(r"(?P<before>-?)(?P<number>[1-9][0-9]?)(?P<unit>[dw])")
_EVERY = re.compile(r"(?P<number>[1-9][0-9]?)(?P<unit>[dw])")


@dataclass(frozen=True, slots=True)
class Point:
    """One point at which a reminder falls due, before the advice does."""

    days: int
    #: Counted back from the day the advice is due, and not on from the day its limit began.
    is_from_due: bool

    def of(self, started_on: date, due_on: date) -> date:
        """Return the point's day for one request, working day or not."""
        days = timedelta(days=self.days)
        return due_on - days if self.is_from_due else started_on + days

    @property
    def words(self) -> str:
        """Return the point as a table names it: "week 3", "1 day before the due day"."""
        if self.is_from_due:
            return f"{_days(self.days)} before the due day"
        weeks, rest = divmod(self.days, 7)
        return f"day {self.days}" if rest else f"week {weeks}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When reminders fall due: at these points, and every `every` days after the due day."""

    points: tuple[Point, ...]
    every: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is known of one request for advice that is still owed."""

    started_on: date
    due_on: date
    #: The day on which the service was last reminded of it, or None.
    told_on: date | None = None
    #: Whether an exception lifts the limit.
    is_lifted: bool = False
    #: The day by which the service says that it will answer, where it cannot in time.
    expected_on: date | None = None

    def is_excused(self, today: date) -> bool:
        """Return whether the limit is lifted, or the service gave a day that is still to come."""
        return self.is_lifted or (self.expected_on is not None and self.expected_on >= today)

    def is_late(self, today: date) -> bool:
        """Return whether the due day is past, and nothing excuses it."""
        return self.due_on < today and not self.is_excused(today)


@dataclass(frozen=True, slots=True)
class Reached:
    """A point that has been reached for one request."""

    #: Its day, before it is moved to a working day.
    on: date
    #: Counted from 1 in the order of the days.
    number: int
    words: str
    is_after_due: bool


def read_points(text: str) -> tuple[Point, ...]:
    """Return the points that a text such as "3w 5w -1d" names.

    3w is three weeks after the limit began, -1d the day before the advice is due. Raises
    ValueError, in words.
    """
    return tuple(dict.fromkeys(_point(word) for word in text.split()))


def read_every(text: str) -> int:
    """Return the days that a text such as "7d" or "1w" names. Raises ValueError, in words."""
    found = _EVERY.fullmatch(text)
    if not found:
        raise ValueError(f"must be written as 7d or 1w, not “{text}”.")
    return _number(found)


def plan(points: str, every: str) -> Plan:
    """Return the plan that two settings hold. Raises ValueError, in words."""
    return Plan(points=read_points(points), every=read_every(every))


def reached(request: Request, chosen: Plan, today: date, calendar: WorkingDays) -> Reached | None:
    """Return the last point that a request has come to, told or not; None before the first.

    A point that falls on a weekend or bank holiday is reached on the next working day: so on any
    other day only what had come by the last working day counts.
    """
    until = calendar.on_or_before(today)
    before = sorted(_points_before(request, chosen))
    weeks_over = (until - request.due_on).days // chosen.every
    if weeks_over >= 1:
        on = request.due_on + timedelta(days=weeks_over * chosen.every)
        words = f"{_days(weeks_over * chosen.every)} after the due day"
        return Reached(on, len(before) + weeks_over, words, is_after_due=True)
    come = [(on, words) for on, words in before if on <= until]
    return Reached(*_last(come), is_after_due=False) if come else None


def due_now(request: Request, chosen: Plan, today: date, calendar: WorkingDays) -> Reached | None:
    """Return the point for which a service is to be reminded of a request today, or None.

    Of a limit that is lifted, and while the day by which the service said it would answer is
    still to come, it is reminded at most once a week.
    """
    point = reached(request, chosen, today, calendar)
    if point is None or _is_told(request, point):
        return None
    rested = request.told_on is None or today - request.told_on >= WEEK
    return point if rested or not request.is_excused(today) else None


def goes_higher(request: Request, point: Reached, today: date) -> bool:
    """Return whether a reminder also goes to the service's escalation contact.

    From the first point after the due day; not where the limit is lifted or the service has given
    a day that is still to come: its mailbox has answered.
    """
    return point.is_after_due and request.is_late(today)


def stands(request: Request, today: date, *, is_guidance: bool) -> str:
    """Return how a request stands, in words to follow its due day: "11 days late"."""
    left = (request.due_on - today).days
    if request.is_lifted:
        words = "an exception lifts the limit"
    elif request.expected_on and request.expected_on >= today:
        words = f"expected by {spoken_date(request.expected_on)}"
    elif left < 0:
        words = f"{_days(-left)} late"
    else:
        words = f"due in {_days(left)}" if left else "due today"
    return f"{words} (six weeks is guidance)" if is_guidance else words


def _is_told(request: Request, point: Reached) -> bool:
    return request.told_on is not None and request.told_on >= point.on


def _points_before(request: Request, chosen: Plan) -> set[tuple[date, str]]:
    days: dict[date, str] = {}
    for point in chosen.points:
        on = point.of(request.started_on, request.due_on)
        if request.started_on < on <= request.due_on:
            days.setdefault(on, point.words)
    return set(days.items())


def _last(come: Sequence[tuple[date, str]]) -> tuple[date, int, str]:
    on, words = come[-1]
    return on, len(come), words


def _point(word: str) -> Point:
    found = _POINT.fullmatch(word)
    days = _number(found) if found else 0
    if found is None or days > _MOST:
        raise ValueError(
            f"must be points such as 3w (after the start) and -1d (before the due day), within "
            f"six weeks, not “{word}”."
        )
    return Point(days, is_from_due=bool(found["before"]))


def _number(found: re.Match[str]) -> int:
    return int(found["number"]) * (7 if found["unit"] == "w" else 1)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
