"""`python -m scheduler`: one process that does the jobs of `scheduler.jobs`, each in its time."""

import argparse
import logging
import os
import sys
from datetime import UTC

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from sqlalchemy.exc import DBAPIError

from casework import current, processes, readiness
from casework.app import create_app
from casework.config import SettingsError
from casework.extensions import db
from scheduler import running
from scheduler.jobs import EVERY, JOBS
from scheduler.lock import Lock, lock_for, wait_for

log = logging.getLogger("scheduler")

LONDON = "Europe/London"


def main() -> int:
    """Wait to be the only scheduler, make up for what was missed, then keep time until stopped."""
    words = argparse.ArgumentParser(prog="python -m scheduler", description=__doc__)
    words.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    processes.end_politely(with_parent=words.parse_args().with_parent)
    try:
        keep_time()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    except DBAPIError as error:
        print(f"The database does not answer: {error.orig}", file=sys.stderr)
        return 1
    except running.LockLost:
        log.error("the lock is lost")
        return 1
    except (SystemExit, KeyboardInterrupt):
        log.info("stopped")
    return 0


def keep_time() -> None:
    """Do the jobs, each in its time, until the process is stopped.

    Raises `SettingsError` where settings or the database are not fit, `DBAPIError` where the
    database does not answer, `LockLost` where another scheduler may be at work.
    """
    app = create_app()
    with app.app_context():
        readiness.refuse_unfit_database()
        lock = lock_for(db.engine, current.settings().instance_path)
    wait_for(lock)
    running.catch_up(app, lock)
    timetable(app, lock).start()


def timetable(app: Flask, lock: Lock) -> BlockingScheduler:
    """Return the scheduler with every job at its time, and the hourly look for what was missed."""
    keeper = BlockingScheduler(
        timezone=LONDON,
        job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
    )
    for job in JOBS:
        at = CronTrigger(hour=job.at.hour, minute=job.at.minute, timezone=LONDON)
        keeper.add_job(running.run, at, args=(app, lock, job), id=job.id)
    for work in EVERY:
        each = IntervalTrigger(minutes=work.minutes, timezone=UTC)
        keeper.add_job(running.repeat, each, args=(app, lock, work), id=work.id)
    hourly = CronTrigger(hour="0,2-23", minute=45, timezone=LONDON)
    keeper.add_job(running.catch_up, hourly, args=(app, lock), id="catch-up")
    keeper.add_listener(_end_without_lock, EVENT_JOB_ERROR)
    return keeper


def _end_without_lock(event: JobExecutionEvent) -> None:
    if isinstance(event.exception, running.LockLost):
        log.error("the lock is lost; ending, so that two schedulers never work at once")
        os._exit(1)  # from a worker thread nothing gentler ends the process


if __name__ == "__main__":
    sys.exit(main())
