"""What people type into a box, read: days, times, words of a length."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Final
from unicodedata import normalize

from casework.identifiers import NotValid
from casework.tracker.dates import NotADay, read_day

_TODAY: Final = frozenset({"t", "today"})
_YESTERDAY: Final = frozenset({"y", "yesterday"})
#: A spreadsheet's count of days, which nobody means to type into a form.
_SERIAL: Final = re.compile(r"[\d.]{5,}")
_EIGHT_OR_SIX: Final = re.compile(r"\d{6}|\d{8}")
_TIME: Final = re.compile(r"(?P<hour>\d{1,2})(?:[:. ]?(?P<minute>\d{2}))? ?(?P<half>[ap]m?)?")
_WRITE_TIME: Final = "Enter a time like 14:30 or 2.30pm"


def day(text: str, today: date) -> date:
    """Return the day typed: day, month, year, as a tracker's cells are read; T or Y for today or
    yesterday. Raises NotValid.
    """
    folded = normalize("NFKC", text).casefold().strip()
    if folded in _TODAY:
        return today
    if folded in _YESTERDAY:
        return today - timedelta(days=1)
    if _SERIAL.fullmatch(folded) and folded.isdigit() and not _EIGHT_OR_SIX.fullmatch(folded):
        raise NotValid(
            f"“{text[:40]}” is not a date. Enter the day, month and year, like 27/3/2026"
        )
    try:
        found = read_day(text)
    except NotADay as error:
        raise NotValid(str(error)) from error
    assert found is not None
    return found


def time_of_day(text: str) -> time:
    """Return the time typed: 14:30, 1430, 2.30pm or 9am. Raises NotValid."""
    parts = _TIME.fullmatch(normalize("NFKC", text).casefold().strip())
    if not parts or not (parts["minute"] or parts["half"]):
        raise NotValid(_WRITE_TIME)
    hour, minute = int(parts["hour"]), int(parts["minute"] or 0)
    if parts["half"]:
        if not 1 <= hour <= 12:
            raise NotValid(_WRITE_TIME)
        hour = hour % 12 + (12 if parts["half"].startswith("p") else 0)
    if hour > 23 or minute > 59:
        raise NotValid(_WRITE_TIME)
    return time(hour, minute)


def no_longer_than(longest: int, label: str) -> Callable[[str], str]:
    """Return a reader that passes text of at most `longest` characters and raises NotValid."""

    def read(text: str) -> str:
        if len(text) > longest:
            raise NotValid(
                f"{label} must be {longest:,} characters or fewer. It is now {len(text):,}"
            )
        return text

    return read


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of a whole number from `least` to `most` that raises NotValid."""

    def read(text: str) -> int:
        digits = normalize("NFKC", text).strip()
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else -1
        if not least <= number <= most:
            raise NotValid(f"Enter a whole number from {least} to {most}")
        return number

    return read
