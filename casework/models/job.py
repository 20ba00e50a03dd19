"""The scheduler's marks: which job ran for which day, and how it ended."""

from datetime import date, datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import Model, UtcDateTime


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
