"""What the scheduler did last: its marks, read."""

from datetime import datetime

from sqlalchemy import func, select

from casework.extensions import db
from casework.models import JobRun


def last_ended() -> datetime | None:
    """Return the instant at which any job last ended, however it ended."""
    return db.session.scalar(select(func.max(JobRun.ended_at)))


def newest_failures() -> list[str]:
    """Return the jobs whose newest run failed, by name."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.job)
    failed = select(JobRun.job).where(JobRun.id.in_(newest), JobRun.outcome == "failed")
    return sorted(db.session.scalars(failed))
