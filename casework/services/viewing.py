"""Looking at a case: told to the audit trail before the page is sent, or the page is refused."""

from collections.abc import Sequence

from casework.extensions import db
from casework.services import audit_trail
from casework.services.audit_trail import Act, Actor


def let_go() -> None:
    """Detach what was read, so that it stays as it was read whatever is committed or undone."""
    db.session.expunge_all()


def meeting_viewed(*, actor: Actor, meeting_id: int, what: str) -> None:
    """Record that someone looks at what a meeting has before it, and commit. Raises NotRecorded."""
    audit_trail.record(actor, what, subject=f"meeting {meeting_id}")
    db.session.commit()


def case_viewed(
    *, actor: Actor, case_id: int, what: str = "viewed case", subject: str | None = None
) -> None:
    """Record that someone looks at a case, or at one thing of it, and commit. Raises
    NotRecorded."""
    audit_trail.record(actor, what, case_id=case_id, subject=subject)
    db.session.commit()


def cases_viewed(*, actor: Actor, case_ids: Sequence[int], what: str) -> None:
    """Record that someone looks at several cases on one page, and commit. Raises NotRecorded."""
    acts = [Act(action=what, case_id=case_id) for case_id in dict.fromkeys(case_ids)]
    audit_trail.record_all(actor, acts)
    db.session.commit()
