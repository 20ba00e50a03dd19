"""Whether a machine's clock is to be believed, by what else tells the time. Pure.

A clock that jumps would have every limit told early, or again. So it is held against the time that
has passed by the machine's own count, the newest mark in the records, and the database's clock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

#: A clock that is off by no more is right enough.
TOLERANCE: Final = timedelta(minutes=5)
#: The longest that a scheduler is believed to have rested while its machine was off.
LONGEST_REST: Final = timedelta(days=366)

Witness = Literal["elapsed", "mark", "database"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the clocks said at one moment."""

    wall: datetime
    #: Seconds that the machine has been up, asleep or awake: no change of the clock touches them.
    uptime: float
    #: Which start of the machine that is: `uptime` counts from it.
    boot: str
    #: What the database's clock said; None where it has none.
    database: datetime | None = None

    @property
    def off_database(self) -> timedelta:
        """How far the clock is ahead of the database's."""
        return self.wall - self.database if self.database else timedelta()


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against a clock, and how far it is ahead by that witness; or behind, below 0."""

    witness: Witness
    off: timedelta


def doubt(
    reading: Reading, trusted: Reading | None, agreed: timedelta = timedelta()
) -> Doubt | None:
    """Return what speaks against a reading, held against the newest that was trusted.

    `agreed` is how far the clock may be ahead of the database's, since an administrator said so.
    From one start of the machine to another only a clock that went back, or is ahead by more than
    anybody rests, can be told: the machine may have been off for any time between.
    """
    if abs(reading.off_database - agreed) > TOLERANCE:
        return Doubt("database", reading.off_database - agreed)
    if trusted is None:
        return None
    rested = reading.wall - trusted.wall
    if trusted.boot == reading.boot:
        off = _moved(trusted, reading)
        return Doubt("elapsed", off) if abs(off) > TOLERANCE else None
    is_possible = -TOLERANCE <= rested <= LONGEST_REST
    return None if is_possible else Doubt("mark", rested)


def was_set(before: Reading, now: Reading) -> bool:
    """Return whether the clock was set between two readings of one start of the machine."""
    return before.boot == now.boot and abs(_moved(before, now)) > TOLERANCE


def _moved(before: Reading, now: Reading) -> timedelta:
    """By how much more than the time that passed the clock went on."""
    return now.wall - before.wall - timedelta(seconds=now.uptime - before.uptime)
