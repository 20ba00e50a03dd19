"""What people do about email that failed: have it tried again, or say that it is dealt with."""

from sqlalchemy import update

from casework import clock
from casework.access import Viewer
from casework.extensions import db
from casework.models import Message
from casework.queries import messages, undelivered
from casework.services import audit_trail, outbox
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused


def try_again(*, actor: Actor, viewer: Viewer, public_id: str) -> None:
    """Let one failed message go once more, and commit.

    Raises Absent, also where it was tried again already; Refused where it can never go as it is.
    """
    message = _failed(viewer, public_id)
    if message.failure in messages.NEVER_AGAIN:
        db.session.rollback()
        raise Refused({"again": "This email cannot be sent as it is"})
    for name, value in outbox.once_more().items():
        setattr(message, name, value)
    _record(actor, "tried email again", message)


def try_all_again(*, actor: Actor, viewer: Viewer) -> int:
    """Let all that failed go once more, and commit; return how many there are.

    What may have arrived stays: it goes again one by one, after somebody asked.
    """
    wanted = undelivered.all_that_can_go_again(viewer)
    changed = update(Message).where(wanted).values(**outbox.once_more())
    done = db.session.execute(changed.execution_options(synchronize_session=False))
    count = int(done.rowcount)  # type: ignore[attr-defined]
    if count:
        audit_trail.record(actor, "tried email again", changes={"messages": (None, count)})
    db.session.commit()
    return count


def settle(*, actor: Actor, viewer: Viewer, public_id: str) -> None:
    """Note that a failed message needs no more doing, and commit. Raises Absent."""
    message = _failed(viewer, public_id)
    message.settled_at, message.settled_by_id = clock.now(), actor.user_id
    _record(actor, "settled email", message)


def _failed(viewer: Viewer, public_id: str) -> Message:
    message = undelivered.failed_message(viewer, public_id)
    if message is None:
        db.session.rollback()
        raise Absent(f"failed message {public_id}")
    return message


def _record(actor: Actor, action: str, message: Message) -> None:
    db.session.flush()
    audit_trail.record(actor, action, subject=f"message {message.id}")
    db.session.commit()
