"""Quiet about a case: no alert of it in a person's digest, until a day or until they say."""

from datetime import date

from casework.clock import now
from casework.extensions import db
from casework.models import Case, Quiet, User
from casework.queries import quiets
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused


def ask_for(
    *, actor: Actor, today: date, user_id: int, case_id: int, until_day: date | None
) -> None:
    """Hold the alerts of a case back from a person's digests, and commit.

    `until_day` is the last quiet day; None mutes the case. What stood before is replaced; the same
    once more is recorded once. What goes by itself is not held back. Raises Absent, and Refused
    for a day that is past.
    """
    if until_day is not None and until_day < today:
        raise Refused({"until_day": "The last day must be today or later"})
    # Two presses at once take turns here, so that one quiet stands.
    if db.session.get(User, user_id, with_for_update=True) is None:
        raise Absent
    if db.session.get(Case, case_id) is None:
        raise Absent
    held = quiets.standing(user_id, case_id)
    if held is not None and held.until_day == until_day:
        db.session.rollback()
        return
    if held is not None:
        held.ended_at = now()
        db.session.flush()
    made = Quiet(user_id=user_id, case_id=case_id, until_day=until_day, began_at=now())
    db.session.add(made)
    db.session.flush()
    was = held.until_day if held else None
    audit_trail.record(
        actor,
        "snoozed alerts" if until_day else "muted alerts",
        case_id=case_id,
        subject=f"quiet {made.id}",
        changes={"until": (was, until_day)},
    )
    db.session.commit()


def end(*, actor: Actor, user_id: int, case_id: int) -> None:
    """Tell a person of a case again, and commit. Where nothing stands, nothing is done."""
    held = quiets.standing(user_id, case_id)
    if held is None:
        db.session.rollback()
        return
    held.ended_at = now()
    db.session.flush()
    changes = {"until": (held.until_day, None)}
    audit_trail.record(
        actor, "ended quiet", case_id=case_id, subject=f"quiet {held.id}", changes=changes
    )
    db.session.commit()
