"""Excel workbooks: every visible sheet's rows, as values, read as they stream past.

Hidden sheets are not read; hidden rows and columns are, for a filter hides children. A merged
cell's value is its first cell's. A formula is its last result. Nothing in the file is run.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import zip_longest
from typing import Any, Final
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook

from casework.tracker.cells import Cell, Cells, UnworkedFormula
from casework.tracker.dates import EPOCH_1900, EPOCH_1904
from casework.tracker.findings import Unreadable
from casework.tracker.packing import READ_ERRORS, has_formulas, open_package

MOST_COLUMNS: Final = 256
_MOST_ROWS: Final = 1_048_576  # Excel's own
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS: Final = "In Excel choose File, Save as, Excel Workbook (.xlsx), and try that copy"

warnings.filterwarnings("ignore", module=r"openpyxl\.")  # of styles it leaves out: we read values


@dataclass(frozen=True, slots=True)
class SheetSource:
    """One visible sheet: its name, and a way to stream its rows from the first."""

    workbook: "WorkbookSource"
    name: str

    def rows(self, width: int = MOST_COLUMNS) -> Iterator[tuple[int, Cells]]:
        """Yield (line, cells) for each row, empty ones too, no wider than `width`.

        Raises Unreadable where the sheet turns out to be damaged.
        """
        return self.workbook.rows(self.name, width)


class WorkbookSource:
    """An open .xlsx file."""

    def __init__(self, content: bytes) -> None:
        """Open the workbook in `content`. Raises Unreadable, by name, for what is none."""
        _refuse_other_formats(content)
        self._content = content
        self._package = open_package(content)
        _refuse_other_packages(self._package)
        self._values = _load(content, data_only=True)
        self._formulas: Workbook | None = None

    @property
    def epoch(self) -> date:
        """Return the day from which this workbook counts its serial numbers."""
        return EPOCH_1904 if self._values.epoch == CALENDAR_MAC_1904 else EPOCH_1900

    def sheets(self) -> list[SheetSource]:
        """Return the visible sheets in their order. Charts have no rows and are left out."""
        return [
            SheetSource(self, sheet.title)
            for sheet in self._values.worksheets
            if sheet.sheet_state == "visible"
        ]

    def rows(self, name: str, width: int) -> Iterator[tuple[int, Cells]]:
        """Yield (line, cells) of the named sheet. Raises Unreadable where it is damaged."""
        try:
            part = _part_of(self._values, name)
            if not has_formulas(self._package, part):
                yield from enumerate(_stream(self._values, name, width), 1)
                return
            self._formulas = self._formulas or _load(self._content, data_only=False)
            both = zip_longest(
                _stream(self._values, name, width), _stream(self._formulas, name, width)
            )
            for line, (values, formulas) in enumerate(both, 1):
                yield line, tuple(map(_worked, values, formulas))
        except Unreadable:
            raise
        except READ_ERRORS as error:
            raise Unreadable(
                f"The sheet “{name}” is damaged: open the file in Excel and save it again"
            ) from error


def _load(content: bytes, *, data_only: bool) -> Workbook:
    try:
        return load_workbook(
            BytesIO(content), read_only=True, data_only=data_only, keep_links=False
        )
    except READ_ERRORS as error:
        raise Unreadable(f"The file is not a workbook that can be read. {_SAVE_AS}") from error


def _sheet(workbook: Workbook, name: str) -> Any:
    """Return a sheet as it is read. Its published types are those of a sheet being written."""
    return workbook[name]


def _part_of(workbook: Workbook, name: str) -> str:
    """Return the name of the part that holds a sheet, which nothing public says."""
    return str(vars(_sheet(workbook, name))["_worksheet_path"])


def _stream(workbook: Workbook, name: str, width: int) -> Iterator[tuple[Cell, ...]]:
    # Both limits are ours: what a file says of its own size may be wrong, or endless.
    yield from _sheet(workbook, name).iter_rows(max_row=_MOST_ROWS, max_col=width, values_only=True)


def _worked(value: Cell, formula: object) -> Cell:
    """Return a cell's value, or the formula itself where its result was never saved."""
    return UnworkedFormula(str(formula)) if value is None and formula is not None else value


def _refuse_other_formats(content: bytes) -> None:
    """Raise Unreadable for a file that is not a zip, saying what it is where that is known."""
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable("The workbook is protected with a password: save a copy without one")
        raise Unreadable(f"The workbook is in the old .xls format. {_SAVE_AS}")
    if not content.startswith(b"PK"):
        raise Unreadable(
            "The file is not an Excel workbook, although its name ends in .xlsx. "
            "Choose the tracker itself"
        )


def _refuse_other_packages(package: ZipFile) -> None:
    names = set(package.namelist())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable(f"The workbook holds macros, which are not accepted. {_SAVE_AS}")
    if "xl/workbook.bin" in names:
        raise Unreadable(f"The workbook is in the binary .xlsb format. {_SAVE_AS}")
    if "content.xml" in names:
        raise Unreadable(f"The file is an OpenDocument file. {_SAVE_AS}")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise Unreadable(
            "The file is not an Excel workbook, although its name ends in .xlsx. "
            "Choose the tracker itself"
        )
