"""A tracker file opened: the sheet that holds the tracker, its headings, its rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import PurePath
from typing import Final, Protocol

from casework.tracker.cells import Cells, is_empty
from casework.tracker.dates import EPOCH_1900
from casework.tracker.findings import Doubt, Unreadable
from casework.tracker.headings import Headings, find_headings
from casework.tracker.separated import decode, records
from casework.tracker.workbooks import WorkbookSource

LARGEST_FILE: Final = 20_000_000
MOST_ROWS: Final = 100_000
_HEADINGS_WITHIN: Final = 30
#: Columns looked at past the last heading, to say that they are not read.
_BEYOND: Final = 10
_TEXT: Final = (".csv", ".tsv", ".txt")


class Source(Protocol):
    """A sheet whose rows can be streamed."""

    @property
    def name(self) -> str:
        """Return the sheet's name."""

    def rows(self, width: int = ...) -> Iterator[tuple[int, Cells]]:
        """Yield (line, cells) from the first row."""


@dataclass(frozen=True, slots=True)
class _TextSource:
    name: str
    text: str

    def rows(self, width: int = 0) -> Iterator[tuple[int, Cells]]:
        """Yield (line, cells) of each record; text has no width to be held to."""
        del width
        return records(self.text)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a file that holds the tracker.

    `doubts` are of the file as a whole: its encoding, other sheets, columns that are not read.
    """

    source: Source
    headings: Headings
    epoch: date = EPOCH_1900
    doubts: tuple[Doubt, ...] = field(default=())

    @property
    def name(self) -> str:
        """Return the sheet's name; a text file's is its file name."""
        return self.source.name

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield (line, cells) for each row under the headings that holds anything.

        `line` is the sheet's own row number. Raises Unreadable past a hundred thousand rows.
        """
        count = 0
        for line, cells in self.source.rows(len(self.headings.names) + _BEYOND):
            if line <= self.headings.line or all(map(is_empty, cells)):
                continue
            count += 1
            if count > MOST_ROWS:
                raise Unreadable(f"The sheet has more than {MOST_ROWS:,} rows: divide it in two")
            yield line, cells


def open_sheet(
    content: bytes,
    filename: str,
    *,
    mapping: Mapping[str, str] | None = None,
    sheet_name: str | None = None,
) -> Sheet:
    """Return the sheet of a file that holds the tracker: the visible one whose headings name most
    fields, or the one named.

    `filename` says by its ending what the file should be. `mapping` is {field: heading} as a
    person chose it. Raises Unreadable, with the reason and what to do, for anything that is not
    a tracker; a sheet whose headings lack a field is returned, for a person to choose.
    """
    sources, epoch, doubts = _sources(content, filename)
    if sheet_name is not None:
        sources = [source for source in sources if source.name == sheet_name]
    found = [
        (source, headings)
        for source in sources
        if (headings := find_headings(islice(source.rows(), _HEADINGS_WITHIN), mapping))
    ]
    if not found:
        raise Unreadable(
            f"No row of headings was found in the first {_HEADINGS_WITHIN} rows of a visible sheet"
        )
    source, headings = max(found, key=_likeness)
    doubts += _other_trackers(source, found)
    return Sheet(source, headings, epoch, (*doubts, *headings.doubts))


def _likeness(found: tuple[Source, Headings]) -> tuple[bool, int]:
    return not found[1].missing, len(found[1].columns)


def _other_trackers(source: Source, found: list[tuple[Source, Headings]]) -> tuple[Doubt, ...]:
    """Return a doubt for each other sheet that could be a tracker too: one a year, perhaps."""
    return tuple(
        Doubt(other_headings.line, "The whole sheet", other.name,
              f"This sheet looks like a tracker too and is not read: “{source.name}” is. "
              "Bring it in from a file of its own")
        for other, other_headings in found
        if other is not source and not other_headings.missing
    )  # fmt: skip


def _sources(content: bytes, filename: str) -> tuple[list[Source], date, tuple[Doubt, ...]]:
    """Return a file's visible sheets, the day it counts from, and doubts of the whole."""
    ending = PurePath(filename).suffix.lower()
    if len(content) > LARGEST_FILE:
        raise Unreadable(f"The file is larger than {LARGEST_FILE // 1_000_000} MB: divide it")
    if not content:
        raise Unreadable("The file is empty: choose the tracker itself")
    if ending in _TEXT:
        text, doubts = decode(content)
        return [_TextSource(PurePath(filename).name, text)], EPOCH_1900, doubts
    if ending in (".xlsx", ".xlsm"):
        workbook = WorkbookSource(content)
        return [*workbook.sheets()], workbook.epoch, ()
    raise Unreadable("Choose a file whose name ends in .xlsx or .csv")
