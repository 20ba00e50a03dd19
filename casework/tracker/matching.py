"""Is this the child, and the case, that we hold already? Pure: everything known comes in.

A number that no two children share says it is the same child, where the forename agrees: twins
are told apart by that, and two children are never made one unseen. Without a number, every name
and the birthday must agree, folded as people are searched for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from casework.names import search_key
from casework.tracker.rows import TrackerRow


@dataclass(slots=True, kw_only=True, eq=False)
class Child:
    """A child already held, or one that this import makes (`id` is then None until it is kept)."""

    id: int | None
    surname: str
    forenames: tuple[str, ...]
    date_of_birth: date | None
    upn: str | None = None
    nhs_number: str | None = None
    #: (reference in a tracker, day it started) of each case held; a corrected day is there twice.
    held: list[tuple[str | None, date]] = field(default_factory=list)
    #: The same of each case that this import makes.
    made: list[tuple[str | None, date]] = field(default_factory=list)

    def started_on(self, day: date) -> bool:
        """Return whether a case of this child started on the day."""
        return any(day == start for _, start in (*self.held, *self.made))

    def holds(self, reference: str) -> bool:
        """Return whether a case of this child was held under this reference before this import.

        Two rows of one sheet may share a reference, where it is the child's and not the case's.
        """
        return bool(reference) and any(reference == held for held, _ in self.held)


@dataclass(frozen=True, slots=True)
class Matched:
    """The child that a row is about, None for one not held; and a number that someone else has."""

    child: Child | None
    number_of_another: str | None = None


class Children:
    """The children held, by everything that a row can be recognised by."""

    def __init__(self, held: Iterable[Child] = ()) -> None:
        """Take in the children already held."""
        self._by_number: dict[str, list[Child]] = defaultdict(list)
        self._by_name: dict[tuple[str, str], list[Child]] = defaultdict(list)
        self._by_case: dict[tuple[str, date], list[Child]] = defaultdict(list)
        for child in held:
            self.add(child)

    def add(self, child: Child) -> None:
        """Take in one more child, with the cases that it has so far."""
        for number in (child.upn, child.nhs_number):
            if number:
                self._by_number[number].append(child)
        for forename in child.forenames:
            self._by_name[_folded(child.surname), _folded(forename)].append(child)
        for reference, started_on in child.held:
            if reference:
                self._by_case[reference, started_on].append(child)

    def add_case(self, child: Child, reference: str, started_on: date) -> None:
        """Take in one more case of a child."""
        child.made.append((reference or None, started_on))
        if reference:
            self._by_case[reference, started_on].append(child)

    def find(self, row: TrackerRow) -> Matched:
        """Return the child that a row is about."""
        number_of_another = None
        for number in filter(None, (row.upn, row.nhs_number)):
            for child in self._by_number.get(number, ()):
                if _agrees(child, row):
                    return Matched(child)
                number_of_another = number
        named = next(self._named(row), None) or next(self._by_its_case(row), None)
        return Matched(named, None if named else number_of_another)

    def _named(self, row: TrackerRow) -> Iterator[Child]:
        """Yield the children of these names and this birthday, whose numbers do not differ.

        With no birthday on either side a name proves nothing, unless the case is the same too.
        """
        for child in self._by_name.get((_folded(row.surname), _folded(row.forename)), ()):
            same_birthday = child.date_of_birth == row.date_of_birth
            same_case = child.started_on(row.request_received) or child.holds(row.reference)
            known = row.date_of_birth or same_case
            if same_birthday and known and not _numbers_differ(child, row):
                yield child

    def _by_its_case(self, row: TrackerRow) -> Iterator[Child]:
        """Yield the child of the same reference and start: a name has since been put right."""
        for child in self._by_case.get((row.reference, row.request_received), ()):
            if _shares(child, row) >= 2:
                yield child


def _agrees(child: Child, row: TrackerRow) -> bool:
    """Return whether a child with the same number may be this one: the forename must agree."""
    births = child.date_of_birth, row.date_of_birth
    same_surname = _folded(child.surname) == _folded(row.surname)
    return _same_forename(child, row) and (same_surname or births[0] == births[1] or None in births)


def _shares(child: Child, row: TrackerRow) -> int:
    """Return how many of surname, forename and birthday are the same."""
    same_surname = _folded(child.surname) == _folded(row.surname)
    return same_surname + _same_forename(child, row) + (child.date_of_birth == row.date_of_birth)


def _same_forename(child: Child, row: TrackerRow) -> bool:
    return _folded(row.forename) in map(_folded, child.forenames)


def _numbers_differ(child: Child, row: TrackerRow) -> bool:
    # A UPN that fails its check is a slip of the keyboard sooner than another child.
    upn = row.upn if row.upn_verified else ""
    pairs = ((child.upn, upn), (child.nhs_number, row.nhs_number))
    return any(held and given and held != given for held, given in pairs)


@lru_cache(maxsize=65_536)
def _folded(name: str) -> str:
    return search_key(name).replace(" ", "")
