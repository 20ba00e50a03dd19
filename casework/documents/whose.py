"""Whether a document says whose it is: a paper in the wrong child's case does harm."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Final

from casework.identifiers import NotValid, nhs_number
from casework.names import search_key, search_keys
from casework.tracker.dates import NotADay, read_day

#: With fewer words than this nothing can be told: a scan, or a picture.
ENOUGH: Final = 30


def names_the_child(text: str, names: Iterable[str | None]) -> bool | None:
    """Return whether the text has one of the names in it; None where it has too few words to tell.

    `names` are those the child is known by. A text in which people wrote only the first name, or
    only the last, is taken to be about them: this looks for the wrong paper, not for proof.
    """
    words = search_key(text).split()
    if len(words) < ENOUGH:
        return None
    there = set(words) | set(map("".join, pairwise(words)))
    keys = {key for name in names if name for key in search_keys(name) if len(key) > 1}
    return bool(keys & there) if keys else None


#: A number, and a day, that the text itself says are an NHS number and a date of birth.
_NHS: Final = re.compile(
    r"NHS\s*(?:number|no|num)?\W{0,5}(\d{3}[ \-]?\d{3}[ \-]?\d{4})(?!\d)", re.I
)
_BORN: Final = re.compile(
    r"(?:date\s+of\s+birth|\bD\.?O\.?B\b\.?)\W{0,5}"
    r"(\d{1,2}(?:[/.\-]\d{1,2}[/.\-]|(?:st|nd|rd|th)?\s+[A-Za-z]{3,9}\s+)\d{2,4})",
    re.I,
)


def names_another(text: str, number: str | None, born: date | None) -> str | None:
    """Return "NHS number" or "date of birth" where the text gives one and none is the child's.

    `number` and `born` are the child's own. None where nothing speaks against the child, or
    nothing is recorded to compare with. A sibling's beside the child's own is no objection.
    """
    numbers = set(_numbers(text))
    if number and numbers and number not in numbers:
        return "NHS number"
    days = set(_days(text))
    return "date of birth" if born and days and born not in days else None


def _numbers(text: str) -> Iterator[str]:
    for found in _NHS.finditer(text):
        try:
            yield nhs_number(found[1])
        except NotValid:
            continue


def _days(text: str) -> Iterator[date]:
    for found in _BORN.finditer(text):
        try:
            day = read_day(found[1])
        except NotADay:
            continue
        if day:
            yield day
