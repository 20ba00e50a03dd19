"""Whose advice it is: what a service says of the child is held against the record, and counted."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select

from casework import clock
from casework.extensions import db
from casework.models import Adviser, AuditEntry, Case
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Refused

#: What the audit trail says of a try that did not match.
MISMATCH: Final = "was refused: not this child"
#: So many tries that did not match, within so long, and no more are taken for one request.
MOST: Final = 5
WINDOW: Final = timedelta(hours=1)

DIFFERS: Final = (
    "This is not what is recorded for the child you were asked about. Check whose advice it is. "
    "If it is right, ask the case officer to check the record"
)
BRAKED: Final = (
    "Too many tries did not match, so advice on this request is not taken for an hour. Nothing "
    "you typed is lost. Ask the case officer to check the child’s record with you"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the person who returns advice says of the child: from their own papers."""

    born: date | None
    nhs_number: str | None


def check(*, actor: Actor, adviser: Adviser, told: Told) -> str | None:
    """Return the doubt that is left, a key of rules.events.DOUBTS, or None where all matches.

    What differs is refused in words that do not say what is held, told to the audit trail and
    counted; commits then. Raises Refused.
    """
    subject = f"adviser {adviser.id}"
    if _tries(adviser.case_id, subject) >= MOST:
        db.session.rollback()
        raise Refused({"born": BRAKED})
    child = db.session.get_one(Case, adviser.case_id).person
    born, number = child.date_of_birth, child.nhs_number
    differs = (born is not None and told.born != born) or (
        told.nhs_number is not None and number is not None and told.nhs_number != number
    )
    if differs:
        # Both boxes say it, so that nobody learns which of the two was right.
        audit_trail.record(actor, MISMATCH, case_id=adviser.case_id, subject=subject)
        db.session.commit()
        raise Refused({"born": DIFFERS})
    if told.nhs_number is not None and told.nhs_number == number:
        return None
    if born is None:
        return "born_not_recorded"
    return "nhs_not_recorded" if told.nhs_number is not None else None


def _tries(case_id: int, subject: str) -> int:
    statement = select(func.count()).where(
        AuditEntry.case_id == case_id,
        AuditEntry.action == MISMATCH,
        AuditEntry.subject == subject,
        AuditEntry.at > clock.now() - WINDOW,
    )
    return db.session.scalar(statement) or 0
