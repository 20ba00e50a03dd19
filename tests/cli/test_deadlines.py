"""`casework rebuild-deadlines` and `casework verify-audit`: words, JSON and status."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from casework.cli import main
from casework.extensions import db
from casework.models.append_only import unprotect
from tests.factories import make_case

REFERENCE = "EHC-000001"


@pytest.fixture(autouse=True)
def _desk(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A desk whose settings are those of the test, with one case."""
    settings = app.extensions["casework.settings"]
    for name in ("DATABASE_URL", "SECRET_KEY", "AUDIT_KEY"):
        monkeypatch.setenv(f"CASEWORK_{name}", getattr(settings, name.lower()))
    monkeypatch.setenv("CASEWORK_INSTANCE_PATH", str(tmp_path))
    monkeypatch.setenv("CASEWORK_TODAY", "2026-11-23")
    with app.app_context():
        make_case(date(2026, 9, 7))
        db.session.remove()
    return


def call(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def answer(*words: str) -> tuple[int, dict[str, Any]]:
    done = call(*words, "--json")
    return done.exit_code, json.loads(done.stdout)


def alter(app: Flask, *statements: str) -> None:
    with app.app_context():
        for statement in statements:
            db.session.execute(text(statement))
        db.session.commit()
        db.session.remove()


def test_true_deadlines_are_said_to_be_true() -> None:
    done = call("rebuild-deadlines")
    assert done.exit_code == 0
    assert done.stdout == "The deadlines of all 1 cases equal their facts.\n"
    assert "Comparing deadlines" in done.stderr


def test_a_check_finds_a_wrong_deadline_changes_nothing_and_ends_with_status_1(app: Flask) -> None:
    alter(app, "UPDATE deadline SET due_on = '2027-01-01'")
    wrong = {"cases": 1, "differed": 1, "differing": [REFERENCE], "mended": False}
    assert answer("rebuild-deadlines", "--check") == (1, wrong)
    assert answer("rebuild-deadlines", "--check") == (1, wrong)


def test_a_rebuild_mends_a_wrong_deadline_and_says_whose_it_was(app: Flask) -> None:
    alter(app, "UPDATE deadline SET due_on = '2027-01-01'")
    done = call("rebuild-deadlines")
    assert done.exit_code == 0
    assert REFERENCE in done.stdout
    right = {"cases": 1, "differed": 0, "differing": [], "mended": False}
    assert answer("rebuild-deadlines", "--check") == (0, right)


def test_a_whole_audit_trail_is_reported_with_its_head() -> None:
    status, said = answer("verify-audit")
    assert status == 0
    assert said["entries"] == 1
    assert len(said["head"]) == 64
    assert said["faults"] == []


def test_a_changed_audit_entry_is_named_and_ends_with_status_1(app: Flask) -> None:
    with app.app_context():
        bare = unprotect("audit_entry", db.engine.dialect.name)
    alter(app, *bare, "UPDATE audit_entry SET action = 'viewed case'")
    assert answer("verify-audit")[1]["faults"] == ["entry 1 was changed"]
    done = call("verify-audit")
    assert done.exit_code == 1
    assert "  entry 1 was changed\n" in done.stdout


def test_a_tail_cut_after_its_head_was_noted_is_found(app: Flask, tmp_path: Path) -> None:
    assert call("verify-audit", "--note-head").exit_code == 0
    head = answer("verify-audit")[1]["head"]
    assert (tmp_path / "audit-heads.txt").read_text() == f"1 {head}\n"
    with app.app_context():
        bare = unprotect("audit_entry", db.engine.dialect.name)
    alter(app, *bare, "DELETE FROM change_detail", "DELETE FROM audit_entry")
    assert answer("verify-audit") == (
        1,
        {
            "entries": 0,
            "head": "0" * 64,
            "faults": ["entry 1, noted outside the database, is missing"],
        },
    )


def test_the_head_of_a_broken_trail_is_not_noted(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        bare = unprotect("audit_entry", db.engine.dialect.name)
    alter(app, *bare, "UPDATE audit_entry SET action = 'viewed case'")
    assert call("verify-audit", "--note-head").exit_code == 1
    assert not (tmp_path / "audit-heads.txt").exists()


@pytest.mark.parametrize("command", ["rebuild-deadlines", "verify-audit"])
def test_a_database_never_made_is_no_clean_bill(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_DATABASE_URL", "sqlite://")
    done = call(command)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "run `casework init`" in done.stderr
