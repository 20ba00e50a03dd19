"""Civil dates in London: read from text, taken from an instant, and said aloud."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from casework.rules.errors import Unanswerable

LONDON = ZoneInfo("Europe/London")

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?")


def spoken(day: date) -> str:
    """Return the day as people say it: "Monday 2 March 2026"."""
    return f"{_DAYS[day.weekday()]} {spoken_date(day)}"


def spoken_date(day: date) -> str:
    """Return the day without its weekday: "2 March 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def spoken_time(at: time) -> str:
    """Return a time of day as GOV.UK writes it: "2:05pm"."""
    return f"{at.hour % 12 or 12}:{at.minute:02d}{'am' if at.hour < 12 else 'pm'}"


def month_name(month: int) -> str:
    """Return the name of a month numbered from 1."""
    return _MONTHS[month - 1]


def london_date(moment: datetime) -> date:
    """Return the civil date in London at an instant.

    Raises ValueError for a moment without a zone: half the year its date would be a guess.
    """
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("A moment needs its time zone before it has a date in London.")
    return moment.astimezone(LONDON).date()


def read_day(name: str, value: object) -> date:
    """Return the London date written in `value`, a day or a moment with its zone.

    `name` is what the value was given as, for the message. Raises Unanswerable with what to
    write instead: for what is no day, and for a time without a zone.
    """
    if not isinstance(value, str):
        raise Unanswerable(f'{name} is not a date: write it in quotes as "2026-03-02".')
    text = value.strip()
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _MOMENT.fullmatch(text):
            return _date_of_moment(name, datetime.fromisoformat(text))
    except (ValueError, OverflowError) as wrong:
        if isinstance(wrong, Unanswerable):
            raise
        raise Unanswerable(f"{name} is not a day that exists: {text!r}.") from wrong
    raise Unanswerable(
        f"{name} is not a date: write year, month and day, like 2026-03-02, not {text[:40]!r}."
    )


def _date_of_moment(name: str, moment: datetime) -> date:
    if moment.tzinfo is None:
        raise Unanswerable(
            f"{name} has a time but no time zone: add the zone, like 2026-03-02T18:30:00+00:00, "
            "or give the day alone."
        )
    return london_date(moment)
