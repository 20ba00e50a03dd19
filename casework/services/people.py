"""Children, the people around them, and the places they learn: kept true, every change told."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm.exc import StaleDataError

from casework.extensions import db
from casework.models import Contact, Person, PersonNameKey, Setting
from casework.models.base import LONGEST_KEY
from casework.names import search_keys
from casework.queries import changes as changes_made
from casework.queries import people
from casework.queries.matches import NUMBERS
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, ChangedMeanwhile, Refused


def add_person(details: Mapping[str, Any]) -> Person:
    """Add a child to the open transaction, with the keys they are found by. Commits nothing.

    `details` are columns of Person.
    """
    person = Person(**details)
    db.session.add(person)
    db.session.flush()
    _write_keys(person)
    return person


def change_person(
    *, actor: Actor, person_id: int, version: int, details: Mapping[str, Any], case_id: int
) -> None:
    """Change what is held of a child, and commit. `case_id` is the case it was done from.

    Raises Absent, ChangedMeanwhile where someone else saved since `version`, and Refused for a
    number that is another child's.
    """
    person = db.session.get(Person, person_id)
    if person is None:
        raise Absent
    if person.version != version:
        raise _changed_meanwhile(case_id, person, version)
    refuse_taken_numbers(person_id, {k: v for k, v in details.items() if v != getattr(person, k)})
    if details.get("upn", person.upn) != person.upn:
        details = {**details, "upn_verified": True}
    changes = _apply(person, details)
    try:
        db.session.flush()
    except StaleDataError:
        db.session.rollback()
        raise _changed_meanwhile(case_id, person, version) from None
    if changes:
        _write_keys(person)
        audit_trail.record(
            actor, "changed child", case_id=case_id, subject=f"person {person_id}", changes=changes
        )
    db.session.commit()


def refuse_taken_numbers(person_id: int | None, typed: Mapping[str, Any]) -> None:
    """Raise Refused for a number that another child has: a return with it twice is refused too.

    `person_id` is whose number it is, None for a child not yet held.
    """
    for column, words in NUMBERS.items():
        number = typed.get(column)
        if not number:
            continue
        owners = db.session.scalars(select(Person.id).where(getattr(Person, column) == number))
        if any(owner != person_id for owner in owners):
            raise Refused(
                {
                    column: f"Another child has this {words}. Check it, or leave it empty "
                    "until you know whose it is"
                }
            )


def change_held(person: Person, details: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Change a child already held, in the open transaction; return {column: (old, new)}."""
    changes = _apply(person, details)
    db.session.flush()
    if changes:
        _write_keys(person)
    return changes


def save_contact(
    *,
    actor: Actor,
    case_id: int,
    person_id: int,
    contact_id: int | None,
    details: Mapping[str, Any],
    version: int | None = None,
) -> int:
    """Add a contact, or change one, and commit. Returns its id.

    Raises Absent, and ChangedMeanwhile where someone else saved since `version`.
    """
    if contact_id is None:
        contact = Contact(person_id=person_id)
        db.session.add(contact)
    else:
        contact = _take_contact(case_id, person_id, contact_id, version)
    changes = _apply(contact, details)
    _flush_contact(case_id, contact, version)
    saved = contact.id
    if changes:
        audit_trail.record(
            actor,
            "added contact" if contact_id is None else "changed contact",
            case_id=case_id,
            subject=f"contact {saved}",
            changes=changes,
        )
    db.session.commit()
    return saved


def end_contact(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    person_id: int,
    contact_id: int,
    version: int,
    ended_on: date | None,
) -> None:
    """Say from which day a person is no longer a contact, or with None that they are one again.

    Commits. Raises Absent, ChangedMeanwhile, and Refused for a day to come.
    """
    if ended_on and ended_on > today:
        raise Refused({"ended_on": "The day must be today or in the past"})
    contact = _take_contact(case_id, person_id, contact_id, version)
    changes = _apply(contact, {"ended_on": ended_on})
    _flush_contact(case_id, contact, version)
    if changes:
        audit_trail.record(
            actor,
            "ended contact" if ended_on else "took contact up again",
            case_id=case_id,
            subject=f"contact {contact_id}",
            changes=changes,
        )
    db.session.commit()


def add_contact(person_id: int, details: Mapping[str, Any]) -> None:
    """Add someone to tell to the open transaction. `details` are columns of Contact."""
    db.session.add(Contact(person_id=person_id, **details))


def name_keys(surname: str, forenames: str, known_as: str | None = None) -> list[str]:
    """Return the folded keys that a child is found by, as PersonNameKey holds them."""
    names = " ".join(name for name in (forenames, known_as, surname) if name)
    return sorted({key[:LONGEST_KEY] for key in (*search_keys(names), *search_keys(surname))})


def setting_named(name: str) -> Setting:
    """Return the setting of this name, made for review if none is held. Commits nothing."""
    held = people.setting_by_name(name)
    if held is not None:
        return held
    setting = Setting(name=name, name_key=people.folded(name), needs_review=True)
    db.session.add(setting)
    db.session.flush()
    return setting


def _take_contact(case_id: int, person_id: int, contact_id: int, version: int | None) -> Contact:
    contact = db.session.get(Contact, contact_id)
    if contact is None or contact.person_id != person_id:
        raise Absent
    if version is not None and contact.version != version:
        raise _changed_meanwhile(case_id, contact, version)
    return contact


def _flush_contact(case_id: int, contact: Contact, version: int | None) -> None:
    try:
        db.session.flush()
    except StaleDataError:
        db.session.rollback()
        raise _changed_meanwhile(case_id, contact, version or 0) from None


def _changed_meanwhile(case_id: int, record: Person | Contact, version: int) -> ChangedMeanwhile:
    current = record.version
    done = changes_made.latest(
        case_id=case_id,
        count=max(current - version, 1),
        subject=f"{record.__tablename__} {record.id}",
    )
    db.session.rollback()
    return ChangedMeanwhile(current, done)


def _apply(record: Any, details: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set what differs, and return it as {field: (old, new)}."""
    changes = {}
    for field, new in details.items():
        old = getattr(record, field)
        if old != new:
            changes[field] = (old, new)
            setattr(record, field, new)
    return changes


def _write_keys(person: Person) -> None:
    keys = name_keys(person.surname, person.forenames, person.known_as)
    db.session.execute(delete(PersonNameKey).where(PersonNameKey.person_id == person.id))
    if keys:
        db.session.execute(
            insert(PersonNameKey), [{"person_id": person.id, "key": key} for key in keys]
        )
