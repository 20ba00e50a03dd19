"""A document on a case: which file it is, whose, and what became of it.

The file itself is in the document store (casework.documents.store). What a file holds and who added
it never change: a new version is a new row that says which one it replaces.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime, public_id
from casework.models.user import User


class Document(Model):
    """One version of a document, as one file."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("replaces_id IS NULL OR replaces_id <> id", name="replaces_another"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_why IS NULL)", name="withdrawn_for_a_reason"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"), index=True)
    #: A casework.codes.DocumentKind.
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    received_on: Mapped[date]
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    #: None for a Word document, which has no pages until it is printed.
    pages: Mapped[int | None]
    #: The key in the store: drawn, and nothing that anyone typed.
    stored_as: Mapped[str] = mapped_column(String(40), unique=True)
    #: For whoever is given it; cleaned of all that a machine could act on.
    file_name: Mapped[str] = mapped_column(String(120))
    #: The version before. Unique, so that no two people replace the same one.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), unique=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: waiting (not scanned yet), clean, infected or unreadable: casework.services.documents.
    state: Mapped[str] = mapped_column(String(10), index=True)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_why: Mapped[str | None] = mapped_column(String(1000))

    added_by: Mapped[User | None] = relationship(foreign_keys=added_by_id)
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=withdrawn_by_id)
