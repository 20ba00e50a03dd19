"""The scheduler was dead a while (F20): what was missed is done, once, and in order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from casework import clock
from casework.config import Settings
from casework.extensions import db
from casework.models import JobRun
from scheduler import running
from scheduler.jobs import JOBS, Every, Job
from scheduler.lock import FileLock
from scheduler.running import Runner
from scheduler.watch import Watch

pytestmark = pytest.mark.embedded

#: A Monday, a second before the job of half past two.
BEFORE = datetime(2026, 11, 23, 2, 29, 59, tzinfo=UTC)
ORDER = [job.id for job in JOBS]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Give settings under which the day follows the clock."""
    return replace(settings, today=None)


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[FileLock]:
    """Give a lock that is held."""
    lock = FileLock(tmp_path / "scheduler.lock")
    assert lock.take()
    yield lock
    lock._file.close()


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, date]]:
    """Give the list of what was done, by job and the day that its service was given."""
    found: list[tuple[str, date]] = []

    def service(job: Job | Every) -> running.Service:
        return lambda today: found.append((job.id, today)) or "done"  # type: ignore[func-returns-value]

    monkeypatch.setattr(running, "service", service)
    monkeypatch.setattr(Watch, "may_work", lambda _watch: True)
    return found


@pytest.mark.parametrize(
    "dead", [timedelta(seconds=3), timedelta(hours=26), timedelta(days=9)], ids=str
)
def test_what_was_missed_is_done_once_and_in_its_order(
    app: Flask,
    lock: FileLock,
    done: list[tuple[str, date]],
    dead: timedelta,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    Runner(app, lock).catch_up()
    del done[:]
    back = BEFORE + dead
    monkeypatch.setattr(clock, "now", lambda: back)
    for _ in range(2):
        Runner(app, lock).catch_up()
    due = [job for job in JOBS if job.last_due(back) != job.last_due(BEFORE)]
    expected = [
        job.id for job in due if not job.only_on_its_day or job.last_due(back) == back.date()
    ]
    assert [job for job, _ in done] == expected
    assert {day for _, day in done} == {back.date()}
    assert expected, "at least the job of half past two"


def test_a_job_that_always_fails_keeps_no_other_from_its_work_and_is_named(
    app: Flask, lock: FileLock, done: list[tuple[str, date]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """F39, of a whole job: what one case does to a job is shown where the job is tested."""
    good = running.service

    def service(job: Job | Every) -> running.Service:
        if job.id == ORDER[0]:
            raise KeyError("poison")
        return good(job)

    monkeypatch.setattr(running, "service", service)
    monkeypatch.setattr(clock, "now", lambda: BEFORE + timedelta(hours=8))
    Runner(app, lock).catch_up()
    assert [job for job, _ in done] == ORDER[1:]
    with app.app_context():
        failed = db.session.scalars(select(JobRun.job).where(JobRun.outcome == "failed"))
        assert failed.all() == ORDER[:1]
