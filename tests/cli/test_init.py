"""`casework init` on the command line, as a person runs it."""

import json
from pathlib import Path

import flask_migrate
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, inspect, text

from casework.app import create_app
from casework.cli import main
from casework.extensions import db


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty instance folder, and make it the one that commands use."""
    monkeypatch.setenv("CASEWORK_INSTANCE_PATH", str(tmp_path))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_it_makes_a_database_that_is_empty_and_has_no_account(folder: Path) -> None:
    answer = run("init", "--json")
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert told["from"] is None
    with create_engine(told["database"]).connect() as connection:
        assert inspect(connection).has_table("case_event")
        assert connection.scalar(text('SELECT count(*) FROM "user"')) == 0


def test_it_is_safe_to_run_again(folder: Path) -> None:
    first = json.loads(run("init", "--json").stdout)
    again = json.loads(run("init", "--json").stdout)
    assert again["from"] == again["to"] == first["to"]
    assert f"already at migration {first['to']}" in run("init").stdout


def test_a_file_that_is_to_change_is_copied_first_whole(folder: Path) -> None:
    told = json.loads(run("init", "--json").stdout)
    assert told["copy"] is None
    app = create_app()
    with app.app_context():
        flask_migrate.downgrade(revision="001_accounts")
        db.session.execute(text("INSERT INTO team (name) VALUES ('Invented team')"))
        db.session.commit()
        assert Path(f"{db.engine.url.database}-wal").exists(), "the copy must take in the WAL"
        again = json.loads(run("init", "--json").stdout)
    assert (again["from"], again["to"]) == ("001_accounts", told["to"])
    copy = Path(again["copy"])
    assert copy.stat().st_mode & 0o077 == 0
    with create_engine(f"sqlite:///{copy}").connect() as connection:
        assert connection.scalar(text("SELECT name FROM team")) == "Invented team"
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "001_accounts"


def test_only_its_owner_may_read_the_database(folder: Path) -> None:
    run("init")
    assert (folder / "casework.sqlite3").stat().st_mode & 0o077 == 0


def test_it_refuses_a_database_newer_than_the_code(folder: Path) -> None:
    told = json.loads(run("init", "--json").stdout)
    with create_engine(told["database"]).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '999_the_future'"))
    answer = run("init")
    assert answer.exit_code == 1
    assert "999_the_future" in answer.stderr
    assert "newer code" in answer.stderr


def test_a_database_that_does_not_answer_is_said_in_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://somebody:hunter2@127.0.0.1:9/casework"
    monkeypatch.setenv("CASEWORK_DATABASE_URL", url)
    answer = run("init")
    assert answer.exit_code == 1
    assert answer.stderr.startswith("Error: The database did not do it")
    assert "hunter2" not in answer.output
    assert "Traceback" not in answer.output
