"""Cases: opened, handed over, and what happens to them. Each verb is one transaction."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select, update

from casework.clock import now
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Adviser, Case, CaseEvent, CaseEventException, OfficerAssignment, User
from casework.queries import changes, history
from casework.rules.book import duty as find_duty
from casework.rules.civil_dates import spoken
from casework.rules.clocks import start_event
from casework.rules.deadlines import due
from casework.rules.duty import Duty
from casework.rules.events import EVENTS
from casework.rules.history import Happened, objections, standing_events
from casework.services import audit_trail, deadlines, people
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, ChangedMeanwhile, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event about to be entered."""

    kind: str
    on: date
    adviser_id: int | None = None
    recipient: str | None = None
    outcome: str | None = None
    note: str | None = None
    oddity: str | None = None
    doubt: str | None = None
    corrects_id: int | None = None
    #: Columns of CaseEventException.
    exception: Mapping[str, Any] = field(default_factory=dict)


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
) -> Case:
    """Open a case, for a child already held (`person_id`) or a new one, and commit.

    `person`, `case` and `contact` are columns of Person, Case and Contact. Raises Refused.
    """
    born = person.get("date_of_birth")
    if started_on > today:
        raise Refused({"received_on": "The day it was received must be today or in the past"})
    if born and born > started_on:
        raise Refused({"date_of_birth": "The date of birth must be before the request"})
    child_id = person_id or people.add_person(person).id
    made = Case(person_id=child_id, officer_id=officer_id, keyed_at=now(), **case)
    # The reference is the row's number, which is known only once the row is there.
    made.reference = secrets.token_hex(10)
    db.session.add(made)
    db.session.flush()
    made.reference = f"EHC-{made.id:06d}"
    if officer_id:
        _assign(made, officer_id, today)
    if contact:
        people.add_contact(child_id, contact)
    _enter(made.id, actor, [NewEvent(kind=start_event(made.kind), on=started_on)])
    deadlines.refresh([made.id])
    audit_trail.record(
        actor,
        "opened case",
        case_id=made.id,
        changes={"started on": (None, started_on), "kind": (None, made.kind)},
    )
    db.session.commit()
    return made


def log_events(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    events: Sequence[NewEvent],
    may_record_oddity: bool = False,
) -> None:
    """Enter what happened to a case, all or nothing, and commit.

    `version` is the case's as the person last saw it. Raises ChangedMeanwhile, and Refused for a
    day in the future or out of order; a person who may record an oddity is let through the
    latter with a reason in the event's `oddity`.
    """
    _take(case_id, version)
    entered = history.entered_events([case_id])[case_id]
    for event in events:
        _check(event, entered, today, may_record_oddity)
    ids = _enter(case_id, actor, events)
    deadlines.refresh([case_id])
    audit_trail.record_all(
        actor,
        [
            audit_trail.Act(
                action=_said(event),
                case_id=case_id,
                subject=f"event {event_id}",
                changes=_told(event, entered),
            )
            for event, event_id in zip(events, ids, strict=True)
        ],
    )
    db.session.commit()


def strike_out(
    *, actor: Actor, today: date, case_id: int, version: int, event_id: int, reason: str
) -> None:
    """Take back an entry that should not be there, by a row that says so, and commit.

    Raises Refused where later events rest on it or no reason is given; ChangedMeanwhile.
    """
    entered = history.entered_events([case_id])[case_id]
    struck = next((e for e in standing_events(entered) if e.id == event_id), None)
    if struck is None:
        raise Absent
    if not reason:
        raise Refused({"note": "Enter why the entry is struck out"})
    if EVENTS[struck.kind].to is not None and not EVENTS[struck.kind].after:
        raise Refused(
            {"note": "The event that starts a case cannot be struck out. Correct its day"}
        )
    log_events(
        actor=actor,
        today=today,
        case_id=case_id,
        version=version,
        events=[NewEvent(kind="struck_out", on=today, note=reason, corrects_id=event_id)],
    )


def add_adviser(*, case_id: int, service: str, name: str | None = None) -> int:
    """Add a body to be asked for advice, in the open transaction, and return its id."""
    adviser = Adviser(case_id=case_id, service=service, name=name)
    db.session.add(adviser)
    db.session.flush()
    return adviser.id


def hand_over(*, actor: Actor, today: date, case_id: int, officer_id: int) -> None:
    """Give the case to another officer, keeping who had it before, and commit. Raises Absent."""
    case = db.session.get(Case, case_id)
    if case is None or db.session.get(User, officer_id) is None:
        raise Absent
    before = case.officer_id
    if before == officer_id:
        return
    _assign(case, officer_id, today)
    case.officer_id = officer_id
    audit_trail.record(
        actor, "handed over case", case_id=case_id, changes={"officer": (before, officer_id)}
    )
    db.session.commit()


def change_case(*, actor: Actor, case_id: int, version: int, details: Mapping[str, Any]) -> None:
    """Change what a case is about (columns of Case), and commit. Raises ChangedMeanwhile."""
    _take(case_id, version)
    case = db.session.get_one(Case, case_id)
    changed = {k: (getattr(case, k), v) for k, v in details.items() if getattr(case, k) != v}
    for name, (_, new) in changed.items():
        setattr(case, name, new)
    db.session.flush()
    if changed:
        deadlines.refresh([case_id])
        audit_trail.record(actor, "changed case", case_id=case_id, changes=changed)
    db.session.commit()


def _take(case_id: int, version: int) -> None:
    """Claim the next version of the case, or say what others did since this one."""
    taken = db.session.execute(
        update(Case)
        .where(Case.id == case_id, Case.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session="fetch")
    )
    if taken.rowcount == 1:  # type: ignore[attr-defined]
        return
    current = db.session.scalar(select(Case.version).where(Case.id == case_id))
    if current is None:
        raise Absent
    done = changes.latest(case_id=case_id, count=max(current - version, 1))
    db.session.rollback()
    raise ChangedMeanwhile(current, done)


def _check(event: NewEvent, entered: Sequence[Happened], today: date, may_oddity: bool) -> None:
    if event.kind not in EVENTS:
        raise Refused({"kind": "Choose what happened from the list"})
    if event.on > today:
        db.session.rollback()
        raise Refused({"on": f"The day must be today, {spoken(today)}, or in the past"})
    standing = standing_events(entered)
    if event.corrects_id and event.corrects_id not in {e.id for e in standing}:
        db.session.rollback()
        raise Refused({"on": "That entry was already put right. Open the case again to see how"})
    others = [e for e in standing if e.id != event.corrects_id]
    against = objections(_as_happened(event), others, _earliest_final(others))
    if not against or (may_oddity and event.oddity):
        return
    db.session.rollback()
    raise Refused({"on": ". ".join(against)}, is_oddity=True)


def _earliest_final(events: Sequence[Happened]) -> date | None:
    served = [e.on for e in events if e.kind == "draft_served"]
    if not served:
        return None
    floor: Duty = find_duty("reps_15d_min")
    return due(floor, {"draft_served": max(served)}, england_and_wales()).earliest


def _as_happened(event: NewEvent) -> Happened:
    return Happened(
        id=0,
        kind=event.kind,
        on=event.on,
        adviser_id=event.adviser_id,
        recipient=event.recipient,
        corrects_id=event.corrects_id,
    )


def _enter(case_id: int, actor: Actor, events: Sequence[NewEvent]) -> list[int]:
    rows = [
        CaseEvent(
            case_id=case_id,
            kind=event.kind,
            happened_on=event.on,
            adviser_id=event.adviser_id,
            recipient=event.recipient,
            outcome=event.outcome,
            note=event.note,
            oddity=event.oddity,
            doubt=event.doubt,
            corrects_id=event.corrects_id,
            entered_at=now(),
            entered_by_id=actor.user_id,
            exception=CaseEventException(**event.exception) if event.exception else None,
        )
        for event in events
    ]
    db.session.add_all(rows)
    db.session.flush()
    return [row.id for row in rows]


def _said(event: NewEvent) -> str:
    if event.kind == "struck_out":
        return "struck out event"
    return "corrected event" if event.corrects_id else "logged event"


def _told(event: NewEvent, entered: Sequence[Happened]) -> dict[str, tuple[Any, Any]]:
    old = next((e for e in entered if e.id == event.corrects_id), None)
    told: dict[str, tuple[Any, Any]] = {
        "event": (old.kind if old else None, event.kind),
        "day": (old.on if old else None, event.on),
    }
    return told | ({"note": (None, event.note)} if event.note else {})


def _assign(case: Case, officer_id: int, today: date) -> None:
    db.session.execute(
        update(OfficerAssignment)
        .where(OfficerAssignment.case_id == case.id, OfficerAssignment.until_day.is_(None))
        .values(until_day=today)
    )
    db.session.add(OfficerAssignment(case_id=case.id, officer_id=officer_id, from_day=today))
