"""The migrations make the tables that the models describe, and unmake them again."""

from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from casework.clock import now
from casework.emails.messages import Email
from casework.extensions import db
from casework.models import Message
from casework.models.append_only import APPEND_ONLY
from casework.queries.messages import state_of
from casework.services import outbox
from tests.factories import make_case, make_user
from tests.fixtures.alerts import queue

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


def test_email_of_before_goes_on_waiting_and_what_had_no_answer_is_shown(app: Flask) -> None:
    states = ("waiting", "sent_at", "claimed_at", "failed_at")
    with app.app_context():
        me = make_user()
        for state in states:
            email = Email("late_paper", "Late papers", "Read them\n")
            outbox.put(about=state, to_user_id=me.id, email=email)
            if state != "waiting":
                db.session.query(Message).filter_by(about=state).update({state: now()})
        db.session.flush()
        alert = queue(make_case(officer_id=me.id), me)
        alert.message_id = db.session.query(Message).filter_by(about="sent_at").one().id
        db.session.commit()
        flask_migrate.downgrade(revision="031_watching_the_scheduler")
        flask_migrate.upgrade()
        db.session.expire_all()
        found = {one.about: one for one in db.session.query(Message)}
        assert {about: str(state_of(one, now())) for about, one in found.items()} == {
            "waiting": "waiting",
            "sent_at": "sent",
            "claimed_at": "failed",
            "failed_at": "failed",
        }
        assert found["claimed_at"].failure == "no answer"
        assert found["waiting"].next_at == found["waiting"].created_at
        assert alert.message_id == found["sent_at"].id


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
