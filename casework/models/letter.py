"""Letters: the authority's templates, each version whole, and what was issued from them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime, public_id
from casework.models.case import Adviser
from casework.models.document import Document
from casework.models.person import Contact
from casework.models.setting import Setting
from casework.models.user import User


class LetterTemplate(Model):
    """One version of the Word document that letters of one kind are made from. Rows only grow."""

    __tablename__ = "letter_template"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    #: A key of casework.rules.letters.LETTERS.
    kind: Mapped[str] = mapped_column(String(30))
    #: Counted from 1 in each kind; the newest is the one in use.
    version: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    #: What was changed and why, in the words of whoever did.
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: None for the first version, which comes with the system.
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    made_by: Mapped[User | None] = relationship()


class Letter(Model):
    """One letter as it was issued: its document, what made it, and the event that it noted."""

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_case_id_issued_at", "case_id", "issued_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Drawn when the check screen was opened: issued twice, it is one letter.
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"))
    kind: Mapped[str] = mapped_column(String(30))
    template_id: Mapped[int] = mapped_column(ForeignKey("letter_template.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    #: The event that it noted; None for a letter that notes nothing, such as a holding letter.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("case_event.id"), index=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    template: Mapped[LetterTemplate] = relationship()
    document: Mapped[Document] = relationship()
    issued_by: Mapped[User | None] = relationship()
    recipients: Mapped[list["LetterRecipient"]] = relationship(order_by="LetterRecipient.place")


class LetterRecipient(Model):
    """One of those a letter was sent to, as they stood on the check screen."""

    __tablename__ = "letter_recipient"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    setting_id: Mapped[int | None] = mapped_column(ForeignKey("setting.id"))
    adviser_id: Mapped[int | None] = mapped_column(ForeignKey("adviser.id"))
    #: As the letter addressed them; never an address.
    words: Mapped[str] = mapped_column(String(200))

    contact: Mapped[Contact | None] = relationship()
    setting: Mapped[Setting | None] = relationship()
    adviser: Mapped[Adviser | None] = relationship()
