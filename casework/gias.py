"""The national register of schools, Get Information About Schools, read from its CSV file.

It needs no database. The columns are found by the register's own headings, in any order; one that
the file has not got is not said of any row. Source of the headings and their words: the service's
own download of establishment fields.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

from casework import identifiers, names
from casework.codes import SettingType
from casework.identifiers import NotValid
from casework.tracker.findings import Unreadable
from casework.tracker.separated import decode

_URN, _NAME, _TYPE = "URN", "EstablishmentName", "TypeOfEstablishment (name)"
_PHASE, _STATUS, _UKPRN = "PhaseOfEducation (name)", "EstablishmentStatus (name)", "UKPRN"
_SECTION_41, _PROVISION = "Section41Approved (name)", "TypeOfResourcedProvision (name)"
_LA_CODE, _LA_NAME, _POSTCODE = "LA (code)", "LA (name)", "Postcode"
_ADDRESS = ("Street", "Locality", "Address3", "Town", "County (name)")
_NEEDED = (_URN, _NAME, _TYPE)
#: Headings by other spellings that downloads have.
_ALSO: Final = {"establishmentstatus": _STATUS.casefold()}

#: By phase, for the types that say nothing of the age of their pupils.
_BY_PHASE: Final = {
    "nursery": SettingType.NURSERY_SCHOOL,
    "primary": SettingType.PRIMARY,
    "middle deemed primary": SettingType.PRIMARY,
    "secondary": SettingType.SECONDARY,
    "middle deemed secondary": SettingType.SECONDARY,
    "all-through": SettingType.ALL_THROUGH,
    "16 plus": SettingType.FURTHER_EDUCATION,
    "not applicable": SettingType.OTHER,
    "": SettingType.OTHER,
}
_MAINSTREAM: Final = frozenset(
    {
        *("community school", "voluntary aided school", "voluntary controlled school"),
        *("foundation school", "city technology college", "academy sponsor led"),
        *("academy converter", "free schools", "university technical college", "studio schools"),
    }
)
_BY_TYPE: Final = {
    "local authority nursery school": SettingType.NURSERY_SCHOOL,
    "community special school": SettingType.SPECIAL,
    "foundation special school": SettingType.SPECIAL,
    "academy special sponsor led": SettingType.SPECIAL,
    "academy special converter": SettingType.SPECIAL,
    "free schools special": SettingType.SPECIAL,
    "non-maintained special school": SettingType.NON_MAINTAINED_SPECIAL,
    "other independent special school": SettingType.INDEPENDENT,
    "other independent school": SettingType.INDEPENDENT,
    "pupil referral unit": SettingType.ALTERNATIVE_PROVISION,
    "free schools alternative provision": SettingType.ALTERNATIVE_PROVISION,
    "academy alternative provision converter": SettingType.ALTERNATIVE_PROVISION,
    "academy alternative provision sponsor led": SettingType.ALTERNATIVE_PROVISION,
    "further education": SettingType.FURTHER_EDUCATION,
    "sixth form centres": SettingType.FURTHER_EDUCATION,
    "free schools 16 to 19": SettingType.FURTHER_EDUCATION,
    "academy 16-19 converter": SettingType.FURTHER_EDUCATION,
    "academy 16 to 19 sponsor led": SettingType.FURTHER_EDUCATION,
    "special post 16 institution": SettingType.SPECIAL_POST_16,
    "academy secure 16 to 19": SettingType.OTHER,
    "british schools overseas": SettingType.OTHER,
    "children's centre": SettingType.OTHER,
    "children's centre linked site": SettingType.OTHER,
    "higher education institutions": SettingType.OTHER,
    "institution funded by other government department": SettingType.OTHER,
    "miscellaneous": SettingType.OTHER,
    "offshore schools": SettingType.OTHER,
    "online provider": SettingType.OTHER,
    "secure units": SettingType.OTHER,
    "service children's education": SettingType.OTHER,
    "welsh establishment": SettingType.OTHER,
}
_OPEN: Final = {"open": True, "open, but proposed to close": True, "proposed to open": True}
_STATUSES: Final = _OPEN | {"closed": False}
_UNITS: Final = ("sen unit", "resourced provision and sen unit")
_RESOURCED: Final = ("resourced provision", "resourced provision and sen unit")


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be taken as it is: where, what it holds and why."""

    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        """Return it as a line of a report."""
        return f"Line {self.line}, {self.column}, “{self.value[:60]}”: {self.reason}"


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One school as the register has it: columns of Setting, those that the file tells of."""

    line: int
    urn: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Register:
    """What a file holds: its rows by URN, what could not be read, the types that nobody knows."""

    rows: Mapping[str, RegisterRow]
    #: Rows that are refused.
    refused: tuple[Fault, ...]
    #: Cells that are left out of a row that is taken.
    left_out: tuple[Fault, ...]
    #: How many rows have each type that is not in the table; their kind is left open.
    unknown_types: Mapping[str, int]


class _Refused(Exception):
    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value = column, value


def read(content: bytes) -> Register:
    """Return what a file of the register holds. A row that cannot be read is a fault, by line.

    The file is UTF-8 or Windows-1252. Raises Unreadable where it is no CSV file or lacks a column
    without which nothing can be told apart.
    """
    text, _ = decode(content)
    reader = csv.reader(StringIO(text, newline=""))
    headings = _headings(next(reader, []))
    rows: dict[str, RegisterRow] = {}
    refused: list[Fault] = []
    left_out: list[Fault] = []
    unknown: Counter[str] = Counter()
    for line, held in _lines(reader):
        cells = _Cells(headings, held)
        try:
            row = _row(line, cells, rows)
        except _Refused as fault:
            refused.append(Fault(line, fault.column, fault.value, str(fault)))
            continue
        rows[row.urn] = row
        left_out += [Fault(line, one.column, one.value, str(one)) for one in cells.left_out]
        if row.said["kind"] is None:
            unknown[cells.text(_TYPE)] += 1
    return Register(rows, tuple(refused), tuple(left_out), unknown)


class _Cells:
    """The cells of one row, by the heading of their column."""

    def __init__(self, headings: Mapping[str, int], cells: list[str]) -> None:
        self._headings, self._cells = headings, cells
        self.left_out: list[_Refused] = []

    @property
    def beyond(self) -> str:
        """Return what stands past the last heading; nothing where a row is as it should be."""
        return "".join(self._cells[max(self._headings.values()) + 1 :]).strip()

    def has(self, heading: str) -> bool:
        return heading.casefold() in self._headings

    def text(self, heading: str) -> str:
        place = self._headings.get(heading.casefold())
        held = self._cells[place] if place is not None and place < len(self._cells) else ""
        return names.without_hidden(held)

    def read(self, heading: str, reader: Callable[[str], Any]) -> Any:
        """Return the cell as `reader` gives it, None for an empty one. Raises _Refused."""
        held = self.text(heading)
        if not held:
            return None
        try:
            return reader(held)
        except NotValid as error:
            raise _Refused(heading, held, str(error)) from error

    def read_if_right(self, heading: str, reader: Callable[[str], Any]) -> Any:
        """Return the cell as `reader` gives it; None, and a note of it, where it is wrong."""
        try:
            return self.read(heading, reader)
        except _Refused as fault:
            self.left_out.append(fault)
            return None

    def short(self, heading: str, longest: int) -> str | None:
        """Return the cell's words, None for an empty one. Raises _Refused where it is longer."""
        held = self.text(heading)
        if len(held) > longest:
            raise _Refused(heading, held, f"longer than {longest} characters")
        return held or None


def _headings(cells: list[str]) -> dict[str, int]:
    found = {cell.strip().casefold(): place for place, cell in enumerate(cells)}
    for other, known in _ALSO.items():
        if other in found:
            found.setdefault(known, found[other])
    missing = [heading for heading in _NEEDED if heading.casefold() not in found]
    if missing:
        raise Unreadable(
            f"The file has no column {', '.join(missing)}. Download “establishment fields” as CSV "
            "from Get Information About Schools, and bring it as it is"
        )
    return found


def _lines(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Each row that holds anything, with the line on which it begins."""
    begins = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _row(line: int, cells: _Cells, before: Mapping[str, RegisterRow]) -> RegisterRow:
    """Return the row. Raises _Refused."""
    if cells.beyond:
        raise _Refused("The row", cells.beyond, "more cells than there are headings")
    urn = cells.read(_URN, identifiers.urn)
    if urn is None:
        raise _Refused(_URN, "", "a row needs its URN")
    if urn in before:
        raise _Refused(_URN, urn, f"line {before[urn].line} has this URN already")
    name = cells.short(_NAME, 200)
    if name is None:
        raise _Refused(_NAME, "", "a row needs the setting’s name")
    return RegisterRow(line, urn, {"name": name, "kind": _kind(cells)} | _besides(cells))


def _besides(cells: _Cells) -> dict[str, Any]:
    """What the row says apart from name and kind, by column of Setting. Raises _Refused."""
    said: dict[str, Any] = {}
    if cells.has(_UKPRN):
        said["ukprn"] = cells.read_if_right(_UKPRN, identifiers.ukprn)
    if any(cells.has(heading) for heading in _ADDRESS):
        lines = [cells.short(heading, 200) for heading in _ADDRESS]
        said["address"] = "\n".join(dict.fromkeys(one for one in lines if one))
    if cells.has(_POSTCODE):
        said["postcode"] = cells.read_if_right(_POSTCODE, identifiers.postcode)
    for heading, column, longest in ((_LA_CODE, "la_code", 3), (_LA_NAME, "la_name", 100)):
        if cells.has(heading):
            said[column] = cells.short(heading, longest)
    if cells.has(_SECTION_41):
        said["is_section_41"] = _folded(cells, _SECTION_41) == "approved"
    if cells.has(_PROVISION):
        said["has_unit"] = _folded(cells, _PROVISION) in _UNITS
        said["has_resourced"] = _folded(cells, _PROVISION) in _RESOURCED
    if cells.has(_STATUS):
        said["is_open"] = _is_open(cells)
    return said


def _kind(cells: _Cells) -> str | None:
    words = _folded(cells, _TYPE)
    is_mainstream = words in _MAINSTREAM
    found = _BY_PHASE.get(_folded(cells, _PHASE)) if is_mainstream else _BY_TYPE.get(words)
    if found is None:
        return None
    if found is SettingType.INDEPENDENT and _folded(cells, _SECTION_41) == "approved":
        return SettingType.SECTION_41.value
    return found.value


def _is_open(cells: _Cells) -> bool:
    words = _folded(cells, _STATUS)
    if words not in _STATUSES:
        raise _Refused(_STATUS, cells.text(_STATUS), f"not one of: {', '.join(_STATUSES)}")
    return _STATUSES[words]


def _folded(cells: _Cells, heading: str) -> str:
    return cells.text(heading).casefold().replace("’", "'")
