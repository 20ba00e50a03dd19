"""Where email is sent from, and why it is held.

A database that was restored or copied holds email as waiting that went long ago. It is known by
what tells one place from another, and by the moment of the last sending, which this machine keeps
in a file besides: a database that knows less than the file is older than what was sent from it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import and_, func, select, text

from casework import current
from casework.extensions import db
from casework.models import MailPlace, Message
from casework.queries.messages import unsent

#: Why email is held.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "moved": "This database is not where email was last sent from: it was restored from a "
        "backup, copied or moved.",
        "older": "This database is older than the email that was last sent from here: a backup "
        "was restored over it.",
    }
)
_MACHINE = Path("/etc/machine-id")
#: A dump makes the database and its tables anew, a physical backup begins a new timeline, and
#: another cluster has an identifier of its own.
_POSTGRESQL = text(
    "SELECT system_identifier || ' ' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"
    " || ' ' || (SELECT oid FROM pg_database WHERE datname = current_database())"
    " || ' ' || CAST(CAST('message' AS regclass) AS oid) FROM pg_control_system()"
)


@dataclass(frozen=True, slots=True)
class Held:
    """That email is held: since when, and why."""

    at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """Email that is still to go: since when the oldest waits, and how many wait how long."""

    since: datetime | None
    within_hour: int
    within_day: int
    longer: int

    @property
    def total(self) -> int:
        """Return how many there are."""
        return self.within_hour + self.within_day + self.longer


def held() -> Held | None:
    """Return since when and why email is held; None where it is not."""
    found = db.session.execute(select(MailPlace.held_at, MailPlace.held_because)).first()
    if found is None or found.held_at is None:
        return None
    return Held(found.held_at, REASONS[found.held_because])


def backlog(now: datetime) -> Backlog:
    """Return how much email is still to go, by how long it has waited. One statement."""
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    put = Message.created_at
    ages = put >= hour, and_(put < hour, put >= day), put < day
    counts = [func.count().filter(age) for age in ages]
    row = db.session.execute(select(func.min(put), *counts).where(unsent())).one()
    return Backlog(row[0], row[1], row[2], row[3])


def here() -> str:
    """Return what tells this database at this place from every copy of it."""
    bind = db.session.get_bind()
    if bind.dialect.name == "postgresql":
        return str(db.session.scalar(_POSTGRESQL))
    machine = _MACHINE.read_text().strip() if _MACHINE.exists() else "machine unknown"
    return f"{machine} {Path(str(db.engine.url.database)).stat().st_ino}"


def last_sent_file() -> Path:
    """Return the file of this machine that says when email was last sent from here."""
    return current.settings().instance_path / "mail-last-sent.json"


def last_sent(place: str) -> datetime | None:
    """Return when this machine last sent email from a place; None where it knows of none."""
    try:
        kept = json.loads(last_sent_file().read_text())
        return datetime.fromisoformat(kept["at"]) if kept["place"] == place else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
