"""What a cell of a sheet may hold, and how it reads as text."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

#: What openpyxl and csv give for a cell; None is an empty one.
Cell: TypeAlias = str | int | float | bool | datetime | date | time | timedelta | None
Cells: TypeAlias = Sequence[Cell]

#: Excel's own limit for one cell.
LONGEST_CELL: Final = 32_767

_BLANKS: Final = " \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff"


class BadCell(ValueError):
    """A cell for which its row is refused; `str(error)` says what to write instead."""


class UnworkedFormula(str):
    """A formula saved without its result, as programs other than Excel do."""

    __slots__ = ()


def is_empty(cell: Cell) -> bool:
    """Return whether a cell holds nothing that a person can see."""
    return cell is None or (isinstance(cell, str) and not cell.strip(_BLANKS))


def shown(cell: Cell) -> str:
    """Return a cell as a person reads it: days as 03/04/2025, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%d/%m/") + f"{cell.year:04}"
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def column_letter(index: int) -> str:
    """Return the letters of the column at `index`, counted from nought: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, place = divmod(index - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
