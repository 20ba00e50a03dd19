"""The scheduler's marks: one for each job and London day, so that each day's work is done once."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, select, update

from casework import clock
from casework.extensions import db
from casework.models import Job, JobRequest, JobRun
from casework.rules.civil_dates import london_date

#: How long a mark is kept: past a year, so that each job's newest is always among them.
KEPT = timedelta(days=400)


def begin(*, job: str, for_date: date, again: bool = False) -> bool:
    """Mark a job as begun for a day; return False where that day's work is already done.

    With `again` it is done once more all the same. The caller holds the scheduler's lock, so a run
    that never ended belongs to a process that died: it begins again.
    """
    run = _run(job, for_date)
    if run and not again and _is_done(run):
        db.session.rollback()
        return False
    if run is None:
        run = JobRun(job=job, for_date=for_date, failures=0)
        db.session.add(run)
    run.started_at = clock.now()
    run.ended_at = run.outcome = run.detail = None
    db.session.commit()
    return True


def finish(
    *, job: str, for_date: date, outcome: str, detail: str, next_run_at: datetime | None
) -> None:
    """Mark how a job ended, `ok` or `failed`, with words that name no one, and when it is next."""
    run = _run(job, for_date) or JobRun(job=job, for_date=for_date, failures=0)
    run.started_at = run.started_at or clock.now()
    _end(run, outcome, detail, next_run_at)


def note(
    *, job: str, began: datetime, outcome: str, detail: str, next_run_at: datetime | None
) -> None:
    """Mark a run of work that is done every few minutes: a day keeps the mark of its newest."""
    for_date = london_date(began)
    run = _run(job, for_date) or JobRun(job=job, for_date=for_date, failures=0)
    run.started_at = began
    _end(run, outcome, detail, next_run_at)


def forget_old(today: date) -> str:
    """Delete marks, and requests that were taken up, once they are old. Returns words."""
    before = today - KEPT
    gone: CursorResult[Any] = db.session.execute(delete(JobRun).where(JobRun.for_date < before))  # type: ignore[assignment]
    old = JobRequest.taken_at < clock.now() - KEPT
    db.session.execute(delete(JobRequest).where(old))
    db.session.commit()
    return f"{gone.rowcount} marks of more than {KEPT.days} days deleted"


def _end(run: JobRun, outcome: str, detail: str, next_run_at: datetime | None) -> None:
    run.ended_at = clock.now()
    run.outcome, run.detail = outcome, detail
    if outcome == "ok":
        run.succeeded_at = run.ended_at
    else:
        run.failures += 1
    db.session.add(run)
    next_run = {Job.next_run_at: next_run_at}
    db.session.execute(update(Job).where(Job.id == run.job).values(next_run))
    db.session.commit()


def _is_done(run: JobRun) -> bool:
    """A run that went well, on its day or after: one from before was for a day fixed by hand."""
    if run.outcome != "ok" or run.ended_at is None:
        return False
    return clock.is_fixed() or london_date(run.ended_at) >= run.for_date


def _run(job: str, for_date: date) -> JobRun | None:
    wanted = select(JobRun).where(JobRun.job == job, JobRun.for_date == for_date)
    return db.session.scalars(wanted).one_or_none()
