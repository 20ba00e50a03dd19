"""The whole book of rules, by id."""

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from casework.rules.duties import CHAPTERS
from casework.rules.duty import Duty
from casework.rules.errors import BadRow, UnknownRule
from casework.rules.exceptions import REGULATIONS


def _bind(chapters: tuple[tuple[Duty, ...], ...]) -> Mapping[str, Duty]:
    rows = [row for chapter in chapters for row in chapter]
    book = {row.id: row for row in rows}
    if len(book) != len(rows):
        raise BadRow("Two rows of the book have the same id.")
    for row in rows:
        if unknown := [other for other in row.instead_of if other not in book]:
            raise BadRow(f"{row.id} stands in for rows that do not exist: {unknown}")
    return MappingProxyType(book)


#: Every row of the law by its id, in the order in which a case meets them.
BOOK: Mapping[str, Duty] = _bind(CHAPTERS)

#: The rules whose limit each provision lifts, by the provision's id.
LIFTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        regulation: tuple(row.id for row in BOOK.values() if row.lifted_under == regulation)
        for regulation in REGULATIONS
    }
)


def duty(rule: str) -> Duty:
    """Return the row with this id. Raises UnknownRule with the nearest ids to write instead."""
    try:
        return BOOK[rule]
    except (KeyError, TypeError):
        raise UnknownRule(_no_such_rule(rule)) from None


def search(words: str) -> tuple[Duty, ...]:
    """Return the rows that hold every one of these words, in the book's order; all for none."""
    wanted = words.casefold().split()
    return tuple(row for row in BOOK.values() if all(word in _said_by(row) for word in wanted))


def _said_by(row: Duty) -> str:
    parts = (
        row.id,
        row.label,
        row.chapter,
        row.duty,
        row.owed_by,
        row.kind,
        row.law,
        row.declared_in,
        row.note,
    )
    return " ".join((*parts, *row.starts, *row.discharged_by, *row.lifted_by)).casefold()


def _no_such_rule(rule: object) -> str:
    near = get_close_matches(str(rule), BOOK, n=3)
    instead = f"write {' or '.join(near)}" if near else "write an id that `casework law` shows"
    return f"There is no rule {str(rule)[:60]!r}: {instead}."
