"""Whether the scheduler is at work, and what speaks against its clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from casework.codes import Code
from casework.database import looking
from casework.models import Heartbeat

#: A scheduler that has left no mark for so long is not at work: it leaves one each minute.
SILENCE = timedelta(minutes=15)
_TEN_MINUTES = 600


class Witness(Code):
    """What a clock is held against, and how that reads after "… ahead of"."""

    ELAPSED = "elapsed", "the time that has passed since it was last right"
    MARK = "mark", "the newest mark in the records"
    DATABASE = "database", "the database’s own clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What speaks against the clock of the machine that runs the scheduler."""

    witness: Witness
    #: How far ahead of the witness the clock is; below nothing, how far behind.
    off: timedelta
    #: When it was found, by that clock.
    since: datetime
    #: Whether an administrator has said that the clock is right, and the scheduler not yet heard.
    is_said_right: bool

    @property
    def seen(self) -> str:
        """What stands for this doubt in the form by which the clock is said to be right."""
        tens = round(self.off.total_seconds() / _TEN_MINUTES)
        return f"{self.witness} {tens} {self.since.isoformat()}"

    @property
    def words(self) -> str:
        """How far it is off, in words: "3 days ahead of the database’s own clock"."""
        way = "ahead of" if self.off > timedelta() else "behind"
        return f"{_spoken(abs(self.off))} {way} {self.witness.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """The scheduler's newest mark."""

    at: datetime
    #: When the scheduler that is at work began.
    began_at: datetime
    doubt: Doubt | None = None

    def is_silent(self, now: datetime) -> bool:
        """Return whether the mark is so old that no scheduler can be at work."""
        return now - self.at > SILENCE


def pulse() -> Pulse | None:
    """Return the scheduler's newest mark; None where none ever worked here. One statement."""
    with looking() as connection:  # asked beside the page's own transaction, which it never opens
        row = connection.execute(select(*Heartbeat.__table__.c)).one_or_none()
    return Pulse(at=row.at, began_at=row.began_at, doubt=doubt_of(row)) if row else None


def doubt_of(row: Heartbeat | Row[Any]) -> Doubt | None:
    """Return what a heartbeat holds against the clock."""
    if row.doubt is None:
        return None
    assert row.doubted_at is not None
    return Doubt(
        witness=Witness(row.doubt),
        off=timedelta(seconds=row.doubt_seconds or 0),
        since=row.doubted_at,
        is_said_right=row.said_right_at is not None,
    )


def _spoken(length: timedelta) -> str:
    for unit, words in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour")):
        if length >= unit:
            number = round(length / unit)
            return f"{number:,} {words}{'' if number == 1 else 's'}"
    return f"{round(length / timedelta(minutes=1))} minutes"
