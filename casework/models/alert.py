"""Who was told of which limit, and who does not want to be told, or is away.

An alert is queued by the sweep, once for each reader, and told in one email. It is never deleted:
it was told, or it says why it was not.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime
from casework.models.case import Case
from casework.models.message import Message
from casework.models.user import User

UNTOLD = text("message_id IS NULL AND dropped_because IS NULL")
IN_FORCE = text("ended_at IS NULL")


class Alert(Model):
    """That one limit came to one rung, for one reader. Unique, so that nobody is told it twice."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("case_id", "clock", "duty", "due_on", "rung", "reader_id"),
        CheckConstraint("message_id IS NULL OR dropped_because IS NULL", name="is_told_or_dropped"),
        CheckConstraint("way IN ('digest', 'single', 'summed')", name="way_is_known"),
        Index("ix_alert_untold", "reader_id", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
        Index("ix_alert_message_id", "message_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"))
    #: The limit, by what names it in `deadline`, whose rows are written anew and keep no id.
    clock: Mapped[str] = mapped_column(String(30))
    duty: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date]
    #: A key of casework.rules.alerts.RUNGS.
    rung: Mapped[str] = mapped_column(String(20))
    #: The day on which the limit came to the rung, which is earlier where a sweep was missed.
    reached_on: Mapped[date]
    #: The day of the sweep that queued it.
    queued_on: Mapped[date]
    reader_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    #: Whom the reader stands in for while they are away; None for a reader's own.
    in_place_of_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: "digest", "single" (an email of its own), or "summed" (a caseload just brought in).
    way: Mapped[str] = mapped_column(String(10))
    #: The email that told it.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    #: Why it was not told after all, as a code of casework.rules.alerts.DROPPED.
    dropped_because: Mapped[str | None] = mapped_column(String(20))

    case: Mapped[Case] = relationship()
    reader: Mapped[User] = relationship(foreign_keys=[reader_id])
    in_place_of: Mapped[User | None] = relationship(foreign_keys=[in_place_of_id])
    message: Mapped[Message | None] = relationship()


class Quiet(Model):
    """That a reader wants no alert of a case: until a day (snoozed), or until they say (muted)."""

    __tablename__ = "quiet"
    __table_args__ = (
        Index(
            "uq_quiet_in_force",
            *("user_id", "case_id"),
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"), index=True)
    #: The last quiet day; None until they say otherwise.
    until_day: Mapped[date | None]
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship()


class Absence(Model):
    """That a person is away and who is told in their place; without a last day, for good."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("user_id <> cover_id", name="is_covered_by_another"),
        CheckConstraint("until_day IS NULL OR until_day >= from_day", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    cover_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: When it was taken back.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    cover: Mapped[User] = relationship(foreign_keys=[cover_id])
