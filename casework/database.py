"""How each connection is opened, so that nothing acknowledged is lost and nothing half-locks."""

from typing import Any

from sqlalchemy import Engine, event

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
    """Set up each SQLite connection of this engine. PostgreSQL needs nothing."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, _record: Any) -> None:
    # The driver would otherwise begin transactions by its own rules, and only on a write.
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Any) -> None:
    # A transaction that reads first and writes later fails at once when another has written
    # in between, whatever the busy timeout; one that takes the lock first waits its turn.
    options = connection.get_execution_options()
    read_only = options.get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
