"""Holding email back after a database was restored or copied, until somebody releases it."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from casework import clock
from casework.extensions import db
from casework.models import MailPlace, Message
from casework.queries import mail_place, messages
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Refused

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checked:
    """Where email is sent from, and why it is held, in a sentence; empty where it is not."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Released:
    """What a release let go, in numbers of messages."""

    waiting: int
    dropped: int


def check() -> Checked:
    """Return where email is sent from and why it is held, if it is; commit what was found.

    For the sender, before it sends: a database that never sent email takes its place here.
    """
    row, here = _row(), mail_place.here()
    if not row.place:
        row.place = here
    if row.held_at is None and (because := _fault(row, here)):
        row.held_at, row.held_because = clock.now(), because
        audit_trail.record(
            audit_trail.SCHEDULER, "held email", changes={"because": (None, because)}
        )
        log.error("email is held", extra={"values": {"because": because}})
    why = mail_place.REASONS[row.held_because or ""] if row.held_at else ""
    db.session.commit()
    return Checked(here, why)


def note_sending(at: datetime) -> None:
    """Note in the open transaction that a message is taken up to be sent. Commits nothing.

    Of two senders the later moment stays, whichever is done first: an earlier one than this
    machine's file would look like a database that was restored.
    """
    is_later = or_(MailPlace.last_at.is_(None), MailPlace.last_at < at)
    db.session.execute(update(MailPlace).where(is_later).values(last_at=at))


def keep_outside(place: str, at: datetime) -> None:
    """Note the same in this machine's file, once it is committed and before the message goes.

    In this order a crash leaves the database ahead of the file, which holds nothing back.
    """
    file = mail_place.last_sent_file()
    new = file.with_suffix(".new")
    try:
        new.write_text(json.dumps({"place": place, "at": at.isoformat()}))
        new.replace(file)
    except OSError as error:  # a file that only helps to know a restore must stop no email
        log.warning("the last sending could not be kept", extra={"values": {"why": error.strerror}})


def release(*, actor: Actor, drop_older: timedelta | None, why: str) -> Released:
    """Let email go again from here, and commit; what waits longer than `drop_older` never goes.

    Raises Refused where email is not held (any more), or where some is dropped without a reason.
    """
    row = _row()
    if row.held_at is None:
        db.session.rollback()
        raise Refused({"release": "Email is not held"})
    if drop_older is not None and not why.strip():
        db.session.rollback()
        raise Refused({"why": "Say why older email is not sent"})
    at, here = clock.now(), mail_place.here()
    dropped = _drop(at - drop_older, actor, at) if drop_older is not None else 0
    row.place, row.held_at, row.held_because = here, None, None
    row.last_at = max(at, mail_place.last_sent(here) or at)
    waiting = messages.how_many_wait()
    told = {"waiting": (None, waiting), "dropped": (None, dropped), "why": (None, why.strip())}
    audit_trail.record(actor, "released email", changes=told)
    db.session.commit()
    return Released(waiting, dropped)


def _row() -> MailPlace:
    row = db.session.scalar(select(MailPlace).with_for_update())
    if row is None:
        row = MailPlace(id=1, place="")
        db.session.add(row)
    return row


def _fault(row: MailPlace, here: str) -> str:
    """Return the code of why email must be held, or nothing."""
    if row.place != here:
        return "moved"
    kept = mail_place.last_sent(here)
    return "older" if kept and (row.last_at is None or kept > row.last_at) else ""


def _drop(before: datetime, actor: Actor, at: datetime) -> int:
    dropped = (
        update(Message)
        .where(messages.unsent(), Message.created_at < before)
        .values(failed_at=at, failure="dropped", claimed_at=None)
        .values(settled_at=at, settled_by_id=actor.user_id)
    )
    done = db.session.execute(dropped.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]
