"""The migrations make the tables that the models describe, and unmake them again."""

from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from casework.extensions import db
from casework.models.append_only import APPEND_ONLY

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"


#: On SQLite an index over an expression cannot be compared; tests/queries/test_plans.py shows
#: that the one there is stands and is used.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore:{words}")
    for words in ("Skipped unsupported reflection", "autogenerate skipping")
]


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, db.metadata))


def test_the_migrated_schema_is_the_one_the_models_describe(app: Flask) -> None:
    with app.app_context():
        assert differences() == []


def test_every_migration_goes_down_and_up_again(app: Flask) -> None:
    with app.app_context():
        flask_migrate.downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        flask_migrate.upgrade()
        assert differences() == []


def test_migrations_are_numbered_in_order_and_named_in_words() -> None:
    names = sorted(file.stem for file in VERSIONS.glob("*.py"))
    assert [int(name[:3]) for name in names] == list(range(1, len(names) + 1))
    for name in names:
        assert f'revision = "{name}"' in (VERSIONS / f"{name}.py").read_text(encoding="utf-8")


def test_what_only_grows_is_named_so_and_nothing_else_is() -> None:
    growing = ("event", "audit", "decision", "record", "circulation", "panel_view", "done")
    growing += ("advice", "report", "plan", "draft", "representation", "agreement", "informed")
    growing += ("consultation", "placement", "exception", "letter")
    named = {table for table in db.metadata.tables if any(word in table for word in growing)}
    # A service is renamed and closed, a release is decided, a sample is scored.
    assert named - {"advice_service", "advice_release", "advice_sample"} == set(APPEND_ONLY)
