"""An independent oracle: ordinals, (year, month) pairs and walking day by day. No shared code."""

import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files

Closed = Callable[[date], bool]


def bank_holidays() -> set[date]:
    """The list as published, read apart from the code under test."""
    data = json.loads(files("govuk_bank_holidays").joinpath("bank-holidays.json").read_bytes())
    return {date.fromisoformat(event["date"]) for event in data["england-and-wales"]["events"]}


HOLIDAYS = bank_holidays()
FIRST, LAST = date(2012, 1, 1), date(2028, 12, 31)


def plus(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def last_of(year: int, month: int) -> int:
    """The number of days in a month, from the Gregorian rule."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def plus_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, last_of(year, month + 1)))


def months_from_and_with(day: date, months: int) -> date:
    """The period's last day: the eve of the day's own number, or the month's end without one."""
    end = plus_months(day, months)
    return end if end.day != day.day else plus(end, -1)


def closed(day: date) -> bool:
    return day.isoweekday() in (6, 7) or day in HOLIDAYS


def closed_to_the_tribunal(day: date) -> bool:
    christmas = (day.month, day.day) >= (12, 25) or (day.month, day.day) == (1, 1)
    return closed(day) or christmas or day.month == 8


def walk(day: date, steps: int, is_closed: Closed, direction: int = 1) -> date:
    """Step to the nth open day after (or before) the day."""
    while steps:
        day = plus(day, direction)
        steps -= not is_closed(day)
    return day


def settle(day: date, is_closed: Closed, direction: int) -> date:
    """The day itself if open, else the next open one in that direction."""
    while is_closed(day):
        day = plus(day, direction)
    return day
