"""Those who check the work are seen to check it."""

from casework.extensions import db
from casework.services import audit_trail
from casework.services.audit_trail import Actor


def note_reading(*, actor: Actor) -> None:
    """Record that a person read the audit trail, and commit."""
    audit_trail.record(actor, "read audit trail")
    db.session.commit()
