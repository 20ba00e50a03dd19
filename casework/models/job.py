"""The scheduler's own records: its jobs, which ran for which day, and what was asked for."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime
from casework.models.user import User

OPEN = text("taken_at IS NULL")


class Job(Model):
    """One job of the scheduler that is at work, as it says itself: pages know no other list."""

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    #: Its place in the scheduler's table, counted from 0.
    place: Mapped[int]
    why: Mapped[str] = mapped_column(Text)
    #: How often it is done, in words: "every day at 5:45am".
    rhythm: Mapped[str] = mapped_column(String(100))
    next_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobRun(Model):
    """One run of one job for one London day. Unique, so that a day's job runs once."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "for_date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(60))
    for_date: Mapped[date]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: "ok", "failed" or None while it runs.
    outcome: Mapped[str | None] = mapped_column(String(10))
    detail: Mapped[str | None] = mapped_column(Text)
    #: When it last went well for that day, whatever came after.
    succeeded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: How often it failed for that day, whatever came after.
    failures: Mapped[int] = mapped_column(default=0)


class JobRequest(Model):
    """That a person asked for a job to be done now. One waits for each job, however often asked."""

    __tablename__ = "job_request"
    __table_args__ = (
        Index("uq_job_request_open", "job", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    #: When the scheduler took it up; None while it waits.
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    asked_by: Mapped[User] = relationship()
