"""Cases: opened, handed over, and what they are about. Each verb is one transaction."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import insert, select, update

from casework.clock import now
from casework.extensions import db
from casework.models import Case, OfficerAssignment, Person, User
from casework.queries import officers
from casework.rules.clocks import start_event
from casework.services import audit_trail, deadlines, events, people
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Absent, Refused
from casework.services.events import NewEvent

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def open_case(
    *,
    actor: Actor,
    today: date,
    person_id: int | None,
    person: Mapping[str, Any],
    case: Mapping[str, Any],
    started_on: date,
    officer_id: int | None,
    contact: Mapping[str, Any] | None = None,
    changes_to_held: Mapping[str, Any] = _NOTHING,
) -> Case:
    """Open a case, for a child already held (`person_id`) or a new one, and commit.

    `person`, `case` and `contact` are columns of Person, Case and Contact; `changes_to_held` are
    columns of a Person already held to change at the same time. Raises Refused.
    """
    born = person.get("date_of_birth")
    if started_on > today:
        raise Refused({"received_on": "The day it was received must be today or in the past"})
    if born and born > started_on:
        raise Refused({"date_of_birth": "The date of birth must be before the request"})
    child_id = person_id or people.add_person(person).id
    changed = people.change_held(db.session.get_one(Person, child_id), changes_to_held)
    made = Case(person_id=child_id, officer_id=officer_id, keyed_at=now(), **case)
    # The reference is the row's number, which is known only once the row is there.
    made.reference = secrets.token_hex(10)
    db.session.add(made)
    db.session.flush()
    made.reference = f"EHC-{made.id:06d}"
    if officer_id:
        assign([made], officer_id, today)
    if contact:
        people.add_contact(child_id, contact)
    events.enter(made.id, actor, [NewEvent(kind=start_event(made.kind), on=started_on)])
    deadlines.refresh([made.id])
    opened = {"started on": (None, started_on), "kind": (None, made.kind)}
    acts = [Act(action="opened case", case_id=made.id, changes=opened)]
    if changed:
        subject = f"person {child_id}"
        acts.append(Act(action="changed child", case_id=made.id, subject=subject, changes=changed))
    audit_trail.record_all(actor, acts)
    db.session.commit()
    return made


def hand_over(*, actor: Actor, today: date, case_id: int, officer_id: int) -> None:
    """Give the case to another officer, keeping who had it before, and commit. Raises Absent."""
    case = db.session.get(Case, case_id)
    if case is None or db.session.get(User, officer_id) is None:
        raise Absent
    before = case.officer_id
    if before == officer_id:
        return
    assign([case], officer_id, today)
    audit_trail.record(
        actor, "handed over case", case_id=case_id, changes={"officer": (before, officer_id)}
    )
    db.session.commit()


def hand_over_all(*, actor: Actor, today: date, from_id: int, to_id: int) -> tuple[int, int]:
    """Give every open case of one officer to another, all or nothing, and commit.

    Complex cases stay where the other officer does not take them. Returns how many went and how
    many stayed. Raises Absent, and Refused where the other may not be given cases.
    """
    to = db.session.get(User, to_id)
    if to is None or db.session.get(User, from_id) is None:
        raise Absent
    if from_id == to_id or to_id not in {user.id for user in officers.assignable()}:
        raise Refused({"to": "Choose another officer who may be given cases"})
    held = db.session.scalars(
        select(Case).where(Case.officer_id == from_id, Case.ended_on.is_(None)).order_by(Case.id)
    ).all()
    going = [case for case in held if to.takes_complex_cases or not case.is_complex]
    changes = {"officer": (from_id, to_id)}
    acts = [Act(action="handed over case", case_id=c.id, changes=changes) for c in going]
    assign(going, to_id, today)
    audit_trail.record_all(actor, acts)
    db.session.commit()
    return len(going), len(held) - len(going)


def change_case(
    *,
    actor: Actor,
    case_id: int,
    version: int,
    details: Mapping[str, Any],
    new_setting: str | None = None,
) -> None:
    """Change what a case is about (columns of Case), and commit. Raises ChangedMeanwhile.

    `new_setting` is the name of a setting that is not held yet, to be made for review.
    """
    events.claim(case_id, version)
    case = db.session.get_one(Case, case_id)
    if new_setting:
        details = {**details, "setting_id": people.setting_named(new_setting).id}
    changed = {k: (getattr(case, k), v) for k, v in details.items() if getattr(case, k) != v}
    for name, (_, new) in changed.items():
        setattr(case, name, new)
    db.session.flush()
    if changed:
        deadlines.refresh([case_id])
        audit_trail.record(actor, "changed case", case_id=case_id, changes=changed)
    db.session.commit()


def assign(cases: Sequence[Case], officer_id: int, today: date) -> None:
    """Make the officer the one who holds these cases from today, in the open transaction."""
    held = [case.id for case in cases]
    if not held:
        return
    db.session.execute(
        update(OfficerAssignment)
        .where(OfficerAssignment.case_id.in_(held), OfficerAssignment.until_day.is_(None))
        .values(until_day=today)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        insert(OfficerAssignment),
        [{"case_id": number, "officer_id": officer_id, "from_day": today} for number in held],
    )
    for case in cases:
        case.officer_id = officer_id
