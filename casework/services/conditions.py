"""Conditions of decisions: marked as met, or as not met after all."""

from datetime import date

from sqlalchemy import select

from casework.clock import now
from casework.extensions import db
from casework.models import ConditionDone, DecisionCondition, PanelDecision
from casework.queries.decisions import is_signed
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Absent


def mark(*, actor: Actor, case_id: int, condition_id: int, done_on: date | None) -> None:
    """Say that a condition of a signed decision was met on a day, and commit.

    With `done_on` None it is still to be met. What is said already is not said twice. Raises
    Absent where the case has no such condition.
    """
    condition = db.session.scalar(
        select(DecisionCondition)
        .join(PanelDecision, PanelDecision.id == DecisionCondition.decision_id)
        .where(DecisionCondition.id == condition_id, PanelDecision.case_id == case_id, is_signed())
        .with_for_update(of=DecisionCondition)
    )
    if condition is None:
        raise Absent
    before = db.session.scalar(
        select(ConditionDone.done_on)
        .where(ConditionDone.condition_id == condition_id)
        .order_by(ConditionDone.id.desc())
        .limit(1)
    )
    if (before is None) == (done_on is None):
        return
    db.session.add(
        ConditionDone(
            condition_id=condition_id,
            done_on=done_on,
            recorded_at=now(),
            recorded_by_id=actor.user_id,
        )
    )
    db.session.flush()
    audit_trail.record(
        actor,
        "marked condition",
        case_id=case_id,
        subject=f"condition {condition_id}",
        changes={"done on": (before, done_on)},
    )
    db.session.commit()
