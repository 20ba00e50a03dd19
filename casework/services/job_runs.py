"""The scheduler's marks: one for each job and London day, so that each day's work is done once."""

from datetime import date, datetime

from sqlalchemy import select

from casework import clock
from casework.extensions import db
from casework.models import JobRun
from casework.rules.civil_dates import london_date


def begin(*, job: str, for_date: date) -> bool:
    """Mark a job as begun for a day; return False where that day's work is already done.

    The caller holds the scheduler's lock, so a run that never ended belongs to a process that
    died: it begins again.
    """
    run = _run(job, for_date)
    if run and run.outcome == "ok":
        return False
    if run is None:
        run = JobRun(job=job, for_date=for_date)
        db.session.add(run)
    run.started_at = clock.now()
    run.ended_at = run.outcome = run.detail = None
    db.session.commit()
    return True


def finish(*, job: str, for_date: date, outcome: str, detail: str) -> None:
    """Mark how a job ended: `ok` or `failed`, with words that name no one."""
    run = _run(job, for_date)
    assert run is not None
    run.ended_at = clock.now()
    run.outcome = outcome
    run.detail = detail
    db.session.commit()


def note(*, job: str, began: datetime, outcome: str, detail: str) -> None:
    """Mark a run of work that is done every few minutes: a day keeps the mark of its newest."""
    for_date = london_date(began)
    run = _run(job, for_date) or JobRun(job=job, for_date=for_date)
    run.started_at, run.ended_at = began, clock.now()
    run.outcome, run.detail = outcome, detail
    db.session.add(run)
    db.session.commit()


def _run(job: str, for_date: date) -> JobRun | None:
    wanted = select(JobRun).where(JobRun.job == job, JobRun.for_date == for_date)
    return db.session.scalars(wanted).one_or_none()
