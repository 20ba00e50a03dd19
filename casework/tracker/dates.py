"""Days as people type them: day, month, year, always in that order.

A year of two figures is 20YY. A number is a spreadsheet's own count of days. Only what is no day
is refused, in words that say what to write instead.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from unicodedata import normalize
from zoneinfo import ZoneInfo

from casework.tracker.cells import BadCell, Cell, UnworkedFormula, is_empty, shown

#: The day that a workbook counts from: Excel for Windows', and old Excel for Mac's.
EPOCH_1900: Final = date(1899, 12, 30)
EPOCH_1904: Final = date(1904, 1, 1)

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
#: A bare number outside these years is far likelier a year, an age or a reference than a day.
_FIRST_SERIAL, _LAST_SERIAL = date(1980, 1, 1), date(2099, 12, 31)
_LONDON: Final = ZoneInfo("Europe/London")
_LONGEST: Final = 100
_WRITE: Final = "Write the day, month and year, like 3/4/2025"

_MONTH_NAMES: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTHS: Final = {name: n for n, name in enumerate(_MONTH_NAMES, 1)} | {
    name[:3]: n for n, name in enumerate(_MONTH_NAMES, 1)
} | {"sept": 9}  # fmt: skip

_BETWEEN = r"[\s/.,\-\u2010-\u2015\u2212\\]*"
_GAP = r"[\s/.,\-\u2010-\u2015\u2212\\]+"
_NAME = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_SHAPES: Final = tuple(
    re.compile(shape, re.ASCII)
    for shape in (
        rf"(?P<day>\d{{1,2}}){_GAP}(?P<month>\d{{1,2}}){_GAP}{_YEAR}",
        rf"(?P<day>\d{{1,2}}){_BETWEEN}{_NAME}{_BETWEEN}{_YEAR}",
        rf"{_NAME}{_GAP}(?P<day>\d{{1,2}}){_GAP}{_YEAR}",
        rf"(?P<year>\d{{4}}){_GAP}(?P<month>\d{{1,2}}){_GAP}(?P<day>\d{{1,2}})",
        rf"(?P<year>\d{{4}}){_BETWEEN}{_NAME}{_BETWEEN}(?P<day>\d{{1,2}})",
        # A month is never 19, 20 or 21, so eight figures are one day or the other, never both.
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>(?:19|20|21)\d{2})",
        r"(?P<year>(?:19|20|21)\d{2})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{2})",
    )
)
_WEEKDAY: Final = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[\s,.]*"
)
_ORDINAL: Final = re.compile(r"(?<=\d)\s*(?:st|nd|rd|th)\b")
_TIME: Final = re.compile(
    r"(?:[\s,]+|(?<=\d)t)(?:at )?"
    r"(?:\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]m)?|\d{1,2}(?:\.\d{2})?\s*[ap]m)$"
)
_ZONED: Final = re.compile(r"\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(z|[+-]\d{2}:?\d{2})")
_ISO_WEEK: Final = re.compile(r"\d{4}-?w\d{2}-?\d")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)


class NotADay(BadCell):
    """The cell holds something that is no day; `str(error)` says what to write instead."""


def read_day(cell: Cell, epoch: date = EPOCH_1900) -> date | None:
    """Return the day that a cell holds, or None for an empty cell.

    `epoch` is the day from which the workbook counts its serial numbers. A moment with a time
    zone is the civil date in London. Raises NotADay.
    """
    if isinstance(cell, datetime):
        return _in_reach(cell.date(), cell)
    if is_empty(cell):
        return None
    if isinstance(cell, UnworkedFormula):
        raise NotADay("The formula has no result: open the file in Excel, save it, and try again")
    if isinstance(cell, str):
        return _read_text(cell, epoch)
    if isinstance(cell, date):
        return _in_reach(cell, cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _read_number(cell, epoch)
    if isinstance(cell, time | timedelta):
        raise NotADay(f"{shown(cell)} is a time, not a day. {_WRITE}")
    raise NotADay(f"“{shown(cell)}” is not a date. {_WRITE}")


def _in_reach(day: date, cell: Cell) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise NotADay(f"{shown(cell)} has the year {day.year:04}. {_WRITE}")
    return day


def _read_number(number: float, epoch: date) -> date:
    """Read a serial number, or a day typed as figures alone: 20250403, 3042025, 130425."""
    if isinstance(number, int) and 10**5 <= number < 10**8:
        return _read_text(str(number).zfill(6 if number < 10**6 else 8), epoch)
    try:
        day = epoch + timedelta(days=int(number))
    except (OverflowError, ValueError):  # far too big, infinite, or no number at all
        day = None
    if day is None or not _FIRST_SERIAL <= day <= _LAST_SERIAL:
        raise NotADay(f"{shown(number)} is a number, not a date. {_WRITE}")
    return day


@lru_cache(maxsize=16_384)
def _read_text(typed: str, epoch: date) -> date:
    text = _plain(typed) if len(typed) <= _LONGEST else ""
    for shape in _SHAPES:
        if parts := shape.fullmatch(text):
            return _day_of(parts, typed)
    for pattern, read in _OTHERS:
        if pattern.fullmatch(text):
            try:
                return _in_reach(read(text, epoch), typed)
            except NotADay:
                raise
            except ValueError as error:
                raise NotADay(f"{_quoted(typed)} is not a day that exists. {_WRITE}") from error
    raise NotADay(_why_not(text, typed))


def _plain(typed: str) -> str:
    """Return text in small letters and plain figures, without weekday, ordinal or time."""
    text = " ".join(normalize("NFKC", typed).casefold().split()).strip(" .,;\u200b\ufeff")
    if _ZONED.fullmatch(text):
        return text
    text = _ORDINAL.sub("", _WEEKDAY.sub("", text)).replace(" of ", " ")
    text = _TIME.sub("", text)
    return re.sub("['\u2018\u2019]", " ", text).strip()


def _day_of(parts: re.Match[str], typed: str) -> date:
    day, year = int(parts["day"]), int(parts["year"])
    month = _MONTHS.get(parts["month"]) or int(parts["month"])
    if len(parts["year"]) == 2:
        year += 2000
    if month > 12:
        raise NotADay(f"{_quoted(typed)} has no month {month}: the day comes first. {_WRITE}")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise NotADay(f"{_quoted(typed)} has the year {year:04}. {_WRITE}")
    try:
        return date(year, month, day)
    except ValueError as error:
        name = _MONTH_NAMES[month - 1].title() if month else "month 0"
        raise NotADay(f"{day} {name} {year} is not a day that exists. {_WRITE}") from error


def _zoned(text: str, epoch: date) -> date:  # noqa: ARG001 (every reader takes the epoch)
    return datetime.fromisoformat(text.upper()).astimezone(_LONDON).date()


def _iso_week(text: str, epoch: date) -> date:  # noqa: ARG001
    return date.fromisoformat(text.upper())


def _serial(text: str, epoch: date) -> date:
    return _read_number(float(text), epoch)


_OTHERS: Final[tuple[tuple[re.Pattern[str], Callable[[str, date], date]], ...]] = (
    (_ZONED, _zoned),
    (_ISO_WEEK, _iso_week),
    (_SERIAL, _serial),
)


def _why_not(text: str, typed: str) -> str:
    if re.fullmatch(rf"(?:{_NAME}|\d{{1,2}}){_BETWEEN}\d{{4}}", text):
        return f"{_quoted(typed)} has no day of the month. {_WRITE}"
    if re.fullmatch(rf"\d{{1,2}}{_BETWEEN}(?:{_NAME}|\d{{1,2}})", text):
        return f"{_quoted(typed)} has no year. {_WRITE}"
    return f"{_quoted(typed)} is not a date. {_WRITE}"


def _quoted(typed: str) -> str:
    text = " ".join(typed[:_LONGEST].split())
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"
