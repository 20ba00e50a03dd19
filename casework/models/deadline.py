"""Deadlines: a projection of the facts, so that lists sort and figures count in SQL."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import Model

OWED = text("met_on IS NULL AND closed_on IS NULL")
RUNNING = text("met_on IS NULL AND closed_on IS NULL AND lifted_by IS NULL")


class Deadline(Model):
    """One duty on one clock. How it stands depends on today, and is not stored."""

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("case_id", "clock", "duty"),
        Index("ix_deadline_owed", "duty", "due_on", sqlite_where=OWED, postgresql_where=OWED),
        Index("ix_deadline_running", "due_on", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_deadline_duty_met_on", "duty", "met_on"),
        Index("ix_deadline_duty_due_on", "duty", "due_on"),
        Index("ix_deadline_duty_started_on", "duty", "started_on"),
        Index("ix_deadline_adviser_id", "adviser_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"))
    #: "case", "adviser-7" for the clock of that adviser, "consultation-7" for a setting's.
    clock: Mapped[str] = mapped_column(String(30))
    adviser_id: Mapped[int | None] = mapped_column(ForeignKey("adviser.id"))
    #: A key of casework.rules.book.BOOK.
    duty: Mapped[str] = mapped_column(String(40))
    started_on: Mapped[date]
    due_on: Mapped[date]
    #: None past the end of the bank-holiday list.
    act_by: Mapped[date | None]
    #: For a floor: the first day on which the next step is lawful.
    earliest_on: Mapped[date | None]
    met_on: Mapped[date | None]
    #: For advice: how it was answered.
    met_as: Mapped[str | None] = mapped_column(String(20))
    #: The day from which nothing more is owed, though it was never met.
    closed_on: Mapped[date | None]
    #: For advice: the day it was asked for, which may be before the request was received.
    asked_on: Mapped[date | None]
    #: For advice: the day it was first sent back as not enough.
    sent_back_on: Mapped[date | None]
    #: For advice that was late: why, a key of casework.rules.lateness.CAUSES.
    late_cause: Mapped[str | None] = mapped_column(String(20))
    #: Grounds that lift the limit, by a space: "X1 X3"; "unread" for words that name none.
    lifted_by: Mapped[str | None] = mapped_column(String(40))
