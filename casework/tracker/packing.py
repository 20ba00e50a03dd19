"""An .xlsx file is a zip of XML: what is packed inside is checked before any of it is read."""

import re
import zlib
from io import BytesIO
from typing import Final
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from casework.tracker.findings import Unreadable

MOST_PARTS: Final = 2_000
MOST_UNPACKED: Final = 400_000_000
#: Workbooks pack to a tenth or so; only what repeats itself on purpose packs to a hundredth.
TIGHTEST: Final = 100
TIGHT_FROM: Final = 1_000_000
#: No honest row of a sheet is so long, and a reader holds one row whole.
LONGEST_ROW: Final = 4_000_000

_CHUNK: Final = 1 << 16
_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_DAMAGED: Final = "The file is damaged: open it in Excel, save it again, and try the new file"


def open_package(content: bytes) -> ZipFile:
    """Return the zip of a workbook, its parts within our limits and free of document types.

    Raises Unreadable for a damaged or protected file, a bomb, and one that defines XML entities.
    """
    try:
        package = ZipFile(BytesIO(content))
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(_DAMAGED) from error
    parts = package.infolist()
    _check_sizes(parts)
    for part in parts:
        if part.filename.endswith((".xml", ".rels", ".vml")):
            _check_prologue(package, part)
    return package


def _check_sizes(parts: list[ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("The file is protected with a password: save a copy without one")
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise Unreadable(_DAMAGED)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable("The file unpacks to far more than a tracker holds, so it was not opened")
    for part in parts:
        if part.file_size > max(TIGHT_FROM, TIGHTEST * part.compress_size):
            raise Unreadable(
                "The file is packed as a zip bomb is, so it was not opened. "
                "Copy the rows into a new workbook"
            )


class _RootReached(Exception):
    """The first element begins: whatever could declare an entity has been passed."""


def _check_prologue(package: ZipFile, part: ZipInfo) -> None:
    """Refuse a part that declares a document type: a workbook has none, an attack does (XXE)."""

    def refuse(*_: object) -> None:
        raise Unreadable("The file declares XML entities, which no workbook does: it was not read")

    def stop(*_: object) -> None:
        raise _RootReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        with package.open(part) as source:
            parser.ParseFile(source)
    except _RootReached:
        return
    except Unreadable:
        raise
    except READ_ERRORS as error:
        raise Unreadable(_DAMAGED) from error


def has_formulas(package: ZipFile, name: str) -> bool:
    """Return whether a sheet's part holds formulas. Raises Unreadable for an endless row."""
    found, since_row, tail = False, 0, b""
    with package.open(name) as source:
        while chunk := source.read(_CHUNK):
            window = tail + chunk
            found = found or _FORMULA.search(window) is not None
            since_row = 0 if _ROW.search(window) else since_row + len(chunk)
            if since_row > LONGEST_ROW:
                raise Unreadable("The sheet has a row too long to be a child's: it was not read")
            tail = window[-32:]
    return found


#: What zipfile, expat and openpyxl raise for a file that is not what it says.
READ_ERRORS: Final = (
    AttributeError,
    BadZipFile,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    expat.ExpatError,
    zlib.error,
)
