"""Does a job for a day, marks how it went, and makes up for what was missed."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from importlib import import_module
from typing import cast

from flask import Flask
from sqlalchemy.exc import InterfaceError, OperationalError

from casework import clock
from casework.extensions import db
from casework.rules.civil_dates import LONDON
from casework.services import job_runs, jobs
from casework.services.jobs import Announced
from scheduler.jobs import EVERY, JOBS, Every, Job
from scheduler.lock import Lock
from scheduler.watch import Watch

log = logging.getLogger(__name__)

Service = Callable[[date], str]

#: Seconds between one try and the next while the database does not answer or is locked.
PAUSES = (2.0, 10.0, 30.0)
#: Seconds for which a job waits for the one before it, while that is at work.
PATIENCE = 1800.0

_DATABASE_AWAY = (OperationalError, InterfaceError)


class LockLost(BaseException):
    """The lock is gone, so another scheduler may be at work: this process must not go on."""


class Runner:
    """Does the jobs of two tables, never one beside itself, while it holds the lock."""

    def __init__(
        self, app: Flask, lock: Lock, daily: Sequence[Job] = JOBS, often: Sequence[Every] = EVERY
    ) -> None:
        self._app, self._lock = app, lock
        self._daily = {job.id: job for job in daily}
        self._often = {work.id: work for work in often}
        self._busy = {one: threading.Lock() for one in (*self._daily, *self._often)}
        self.watch = Watch(app)

    def begin(self) -> None:
        """Mark that this scheduler is at work, and write down which jobs it does."""
        self.watch.begin()
        now = _london_now()
        every: list[Job | Every] = [*self._daily.values(), *self._often.values()]
        with self._app.app_context():
            jobs.announce([_announced(one, now) for one in every])

    def catch_up(self) -> None:
        """Do what was missed while down, and what failed once more. Goes down the table.

        Raises `LockLost` where this process may no longer work.
        """
        for job in self._daily.values():
            self.run(job)

    def run(self, job: Job, *, again: bool = False, wait: float = 0) -> None:
        """Do a job for the newest day that it is due for, unless that day's work is done.

        The jobs that come before it are tried first. With `again` it is done whether or not it was
        done already; `wait` is for how many seconds another run of it is waited for. Raises
        `LockLost` where this process may no longer work.
        """
        for_date = job.last_due(_jobs_now())
        if for_date is None or (job.only_on_its_day and not again and for_date != clock.today()):
            return
        for before in job.after:
            self.run(self._daily[before], wait=PATIENCE)
        with_day = for_date if job.of_its_day else clock.today()
        self._alone(job, wait, lambda: self._for_a_day(job, for_date, with_day, again=again))

    def repeat(self, work: Every, *, again: bool = False) -> None:
        """Do work that is done every few minutes; its newest run of the day is marked.

        With `again` it is done at whatever hour. Raises `LockLost` where this process may no
        longer work.
        """
        if again or work.is_due(_london_now()):
            self._alone(work, 0, lambda: self._once(work))

    def do_requests(self, start: Callable[[Callable[[], None]], None]) -> None:
        """Take up what people asked for; `start` starts each apart, so that none waits for another.

        Raises `LockLost` where this process may no longer work.
        """
        if not self._may_work():
            return
        with self._app.app_context():
            asked = jobs.take_requests()
        for one in asked:
            start(partial(self._do_request, one))

    def _do_request(self, job_id: str) -> None:
        if job_id in self._daily:
            self.run(self._daily[job_id], again=True, wait=PATIENCE)
        elif job_id in self._often:
            self.repeat(self._often[job_id], again=True)

    def _alone(self, job: Job | Every, wait: float, act: Callable[[], None]) -> None:
        """Act unless the same job is at work, for longer than is waited for, or may not be done."""
        if not self._busy[job.id].acquire(timeout=wait):
            return
        try:
            if self._may_work():
                with self._app.app_context():
                    act()
        except _DATABASE_AWAY:
            log.exception("a job could not be marked", extra={"values": {"job": job.id}})
        finally:
            self._busy[job.id].release()

    def _for_a_day(self, job: Job, for_date: date, with_day: date, *, again: bool) -> None:
        for pause in (*PAUSES, None):
            try:
                if job_runs.begin(job=job.id, for_date=for_date, again=again):
                    outcome, detail = _outcome(job, with_day)
                    self._finish(job, for_date, outcome, detail)
                return
            except _DATABASE_AWAY:
                log.warning("the database does not answer", extra={"values": {"job": job.id}})
                db.session.rollback()
            if pause is None:
                self._finish(job, for_date, "failed", "the database did not answer in time")
            else:
                time.sleep(pause)
                if not self._may_work():
                    return

    def _once(self, work: Every) -> None:
        began = clock.now()
        try:
            outcome, detail = _outcome(work, clock.today())
        except _DATABASE_AWAY:
            db.session.rollback()
            outcome, detail = "failed", "the database did not answer"
        next_run_at = work.next_due(_london_now())
        job_runs.note(
            job=work.id, began=began, outcome=outcome, detail=detail, next_run_at=next_run_at
        )
        _tell(work, outcome)

    def _finish(self, job: Job, for_date: date, outcome: str, detail: str) -> None:
        job_runs.finish(
            job=job.id,
            for_date=for_date,
            outcome=outcome,
            detail=detail,
            next_run_at=job.next_due(_london_now()),
        )
        _tell(job, outcome)

    def _may_work(self) -> bool:
        """Tell whether the clock is to be believed. Raises `LockLost` without the lock."""
        try:
            is_held = self._lock.is_held()
        except Exception:
            log.exception("the lock could not be asked after")
            is_held = False
        if not is_held:
            raise LockLost
        return self.watch.may_work()


def service(job: Job | Every) -> Service:
    """Return the function that does a job."""
    module, _, name = job.service.partition(":")
    return cast(Service, getattr(import_module(module), name))


def _outcome(job: Job | Every, day: date) -> tuple[str, str]:
    """Return how a job went; only that the database does not answer is left to whoever asked."""
    try:
        return "ok", service(job)(day)
    except _DATABASE_AWAY:
        raise
    except RuntimeError as error:  # a service's own finding, in words that name no one
        db.session.rollback()
        return "failed", str(error)
    except Exception as error:
        log.exception("a job failed", extra={"values": {"job": job.id}})
        db.session.rollback()
        return "failed", f"unexpected {type(error).__name__}; the log says where"


def _announced(job: Job | Every, now: datetime) -> Announced:
    return Announced(id=job.id, why=job.why, rhythm=job.rhythm, next_run_at=job.next_due(now))


def _tell(job: Job | Every, outcome: str) -> None:
    level = logging.INFO if outcome == "ok" and isinstance(job, Job) else logging.DEBUG
    if outcome != "ok":
        level = logging.ERROR
    log.log(level, "job ended", extra={"values": {"job": job.id, "outcome": outcome}})


def _london_now() -> datetime:
    return clock.now().astimezone(LONDON)


def _jobs_now() -> datetime:
    """Return London's time; a day that is fixed by hand is taken at its end, with all its work."""
    now = _london_now()
    return datetime.combine(clock.today(), datetime.max.time(), LONDON) if clock.is_fixed() else now
