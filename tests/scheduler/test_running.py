"""Each day's work is done once, made up for when missed, and marked however it ends."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from casework import clock
from casework.config import Settings
from casework.extensions import db
from casework.models import JobRun
from scheduler import running
from scheduler.__main__ import timetable
from scheduler.days import MONTH_ENDS
from scheduler.jobs import EVERY, JOBS, Every, Job
from scheduler.lock import FileLock, Lock, PostgresqlLock
from scheduler.running import LockLost, Runner
from scheduler.watch import Watch

JOB = JOBS[0]
ALL_DAYS = tuple(job for job in JOBS if not job.only_on_its_day)


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
def settings(settings: Settings) -> Settings:
    """Give settings under which the day follows the clock, as a scheduler's does."""
    return replace(settings, today=None)


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


@pytest.fixture(autouse=True)
def _clock_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Believe the clock that a test moves: tests/faults is where it is doubted."""
    monkeypatch.setattr(Watch, "may_work", lambda _watch: True)


@pytest.fixture
def runner(app: Flask, lock: FileLock) -> Runner:
    """Give what does the jobs of the table."""
    return Runner(app, lock)


def marks(app: Flask) -> list[tuple[str, date, str | None, str | None]]:
    with app.app_context():
        runs = db.session.scalars(select(JobRun).order_by(JobRun.id))
        return [(r.job, r.for_date, r.outcome, r.detail) for r in runs]


def at(monkeypatch: pytest.MonkeyPatch, *when: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(*when, tzinfo=UTC))


def test_a_days_work_is_done_once(
    app: Flask, runner: Runner, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 2026, 11, 23, 7)
    runner.run(JOB)
    runner.run(JOB)
    assert len(steps.days) == 1
    assert marks(app) == [(JOB.id, date(2026, 11, 23), "ok", "all is well")]


def test_work_missed_while_down_is_made_up_for_at_start(
    app: Flask, lock: Lock, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = Runner(app, lock, ALL_DAYS)
    at(monkeypatch, 2026, 11, 20, 7)
    runner.catch_up()
    assert len(steps.days) == len(ALL_DAYS)
    at(monkeypatch, 2026, 11, 23, 7)
    runner.catch_up()
    friday, monday = [date(2026, 11, 20)] * len(ALL_DAYS), [date(2026, 11, 23)] * len(ALL_DAYS)
    assert [mark[1] for mark in marks(app)] == friday + monday


def test_what_a_service_finds_is_marked_in_its_words_and_tried_again(
    app: Flask, runner: Runner, steps: Steps
) -> None:
    steps.fail = RuntimeError("3 of 40 cases differ from their facts")
    runner.run(JOB)
    assert marks(app)[0][2:] == ("failed", "3 of 40 cases differ from their facts")
    steps.fail = None
    runner.run(JOB)
    assert [mark[2:] for mark in marks(app)] == [("ok", "all is well")]
    with app.app_context():
        run = db.session.scalars(select(JobRun)).one()
        assert (run.failures, run.succeeded_at) == (1, run.ended_at)


def test_the_words_of_an_unexpected_error_are_not_kept(
    app: Flask, runner: Runner, steps: Steps
) -> None:
    steps.fail = ValueError("Zebedee-Canary")
    runner.run(JOB)
    assert marks(app)[0][2:] == ("failed", "unexpected ValueError; the log says where")


def test_a_job_that_fails_does_not_keep_the_next_from_its_work(
    app: Flask, lock: Lock, steps: Steps
) -> None:
    steps.fail = ValueError()
    Runner(app, lock, ALL_DAYS).catch_up()
    assert len(marks(app)) == len(ALL_DAYS)


def test_a_run_cut_short_by_a_crash_begins_again(
    app: Flask, runner: Runner, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 2026, 11, 23, 7)
    with app.app_context():
        cut = JobRun(job=JOB.id, for_date=date(2026, 11, 23), started_at=clock.now())
        db.session.add(cut)
        db.session.commit()
    runner.run(JOB)
    assert [mark[2] for mark in marks(app)] == ["ok"]


def test_work_of_every_few_minutes_is_done_each_time_and_its_newest_run_is_marked(
    app: Flask, runner: Runner, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 2026, 11, 23, 7)
    work = EVERY[0]
    steps.fail = RuntimeError("the mail server does not answer")
    runner.repeat(work)
    assert marks(app) == [
        (work.id, date(2026, 11, 23), "failed", "the mail server does not answer")
    ]
    steps.fail = None
    at(monkeypatch, 2026, 11, 23, 7, 1)
    runner.repeat(work)
    assert len(steps.days) == 2
    assert marks(app) == [(work.id, date(2026, 11, 23), "ok", "all is well")]


def test_work_of_some_hours_rests_outside_them(
    app: Flask, lock: Lock, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Every(id="by-day", minutes=60, service="m:f", why="Because.", hours=(8, 18))
    runner = Runner(app, lock, (), (work,))
    for hour, expected in ((7, 0), (8, 1), (17, 2), (18, 2)):
        at(monkeypatch, 2026, 11, 23, hour)
        runner.repeat(work)
        assert len(steps.days) == expected


def test_a_run_still_at_work_is_not_run_beside_itself(
    app: Flask, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that overruns, and the hourly look for what was missed, which finds it not done."""
    begun, may_end, runs = threading.Event(), threading.Event(), []

    def slow(today: date) -> str:
        runs.append(today)
        begun.set()
        may_end.wait(10)
        return "done at last"

    monkeypatch.setattr(running, "service", lambda _job: slow)
    first = threading.Thread(target=runner.run, args=(JOB,))
    first.start()
    assert begun.wait(10)
    runner.run(JOB)
    may_end.set()
    first.join()
    assert len(runs) == 1
    assert [mark[2:] for mark in marks(app)] == [("ok", "done at last")]


FIRST = Job(id="first", at=time(5, 45), service="m:first", why="Because.")
THEN = Job(id="then", at=time(7), service="m:then", why="Because.", after=("first",))


@pytest.mark.parametrize("is_failing", [False, True])
def test_what_comes_after_another_is_done_after_it_even_where_that_fails(
    app: Flask, lock: Lock, is_failing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 2026, 11, 23, 7)
    order: list[str] = []

    def do(job: Job) -> object:
        def service(_today: date) -> str:
            order.append(job.id)
            if is_failing and job is FIRST:
                raise RuntimeError("no good")
            return "done"

        return service

    monkeypatch.setattr(running, "service", do)
    Runner(app, lock, (FIRST, THEN)).run(THEN)
    assert order == ["first", "then"]
    outcome = "failed" if is_failing else "ok"
    assert [mark[::2] for mark in marks(app)] == [("first", outcome), ("then", "ok")]


def test_what_is_only_for_its_day_is_not_made_up_for_on_another(
    app: Flask, lock: Lock, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    morning = Job(id="m", at=time(7), service="m:f", why="Because.", only_on_its_day=True)
    runner = Runner(app, lock, (morning,))
    at(monkeypatch, 2026, 11, 24, 3)
    runner.catch_up()
    assert not steps.days
    at(monkeypatch, 2026, 11, 24, 22)
    runner.catch_up()
    assert steps.days == [date(2026, 11, 24)]


def test_a_count_of_the_end_of_a_month_is_given_its_own_day_however_late(
    app: Flask, lock: Lock, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job(id="m", at=time(4), service="m:f", why="Because.", days=MONTH_ENDS, of_its_day=True)
    at(monkeypatch, 2026, 12, 9, 12)
    Runner(app, lock, (job,)).catch_up()
    assert steps.days == [date(2026, 11, 30)]


def test_under_a_day_fixed_by_hand_all_its_work_is_due_and_the_real_day_is_still_to_come(
    app: Flask, lock: Lock, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = Runner(app, lock, (THEN, FIRST))
    at(monkeypatch, 2026, 11, 23, 3)
    clock.set_today(date(2026, 12, 10))
    runner.catch_up()
    runner.catch_up()
    assert steps.days == [date(2026, 12, 10)] * 2
    clock.set_today(None)
    at(monkeypatch, 2026, 12, 10, 9)
    runner.catch_up()
    assert steps.days == [date(2026, 12, 10)] * 4


@pytest.mark.parametrize(
    "act",
    [
        lambda runner: runner.run(JOB),
        lambda runner: runner.repeat(EVERY[0]),
        lambda runner: runner.do_requests(lambda start: start()),
    ],
    ids=["run", "repeat", "requests"],
)
def test_without_its_lock_it_does_no_work(
    runner: Runner, lock: FileLock, steps: Steps, act: Callable[[Runner], None]
) -> None:
    lock._file.close()
    with pytest.raises(LockLost):
        act(runner)
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
    with pytest.raises(LockLost):
        Runner(app, lock).run(JOB)
    assert not steps.days


def test_the_real_services_find_a_new_system_in_order(app: Flask, runner: Runner) -> None:
    for job in JOBS:
        runner.run(job, again=True)
    assert {mark[0] for mark in marks(app)} == {job.id for job in JOBS}
    assert {mark[2] for mark in marks(app)} == {"ok"}, marks(app)


def test_every_job_has_its_place_in_the_timetable(runner: Runner) -> None:
    kept = {job.id for job in timetable(runner, JOBS, EVERY).get_jobs()}
    assert kept == {one.id for one in JOBS + EVERY} | {"catch-up", "beat", "requests"}
