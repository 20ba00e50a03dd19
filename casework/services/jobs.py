"""The scheduler's jobs: which there are, as it says itself, and asking for one to be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from casework import clock
from casework.extensions import db
from casework.models import Job, JobRequest
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """One job, as the scheduler that is at work has it in its table."""

    id: str
    why: str
    #: How often it is done, in words: "every day at 5:45am".
    rhythm: str
    next_run_at: datetime | None


def announce(jobs: Sequence[Announced]) -> None:
    """Write down the jobs that the scheduler does, in their order; any other is struck out."""
    db.session.execute(delete(Job).where(Job.id.not_in([one.id for one in jobs])))
    for place, one in enumerate(jobs):
        row = {"why": one.why, "rhythm": one.rhythm, "next_run_at": one.next_run_at}
        db.session.merge(Job(id=one.id, place=place, **row))
    db.session.commit()


def ask_for(*, actor: Actor, job_id: str) -> bool:
    """Ask the scheduler to do a job now; False where that is asked already. Commits.

    Raises Absent where there is no such job.
    """
    assert actor.user_id is not None
    if db.session.get(Job, job_id, with_for_update=True) is None:
        db.session.rollback()
        raise Absent(job_id)
    is_open = JobRequest.job == job_id, JobRequest.taken_at.is_(None)
    if db.session.scalar(select(JobRequest.id).where(*is_open)):
        db.session.rollback()
        return False
    db.session.add(JobRequest(job=job_id, asked_at=clock.now(), asked_by_id=actor.user_id))
    audit_trail.record(actor, "asked for job", subject=f"job {job_id}")
    db.session.commit()
    return True


def take_requests() -> list[str]:
    """Take up what was asked for, and commit; return the jobs, the first asked for first."""
    asked = select(JobRequest).where(JobRequest.taken_at.is_(None)).order_by(JobRequest.id)
    found = db.session.scalars(asked).all()
    for one in found:
        one.taken_at = clock.now()
    jobs = [one.job for one in found]
    if found:
        db.session.commit()
    else:
        db.session.rollback()
    return jobs
