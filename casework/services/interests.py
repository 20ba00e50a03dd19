"""Declared interests: a person keeps out of a case, and the case is hidden from them."""

from casework.clock import now
from casework.extensions import db
from casework.models import Case, Interest, User
from casework.queries import interests
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused


def declare(*, actor: Actor, case_id: int, user_id: int, nature: str) -> Interest:
    """Record that a person has an interest in a case, and commit; return it.

    From then on the case is hidden from them wherever they look. One that stands already is
    returned and not recorded twice. Raises Absent, and Refused where its nature is not said.
    """
    if not nature.strip():
        raise Refused({"nature": "Say what the interest is"})
    # Two presses at once take turns here, so that one interest is recorded.
    case = db.session.get(Case, case_id, with_for_update=True)
    if case is None or db.session.get(User, user_id) is None:
        raise Absent
    held = next((one for one in interests.standing(case_id) if one.user_id == user_id), None)
    if held is not None:
        db.session.rollback()
        return held
    made = Interest(
        case_id=case_id,
        user_id=user_id,
        nature=nature,
        declared_at=now(),
        declared_by_id=actor.user_id,
    )
    db.session.add(made)
    db.session.flush()
    audit_trail.record(
        actor,
        "declared interest",
        case_id=case_id,
        subject=f"interest {made.id}",
        changes={"person": (None, user_id), "nature": (None, nature)},
    )
    db.session.commit()
    return made


def take_back(*, actor: Actor, interest_id: int, why: str) -> None:
    """End an interest that was declared by mistake or is over, and commit.

    Raises Absent; Refused without a reason, and to the person whose interest it is: what was kept
    from them is not theirs to open.
    """
    held = db.session.get(Interest, interest_id, with_for_update=True)
    if held is None:
        raise Absent
    if held.user_id == actor.user_id:
        raise Refused({"why": "Ask the clerk or the chair: nobody takes back their own interest"})
    if not why.strip():
        raise Refused({"why": "Say why the interest no longer stands"})
    if held.ended_at is not None:
        db.session.rollback()
        return
    held.ended_at, held.ended_by_id, held.ended_why = now(), actor.user_id, why
    db.session.flush()
    audit_trail.record(
        actor,
        "took back interest",
        case_id=held.case_id,
        subject=f"interest {held.id}",
        changes={"person": (held.user_id, None), "why": (None, why)},
    )
    db.session.commit()
