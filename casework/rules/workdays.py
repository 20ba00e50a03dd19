"""Working days: Monday to Friday, less bank holidays, within the years that are known."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from casework.rules.civil_dates import spoken_date
from casework.rules.errors import BeyondCalendar

_AUGUST, _DECEMBER = 8, 12


@dataclass(frozen=True, kw_only=True, eq=False)
class WorkingDays:
    """The working days from `first` to `last`, both included, given the bank holidays between.

    Every method raises BeyondCalendar for a day outside them: it never guesses.
    """

    holidays: frozenset[date]
    first: date
    last: date

    @cached_property
    def _days(self) -> list[date]:
        span = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))
        return [day for day in span if day.weekday() < 5 and day not in self.holidays]

    @cached_property
    def for_tribunal(self) -> "WorkingDays":
        """Return the same calendar without 25 December to 1 January and without August.

        Source: Tribunal Procedure (First-tier Tribunal) (HESC Chamber) Rules 2008, rule 12(3).
        """
        closed = frozenset(day for day in self._days if _tribunal_closed(day))
        return WorkingDays(holidays=self.holidays | closed, first=self.first, last=self.last)

    def is_working_day(self, day: date) -> bool:
        """Return whether the day is a working day."""
        self._check(day)
        return day.weekday() < 5 and day not in self.holidays

    def on_or_before(self, day: date) -> date:
        """Return the day itself if it is a working day, else the last one before it."""
        self._check(day)
        return self._at(bisect_right(self._days, day) - 1, day)

    def on_or_after(self, day: date) -> date:
        """Return the day itself if it is a working day, else the next one."""
        self._check(day)
        return self._at(bisect_left(self._days, day), day)

    def after(self, day: date, n: int) -> date:
        """Return the nth working day after the day, which is not counted."""
        self._check(day)
        return self._at(bisect_right(self._days, day) + n - 1, day)

    def beginning_with(self, day: date, n: int) -> date:
        """Return the nth working day, the day itself being the first if it is one."""
        self._check(day)
        return self._at(bisect_left(self._days, day) + n - 1, day)

    def before(self, day: date, n: int) -> date:
        """Return the nth working day before the day, which is not counted."""
        self._check(day)
        return self._at(bisect_left(self._days, day) - n, day)

    def _check(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise self._beyond(day)

    def _at(self, index: int, asked: date) -> date:
        if 0 <= index < len(self._days):
            return self._days[index]
        raise self._beyond(asked)

    def _beyond(self, day: date) -> BeyondCalendar:
        return BeyondCalendar(
            f"Working days cannot be counted from {spoken_date(day)}: bank holidays are known from "
            f"{spoken_date(self.first)} to {spoken_date(self.last)}. To bring the list up to "
            "date, install the newest govuk-bank-holidays and run this again."
        )


def _tribunal_closed(day: date) -> bool:
    return (
        day.month == _AUGUST
        or (day.month == _DECEMBER and day.day >= 25)
        or (day.month == 1 and day.day == 1)
    )
