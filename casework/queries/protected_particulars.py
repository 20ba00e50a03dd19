"""What a document or a note of one case must never hold, for services to look for.

Pages never get these values: they show what was found as it was typed, or that something was.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from casework.extensions import db
from casework.models import Case, Contact, Person, PersonNameKey, Setting
from casework.models.base import LONGEST_KEY
from casework.names import search_key, search_keys
from casework.rules.found_in_text import Particular, particulars


@dataclass(frozen=True, slots=True, kw_only=True)
class MustNotHold:
    """What a document of one case must not hold."""

    #: Of a contact's own detail `of` is the contact's public id; of the child's postcode "child".
    protected: tuple[Particular, ...]
    #: Other children's names and references, for casework.rules.found_in_text.others_in.
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """A child, the people around it now and before, and where it learns."""

    child: Person
    contacts: tuple[Contact, ...]
    setting: Setting | None


def protected_of(case_id: int) -> tuple[Particular, ...]:
    """Return the protected details of the child's contacts, those who have ended among them.

    The child's own postcode is one where any contact is protected: it could lead to the address.
    One statement.
    """
    return _protected(_around(case_id))


def must_not_hold(case_id: int) -> MustNotHold:
    """Return what a document of this case must not hold, in two statements.

    Other children are those with the same surname; those with whom somebody with parental
    responsibility shares a telephone number, an email address or an address with one of this
    child's contacts; and those born on the same day at the same setting.
    """
    around = _around(case_id)
    return MustNotHold(protected=_protected(around), others=_names_of_others(around))


def _around(case_id: int) -> _Around:
    rows = db.session.execute(
        select(Person, Contact, Setting)
        .join(Case, Case.person_id == Person.id)
        .outerjoin(Contact, Contact.person_id == Person.id)
        .outerjoin(Setting, Setting.id == Case.setting_id)
        .where(Case.id == case_id)
        .order_by(Contact.id)
    ).all()
    child, _, setting = rows[0]
    return _Around(child=child, contacts=tuple(c for _, c, _ in rows if c), setting=setting)


def _protected(around: _Around) -> tuple[Particular, ...]:
    hidden = [contact for contact in around.contacts if contact.address_is_protected]
    found = [
        one
        for contact in hidden
        for one in particulars(
            of=contact.public_id,
            address=contact.address,
            phone=contact.phone,
            email=contact.email,
        )
    ]
    own = particulars(of="child", postcode=around.child.postcode) if hidden else ()
    return (*found, *own)


def _names_of_others(around: _Around) -> tuple[str, ...]:
    child = around.child
    surnames = set(search_keys(child.surname))
    taken = _own_words(around)
    own_names = {
        search_key(name) for name in (*_whole_names(child), *(c.name for c in around.contacts))
    }
    names: dict[str, None] = {}
    for other, reference, shares in _others(around, surnames):
        is_namesake = bool(surnames & set(search_keys(other.surname)))
        at_the_setting = other.date_of_birth is not None and (
            other.date_of_birth == child.date_of_birth
        )
        lives_here = shares or (
            is_namesake and (at_the_setting or _same(other.postcode, child.postcode))
        )
        if not (is_namesake or shares or at_the_setting):
            continue  # a forename that is this child's surname
        names[reference] = None
        names |= dict.fromkeys(n for n in _whole_names(other) if search_key(n) not in own_names)
        if lives_here:
            firsts = _first_names(other)
            names |= dict.fromkeys(n for n in firsts if not taken & set(search_keys(n)))
    return tuple(names)


def _others(around: _Around, surnames: Iterable[str]) -> Sequence[tuple[Person, str, bool]]:
    child = around.child
    keyed = select(PersonNameKey.person_id).where(
        PersonNameKey.key.in_(sorted({name[:LONGEST_KEY] for name in surnames}))
    )
    shares = Person.id.in_(select(Contact.person_id).where(or_(*_shared(around.contacts))))
    ways: list[ColumnElement[bool]] = [Person.id.in_(keyed), shares]
    if child.date_of_birth and around.setting:
        ways.append(
            and_(
                Person.date_of_birth == child.date_of_birth,
                Case.setting_id == around.setting.id,
            )
        )
    found = db.session.execute(
        select(Person, Case.reference, shares)
        .join(Case, Case.person_id == Person.id)
        .where(Person.id != child.id, or_(*ways))
        .order_by(Person.id, Case.id)
    ).all()
    return [(other, reference, is_shared) for other, reference, is_shared in found]


def _shared(contacts: Iterable[Contact]) -> Iterator[ColumnElement[bool]]:
    """By a number only of those with parental responsibility: a social worker has many children."""
    phones = {_figures(c.phone) for c in contacts if c.phone and c.has_parental_responsibility}
    emails = {c.email.lower() for c in contacts if c.email and c.has_parental_responsibility}
    addresses = {c.address for c in contacts if c.address}
    is_parent = Contact.has_parental_responsibility
    typed = func.replace(func.replace(Contact.phone, " ", ""), "-", "")
    yield and_(is_parent, typed.in_(sorted(phones)))
    yield and_(is_parent, func.lower(Contact.email).in_(sorted(emails)))
    yield Contact.address.in_(sorted(addresses))


def _figures(phone: str) -> str:
    return phone.replace(" ", "").replace("-", "")


def _first_names(person: Person) -> list[str]:
    given = [person.forenames.split()[0]] if person.forenames.split() else []
    return [*given, *([person.known_as] if person.known_as else [])]


def _whole_names(person: Person) -> list[str]:
    firsts = dict.fromkeys((person.forenames.strip(), *_first_names(person)))
    return [
        name
        for first in firsts
        if first
        for name in (f"{first} {person.surname}", f"{person.surname} {first}")
    ]


def _own_words(around: _Around) -> set[str]:
    """The words of names that this case is free to use: a sister named as the mother is."""
    child = around.child
    names = [child.forenames, child.known_as, child.surname, *(c.name for c in around.contacts)]
    names.append(around.setting.name if around.setting else None)
    return {key for name in names if name for key in search_keys(name)}


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and one == other
