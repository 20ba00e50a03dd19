"""A whole tracker read: the one call that the command line and the page make."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from casework.tracker.cells import Cells
from casework.tracker.findings import Doubt, Refusal
from casework.tracker.headings import Headings
from casework.tracker.rows import RowReader, TrackerRow, read_rows
from casework.tracker.sheets import Sheet, open_sheet

#: Passes rows through as they are read, to show how far the reading is.
Progress = Callable[[Iterable[tuple[int, Cells]]], Iterable[tuple[int, Cells]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tracker holds: the rows that can come in, and all that was found wrong.

    `refused_cells` is {line: cells} of every refused row, as it stood in the sheet.
    """

    sheet_name: str
    headings: Headings
    rows: tuple[TrackerRow, ...]
    refused: tuple[Refusal, ...]
    doubts: tuple[Doubt, ...]
    refused_cells: Mapping[int, Cells]

    @property
    def counted(self) -> int:
        """Return how many rows the sheet has under its headings, refused ones too."""
        return len(self.rows) + len(self.refused_cells)


def read_tracker(
    content: bytes,
    filename: str,
    *,
    today: date,
    mapping: Mapping[str, str] | None = None,
    sheet_name: str | None = None,
    progress: Progress = iter,
) -> Reading:
    """Return a tracker file read on the day `today`.

    `mapping` is {field: heading} as a person corrected it or as it is remembered. Raises
    Unreadable, with the reason and what to do, where the file is no tracker or lacks a column
    that a tracker must have.
    """
    sheet = open_sheet(content, filename, mapping=mapping, sheet_name=sheet_name)
    return read_sheet(sheet, today=today, progress=progress)


def read_sheet(sheet: Sheet, *, today: date, progress: Progress = iter) -> Reading:
    """Return the rows of an opened sheet, read on the day `today`.

    Raises Unreadable where it lacks a column that a tracker must have.
    """
    sheet.headings.require()
    reader = RowReader(sheet.headings, today, sheet.epoch)
    rows, refused_cells = read_rows(progress(sheet.rows()), reader)
    return Reading(
        sheet.name,
        sheet.headings,
        tuple(rows),
        tuple(reader.refused),
        (*sheet.doubts, *reader.doubts),
        refused_cells,
    )
