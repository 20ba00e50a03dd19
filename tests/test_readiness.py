"""Production does not start on a database that is not fit for it."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from casework import readiness
from casework.app import create_app
from casework.config import Settings, SettingsError
from casework.extensions import db
from tests.fixtures.databases import add_demonstration_account


def in_production(settings: Settings) -> Flask:
    return create_app(replace(settings, environment="production", today=None))


def faults(app: Flask) -> list[str]:
    with app.app_context(), pytest.raises(SettingsError) as caught:
        readiness.refuse_unfit_database()
    return caught.value.faults


def test_it_starts_on_a_migrated_database_with_no_demonstration(settings: Settings) -> None:
    with in_production(settings).app_context():
        readiness.refuse_unfit_database()


def test_it_refuses_another_migration_and_says_what_to_run(settings: Settings) -> None:
    app = in_production(settings)
    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '001_accounts'"))
        db.session.commit()
    (fault,) = faults(app)
    assert "001_accounts" in fault
    assert "casework init" in fault


def test_it_refuses_demonstration_accounts(settings: Settings) -> None:
    app = in_production(settings)
    with app.app_context():
        add_demonstration_account()
    (fault,) = faults(app)
    assert "demonstration accounts" in fault


def test_a_desk_may_have_demonstration_accounts(app: Flask) -> None:
    with app.app_context():
        add_demonstration_account()
        readiness.refuse_unfit_database()
        assert readiness.is_demonstration()


def test_a_database_not_yet_made_holds_no_demonstration(settings: Settings, tmp_path: Path) -> None:
    unmade = replace(settings, database_url=f"sqlite:///{tmp_path / 'unmade.sqlite3'}")
    with create_app(unmade).app_context():
        assert not readiness.has_demonstration_accounts()
