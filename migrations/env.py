"""Runs the migrations on the application's own engine, or on a connection handed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from casework import models  # noqa: F401 (fills the metadata)
from casework.extensions import db

OPTIONS = {
    "target_metadata": db.metadata,
    "render_as_batch": True,
    "compare_type": True,
    "transaction_per_migration": True,
}


def run() -> None:
    """Bring the database to the revision asked for, each migration in a transaction."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection, _tables_made_anew(connection) as check:
        context.configure(connection=connection, on_version_apply=check, **OPTIONS)
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def _tables_made_anew(connection: Connection) -> Iterator[list[Any]]:
    """Let a table be dropped to which others refer; give what looks after each migration, before it
    is committed, that all they refer to is there again.

    SQLite changes little of a table: it is copied, and the old one dropped.
    """
    if connection.dialect.name != "sqlite":
        yield []
        return
    # Not through the connection: that would begin, and within a transaction this does nothing.
    driver: Any = connection.connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield [_refuse_what_refers_to_nothing]
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys = ON")


def _refuse_what_refers_to_nothing(*, ctx: Any, **_given: Any) -> None:
    found = ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if found is not None:
        raise RuntimeError(f"a row of {found[0]} would refer to nothing in {found[2]}")


run()
