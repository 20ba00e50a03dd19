"""Children and settings, looked up: the same child, the same place."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from casework.extensions import db
from casework.models import Case, Person, PersonNameKey, Setting
from casework.names import search_key


@dataclass(frozen=True, slots=True)
class Match:
    """A child already held who may be the one about to be added, and why."""

    person: Person
    because: str
    #: A number that no two children share is the same, or every name and the birthday are.
    is_certain: bool
    #: Their cases, newest first.
    cases: tuple[Case, ...]


def matches(
    *,
    surname: str,
    forenames: str,
    date_of_birth: date | None,
    upn: str | None = None,
    nhs_number: str | None = None,
) -> list[Match]:
    """Return the children already held who may be this one, the likeliest first.

    Certain: the same UPN or NHS number; the same names and birthday. Likely: a birthday and one
    name in common, which finds a changed surname, and twins, whom the reason tells apart.
    """
    found = []
    for person in _candidates(surname, date_of_birth, upn, nhs_number):
        because, certain = _because(person, surname, forenames, date_of_birth, upn, nhs_number)
        if because:
            found.append((person, because, certain))
    cases = _cases_of(person.id for person, _, _ in found)
    ranked = sorted(found, key=lambda m: not m[2])
    return [Match(p, because, certain, tuple(cases[p.id])) for p, because, certain in ranked]


def setting_by_name(name: str) -> Setting | None:
    """Return the setting whose name folds to the same words, or None."""
    return db.session.scalars(
        select(Setting).where(Setting.name_key == search_key(name)).order_by(Setting.id)
    ).first()


def all_settings() -> Sequence[Setting]:
    """Return every setting, by name."""
    return db.session.scalars(select(Setting).order_by(Setting.name_key)).all()


def _candidates(
    surname: str,
    date_of_birth: date | None,
    upn: str | None,
    nhs_number: str | None,
) -> Iterable[Person]:
    ways = [Person.upn == upn] if upn else []
    ways += [Person.nhs_number == nhs_number] if nhs_number else []
    ways += [Person.date_of_birth == date_of_birth] if date_of_birth else []
    if date_of_birth is None:
        same_name = select(PersonNameKey.person_id).where(PersonNameKey.key == _folded(surname))
        ways.append(Person.id.in_(same_name))
    return db.session.scalars(select(Person).where(or_(*ways)).order_by(Person.id)).all()


def _because(
    person: Person,
    surname: str,
    forenames: str,
    date_of_birth: date | None,
    upn: str | None,
    nhs_number: str | None,
) -> tuple[str | None, bool]:
    if upn and person.upn == upn:
        return "The same UPN", True
    if nhs_number and person.nhs_number == nhs_number:
        return "The same NHS number", True
    born_together = date_of_birth is not None and person.date_of_birth == date_of_birth
    same_surname = _folded(person.surname) == _folded(surname)
    first_names = {_folded(person.forenames), _folded(person.known_as or "")} - {""}
    same_forename = _folded(forenames) in first_names
    if same_surname and same_forename:
        if born_together:
            return "The same name and date of birth", True
        unknown = date_of_birth is None or person.date_of_birth is None
        return ("The same name, and a date of birth is missing" if unknown else None), False
    if born_together and same_surname:
        return "The same surname and date of birth: perhaps a twin", False
    if born_together and same_forename:
        return "The same forename and date of birth: perhaps a changed surname", False
    return None, False


def _folded(name: str) -> str:
    return search_key(name).replace(" ", "")


def _cases_of(person_ids: Iterable[int]) -> dict[int, list[Case]]:
    found: dict[int, list[Case]] = defaultdict(list)
    statement = (
        select(Case).where(Case.person_id.in_(list(person_ids))).order_by(Case.started_on.desc())
    )
    for case in db.session.scalars(statement):
        found[case.person_id].append(case)
    return found
