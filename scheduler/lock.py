"""One scheduler at a time: a second one waits, and one that has lost its lock ends."""

import fcntl
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from sqlalchemy import Connection, Engine, text

log = logging.getLogger(__name__)

#: The key of our advisory lock in PostgreSQL: any number that nothing else here uses.
LOCK_KEY = 20140902
WAIT = 2.0


class PostgresqlLock:
    """An advisory lock that lives as long as one connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._connection: Connection = engine.connect().execution_options(
            isolation_level="AUTOCOMMIT"
        )

    def take(self) -> bool:
        """Take the lock if nobody has it; tell whether it was taken."""
        asked = text("SELECT pg_try_advisory_lock(:key)")
        return bool(self._connection.execute(asked, {"key": LOCK_KEY}).scalar())

    def is_held(self) -> bool:
        """Tell whether the server still counts this connection as the holder."""
        asked = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted "
            "AND objid = :key AND pid = pg_backend_pid()"
        )
        return bool(self._connection.execute(asked, {"key": LOCK_KEY}).scalar())


class FileLock:
    """A lock on a file of the instance folder, let go by the system whenever the process ends."""

    def __init__(self, file: Path) -> None:
        self._file: TextIO = file.open("w")

    def take(self) -> bool:
        """Take the lock if nobody has it; tell whether it was taken."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def is_held(self) -> bool:
        """Tell whether the lock is held: once taken, only the end of the process lets it go."""
        return not self._file.closed


Lock = PostgresqlLock | FileLock


def lock_for(engine: Engine, instance: Path) -> Lock:
    """Return the kind of lock that fits the database, not yet taken."""
    if engine.dialect.name == "postgresql":
        return PostgresqlLock(engine)
    return FileLock(instance / "scheduler.lock")


def wait_for(lock: Lock, sleep: Callable[[float], None] = time.sleep) -> None:
    """Return once the lock is taken, however long another scheduler keeps it."""
    if lock.take():
        return
    log.warning("another scheduler is at work; waiting for it to end")
    while not lock.take():
        sleep(WAIT)
    log.warning("the other scheduler has ended; taking over")
