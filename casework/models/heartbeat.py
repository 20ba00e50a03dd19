"""That the scheduler is at work, and that its clock is to be trusted."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime
from casework.models.user import User


class Heartbeat(Model):
    """The mark that the scheduler writes each minute. One row: one scheduler works at once."""

    __tablename__ = "heartbeat"
    __table_args__ = (CheckConstraint("id = 1", name="is_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The newest mark, by the scheduler's own clock.
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When the scheduler that writes it began.
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The newest instant at which nothing spoke against the clock; the seconds that its machine
    #: had then been up, and which start of the machine that was.
    trusted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    trusted_uptime: Mapped[float | None]
    trusted_boot: Mapped[str | None] = mapped_column(String(40))
    #: What speaks against the clock, as a code of casework.queries.heartbeat.Witness; None for
    #: nothing. While it is there no job is done.
    doubt: Mapped[str | None] = mapped_column(String(10))
    #: How far ahead the clock is, by that witness; below 0, how far behind.
    doubt_seconds: Mapped[int | None] = mapped_column(BigInteger)
    doubted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When an administrator said that the clock is right all the same, until the scheduler heard.
    said_right_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    said_right_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    said_right_by: Mapped[User | None] = relationship()
