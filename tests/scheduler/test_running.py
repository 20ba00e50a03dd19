"""Each day's work is done once, made up for when missed, and marked however it ends."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from casework import clock
from casework.extensions import db
from casework.models import JobRun
from scheduler import running
from scheduler.__main__ import timetable
from scheduler.jobs import EVERY, JOBS
from scheduler.lock import FileLock, PostgresqlLock

JOB = JOBS[-1]


class Steps:
    """A service that notes when it is called and does what a test tells it."""

    def __init__(self) -> None:
        self.days: list[date] = []
        self.fail: Exception | None = None

    def __call__(self, today: date) -> str:
        self.days.append(today)
        if self.fail:
            raise self.fail
        return "all is well"


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    """Give a service that stands for every job's."""
    steps = Steps()
    monkeypatch.setattr(running, "service", lambda _job: steps)
    return steps


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[FileLock]:
    """Give a lock that is held."""
    lock = FileLock(tmp_path / "scheduler.lock")
    assert lock.take()
    yield lock
    lock._file.close()


def marks(app: Flask) -> list[tuple[str, date, str | None, str | None]]:
    with app.app_context():
        runs = db.session.scalars(select(JobRun).order_by(JobRun.id))
        return [(r.job, r.for_date, r.outcome, r.detail) for r in runs]


def at(monkeypatch: pytest.MonkeyPatch, *when: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(*when, tzinfo=UTC))


def test_a_days_work_is_done_once(
    app: Flask, lock: FileLock, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 2026, 11, 23, 7)
    running.run(app, lock, JOB)
    running.run(app, lock, JOB)
    assert len(steps.days) == 1
    assert marks(app) == [(JOB.id, date(2026, 11, 23), "ok", "all is well")]


def test_work_missed_while_down_is_made_up_for_at_start(
    app: Flask, lock: FileLock, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 2026, 11, 20, 7)
    running.catch_up(app, lock)
    assert len(steps.days) == len(JOBS)
    at(monkeypatch, 2026, 11, 23, 7)
    running.catch_up(app, lock)
    friday, monday = [date(2026, 11, 20)] * len(JOBS), [date(2026, 11, 23)] * len(JOBS)
    assert [mark[1] for mark in marks(app)] == friday + monday


def test_what_a_service_finds_is_marked_in_its_words_and_tried_again(
    app: Flask, lock: FileLock, steps: Steps
) -> None:
    steps.fail = RuntimeError("3 of 40 cases differ from their facts")
    running.run(app, lock, JOB)
    assert marks(app)[0][2:] == ("failed", "3 of 40 cases differ from their facts")
    steps.fail = None
    running.run(app, lock, JOB)
    assert [mark[2:] for mark in marks(app)] == [("ok", "all is well")]


def test_the_words_of_an_unexpected_error_are_not_kept(
    app: Flask, lock: FileLock, steps: Steps
) -> None:
    steps.fail = ValueError("Zebedee-Canary")
    running.run(app, lock, JOB)
    assert marks(app)[0][2:] == ("failed", "unexpected ValueError; the log says where")


def test_a_job_that_fails_does_not_keep_the_next_from_its_work(
    app: Flask, lock: FileLock, steps: Steps
) -> None:
    steps.fail = ValueError()
    running.catch_up(app, lock)
    assert len(marks(app)) == len(JOBS)


def test_a_run_cut_short_by_a_crash_begins_again(
    app: Flask, lock: FileLock, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 2026, 11, 23, 7)
    with app.app_context():
        db.session.add(JobRun(job=JOB.id, for_date=date(2026, 11, 23), started_at=clock.now()))
        db.session.commit()
    running.run(app, lock, JOB)
    assert [mark[2] for mark in marks(app)] == ["ok"]


def test_work_of_every_few_minutes_is_done_each_time_and_its_newest_run_is_marked(
    app: Flask, lock: FileLock, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 2026, 11, 23, 7)
    work = EVERY[0]
    steps.fail = RuntimeError("the mail server does not answer")
    running.repeat(app, lock, work)
    assert marks(app) == [
        (work.id, date(2026, 11, 23), "failed", "the mail server does not answer")
    ]
    steps.fail = None
    at(monkeypatch, 2026, 11, 23, 7, 1)
    running.repeat(app, lock, work)
    assert len(steps.days) == 2
    assert marks(app) == [(work.id, date(2026, 11, 23), "ok", "all is well")]


def test_work_of_every_few_minutes_is_not_done_without_the_lock(
    app: Flask, lock: FileLock, steps: Steps
) -> None:
    lock._file.close()
    with pytest.raises(running.LockLost):
        running.repeat(app, lock, EVERY[0])
    assert not steps.days


def test_a_run_still_at_work_is_not_run_beside_itself(app: Flask, lock: FileLock) -> None:
    keeper = timetable(app, lock)
    defaults = keeper._job_defaults
    assert {job.id for job in keeper.get_jobs()} >= {work.id for work in EVERY}
    assert defaults["max_instances"] == 1


def test_without_its_lock_it_does_no_work(app: Flask, lock: FileLock, steps: Steps) -> None:
    lock._file.close()
    with pytest.raises(running.LockLost):
        running.run(app, lock, JOB)
    assert not steps.days


@pytest.mark.postgresql
def test_a_lock_whose_connection_the_server_ended_is_lost(app: Flask, steps: Steps) -> None:
    with app.app_context():
        lock = PostgresqlLock(db.engine)
        assert lock.take()
        db.session.execute(
            db.text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks "
                "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            )
        )
        db.session.commit()
    with pytest.raises(running.LockLost):
        running.run(app, lock, JOB)
    assert not steps.days


def test_the_real_services_find_a_new_system_in_order(app: Flask, lock: FileLock) -> None:
    running.catch_up(app, lock)
    assert [mark[2] for mark in marks(app)] == ["ok"] * len(JOBS), marks(app)
