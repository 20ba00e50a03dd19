"""Another writer holds the database (F07): the page says so, and the job is tried again."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from casework import database
from casework.extensions import db
from casework.models import JobRun, User
from scheduler import running
from scheduler.jobs import JOBS
from scheduler.lock import FileLock
from scheduler.running import Runner
from tests.fixtures.people import SignIn, token_in

pytestmark = pytest.mark.embedded


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a tenth of the real time for the other writer, and between tries."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 500)
    pragmas = (*database.SQLITE_PRAGMAS[:-1], "busy_timeout = 500")
    monkeypatch.setattr(database, "SQLITE_PRAGMAS", pragmas)
    monkeypatch.setattr(running, "PAUSES", (0.1, 0.2, 0.4))


@contextmanager
def locked(url: str, seconds: float = 1) -> Iterator[None]:
    """Hold the only writer's place for some seconds, as another process would."""
    holder = sqlite3.connect(url.removeprefix("sqlite:///"), check_same_thread=False)
    holder.isolation_level = None
    holder.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(seconds, holder.execute, ["ROLLBACK"])
    timer.start()
    try:
        yield
    finally:
        timer.join()
        holder.close()


def test_a_form_that_cannot_be_saved_says_so_and_that_nothing_was_changed(
    app: Flask, sign_in: SignIn, database_url: str
) -> None:
    with app.app_context():
        names = db.session.scalars(select(User.name)).all()
    client = sign_in("administrator")
    page = client.get("/accounts/new")
    typed = {"csrf_token": token_in(page), "name": "New Person", "role": "auditor"}
    typed["email"] = "new@example.org"
    with locked(database_url, 2):
        answer = client.post("/accounts/new", data=typed)
    assert answer.status_code == 503
    assert "Nothing has been changed." in answer.text
    assert answer.headers["Retry-After"] == "30"
    with app.app_context():
        assert set(db.session.scalars(select(User.name))) == {*names, "Ada Example"}
    assert client.get("/accounts").status_code == 200


def test_a_job_waits_for_the_other_writer_and_is_then_done(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    lock = FileLock(tmp_path / "scheduler.lock")
    assert lock.take()
    runner = Runner(app, lock)
    runner.begin()
    with locked(database_url):
        runner.run(JOBS[0])
    with app.app_context():
        (run,) = db.session.scalars(select(JobRun))
        assert (run.job, run.outcome) == (JOBS[0].id, "ok")


def test_a_job_that_waits_in_vain_is_done_when_it_is_next_looked_for(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    lock = FileLock(tmp_path / "scheduler.lock")
    assert lock.take()
    runner = Runner(app, lock)
    runner.begin()
    with locked(database_url, 6):
        runner.run(JOBS[0])
        with app.app_context(), database.reading():
            assert not db.session.scalars(select(JobRun)).all()
    runner.catch_up()
    with app.app_context():
        assert JOBS[0].id in set(db.session.scalars(select(JobRun.job).filter_by(outcome="ok")))
