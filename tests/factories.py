"""The shortest valid records, through the services; whatever else matters a test says itself."""

from datetime import date
from typing import Any

from casework.clock import now
from casework.extensions import db
from casework.models import Case, CaseEvent, User
from casework.services import cases, events
from casework.services.audit_trail import COMMAND_LINE
from casework.services.events import NewEvent

TODAY = date(2026, 11, 23)


def make_user(role: str = "case-officer", **details: Any) -> User:
    """Return a saved account with no password."""
    given = {"name": "Oona Officer", "email": f"{role}@example.org", "created_at": now()} | details
    user = User(role=role, **given)
    db.session.add(user)
    db.session.commit()
    return user


def make_case(
    started_on: date = date(2026, 9, 7), *, today: date = TODAY, person: Any = None, **details: Any
) -> Case:
    """Return a case opened on a day for an invented child, with nothing else recorded."""
    child = {"surname": "Invented", "forenames": "Ida", "date_of_birth": date(2018, 5, 4)}
    return cases.open_case(
        actor=COMMAND_LINE,
        today=today,
        person_id=details.pop("person_id", None),
        person=child | (person or {}),
        officer_id=details.pop("officer_id", None),
        case={"kind": "request", "source": "1"} | details,
        started_on=started_on,
    )


def log(case: Case, *happened: NewEvent, today: date = TODAY, **options: Any) -> None:
    """Log events on a case as it stands now."""
    db.session.refresh(case)
    options = {"actor": COMMAND_LINE, "version": case.version} | options
    events.log_events(today=today, case_id=case.id, events=happened, **options)
    db.session.refresh(case)


def event_id(case: Case, kind: str) -> int:
    """Return the id of the case's latest event of a kind."""
    found = db.session.query(CaseEvent.id).filter_by(case_id=case.id, kind=kind)
    return int(found.order_by(CaseEvent.id.desc()).first()[0])
