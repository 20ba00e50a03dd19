"""One row of a tracker as typed facts, and what makes a row refused.

Refused: no day on which the request came, a day that is none, a final plan before its request, a
birth after it, a request in the future, an exception with no reason, no name, more text than a
cell can hold. A late or unlawful step is history and comes in. What else cannot be understood
comes in as not recorded, and is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from casework.codes import RequestSource, Sex, UpnUnknown
from casework.names import search_key
from casework.tracker.cells import BadCell, Cells, is_empty, shown
from casework.tracker.checks import contradictions, oddities
from casework.tracker.dates import EPOCH_1900
from casework.tracker.fields import WORDS
from casework.tracker.findings import Doubt, Refusal
from casework.tracker.headings import Headings, untitled
from casework.tracker.readers import READERS
from casework.tracker.words import HealthOutcome

_NAMES: Final = ("surname", "forename", "full_name")
_LONGEST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerRow:
    """One child's request, as one row of a tracker has it.

    Empty text is a cell left empty; None is a day, a code or an answer that is not recorded.
    """

    line: int
    request_received: date
    reference: str = ""
    surname: str = ""
    forename: str = ""
    date_of_birth: date | None = None
    upn: str = ""
    #: False for a UPN that does not fit its check letter: it stands as typed.
    upn_verified: bool = True
    upn_unknown: UpnUnknown | None = None
    nhs_number: str = ""
    sex: Sex | None = None
    setting: str = ""
    request_source: RequestSource | None = None
    #: The words from which `request_source` was read.
    requested_by: str = ""
    graduated_approach: bool | None = None
    decision_to_assess: bool | None = None
    assess_decision_sent: date | None = None
    officer: str = ""
    complex: bool | None = None
    ep_requested: date | None = None
    ep_received: date | None = None
    health_service: str = ""
    health_requested: date | None = None
    health_received: date | None = None
    health_outcome: HealthOutcome | None = None
    social_care_requested: date | None = None
    social_care_received: date | None = None
    panel_date: date | None = None
    issue_plan: bool | None = None
    no_plan_notice_sent: date | None = None
    draft_served: date | None = None
    final_plan_sent: date | None = None
    exception: bool | None = None
    exception_reason: str = ""
    withdrawn: bool | None = None
    withdrawn_on: date | None = None
    #: An officer's word for where the case stands: a note, which starts and ends nothing.
    status: str = ""
    notes: str = ""

    @property
    def is_request(self) -> bool:
        """Return whether a parent, young person or setting asked, or nobody knows who did.

        Anyone else brought the child to the authority's attention (Children and Families Act
        2014, section 24(1)): the clock starts at `became_responsible`, on the same day.
        """
        return self.request_source is None or self.request_source.makes_a_request


class RowReader:
    """Reads the rows of one sheet and keeps what it finds: `refused` and `doubts` grow."""

    def __init__(self, headings: Headings, today: date, epoch: date = EPOCH_1900) -> None:
        """Prepare to read rows under `headings`, on the day `today`, in a workbook's epoch."""
        self.refused: list[Refusal] = []
        self.doubts: list[Doubt] = []
        self._headings = headings
        self._today = today
        self._epoch = epoch
        # A name in one cell fills only what its own columns left empty, so it is read last.
        self._columns = sorted(
            ((place, field, READERS[field]) for field, place in headings.columns.items()),
            key=lambda column: column[1] == "full_name",
        )
        read = set(headings.columns.values())
        self._untitled = {
            place
            for place, name in enumerate(headings.names)
            if place not in read and name == untitled(place)
        }
        self._said: set[int] = set()
        self._upns: dict[str, TrackerRow] = {}

    def read(self, line: int, cells: Cells) -> TrackerRow | None:
        """Return the row, or None where it is refused: each refused cell is then in `refused`."""
        before = len(self.refused)
        values = self._values(line, cells)
        for field, reason in contradictions(values, self._today):
            self._refuse(line, cells, field, reason)
        if len(self.refused) > before:
            return None
        for field, reason in oddities(values, self._today):
            self._doubt(line, cells, field, reason)
        self._doubt_untitled(line, cells)
        row = TrackerRow(line=line, **values)
        self._doubt_repeated_upn(row, cells)
        return row

    def _values(self, line: int, cells: Cells) -> dict[str, Any]:
        """Return what the cells give, {name: value}; a refused cell gives nothing."""
        values: dict[str, Any] = {}
        unreadable: set[str] = set()
        width = len(cells)
        for place, field, read in self._columns:
            cell = cells[place] if place < width else None
            if cell is None:
                continue
            try:
                given = read(cell, field, self._epoch)
            except BadCell as error:
                self._refuse(line, cells, field, str(error))
                unreadable.add(field)
                continue
            for name, value in given.values.items():
                values[name] = values.get(name) or value
            if given.doubt:
                self._doubt(line, cells, field, given.doubt)
        self._require(line, cells, values, unreadable)
        return values

    def _require(
        self, line: int, cells: Cells, values: dict[str, Any], unreadable: set[str]
    ) -> None:
        """Refuse a row with no request or no name, unless it is refused for the cell already."""
        if "request_received" not in values and "request_received" not in unreadable:
            reason = "There is no date for the request. Write the day it was received"
            self._refuse(line, cells, "request_received", reason)
        if not (values.get("surname") or values.get("forename") or unreadable.intersection(_NAMES)):
            field = next(field for field in _NAMES if field in self._headings.columns)
            self._refuse(line, cells, field, "There is no name. Write the child's name")

    def _cell(self, cells: Cells, field: str) -> tuple[str, str]:
        """Return the heading of a field's column, and its cell as a person reads it."""
        place = self._headings.columns.get(field)
        if place is None:
            return WORDS[field], ""
        value = shown(cells[place]) if place < len(cells) else ""
        return self._headings.names[place], value[:_LONGEST_SHOWN]

    def _refuse(self, line: int, cells: Cells, field: str, reason: str) -> None:
        self.refused.append(Refusal(line, *self._cell(cells, field), reason))

    def _doubt(self, line: int, cells: Cells, field: str, reason: str) -> None:
        self.doubts.append(Doubt(line, *self._cell(cells, field), reason))

    def _doubt_untitled(self, line: int, cells: Cells) -> None:
        """Say once of each column with no heading that it holds something and is not read."""
        beyond = range(len(self._headings.names), len(cells))
        for place in (*self._untitled, *beyond):
            if place < len(cells) and not is_empty(cells[place]) and place not in self._said:
                self._said.add(place)
                value = shown(cells[place])[:_LONGEST_SHOWN]
                reason = "This column has no heading and is not read"
                self.doubts.append(Doubt(line, untitled(place), value, reason))

    def _doubt_repeated_upn(self, row: TrackerRow, cells: Cells) -> None:
        """Say where one UPN stands for children of different names."""
        if not row.upn:
            return
        first = self._upns.setdefault(row.upn, row)
        if first is not row and _name_key(first) != _name_key(row):
            reason = f"Row {first.line} has this UPN for a child of another name. Check both"
            self._doubt(row.line, cells, "upn", reason)


def _name_key(row: TrackerRow) -> str:
    return search_key(f"{row.surname} {row.forename}")


def read_rows(
    rows: Iterable[tuple[int, Cells]], reader: RowReader
) -> tuple[list[TrackerRow], dict[int, Cells]]:
    """Return the rows that can come in, and {line: cells} of those that are refused."""
    taken: list[TrackerRow] = []
    refused: dict[int, Cells] = {}
    for line, cells in rows:
        row = reader.read(line, cells)
        if row is None:
            refused[line] = cells
        else:
            taken.append(row)
    return taken, refused
