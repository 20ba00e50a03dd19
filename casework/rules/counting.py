"""How the law counts. The regulations have no computation clause; these are the general rules.

- "within 6 weeks of": the day of the event is not counted (Marren v Dawson Bentley [1961]).
- "15 days beginning with", "12 months starting with": that day is the first (Barker v Hambleton
  DC [2012]).
- "2 months after": the same day of the month, or the month's last day where there is none
  (Dodds v Walker [1981]).
- "before 15 February": that day is too late.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from dateutil.relativedelta import relativedelta

from casework.rules.duty import Count
from casework.rules.workdays import WorkingDays

ONE_DAY = timedelta(days=1)


def months_after(start: date, months: int) -> date:
    """Return the corresponding day some months later, or the last day of that month."""
    return start + relativedelta(months=months)


def months_beginning_with(start: date, months: int) -> date:
    """Return the last day of a period of months whose first day is `start`.

    Where the last month has no corresponding day the period ends with that month: 12 months
    starting with 29 February 2024 end on 28 February 2025.
    """
    corresponding = months_after(start, months)
    return corresponding if corresponding.day < start.day else corresponding - ONE_DAY


_LAST_DAY: Mapping[Count, Callable[[date, int, WorkingDays], date]] = MappingProxyType(
    {
        Count.WEEKS_AFTER: lambda start, n, _: start + timedelta(weeks=n),
        Count.DAYS_AFTER: lambda start, n, _: start + timedelta(days=n),
        Count.DAYS_BEGINNING_WITH: lambda start, n, _: start + timedelta(days=n - 1),
        Count.MONTHS_AFTER: lambda start, n, _: months_after(start, n),
        Count.MONTHS_BEGINNING_WITH: lambda start, n, _: months_beginning_with(start, n),
        Count.WORKING_DAYS_AFTER: lambda start, n, calendar: calendar.after(start, n),
        Count.WORKING_DAYS_BEGINNING_WITH: lambda start, n, calendar: calendar.beginning_with(
            start, n
        ),
        Count.WEEKS_BEFORE: lambda start, n, _: start - timedelta(weeks=n),
        Count.MONTHS_BEFORE: lambda start, n, _: months_after(start, -n),
        Count.WORKING_DAYS_BEFORE: lambda start, n, calendar: calendar.before(start, n),
        Count.AT_ONCE: lambda start, _n, _: start,
    }
)


def last_day(count: Count, amount: int, start: date, calendar: WorkingDays) -> date:
    """Return the last day of the period, in time until it ends.

    Raises BeyondCalendar for working days past the known bank holidays, and OverflowError or
    ValueError for a date past the calendar's end.
    """
    return _LAST_DAY[count](start, amount, calendar)
