"""Email that waits to be sent, and what became of it: a row first, in the act's transaction."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.advice_service import ServiceContact
from casework.models.base import Model, UtcDateTime, public_id
from casework.models.user import User

WAITING = text("sent_at IS NULL AND failed_at IS NULL AND claimed_at IS NULL")


class Message(Model):
    """One email about one thing, to one person or to one contact of a service.

    Unique, so that nobody is told a thing twice.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("about", "to_user_id"),
        UniqueConstraint("about", "to_contact_id"),
        CheckConstraint(
            "(to_user_id IS NULL) <> (to_contact_id IS NULL)", name="is_to_one_of_the_two"
        ),
        CheckConstraint("sent_at IS NULL OR failed_at IS NULL", name="is_sent_or_failed"),
        Index(
            "ix_message_waiting",
            *("attempts", "id"),
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Also the left half of its Message-ID, so that a second copy can be told for one.
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    #: What it tells of: "decisions of meeting 12, version 1".
    about: Mapped[str] = mapped_column(String(120))
    #: A key of casework.emails.messages.KINDS.
    kind: Mapped[str] = mapped_column(String(40))
    to_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    #: A service's mailbox or whoever answers for it: an address without an account.
    to_contact_id: Mapped[int | None] = mapped_column(ForeignKey("service_contact.id"), index=True)
    #: Where it goes or went: their address when it was put, and again when it was sent.
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    #: The same words as a page, beside the text; None where the text is all there is.
    html: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When a sender took it up; None again where it goes on waiting.
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why it is not sent, as a code that casework.queries.messages puts into words.
    failure: Mapped[str | None] = mapped_column(String(40))
    #: How often a sender has taken it up.
    attempts: Mapped[int] = mapped_column(default=0)

    to: Mapped[User | None] = relationship()
    to_contact: Mapped[ServiceContact | None] = relationship()
