"""Runs the migrations on the application's own engine, or on a connection handed in."""

from alembic import context
from flask import current_app

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
    with engine.connect() as connection:
        context.configure(connection=connection, **OPTIONS)
        with context.begin_transaction():
            context.run_migrations()


run()
