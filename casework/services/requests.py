"""A request taken in: the child, the setting, the first contact and the case, all or nothing."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casework.extensions import db
from casework.models import Case, Person
from casework.queries import matches, officers
from casework.queries.matches import Match
from casework.services import audit_trail, cases, people
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Absent, Refused


def take_in(
    *,
    actor: Actor,
    today: date,
    child_id: int | None,
    prefer_typed: bool,
    person: Mapping[str, Any],
    case: Mapping[str, Any],
    started_on: date,
    officer_id: int | None,
    contact: Mapping[str, Any] | None,
    new_setting: str | None,
) -> Case:
    """Open a case for a new child or, with `child_id`, for one already held; commit.

    What the record of a child already held lacks is filled in; what it says otherwise is changed
    only with `prefer_typed`. `case` carries the public id of the form it was typed into, so that
    sending a form twice makes one case. Raises Refused and Absent.
    """
    if (made := _already(case["public_id"])) is not None:
        return made
    held = _held(child_id)
    changes = _changes(held, person, prefer_typed=prefer_typed)
    try:
        _check_officer(officer_id, is_complex=bool(case.get("is_complex")))
        people.refuse_taken_numbers(child_id, person if held is None else changes)
        setting = {"setting_id": people.setting_named(new_setting).id} if new_setting else {}
        return cases.open_case(
            actor=actor,
            today=today,
            person_id=child_id,
            person=person,
            case={**case, **setting},
            started_on=started_on,
            officer_id=officer_id,
            contact=contact,
            changes_to_held=changes,
        )
    except Refused:
        db.session.rollback()
        raise
    except IntegrityError:
        db.session.rollback()
        if (made := _already(case["public_id"])) is not None:
            return made  # the same form, sent twice at once
        raise


def note_shown(*, actor: Actor, found: Iterable[Match]) -> None:
    """Record that a person was shown these children's cases as perhaps the same, and commit.

    Called before the page is sent: what cannot be recorded is not shown.
    """
    acts = [
        Act(action="viewed as a possible match", case_id=case.id)
        for match in found
        for case in match.cases
    ]
    if acts:
        audit_trail.record_all(actor, acts)
        db.session.commit()


def _already(public_id: str) -> Case | None:
    return db.session.scalar(select(Case).where(Case.public_id == public_id))


def _held(child_id: int | None) -> Person | None:
    if child_id is None:
        return None
    person = db.session.get(Person, child_id)
    if person is None:
        raise Absent
    return person


def _changes(
    held: Person | None, person: Mapping[str, Any], *, prefer_typed: bool
) -> dict[str, Any]:
    if held is None:
        return {}
    found = matches.differences(held, person)
    typed = {column: new for column, (_, new) in found.contradicts.items()}
    return found.adds | (typed if prefer_typed else {})


def _check_officer(officer_id: int | None, *, is_complex: bool) -> None:
    if officer_id is None:
        return
    officer = next((user for user in officers.assignable() if user.id == officer_id), None)
    if officer is None:
        raise Refused({"officer_id": "Choose an officer from the list"})
    if is_complex and not officer.takes_complex_cases:
        raise Refused(
            {"officer_id": f"{officer.name} does not take complex cases. Choose one who does"}
        )
