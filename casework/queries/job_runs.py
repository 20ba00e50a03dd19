"""What the scheduler does and did: its jobs with their marks, read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select

from casework.codes import Code
from casework.extensions import db
from casework.models import Job, JobRequest, JobRun, User

#: How far back failures are counted.
LATELY = timedelta(days=30)
#: A job that is so long past its next run was not done in its time.
LATE = timedelta(minutes=15)


class State(Code):
    """How a job stands."""

    OVERDUE = "overdue", "Overdue"
    FAILED = "failed", "Failed"
    RUNNING = "running", "At work"
    DONE = "done", "Done"
    NEVER = "never", "Not yet run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One job with its newest run."""

    id: str
    why: str
    rhythm: str
    state: State
    #: When the newest run began, how long it took, and how it ended in words.
    began_at: datetime | None
    took: timedelta | None
    detail: str
    succeeded_at: datetime | None
    next_run_at: datetime | None
    #: How often it failed within `LATELY`.
    failures: int
    #: Who asked for it to be done now, while that waits to be taken up.
    asked_by: str | None

    @property
    def name(self) -> str:
        """Return the job's name as people read it."""
        return name(self.id)

    @property
    def duration(self) -> str:
        """Return how long the newest run took: "8.4 seconds", "12 minutes"; empty while it runs."""
        if self.took is None:
            return ""
        seconds = self.took.total_seconds()
        if seconds < 1:
            return "less than a second"
        if seconds < 10:
            return f"{seconds:.1f} seconds"
        return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def name(job_id: str) -> str:
    """Return a job's name as people read it: "Send mail"."""
    return job_id.replace("-", " ").capitalize()


def lines(now: datetime, today: date) -> list[Line]:
    """Return the jobs of the scheduler in its own order, each with its newest run. Four statements.

    Empty where no scheduler ever worked here.
    """
    jobs = db.session.scalars(select(Job).order_by(Job.place)).all()
    newest = {run.job: run for run in db.session.scalars(_newest())}
    sums = _sums(today - LATELY)
    asked = _asked()
    return [_line(job, newest.get(job.id), sums, asked, now) for job in jobs]


def newest_failures() -> list[str]:
    """Return the jobs whose newest run failed, by name; of jobs that there are no more, none."""
    failed = _newest().with_only_columns(JobRun.job).where(JobRun.outcome == "failed")
    return sorted(db.session.scalars(failed.join(Job, Job.id == JobRun.job)))


def _newest() -> Select[JobRun]:
    """The newest run of each job: the one begun last, whatever day it was for."""
    newest = (
        select(JobRun.job, func.max(JobRun.started_at).label("at")).group_by(JobRun.job).subquery()
    )
    is_it = (newest.c.job == JobRun.job) & (newest.c.at == JobRun.started_at)
    return select(JobRun).join(newest, is_it)


def _sums(since: date) -> Mapping[str, tuple[int, datetime | None]]:
    counted = func.coalesce(func.sum(JobRun.failures).filter(JobRun.for_date > since), 0)
    wanted = select(JobRun.job, counted, func.max(JobRun.succeeded_at)).group_by(JobRun.job)
    return {job: (failures, at) for job, failures, at in db.session.execute(wanted)}


def _asked() -> Mapping[str, str]:
    wanted = (
        select(JobRequest.job, User.name)
        .join(User, User.id == JobRequest.asked_by_id)
        .where(JobRequest.taken_at.is_(None))
    )
    return {row.job: row.name for row in db.session.execute(wanted)}


def _line(
    job: Job,
    run: JobRun | None,
    sums: Mapping[str, tuple[int, datetime | None]],
    asked: Mapping[str, str],
    now: datetime,
) -> Line:
    failures, succeeded_at = sums.get(job.id, (0, None))
    return Line(
        id=job.id,
        why=job.why,
        rhythm=job.rhythm,
        state=_state(job, run, now),
        began_at=run.started_at if run else None,
        took=run.ended_at - run.started_at if run and run.ended_at else None,
        detail=(run.detail or "") if run else "",
        succeeded_at=succeeded_at,
        next_run_at=job.next_run_at,
        failures=failures,
        asked_by=asked.get(job.id),
    )


def _state(job: Job, run: JobRun | None, now: datetime) -> State:
    if job.next_run_at and now - job.next_run_at > LATE:
        return State.OVERDUE
    if run is None:
        return State.NEVER
    if run.outcome is None:
        return State.RUNNING
    return State.DONE if run.outcome == "ok" else State.FAILED
