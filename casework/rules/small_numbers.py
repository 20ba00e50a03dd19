"""Small numbers kept out of a table that leaves the team, so that no total gives them away.

A number from 1 to 5 could be known children, and is hidden. So is whatever else must be, before
the hidden can be worked out from what is shown: by any sum of rows, columns and totals, or because
what is hidden together comes to so little that each must be one. Nought is shown: it is nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from casework.rules.suppression import SMALL


@dataclass(frozen=True, slots=True)
class Sum:
    """That the parts of a table come to one of its numbers; each is named by its cell."""

    total: str
    parts: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """Return every cell that the sum ties together, the parts first."""
        return (*self.parts, self.total)


def hidden(
    numbers: Mapping[str, int], sums: Sequence[Sum], implied: Iterable[str] = ()
) -> frozenset[str]:
    """Return the cells that may not be shown.

    `implied` are cells that are in no table and could be worked out from one, such as how many
    were not sent back: they are protected like any other.
    """
    never = frozenset(implied)
    small = {cell for cell, number in numbers.items() if number in SMALL}
    found = small - never
    while given_away := _given_away(numbers, sums, found | never, small):
        solved = worked_out(sums, found | never)
        more = {_another(numbers, sums, found | never, cell, solved) for cell in given_away}
        if not more - found:  # nothing is left to hide: every number that is not nought is hidden
            break
        found |= more
    return frozenset(found)


def _given_away(
    numbers: Mapping[str, int], sums: Sequence[Sum], unknown: set[str], small: set[str]
) -> list[str]:
    """The small numbers that can be worked out from what is known."""
    solved = worked_out(sums, unknown)
    found = {cell for cell in small if cell in solved}
    for one in sums:
        parts = [cell for cell in one.parts if cell in unknown and numbers[cell]]
        known = one.total not in unknown or one.total in solved
        if known and sum(numbers[cell] for cell in parts) in SMALL:
            found |= {cell for cell in parts if cell in small}
    return sorted(found)


def _another(
    numbers: Mapping[str, int],
    sums: Sequence[Sum],
    unknown: set[str],
    cell: str,
    solved: frozenset[str],
) -> str:
    """The cell to hide for another's sake: the smallest part beside it, or beside what gives it
    away; a total only after those."""

    def smallest(cells: Iterable[str]) -> str | None:
        left = [other for other in cells if other not in unknown and numbers[other]]
        return min(left, key=lambda other: (numbers[other], other), default=None)

    beside = [one for one in sums if cell in one.cells]
    about = [one for one in sums if solved.intersection(one.cells)]
    return (
        smallest(part for one in beside for part in one.parts)
        or smallest(part for one in about for part in one.parts)
        or smallest(one.total for one in beside)
        or smallest(numbers)
        or cell
    )


def worked_out(sums: Sequence[Sum], unknown: Iterable[str]) -> frozenset[str]:
    """Return the unknown cells whose number follows from the sums, by elimination."""
    rows = []
    is_unknown = frozenset(unknown)
    for one in sums:
        row = {cell: Fraction(1) for cell in one.parts if cell in is_unknown}
        if one.total in is_unknown:
            row[one.total] = Fraction(-1)
        rows.append(row)
    return frozenset(cell for row in _reduced(rows) if len(row) == 1 for cell in row)


_Row = dict[str, Fraction]


def _reduced(rows: Iterable[_Row]) -> list[_Row]:
    """The rows with one cell of each in no other row (Gauss and Jordan)."""
    done: dict[str, _Row] = {}
    for row in rows:
        for pivot in [cell for cell in row if cell in done]:
            row = _less(row, done[pivot], row[pivot])
        if not row:
            continue
        pivot = next(iter(row))
        scale = row[pivot]
        row = {cell: value / scale for cell, value in row.items()}
        done = {
            key: _less(other, row, other[pivot]) if pivot in other else other
            for key, other in done.items()
        }
        done[pivot] = row
    return list(done.values())


def _less(row: _Row, other: _Row, times: Fraction) -> _Row:
    """The row less so many times the other, without what comes to nought."""
    found = dict(row)
    for cell, value in other.items():
        left = found.pop(cell, Fraction(0)) - times * value
        if left:
            found[cell] = left
    return found
