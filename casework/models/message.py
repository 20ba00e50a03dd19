"""Email that waits to be sent, and what became of it: a row first, in the act's transaction."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.advice_service import ServiceContact
from casework.models.base import Model, UtcDateTime, public_id
from casework.models.user import User

WAITING = text("sent_at IS NULL AND failed_at IS NULL AND claimed_at IS NULL")
TAKEN_UP = text("sent_at IS NULL AND failed_at IS NULL AND claimed_at IS NOT NULL")
UNSETTLED = text("failed_at IS NOT NULL AND settled_at IS NULL")
UNANSWERED = text("unanswered_at IS NOT NULL")


def _index(name: str, *columns: str, where: TextClause) -> Index:
    return Index(f"ix_message_{name}", *columns, sqlite_where=where, postgresql_where=where)


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
        _index("waiting", "next_at", "id", where=WAITING),
        _index("taken_up", "claimed_at", where=TAKEN_UP),
        _index("unsettled", "failed_at", where=UNSETTLED),
        _index("unanswered", "unanswered_at", where=UNANSWERED),
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
    #: From when a sender may take it up: at once, or later where it was tried before.
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When a sender took it up; None again where it goes on waiting.
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why it is not sent, as a code that casework.queries.messages puts into words.
    failure: Mapped[str | None] = mapped_column(String(40))
    #: How often a sender has taken it up.
    attempts: Mapped[int] = mapped_column(default=0)
    #: Since when the server has put it off, again and again.
    put_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When a copy went and no answer came: any other copy may be a second one.
    unanswered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When a person said that a failed one needs no more doing.
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    to: Mapped[User | None] = relationship(foreign_keys=[to_user_id])
    to_contact: Mapped[ServiceContact | None] = relationship()
