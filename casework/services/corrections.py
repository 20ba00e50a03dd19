"""What is not put right by itself: an entry that rests on what more than one person agreed."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import aliased

from casework.extensions import db
from casework.models import CaseEvent, ExceptionStep
from casework.queries.standing import stands
from casework.rules.events import EVENTS, EXCEPTION_STEPS
from casework.services.errors import Refused

#: Why an entry that a signed decision made is not put right by itself.
SIGNED = (
    "This is a signed decision. Change the decision in its record, and it is put right here when "
    "the record is signed again"
)
AGREED = (
    "What was proposed and decided about an exception is not changed. Strike it out, and do it "
    "again as it should be"
)


def refuse(put_right: Mapping[int, str]) -> None:
    """Raise Refused where one of these entries cannot be put right so.

    `put_right` gives for the id of each the kind of the entry that puts it right: "struck_out", or
    its own kind for a correction.
    """
    if not put_right:
        return
    signed = select(CaseEvent.id).where(
        CaseEvent.id.in_(put_right), CaseEvent.decision_id.is_not(None)
    )
    if db.session.scalar(signed.limit(1)):
        raise Refused({"on": SIGNED, "note": SIGNED})
    corrected = [number for number, kind in put_right.items() if kind != "struck_out"]
    if corrected and _is_of_proposal(corrected):
        raise Refused({"on": AGREED, "note": AGREED})
    if rests := _what_rests_on([n for n, kind in put_right.items() if kind == "struck_out"]):
        raise Refused({"note": f"“{EVENTS[rests].words}” rests on this: strike that out first"})


def _is_of_proposal(event_ids: list[int]) -> bool:
    found = (
        select(CaseEvent.id)
        .outerjoin(ExceptionStep, ExceptionStep.event_id == CaseEvent.id)
        .where(
            CaseEvent.id.in_(event_ids),
            CaseEvent.kind.in_(EXCEPTION_STEPS) | ExceptionStep.event_id.is_not(None),
        )
    )
    return db.session.scalar(found.limit(1)) is not None


def _what_rests_on(event_ids: list[int]) -> str | None:
    """The kind of a later step of the same exception that still stands, or None."""
    if not event_ids:
        return None
    of_approval = aliased(ExceptionStep)
    approved = (
        select(of_approval.proposal_id)
        .join(CaseEvent, CaseEvent.id == of_approval.event_id)
        .where(of_approval.event_id.in_(event_ids), CaseEvent.kind == "exception_recorded")
    )
    later = ("exception_told", "exception_ended")
    statement = (
        select(CaseEvent.kind)
        .join(ExceptionStep, ExceptionStep.event_id == CaseEvent.id)
        .where(
            ExceptionStep.proposal_id.in_(event_ids)
            | (ExceptionStep.proposal_id.in_(approved) & CaseEvent.kind.in_(later)),
            stands(CaseEvent),
        )
        .order_by(CaseEvent.id.desc())
    )
    return db.session.scalar(statement.limit(1))
