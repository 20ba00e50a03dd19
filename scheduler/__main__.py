"""`python -m scheduler`: one process that does the jobs of `scheduler.jobs`, each in its time."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC
from functools import partial

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import DBAPIError

from casework import clock, current, processes, readiness
from casework.app import create_app
from casework.config import SettingsError
from casework.extensions import db
from scheduler.jobs import EVERY, JOBS, Every, Job
from scheduler.lock import lock_for, wait_for
from scheduler.running import LockLost, Runner

log = logging.getLogger("scheduler")

LONDON = "Europe/London"
#: Seconds between one look for a database that is away, or for what people asked for, and the next.
LOOK_EVERY = 5


def main(daily: Sequence[Job] = JOBS, often: Sequence[Every] = EVERY) -> int:
    """Wait to be the only scheduler, make up for what was missed, then keep time until stopped."""
    words = argparse.ArgumentParser(prog="python -m scheduler", description=__doc__)
    words.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    words.add_argument("--again", action="store_true", help=argparse.SUPPRESS)
    given = words.parse_args()
    processes.end_politely(with_parent=given.with_parent)
    try:
        keep_time(daily, often, is_again=given.again)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    except DBAPIError as error:
        print(f"The database does not answer: {error.orig}", file=sys.stderr)
        return 1
    except (SystemExit, KeyboardInterrupt):
        log.info("stopped")
    return 0


def keep_time(daily: Sequence[Job], often: Sequence[Every], *, is_again: bool) -> None:
    """Do the jobs, each in its time, until the process is stopped.

    Raises `SettingsError` where settings or the database are not fit, and `DBAPIError` where the
    database does not answer; a process that begins `again` waits for it.
    """
    while True:
        try:
            runner = _only_runner(daily, often)
            break
        except DBAPIError:
            if not is_again:
                raise
            log.warning("the database does not answer; waiting for it")
            time.sleep(LOOK_EVERY)
    timetable(runner, daily, often).start()


def timetable(runner: Runner, daily: Sequence[Job], often: Sequence[Every]) -> BlockingScheduler:
    """Return the scheduler with every job at its time, and what looks after them all.

    What was missed is made up for at once and each hour, beside the work of every few minutes.
    """
    keeper = BlockingScheduler(
        timezone=LONDON,
        job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
    )
    for job in daily:
        at = CronTrigger(hour=job.at.hour, minute=job.at.minute, timezone=LONDON)
        keeper.add_job(runner.run, at, args=(job,), id=job.id)
    for work in often:
        each = IntervalTrigger(minutes=work.minutes, timezone=UTC)
        keeper.add_job(runner.repeat, each, args=(work,), id=work.id)
    hourly = CronTrigger(hour="0,2-23", minute=45, timezone=LONDON)
    keeper.add_job(runner.catch_up, hourly, id="catch-up", next_run_time=clock.now())
    keeper.add_job(runner.watch.beat, IntervalTrigger(minutes=1, timezone=UTC), id="beat")
    requests = IntervalTrigger(seconds=LOOK_EVERY, timezone=UTC)
    start: Callable[..., object] = partial(keeper.add_job, misfire_grace_time=None)
    keeper.add_job(runner.do_requests, requests, args=(start,), id="requests")
    keeper.add_listener(_begin_again_without_lock, EVENT_JOB_ERROR)
    return keeper


def _only_runner(daily: Sequence[Job], often: Sequence[Every]) -> Runner:
    app = create_app()
    with app.app_context():
        readiness.refuse_unfit_database()
        lock = lock_for(db.engine, current.settings().instance_path)
    wait_for(lock)
    runner = Runner(app, lock, daily, often)
    runner.begin()
    return runner


def _begin_again_without_lock(event: JobExecutionEvent) -> None:
    """Begin this process anew where its lock is lost, as when the database was started again.

    Nothing gentler ends the work of its other threads, and two schedulers must never work at once.
    """
    if isinstance(event.exception, LockLost):
        log.error("the lock is lost; beginning again, and waiting for it")
        words = [word for word in sys.orig_argv if word != "--again"]
        os.execv(sys.executable, [*words, "--again"])  # noqa: S606


if __name__ == "__main__":
    sys.exit(main())
