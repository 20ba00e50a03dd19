"""Where email is sent from, so that a restored or copied database is known for one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import Model, UtcDateTime


class MailPlace(Model):
    """The one row that says from which database, at which place, email was last sent."""

    __tablename__ = "mail_place"
    __table_args__ = (CheckConstraint("id = 1", name="is_the_only_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What tells this place (casework.queries.mail_place.here); empty until email was first sent.
    place: Mapped[str] = mapped_column(String(120), default="")
    #: When a message was last taken up to be sent.
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When email was held, until somebody releases it.
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why, as a code of casework.queries.mail_place.
    held_because: Mapped[str | None] = mapped_column(String(20))
