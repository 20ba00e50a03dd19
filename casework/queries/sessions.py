"""Sessions: who is signed in, from where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casework.access import Viewer
from casework.database import looking
from casework.extensions import db
from casework.models import User, UserSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session and its person, as the database holds them at this moment."""

    id: int
    viewer: Viewer
    role_at_sign_in: str
    is_active: bool
    one_time_until: datetime | None
    started_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    address: str


_COLUMNS = (
    UserSession.id,
    UserSession.role.label("role_at_sign_in"),
    UserSession.started_at,
    UserSession.last_seen_at,
    UserSession.ended_at,
    UserSession.address,
    User.id.label("user_id"),
    User.name,
    User.role,
    User.team_id,
    User.advice_service_id.label("service_id"),
    User.is_active,
    User.one_time_until,
)


def by_digest(token_digest: str) -> Session | None:
    """Return the session whose token has this SHA-256 digest, ended or not, in one statement.

    Reads on a connection of its own: no request holds SQLite's lock merely to know who asks.
    """
    statement = (
        select(*_COLUMNS)
        .join_from(UserSession, User)
        .where(UserSession.token_digest == token_digest)
    )
    with looking() as connection:
        row = connection.execute(statement).one_or_none()
    return _session(row) if row else None


def not_ended(user_id: int) -> Sequence[Session]:
    """Return a person's sessions that nothing has ended yet, the last used first."""
    statement = (
        select(*_COLUMNS)
        .join_from(UserSession, User)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    )
    return [_session(row) for row in db.session.execute(statement)]


def _session(row: object) -> Session:
    found = dict(row._mapping)  # type: ignore[attr-defined]  # noqa: SLF001 (its public name)
    viewer = Viewer(**{name: found.pop(name) for name in _OF_VIEWER})
    return Session(viewer=viewer, **found)


_OF_VIEWER = ("user_id", "name", "role", "team_id", "service_id")
