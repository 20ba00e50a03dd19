"""The days on which a job is due, as London counts them."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from casework.holidays import england_and_wales
from casework.rules.errors import BeyondCalendar

#: How far a day of these is looked for: some come once a year.
_FARTHEST = 400


@dataclass(frozen=True)
class Days:
    """Some days of the year, with their words: "every day"."""

    words: str
    includes: Callable[[date], bool]

    def newest(self, day: date) -> date | None:
        """Return the day itself if it is one of these, else the last before it; None for none."""
        return self._first(day - timedelta(days=n) for n in range(_FARTHEST))

    def next(self, day: date) -> date | None:
        """Return the day itself if it is one of these, else the first after it; None for none."""
        return self._first(day + timedelta(days=n) for n in range(_FARTHEST))

    def _first(self, days: Iterable[date]) -> date | None:
        return next((day for day in days if self.includes(day)), None)


def these(words: str, days: Collection[date]) -> Days:
    """Return days that are named one by one, such as those of a monitoring return."""
    return Days(words, frozenset(days).__contains__)


def _is_working_day(day: date) -> bool:
    try:
        return england_and_wales().is_working_day(day)
    except BeyondCalendar:  # a day too many is harmless: what is done on it asks for itself
        return day.weekday() < 5


EVERY_DAY = Days("every day", lambda _day: True)
WORKING_DAYS = Days("on working days", _is_working_day)
MONTH_ENDS = Days("at the end of each month", lambda day: (day + timedelta(days=1)).day == 1)
