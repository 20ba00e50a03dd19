"""Does a job for a day, marks how it went, and makes up for what was missed."""

import logging
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import cast

from flask import Flask

from casework import clock
from casework.extensions import db
from casework.rules.civil_dates import LONDON
from casework.services import job_runs
from scheduler.jobs import JOBS, Every, Job
from scheduler.lock import Lock

log = logging.getLogger(__name__)

Service = Callable[[date], str]


class LockLost(BaseException):
    """The lock is gone, so another scheduler may be at work: this process must end."""


def catch_up(app: Flask, lock: Lock) -> None:
    """Do each job whose newest day is not done: missed while down, or failed and tried again."""
    for job in JOBS:
        run(app, lock, job)


def run(app: Flask, lock: Lock, job: Job) -> None:
    """Do a job for the newest day that it is due for, unless that day's work is done.

    Raises `LockLost` where this process may no longer work.
    """
    if not _still_ours(lock):
        raise LockLost
    for_date = job.last_due(clock.now().astimezone(LONDON))
    with app.app_context():
        try:
            if not job_runs.begin(job=job.id, for_date=for_date):
                return
            outcome, detail = _outcome(job)
            job_runs.finish(job=job.id, for_date=for_date, outcome=outcome, detail=detail)
        except Exception:
            log.exception("a job could not be marked", extra={"values": {"job": job.id}})
            return
    level = logging.INFO if outcome == "ok" else logging.ERROR
    log.log(level, "job ended", extra={"values": {"job": job.id, "outcome": outcome}})


def repeat(app: Flask, lock: Lock, work: Every) -> None:
    """Do work that is done every few minutes; its newest run of the day is marked.

    Raises `LockLost` where this process may no longer work.
    """
    if not _still_ours(lock):
        raise LockLost
    with app.app_context():
        began = clock.now()
        try:
            outcome, detail = _outcome(work)
            job_runs.note(job=work.id, began=began, outcome=outcome, detail=detail)
        except Exception:
            log.exception("a job could not be marked", extra={"values": {"job": work.id}})
            return
    if outcome != "ok":
        log.error("job ended", extra={"values": {"job": work.id, "outcome": outcome}})


def service(job: Job | Every) -> Service:
    """Return the function that does a job."""
    module, _, name = job.service.partition(":")
    return cast(Service, getattr(import_module(module), name))


def _outcome(job: Job | Every) -> tuple[str, str]:
    try:
        return "ok", service(job)(clock.today())
    except RuntimeError as error:  # a service's own finding, in words that name no one
        db.session.rollback()
        return "failed", str(error)
    except Exception as error:
        log.exception("a job failed", extra={"values": {"job": job.id}})
        db.session.rollback()
        return "failed", f"unexpected {type(error).__name__}; the log says where"


def _still_ours(lock: Lock) -> bool:
    try:
        return lock.is_held()
    except Exception:
        log.exception("the lock could not be asked after")
        return False
