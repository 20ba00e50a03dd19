"""Sessions: begun, kept alive, ended. They live in the database, so an end is an end at once.

The browser holds a token of 256 random bits; the database holds its SHA-256 and nothing else of it.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Update, update

from casework import clock, current
from casework.extensions import db
from casework.models import UserSession
from casework.queries import sessions as queries
from casework.queries.sessions import Session
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Absent

#: How often `last_seen_at` is written at most; the idle limit allows for it.
SEEN_EVERY = timedelta(minutes=1)


class Ended(StrEnum):
    """Why a session is over, in words that follow "You have been signed out"."""

    SIGNED_OUT = "because that session was ended"
    ACCOUNT_DISABLED = "because your account was closed"
    ROLE_CHANGED = "because your role was changed"
    IDLE = "because nothing was done for a while"
    TOO_LONG = "because you had been signed in for a long time"


@dataclass(frozen=True, slots=True)
class Found:
    """A session by its token, and why it is over; None while it is not."""

    session: Session
    ended: Ended | None


def digest(token: str) -> str:
    """Return the SHA-256 by which a token is known, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> Found | None:
    """Return the session that a token opens or opened, and note that it was seen; None if none."""
    session = queries.by_digest(digest(token))
    if session is None:
        return None
    at = clock.now()
    ended = why_ended(session, at)
    if ended is None and at - session.last_seen_at >= SEEN_EVERY:
        _note_seen(session.id, at)
    return Found(session, ended)


def why_ended(session: Session, at: datetime) -> Ended | None:
    """Return why the session is over at this moment, or None while it is open."""
    settings = current.settings()
    idle = timedelta(minutes=settings.session_idle_minutes) + SEEN_EVERY
    reasons = {
        Ended.ACCOUNT_DISABLED: not session.is_active,
        Ended.ROLE_CHANGED: session.viewer.role != session.role_at_sign_in,
        Ended.SIGNED_OUT: session.ended_at is not None,
        Ended.IDLE: at - session.last_seen_at >= idle,
        Ended.TOO_LONG: at - session.started_at >= timedelta(hours=settings.session_absolute_hours),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def begin(*, user_id: int, role: str, address: str) -> str:
    """Add a session to the open transaction and return its token. Commits nothing."""
    token, at = secrets.token_urlsafe(32), clock.now()
    db.session.add(
        UserSession(
            token_digest=digest(token),
            user_id=user_id,
            role=role,
            started_at=at,
            last_seen_at=at,
            address=address,
        )
    )
    return token


def end_all(user_id: int) -> None:
    """End every session of a person, in the open transaction. Commits nothing."""
    db.session.execute(_ending().where(UserSession.user_id == user_id))


def open_sessions(user_id: int) -> Sequence[Session]:
    """Return the sessions a person has open now, the last used first."""
    at = clock.now()
    return [s for s in queries.not_ended(user_id) if why_ended(s, at) is None]


def sign_out(*, actor: Actor, session_id: int) -> None:
    """End the session that asks, and commit."""
    db.session.execute(_ending().where(UserSession.id == session_id))
    audit_trail.record(actor, "signed out", subject=f"session {session_id}")
    db.session.commit()


def end_own(*, actor: Actor, session_id: int) -> None:
    """End another of one's own sessions, and commit. Raises Absent where it is not theirs."""
    own = _ending().where(UserSession.id == session_id, UserSession.user_id == actor.user_id)
    if not db.session.execute(own.returning(UserSession.id)).all():
        db.session.rollback()
        raise Absent(f"session {session_id}")
    audit_trail.record(actor, "ended own session", subject=f"session {session_id}")
    db.session.commit()


def _ending() -> Update:
    return update(UserSession).where(UserSession.ended_at.is_(None)).values(ended_at=clock.now())


def _note_seen(session_id: int, at: datetime) -> None:
    seen = update(UserSession).where(UserSession.id == session_id).values(last_seen_at=at)
    with db.engine.begin() as connection:
        connection.execute(seen)
