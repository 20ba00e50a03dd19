"""The scheduler's mark of each minute, and what it makes of its clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from casework import clock
from casework.extensions import db
from casework.models import Heartbeat
from casework.queries.heartbeat import doubt_of
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """The newest instant at which nothing spoke against the clock, as it is kept."""

    at: datetime
    #: Seconds that the machine had been up, and which of its starts that was.
    uptime: float
    boot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the scheduler before this one left: its trusted mark, and what it doubted."""

    trusted: Trusted | None = None
    doubt: str | None = None
    off: timedelta = timedelta()


def kept() -> Kept:
    """Return what the heartbeat holds of the clock."""
    row = db.session.get(Heartbeat, 1)
    found = Kept()
    if row:
        seconds = timedelta(seconds=row.doubt_seconds or 0)
        found = Kept(trusted=_trusted(row), doubt=row.doubt, off=seconds)
    db.session.rollback()
    return found


def begin() -> None:
    """Mark that a scheduler has begun its work."""
    row = db.session.get(Heartbeat, 1) or Heartbeat(id=1)
    row.at = row.began_at = clock.now()
    db.session.add(row)
    db.session.commit()


def beat(*, trusted: Trusted | None, doubt: str | None, off: timedelta) -> None:
    """Mark that the scheduler is at work, and whether it doubts its clock."""
    row = db.session.get_one(Heartbeat, 1)
    row.at = clock.now()
    if trusted:
        row.trusted_at, row.trusted_uptime = trusted.at, trusted.uptime
        row.trusted_boot = trusted.boot
    if doubt:
        row.doubted_at = row.doubted_at or clock.now()
        row.doubt, row.doubt_seconds = doubt, round(off.total_seconds())
    else:
        row.doubt = row.doubt_seconds = row.doubted_at = None
        row.said_right_at = row.said_right_by_id = None
    db.session.commit()


def is_said_right() -> bool:
    """Tell whether an administrator has said that the doubted clock is right."""
    row = db.session.get(Heartbeat, 1)
    said = row is not None and row.said_right_at is not None
    db.session.rollback()
    return said


def say_right(*, actor: Actor, seen: str) -> None:
    """Say that the doubted clock is right, so that the scheduler works on by it. Commits.

    `seen` is the doubt that the person looked at (`casework.queries.heartbeat.Doubt.seen`). Raises
    Refused where there is no doubt any more, or another.
    """
    row = db.session.get(Heartbeat, 1, with_for_update=True)
    doubt = doubt_of(row) if row else None
    if row is None or doubt is None or seen != doubt.seen:
        db.session.rollback()
        raise Refused({"clock": "What speaks against the clock has changed since. Look again"})
    if row.said_right_at is None:
        row.said_right_at, row.said_right_by_id = clock.now(), actor.user_id
        off = {"seconds": (None, row.doubt_seconds), "witness": (None, row.doubt)}
        audit_trail.record(actor, "said the clock is right", subject="scheduler", changes=off)
    db.session.commit()


def database_clock() -> datetime | None:
    """Return what the database's own clock says; None where it has none."""
    if db.engine.dialect.name != "postgresql":
        return None
    found: datetime | None = db.session.scalar(text("SELECT clock_timestamp()"))
    db.session.rollback()
    return found.astimezone(UTC) if found else None


def _trusted(row: Heartbeat) -> Trusted | None:
    if row.trusted_at is None or row.trusted_uptime is None or row.trusted_boot is None:
        return None
    return Trusted(at=row.trusted_at, uptime=row.trusted_uptime, boot=row.trusted_boot)
