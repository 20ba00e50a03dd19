"""How each connection is opened, so that nothing acknowledged is lost and nothing half-locks."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.exc import InvalidatePoolError

from casework.extensions import db

#: Seconds that a connection to a server is trusted without being asked whether it still stands.
IDLE = 1.0
#: Milliseconds that a writer waits for another before it gives up.
BUSY_TIMEOUT = 5000

SQLITE_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # a commit that was acknowledged survives a power cut
    "foreign_keys = ON",
    "recursive_triggers = ON",
    f"busy_timeout = {BUSY_TIMEOUT}",
)


def prepare(engine: Engine) -> None:
    """Set up the connections of this engine."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "checkin", _note_when)
        event.listen(engine, "checkout", partial(_refuse_dead, engine.dialect))
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _Writers().on_begin)
    event.listen(engine, "checkin", _Writers.on_checkin)


@contextmanager
def looking() -> Iterator[Connection]:
    """Give a connection for one question alone, that needs no transaction around it."""
    options: dict[str, Any] = {"read_only": True}
    if db.engine.dialect.name == "postgresql":
        options |= {"isolation_level": "AUTOCOMMIT"}
    with db.engine.connect().execution_options(**options) as connection:
        yield connection


@contextmanager
def reading() -> Iterator[None]:
    """Read in a transaction that never writes and sees one moment of the database; then end it.

    On SQLite it waits for no writer and keeps none waiting. Within a transaction that has begun
    it is part of that one, and reads what that has written.
    """
    if db.session().in_transaction():
        yield
        return
    options: dict[str, Any] = {"read_only": True}
    if db.engine.dialect.name == "postgresql":
        options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
    db.session.connection(execution_options=options)
    try:
        yield
    finally:
        db.session.rollback()


def _note_when(_connection: Any, record: Any) -> None:
    record.info["idle since"] = monotonic()


def _refuse_dead(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """Ask a connection that has lain idle whether it still stands; if not, all are made anew.

    The server may have been started again. A connection used a moment ago is not asked: that
    would be one more question to the server for each that a page has.
    """
    if monotonic() - record.info.get("idle since", monotonic()) <= IDLE:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as dead:
        raise InvalidatePoolError from dead


def _on_connect(connection: Any, _record: Any) -> None:
    # The driver would otherwise begin transactions by its own rules, and only on a write.
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


class _Writers:
    """Threads that write to one SQLite file, one after the other.

    SQLite has one writer, and lets the others sleep and look again, ever longer: under load the
    unlucky wait for seconds. Here a thread wakes as soon as the one before it is done. Other
    processes still wait as SQLite has it.
    """

    def __init__(self) -> None:
        self._turn = Lock()

    def on_begin(self, connection: Any) -> None:
        """Begin a transaction, one that only reads or one that may write."""
        if connection.get_execution_options().get("read_only", False):
            connection.info["reads"] = True
            connection.connection.execute("PRAGMA query_only = ON")
            connection.exec_driver_sql("BEGIN")
            return
        # Past the time that SQLite itself waits, it is left to SQLite to refuse.
        if "turn" not in connection.info and self._turn.acquire(timeout=BUSY_TIMEOUT / 1000):
            connection.info["turn"] = self._turn
        # A transaction that reads first and writes later fails at once when another has written
        # in between, whatever the busy timeout; one that takes the lock first waits its turn.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @staticmethod
    def on_checkin(connection: Any, record: Any) -> None:
        """Let the next one write, when a connection is given back."""
        if record.info.pop("reads", None):
            connection.execute("PRAGMA query_only = OFF")
        if turn := record.info.pop("turn", None):
            turn.release()
