"""Real schedulers: four at once (F19), killed at any moment (F20), database restarted (F28)."""

import random
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from casework.app import create_app
from casework.extensions import db
from casework.models import AuditEntry, Heartbeat, JobRun, Message
from casework.services.audit_trail import verify
from tests.factories import make_user
from tests.faults import work
from tests.faults.work import PIECES, notes, wait_until
from tests.fixtures import postgresql
from tests.fixtures.application import settings_for
from tests.fixtures.databases import migrate
from tests.fixtures.lacks import lacking


class Schedulers:
    """Schedulers on one database, all ended when the test is."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self._where = database_url, folder
        self.running: list[BaseProcess] = []

    def start(self) -> BaseProcess:
        """Start one more."""
        self.running.append(work.start(*self._where))
        return self.running[-1]

    def notes(self) -> list[str]:
        """Return what their work noted."""
        return notes(self._where[1])

    def end(self) -> None:
        """End them all, whatever they do."""
        for one in self.running:
            kill(one)


def kill(one: BaseProcess) -> None:
    one.kill()
    one.join()


@pytest.fixture
def schedulers(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Schedulers]:
    """Give a way to start schedulers; there is one person whom their work tells."""
    with app.app_context():
        make_user()
    found = Schedulers(database_url, tmp_path)
    yield found
    found.end()


def the_work_was_done_once(app: Flask) -> None:
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Message)) == PIECES
        told = select(func.count()).where(AuditEntry.action == "told of piece")
        assert db.session.scalar(told) == PIECES
        assert not verify().faults
        (run,) = db.session.scalars(select(JobRun).where(JobRun.job == "work"))
        assert run.outcome == "ok"


def is_done(app: Flask) -> bool:
    with app.app_context():
        return bool(db.session.scalar(select(JobRun.id).where(JobRun.outcome == "ok")))


def test_four_schedulers_at_once_do_the_work_once_and_another_takes_over_from_the_dead(
    app: Flask, schedulers: Schedulers
) -> None:
    for _ in range(4):
        schedulers.start()
    wait_until(schedulers.notes)
    worker = next(
        one for one in schedulers.running if str(one.pid) == schedulers.notes()[0].split()[0]
    )
    wait_until(lambda: len(schedulers.notes()) > PIECES // 3)
    kill(worker)
    before = len(schedulers.notes())
    wait_until(lambda: is_done(app))
    after = schedulers.notes()[before:]
    assert len({one.split()[0] for one in after}) == 1, "one other took over"
    assert str(worker.pid) not in {one.split()[0] for one in after}
    the_work_was_done_once(app)


def test_killed_at_any_moment_and_started_again_it_does_the_work_once(
    app: Flask, schedulers: Schedulers
) -> None:
    chance = random.Random(20)
    for _ in range(3):
        enough = len(schedulers.notes()) + chance.randrange(1, 8)
        one = schedulers.start()
        wait_until(lambda enough=enough: len(schedulers.notes()) >= enough)
        kill(one)
    schedulers.start()
    wait_until(lambda: is_done(app))
    the_work_was_done_once(app)


@pytest.fixture
def own_server() -> Iterator[postgresql.Server]:
    """Give a PostgreSQL server that this test may stop."""
    programs = postgresql.programs()
    if programs is None:
        lacking("PostgreSQL")
    server = postgresql.Server(programs)
    server.start()
    yield server
    server.stop()


@pytest.mark.postgresql
def test_when_the_database_is_started_again_web_and_scheduler_recover_by_themselves(
    own_server: postgresql.Server, tmp_path: Path
) -> None:
    own_server.create("casework")
    url = own_server.url("casework")
    migrate(settings_for(url, tmp_path))
    app = create_app(settings_for(url, tmp_path))
    client = app.test_client()
    with app.app_context():
        make_user()
    one = work.start_program(url, tmp_path)
    try:
        wait_until(lambda: is_done(app))
        began_at = beginning(app)
        own_server.restart()
        wait_until(lambda: client.get("/health/ready").json["checks"]["database"] == "ok")
        wait_until(lambda: beginning(app) != began_at)
        assert one.poll() is None, "the same process, begun again"
        with app.app_context():
            held = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
            assert db.session.scalar(held) == 1
        the_work_was_done_once(app)
    finally:
        one.kill()
        one.wait()
        with app.app_context():
            db.engine.dispose()


def beginning(app: Flask) -> object:
    with app.app_context():
        return db.session.scalar(select(Heartbeat.began_at))
