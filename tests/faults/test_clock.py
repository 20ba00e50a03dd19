"""The machine’s clock jumps (F22): nothing is told by it, nothing is told twice, and it is said."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as day_time
from pathlib import Path

import pytest
from flask import Flask

from casework import clock
from casework.config import Settings
from casework.extensions import db
from casework.models import Heartbeat
from casework.queries import heartbeat as queries
from casework.services import heartbeat
from scheduler import running, watch
from scheduler.jobs import Every, Job
from scheduler.lock import FileLock
from scheduler.running import Runner
from tests.factories import make_user

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MORNING = Job(id="morning", at=day_time(7), service="m:f", why="Because.")
MINUTELY = Every(id="minutely", minutes=1, service="m:f", why="Because.")


class Machine:
    """A machine whose clock a test sets, and which counts its own seconds all the same."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.up, self.boot = NOON, 500.0, "first"
        self.database: datetime | None = None
        self.done: list[datetime] = []
        monkeypatch.setattr(clock, "now", lambda: self.wall)
        monkeypatch.setattr(watch, "_uptime", lambda: self.up)
        monkeypatch.setattr(watch, "_boot", lambda: self.boot)
        monkeypatch.setattr(heartbeat, "database_clock", lambda: self.database)
        monkeypatch.setattr(running, "service", lambda _job: self._work)

    def _work(self, _today: date) -> str:
        self.done.append(self.wall)
        return "done"

    def pass_time(self, **length: float) -> None:
        """Let time pass, by every clock."""
        passed = timedelta(**length)
        self.wall += passed
        self.up += passed.total_seconds()
        if self.database:
            self.database += passed

    def start_again(self) -> None:
        """Start the machine anew, in no time."""
        self.up, self.boot = 5.0, f"{self.boot} and another"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Give settings under which the day follows the clock."""
    return replace(settings, today=None)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Give the machine that the scheduler is on."""
    return Machine(monkeypatch)


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[FileLock]:
    """Give a lock that is held."""
    lock = FileLock(tmp_path / "scheduler.lock")
    assert lock.take()
    yield lock
    lock._file.close()


def started(app: Flask, lock: FileLock) -> Runner:
    runner = Runner(app, lock, (MORNING,), (MINUTELY,))
    runner.begin()
    return runner


def do_all(runner: Runner) -> None:
    runner.watch.beat()
    runner.catch_up()
    runner.repeat(MINUTELY)


def doubt(app: Flask) -> queries.Doubt | None:
    with app.app_context():
        pulse = queries.pulse()
        return pulse.doubt if pulse else None


JUMPS = {
    "an hour ahead": timedelta(hours=1),
    "a day ahead": timedelta(days=1),
    "an hour back": timedelta(hours=-1),
    "a day back": timedelta(days=-1),
    "to 1970": datetime(1970, 1, 1, tzinfo=UTC) - NOON,
    "to 2038": datetime(2038, 1, 20, tzinfo=UTC) - NOON,
}


@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_while_the_clock_is_wrong_nothing_is_done_and_once_right_nothing_is_done_twice(
    app: Flask, lock: FileLock, machine: Machine, jump: timedelta
) -> None:
    runner = started(app, lock)
    do_all(runner)
    assert len(machine.done) == 2
    machine.pass_time(minutes=1)
    machine.wall += jump
    for _ in range(3):
        machine.pass_time(minutes=1)
        do_all(runner)
    assert len(machine.done) == 2
    found = doubt(app)
    assert found
    assert abs(found.off - jump) < timedelta(seconds=2)
    machine.wall -= jump
    machine.pass_time(minutes=1)
    do_all(runner)
    assert doubt(app) is None
    assert len(machine.done) == 3, "the work of each minute goes on; the morning’s was done"


@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_a_jump_while_no_scheduler_was_at_work_is_found_by_the_one_that_starts(
    app: Flask, lock: FileLock, machine: Machine, jump: timedelta
) -> None:
    do_all(started(app, lock))
    machine.pass_time(hours=2)
    machine.wall += jump
    do_all(started(app, lock))
    assert len(machine.done) == 2
    assert doubt(app)


def test_a_small_step_of_the_clock_disturbs_nothing(
    app: Flask, lock: FileLock, machine: Machine
) -> None:
    runner = started(app, lock)
    for step in (-4, 3, 4, -2):
        machine.wall += timedelta(minutes=step)
        machine.pass_time(minutes=1)
        do_all(runner)
    assert doubt(app) is None


def test_an_administrator_who_says_that_the_clock_is_right_lets_the_work_go_on(
    app: Flask, lock: FileLock, machine: Machine
) -> None:
    """As after a virtual machine was put to sleep with its own count of seconds."""
    runner = started(app, lock)
    do_all(runner)
    machine.wall += timedelta(days=1)
    do_all(runner)
    assert len(machine.done) == 2
    with app.app_context():
        found = queries.doubt_of(db.session.get_one(Heartbeat, 1))
        assert found
        actor = heartbeat.Actor(make_user().id, "web")
        heartbeat.say_right(actor=actor, seen=found.seen)
    do_all(runner)
    assert doubt(app) is None
    assert len(machine.done) == 4


def test_a_doubt_outlives_the_scheduler_and_the_machine(
    app: Flask, lock: FileLock, machine: Machine
) -> None:
    runner = started(app, lock)
    do_all(runner)
    machine.wall += timedelta(days=1)
    do_all(runner)
    machine.start_again()
    do_all(started(app, lock))
    assert len(machine.done) == 2
    assert doubt(app)


def test_a_clock_that_was_wrong_when_its_machine_started_works_on_once_it_is_set(
    app: Flask, lock: FileLock, machine: Machine
) -> None:
    """As where the time is fetched a moment after the services began."""
    do_all(started(app, lock))
    machine.start_again()
    machine.wall -= timedelta(hours=10)
    runner = started(app, lock)
    do_all(runner)
    machine.pass_time(hours=11)
    do_all(runner)
    assert len(machine.done) == 2, "it ran past the mark, and nothing set it"
    machine.wall += timedelta(hours=10)
    do_all(runner)
    assert doubt(app) is None
    assert len(machine.done) == 3


def test_a_clock_that_the_database_disowned_is_believed_once_the_database_agrees(
    app: Flask, lock: FileLock, machine: Machine
) -> None:
    machine.database = NOON
    do_all(started(app, lock))
    machine.start_again()
    machine.wall += timedelta(hours=1)
    do_all(started(app, lock))
    runner = started(app, lock)
    do_all(runner)
    assert len(machine.done) == 2
    machine.wall -= timedelta(hours=1)
    machine.pass_time(minutes=1)
    do_all(runner)
    assert doubt(app) is None
    assert len(machine.done) == 3


def test_a_machine_that_was_off_for_days_makes_up_for_them_unasked(
    app: Flask, lock: FileLock, machine: Machine
) -> None:
    do_all(started(app, lock))
    machine.start_again()
    machine.wall += timedelta(days=9)
    do_all(started(app, lock))
    assert doubt(app) is None
    assert len(machine.done) == 4


def test_a_clock_that_is_not_the_databases_is_doubted_from_the_start(
    app: Flask, lock: FileLock, machine: Machine
) -> None:
    machine.database = NOON + timedelta(hours=1)
    runner = started(app, lock)
    do_all(runner)
    assert not machine.done
    found = doubt(app)
    assert found
    assert found.words == "1 hour behind the database’s own clock"
    machine.wall += timedelta(hours=1)
    do_all(runner)
    assert len(machine.done) == 2


@pytest.mark.postgresql
def test_a_real_server_is_asked_what_time_it_is(app: Flask) -> None:
    with app.app_context():
        found = heartbeat.database_clock()
    assert found
    assert abs(found - clock.now()) < timedelta(minutes=1)


@pytest.mark.embedded
def test_a_real_machine_counts_its_seconds() -> None:
    before = watch._uptime()
    time.sleep(0.01)
    assert 0.01 <= watch._uptime() - before < 5
    assert watch._boot() == watch._boot() != ""
