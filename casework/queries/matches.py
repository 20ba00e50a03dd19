"""The same child: who is held already and may be the one about to be added, and why we think so."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from casework.extensions import db
from casework.models import Case, Person, PersonNameKey
from casework.models.base import LONGEST_KEY
from casework.names import search_key, search_keys

#: The numbers that no two children share, and their names.
NUMBERS = {"upn": "UPN", "nhs_number": "NHS number", "uln": "ULN"}


@dataclass(frozen=True, slots=True)
class Match:
    """A child already held who may be the one about to be added, and why."""

    person: Person
    because: str
    #: A number that no two children share is the same, or every name and the birthday are.
    is_certain: bool
    #: Their cases, newest first.
    cases: tuple[Case, ...]

    @property
    def open_cases(self) -> list[Case]:
        """Return the cases in which something may still happen, newest first."""
        return [case for case in self.cases if case.ended_on is None]


@dataclass(frozen=True, slots=True)
class Differences:
    """How what was typed of a child differs from what is held, by column of Person."""

    #: What the record lacks: {column: typed}.
    adds: dict[str, Any]
    #: What the record says otherwise: {column: (held, typed)}.
    contradicts: dict[str, tuple[Any, Any]]


def differences(held: Person, typed: Mapping[str, Any]) -> Differences:
    """Return what was typed that the record lacks or says otherwise. What was left empty is no
    statement, and a reason for having no number is none where there is a number.
    """
    adds: dict[str, Any] = {}
    contradicts: dict[str, tuple[Any, Any]] = {}
    for column, value in typed.items():
        now = getattr(held, column)
        if value in (None, "", False) and not (value is False and now is True):
            continue
        if column == "upn_unknown" and (held.upn or held.uln):
            continue
        if now in (None, "") or (value is True and now is False):
            adds[column] = value
        elif now != value and not (value is False and column.startswith("has_")):
            contradicts[column] = (now, value)
    if held.upn_unknown and {"upn", "uln"} & adds.keys():
        adds["upn_unknown"] = None
    return Differences(adds, contradicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is known of the child about to be added."""

    surname: str
    forenames: str
    date_of_birth: date | None
    known_as: str | None = None
    upn: str | None = None
    nhs_number: str | None = None
    uln: str | None = None


class _Birthday(Enum):
    SAME = auto()
    #: One of the two is not known.
    UNKNOWN = auto()
    #: Day and month the other way round, or one of day, month and year differs.
    NEAR = auto()
    OTHER = auto()


def matches(
    *,
    surname: str,
    forenames: str,
    date_of_birth: date | None,
    known_as: str | None = None,
    upn: str | None = None,
    nhs_number: str | None = None,
    uln: str | None = None,
) -> list[Match]:
    """Return the children already held who may be this one, the likeliest first.

    Certain: the same UPN, NHS number or ULN; the same names, in whatever order, and birthday.
    Likely: names in common with the same birthday, a missing one or one a slip away; a birthday
    and one name in common, which finds a changed surname, and twins, whom the reason tells apart.
    """
    sought = Sought(
        surname=surname,
        forenames=forenames,
        date_of_birth=date_of_birth,
        known_as=known_as,
        upn=upn,
        nhs_number=nhs_number,
        uln=uln,
    )
    held = db.session.scalars(select(Person).where(or_(*_ways(sought))).order_by(Person.id)).all()
    found = [(person, reason) for person in held if (reason := _because(person, sought))]
    cases = _cases_of(person.id for person, _ in found)
    likeliest_first = sorted(found, key=lambda pair: not pair[1][1])
    return [Match(p, why, certain, tuple(cases[p.id])) for p, (why, certain) in likeliest_first]


def _ways(sought: Sought) -> Sequence[ColumnElement[bool]]:
    """The ways to be a candidate, each by an index."""
    ways: list[ColumnElement[bool]] = [
        getattr(Person, number) == typed for number in NUMBERS if (typed := getattr(sought, number))
    ]
    if sought.date_of_birth:
        ways.append(Person.date_of_birth == sought.date_of_birth)
    surnames = _names(sought.surname)
    forenames = _names(sought.forenames) | _names(sought.known_as)
    named = Person.id.in_(_keyed(surnames))
    ways.append(named & Person.id.in_(_keyed(forenames)) if forenames else named)
    return ways


def _keyed(names: Iterable[str]) -> ColumnElement[int]:
    keys = sorted({name[:LONGEST_KEY] for name in names})
    return select(PersonNameKey.person_id).where(PersonNameKey.key.in_(keys)).scalar_subquery()


def _because(person: Person, sought: Sought) -> tuple[str, bool] | None:
    """Return why the held person may be the one sought and whether it is certain, or None."""
    for number, words in NUMBERS.items():
        if getattr(sought, number) and getattr(person, number) == getattr(sought, number):
            return f"The same {words}", True
    birthday = _birthday(person.date_of_birth, sought.date_of_birth)
    if _whole_names(person) & _whole_names(sought):
        return _same_name(birthday)
    surname = bool(_names(person.surname) & _names(sought.surname))
    forename = bool(_forenames(person) & _forenames(sought))
    if surname and forename:
        return _alike(birthday)
    if birthday is _Birthday.SAME and surname:
        return "The same surname and date of birth: perhaps a twin", False
    if birthday is _Birthday.SAME and forename:
        return "The same forename and date of birth: perhaps a changed surname", False
    return None


def _same_name(birthday: _Birthday) -> tuple[str, bool] | None:
    if birthday is _Birthday.SAME:
        return "The same name and date of birth", True
    if birthday is _Birthday.UNKNOWN:
        return "The same name, and a date of birth is missing", False
    if birthday is _Birthday.NEAR:
        return "The same name, and nearly the same date of birth: perhaps a slip", False
    return None


def _alike(birthday: _Birthday) -> tuple[str, bool] | None:
    """For a middle name left out, a double-barrelled surname given in part."""
    if birthday is _Birthday.SAME:
        return "Much the same name, and the same date of birth", False
    if birthday is _Birthday.UNKNOWN:
        return "Much the same name, and a date of birth is missing", False
    return None


def _birthday(held: date | None, typed: date | None) -> _Birthday:
    if held is None or typed is None:
        return _Birthday.UNKNOWN
    if held == typed:
        return _Birthday.SAME
    agreeing = (held.day == typed.day) + (held.month == typed.month) + (held.year == typed.year)
    turned = (held.year, held.month, held.day) == (typed.year, typed.day, typed.month)
    return _Birthday.NEAR if turned or agreeing == 2 else _Birthday.OTHER


def _whole_names(person: Person | Sought) -> set[frozenset[str]]:
    """The person's names as sets of words, so that it does not matter which box held which."""
    firsts = [name for name in (person.forenames, person.known_as) if name] or [""]
    return {frozenset(search_key(f"{first} {person.surname}").split()) for first in firsts}


def _forenames(person: Person | Sought) -> set[str]:
    return _names(person.forenames) | _names(person.known_as)


def _names(name: str | None) -> set[str]:
    """The keys of a name's words and of the whole: a double-barrelled name shares one with each."""
    return set(search_keys(name)) if name else set()


def _cases_of(person_ids: Iterable[int]) -> dict[int, list[Case]]:
    found: dict[int, list[Case]] = defaultdict(list)
    statement = (
        select(Case).where(Case.person_id.in_(list(person_ids))).order_by(Case.started_on.desc())
    )
    for case in db.session.scalars(statement):
        found[case.person_id].append(case)
    return found
