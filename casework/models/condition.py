"""What became of the conditions of decisions. Rows are added and never changed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime
from casework.models.user import User


class ConditionDone(Model):
    """That a condition was met on a day or, after all, was not; the latest row stands."""

    __tablename__ = "condition_done"

    id: Mapped[int] = mapped_column(primary_key=True)
    condition_id: Mapped[int] = mapped_column(ForeignKey("decision_condition.id"), index=True)
    #: None where it is taken back: the condition is still to be met.
    done_on: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    recorded_by: Mapped[User | None] = relationship()
