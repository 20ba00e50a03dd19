"""Finding a sheet's row of headings, and which column holds which field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from casework.tracker.cells import Cells, column_letter, is_empty, shown
from casework.tracker.fields import WORDS, field_for, heading_key
from casework.tracker.findings import Doubt, Unreadable

#: Columns that our own sheet of refused rows adds, and that say nothing of the child.
OUR_COLUMNS = ("Why this row was refused", "Row in the file it came from")

_NAMES = ("surname", "forename", "full_name")


@dataclass(frozen=True, slots=True)
class Headings:
    """A row of headings: `names` in order, as shown to people, and `columns`, {field: place}.

    A heading that stands twice, or not at all, is named with its column's letter.
    """

    line: int
    names: tuple[str, ...]
    columns: Mapping[str, int]
    doubts: tuple[Doubt, ...] = ()

    @property
    def mapping(self) -> dict[str, str]:
        """Return {field: heading}, as it is shown, corrected and remembered."""
        return {field: self.names[place] for field, place in self.columns.items()}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the headings that stand for no field."""
        used = set(self.columns.values())
        return tuple(
            name
            for place, name in enumerate(self.names)
            if place not in used and name not in OUR_COLUMNS
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the words of the fields that a tracker must have and this one has not."""
        missing = () if "request_received" in self.columns else (WORDS["request_received"],)
        named = any(field in self.columns for field in _NAMES)
        return missing if named else (*missing, "Surname or forename")

    @property
    def layout(self) -> str:
        """Return a digest of the headings in order: the same layout is the same tracker again."""
        return sha256("\n".join(map(heading_key, self.names)).encode()).hexdigest()

    def require(self) -> None:
        """Raise Unreadable where a column that a tracker must have was not found."""
        if self.missing:
            raise Unreadable(
                f"No column was found for: {', '.join(self.missing)}. "
                f"The headings on row {self.line} are: {', '.join(self.names)}. "
                "Change the heading in the sheet, or choose which column it is"
            )


def find_headings(
    rows: Iterable[tuple[int, Cells]], mapping: Mapping[str, str] | None = None
) -> Headings | None:
    """Return the headings among the first rows of a sheet: the row that names most fields.

    `rows` are (line, cells). `mapping` is {field: heading} as a person chose it: it goes before
    what the words say, and an empty heading leaves its field out. Where no row names any field
    the first row of words is taken, so that a person can still choose; None if there is none.
    """
    worded = [
        (line, cells)
        for line, cells in rows
        if sum(isinstance(cell, str) and not is_empty(cell) for cell in cells) >= 2
    ]
    found = [match_headings(line, cells, mapping) for line, cells in worded]
    return max(found, key=lambda headings: len(headings.columns), default=None)


def match_headings(line: int, cells: Cells, mapping: Mapping[str, str] | None = None) -> Headings:
    """Return one row of cells read as headings, by a person's choice and then by their words."""
    chosen = mapping or {}
    names = _names(_without_tail(cells))
    places = {name: place for place, name in reversed(tuple(enumerate(names)))}
    columns = {
        field: places[heading]
        for field, heading in chosen.items()
        if field in WORDS and heading in places
    }
    doubts = [
        Doubt(line, heading, WORDS[field], f"This sheet has no heading “{heading}”")
        for field, heading in chosen.items()
        if heading and field in WORDS and heading not in places
    ]
    left_out = {field for field, heading in chosen.items() if not heading}
    doubts += _match_by_words(line, cells, names, columns, left_out)
    return Headings(line, names, columns, tuple(doubts))


def _match_by_words(
    line: int, cells: Cells, names: Sequence[str], columns: dict[str, int], left_out: set[str]
) -> list[Doubt]:
    """Add to `columns` what the words say; return a doubt for each column that is not read."""
    doubts = []
    for place, name in enumerate(names):
        if place in columns.values() or name in OUR_COLUMNS or is_empty(cells[place]):
            continue
        field = field_for(shown(cells[place]))
        if field is None or field in left_out:
            doubts.append(Doubt(line, name, "", "This column is not read"))
        elif field in columns:
            other = names[columns[field]]
            reason = f"This column is not read: {WORDS[field].lower()} is read from “{other}”"
            doubts.append(Doubt(line, name, "", reason))
        else:
            columns[field] = place
    return doubts


def untitled(place: int) -> str:
    """Return what a column with no heading is called: "Column K"."""
    return f"Column {column_letter(place)}"


def _without_tail(cells: Cells) -> Cells:
    """Return a row's cells up to the last that holds anything."""
    width = max((place for place, cell in enumerate(cells, 1) if not is_empty(cell)), default=0)
    return cells[:width]


def _names(cells: Cells) -> tuple[str, ...]:
    """Return each column's heading as shown; one that is empty or stands again gets its letter."""
    names: dict[str, None] = {}
    for place, cell in enumerate(cells):
        name = " ".join(shown(cell).split()) or untitled(place)
        if name in names:
            name = f"{name} (column {column_letter(place)})"
        names[name] = None
    return tuple(names)
