"""How each field's cell is read: a day, a yes or no, a number, a name, words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, TypeAlias

from casework import identifiers, names
from casework.codes import RequestSource
from casework.tracker import words
from casework.tracker.cells import LONGEST_CELL, BadCell, Cell, UnworkedFormula, is_empty, shown
from casework.tracker.dates import NotADay, read_day


@dataclass(frozen=True, slots=True)
class Given:
    """What a cell gives to its row, {name: value}, and what is doubtful about it, if anything."""

    values: Mapping[str, Any]
    doubt: str = ""


#: Reads the cell of a field, in a workbook that counts its days from an epoch. Raises BadCell.
Reader: TypeAlias = Callable[[Cell, str, date], Given]

_NOTHING: Final = Given({})
_UNWORKED: Final = "The formula has no result: open the file in Excel, save it, and try again"
_LOST_FIGURES: Final = re.compile(r"[\d.]+E\+?\d+", re.IGNORECASE)
#: How much of each kind of text a record keeps.
_LONGEST: Final = {"reference": 60, "status": 100, "notes": LONGEST_CELL,
                   "exception_reason": 2000}  # fmt: skip
#: Words that join a surname's parts, where a name is written in one.
_JOINS: Final = frozenset(
    ("al", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "la", "le",
     "st", "ten", "van", "von")
)  # fmt: skip


def _text_of(cell: Cell, field: str) -> tuple[str, str]:
    """Return a cell's text, cleaned, and a doubt where something had to be taken out of it."""
    if isinstance(cell, UnworkedFormula):
        return "", _UNWORKED
    text = cell if isinstance(cell, str) else shown(cell)
    longest = _LONGEST.get(field, 200)
    if len(text) > longest:
        raise BadCell(
            f"This has {len(text):,} letters, more than the {longest:,} that are kept. Shorten it, "
            "and look for a quotation mark that is not closed"
        )
    try:
        return names.tidy(text, lines=field == "notes"), ""
    except identifiers.NotValid:
        return names.without_hidden(text), "A hidden or lost letter was found here: check the words"


def _name(cell: Cell, field: str, epoch: date) -> Given:
    """Read a name, however much it looks like something else: "Null" and "-" are names."""
    del epoch
    text, doubt = _text_of(cell, field)
    return Given({field: text}, doubt)


def _words(cell: Cell, field: str, epoch: date) -> Given:
    """Read words, of which "n/a" and its like are none."""
    del epoch
    text, doubt = _text_of(cell, field)
    return Given({field: "" if words.is_nothing(text) else text}, doubt)


def _full_name(cell: Cell, field: str, epoch: date) -> Given:
    """Read "Surname, Forename", or "Forename Surname" with a doubt where there are more words."""
    del epoch
    text, doubt = _text_of(cell, field)
    if "," in text:
        surname, forename = (part.strip() for part in text.split(",", 1))
        return Given({"surname": surname, "forename": forename}, doubt)
    parts = text.split()
    start = len(parts) - 1
    while start > 1 and parts[start - 1].casefold() in _JOINS:
        start -= 1
    if start > 1:
        doubt = doubt or "The surname is taken to be the last word: check it"
    values = {"surname": " ".join(parts[max(start, 0) :]), "forename": " ".join(parts[:start])}
    return Given(values, doubt)


def _day(cell: Cell, field: str, epoch: date) -> Given:
    day = read_day(cell, epoch)
    return _NOTHING if day is None else Given({field: day})


def _yes_no(cell: Cell, field: str, epoch: date) -> Given:
    del epoch
    text, doubt = _text_of(cell, field)
    if not text:
        return Given({}, doubt)
    answer = words.yes_or_no(text)
    if answer is None:
        return Given({}, "This is neither yes nor no, so it is taken as not recorded. Write Y or N")
    return Given({field: answer})


def _withdrawn(cell: Cell, field: str, epoch: date) -> Given:
    """Read the day of a withdrawal, or a yes or no in its place."""
    if is_empty(cell):
        return _NOTHING
    answer = cell if isinstance(cell, bool) else words.yes_or_no(shown(cell))
    if answer:
        return Given({field: True}, "The day of the withdrawal is not recorded. Write it if it is")
    if answer is False:
        return Given({field: False})
    if isinstance(cell, str) and words.is_nothing(cell):
        return Given({}, "This is taken as not withdrawn")
    try:
        return Given({field: True, "withdrawn_on": read_day(cell, epoch)})
    except NotADay as error:
        raise NotADay(f"{error}, or Y or N") from error


def _upn(cell: Cell, field: str, epoch: date) -> Given:
    """Read a UPN. One that fails its check is kept as typed, unverified; one that a spreadsheet
    has made a number of is lost, and left out."""
    del epoch
    text, doubt = _text_of(cell, field)
    if not text or words.is_nothing(text):
        return Given({}, doubt)
    if reason := words.upn_unknown(text):
        return Given({"upn_unknown": reason})
    try:
        return Given({"upn": identifiers.upn(text)}, doubt)
    except identifiers.NotValid as error:
        typed = re.sub(r"[\s-]+", "", text).upper()
        if len(typed) == 13 and typed.isalnum() and not typed.isdigit():
            return Given({"upn": typed, "upn_verified": False}, f"{error}. Kept as unverified")
        return Given({}, f"{_why_lost(cell, text) or error}. Left out")


def _nhs_number(cell: Cell, field: str, epoch: date) -> Given:
    """Read an NHS number; one that fails its check would be another child's, and is left out."""
    del epoch
    text, doubt = _text_of(cell, field)
    if not text or words.is_nothing(text):
        return Given({}, doubt)
    try:
        return Given({field: identifiers.nhs_number(text)}, doubt)
    except identifiers.NotValid as error:
        return Given({}, f"{_why_lost(cell, text) or error}. Left out")


def _why_lost(cell: Cell, text: str) -> str:
    """Return why a number cannot be read, where the spreadsheet did it; else nothing."""
    if _LOST_FIGURES.fullmatch(text) or isinstance(cell, int | float):
        return (
            "The spreadsheet has kept this as a quantity and lost figures of it. "
            "Format the column as text and type the number again"
        )
    return ""


def _requested_by(cell: Cell, field: str, epoch: date) -> Given:
    del epoch
    text, doubt = _text_of(cell, field)
    if not text or words.is_nothing(text):
        return Given({}, doubt)
    source = words.request_source(text)
    return Given(
        {field: text, "request_source": source or RequestSource.OTHER},
        doubt if source else "Who this is was not understood, so it is taken as someone else",
    )


def _health_outcome(cell: Cell, field: str, epoch: date) -> Given:
    del epoch
    text, doubt = _text_of(cell, field)
    if not text:
        return Given({}, doubt)
    outcome, understood = words.health_outcome(text)
    if not understood:
        doubt = "This was not understood. Write advice, not known, or no advice needed"
    return Given({field: outcome} if outcome else {}, doubt)


def _sex(cell: Cell, field: str, epoch: date) -> Given:
    del epoch
    text, doubt = _text_of(cell, field)
    sex = words.sex(text)
    if text and sex is None:
        doubt = "This was not understood. Write F or M"
    return Given({field: sex} if sex else {}, doubt)


_KINDS: Final[Mapping[Reader, str]] = {
    _name: "surname forename status notes",
    _words: "reference setting officer health_service exception_reason",
    _full_name: "full_name",
    _day: "date_of_birth request_received assess_decision_sent ep_requested ep_received "
    "health_requested health_received social_care_requested social_care_received panel_date "
    "no_plan_notice_sent draft_served final_plan_sent",
    _yes_no: "graduated_approach decision_to_assess complex issue_plan exception",
    _withdrawn: "withdrawn",
    _upn: "upn",
    _nhs_number: "nhs_number",
    _requested_by: "requested_by",
    _health_outcome: "health_outcome",
    _sex: "sex",
}

#: Few words, often repeated and none of them a child's: each is understood once.
_OFTEN: Final = (_yes_no, _requested_by, _health_outcome, _sex)

#: Which reader reads each field.
READERS: Final[Mapping[str, Reader]] = {
    field: lru_cache(maxsize=512, typed=True)(reader) if reader in _OFTEN else reader
    for reader, fields in _KINDS.items()
    for field in fields.split()
}
