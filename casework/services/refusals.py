"""What was refused to whom: every refusal leaves an entry (OWASP ASVS 5.0, 16.3.2)."""

from casework.extensions import db
from casework.services import audit_trail
from casework.services.audit_trail import Actor


def note(*, actor: Actor, rule: str, endpoint: str) -> None:
    """Record that a rule kept a person from a page, and commit."""
    db.session.rollback()
    audit_trail.record(actor, "was refused", subject=f"rule {rule}: {endpoint}"[:60])
    db.session.commit()
