"""`casework sweep`: counts as words and as JSON, and several of them at once."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from casework.cli import main
from casework.extensions import db
from tests.factories import TODAY, make_case, make_user

#: A case whose 6 weeks ended last week, and one whose end tomorrow.
LATE, SOON = TODAY - timedelta(weeks=7), TODAY - timedelta(weeks=6, days=-1)


@pytest.fixture(autouse=True)
def _desk(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A desk whose settings are those of the test, with two cases and a manager."""
    settings = app.extensions["casework.settings"]
    for name in ("DATABASE_URL", "SECRET_KEY", "AUDIT_KEY"):
        monkeypatch.setenv(f"CASEWORK_{name}", getattr(settings, name.lower()))
    monkeypatch.setenv("CASEWORK_INSTANCE_PATH", str(tmp_path))
    monkeypatch.setenv("CASEWORK_TODAY", TODAY.isoformat())
    with app.app_context():
        make_user("manager")
        for day in (LATE, SOON):
            make_case(day)
        db.session.remove()
    return


def call(*words: str) -> Result:
    return CliRunner().invoke(main, ["sweep", *words])


@pytest.mark.embedded
def test_it_counts_as_one_json_document_and_queues_once() -> None:
    for queued in (2, 0):
        done = call("--json")
        assert (done.exit_code, done.stderr) == (0, "")
        assert json.loads(done.stdout) == {"overdue": 1, "due_soon": 1, "queued": queued}


@pytest.mark.embedded
def test_it_answers_in_words_of_another_day() -> None:
    assert call("--on", "2026-11-25").stdout == "2 limits overdue, 0 due soon; 2 alerts queued.\n"
    assert call("--on", "2026-09-07").stdout == "0 limits overdue, 0 due soon; 0 alerts queued.\n"
    assert call("--on", "25/11/2026").exit_code == 2


@pytest.mark.embedded
def test_a_case_that_cannot_be_read_is_named_and_ends_it_with_status_1(app: Flask) -> None:
    with app.app_context():
        bad = "UPDATE deadline SET duty = 'nonsense' WHERE duty = 'assess_decision_6w'"
        db.session.execute(text(f"{bad} AND case_id = 1"))
        db.session.commit()
        db.session.remove()
    done = call("--json")
    assert done.exit_code == 1
    found = {"overdue": 0, "due_soon": 1, "queued": 1, "failed": ["EHC-000001"]}
    assert json.loads(done.stdout) == found
    assert done.stderr == "Could not be read: EHC-000001.\n"


@pytest.mark.embedded
def test_with_nobody_to_tell_it_says_so_and_counts_all_the_same(app: Flask) -> None:
    with app.app_context():
        db.session.execute(text('UPDATE "user" SET is_active = 0'))
        db.session.commit()
        db.session.remove()
    done = call()
    assert (done.exit_code, done.stdout) == (0, "1 limit overdue, 1 due soon; 0 alerts queued.\n")
    assert "Nobody can be told of EHC-000001, EHC-000002: open an account" in done.stderr


def test_of_several_at_once_each_answers_in_full_and_one_queues() -> None:
    words = [str(Path(sys.executable).with_name("casework")), "sweep", "--json"]
    running = [subprocess.Popen(words, stdout=subprocess.PIPE, env=os.environ) for _ in range(3)]
    answers = [json.loads(process.communicate(timeout=120)[0]) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert sorted(answer.pop("queued") for answer in answers) == [0, 0, 2]
    assert answers == [{"overdue": 1, "due_soon": 1}] * 3
