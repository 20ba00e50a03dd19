"""A paper: one version of a document, chosen for one case before one meeting."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime, public_id
from casework.models.document import Document

NOT_TAKEN_OUT = text("taken_out_at IS NULL")


class Paper(Model):
    """A document's version in the pack of a meeting. It stays that version, whatever comes after.

    The pack is frozen when the agenda is circulated: what is chosen later is late, and what is
    taken out later still shows, with the reason.
    """

    __tablename__ = "paper"
    __table_args__ = (
        Index(
            "uq_paper_item_id_document_id",
            *("item_id", "document_id"),
            unique=True,
            sqlite_where=NOT_TAKEN_OUT,
            postgresql_where=NOT_TAKEN_OUT,
        ),
        Index("ix_paper_item_id_place", "item_id", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    place: Mapped[int]
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    chosen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    taken_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_out_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: Always there for one that was taken out of a frozen pack.
    taken_out_why: Mapped[str | None] = mapped_column(String(1000))

    document: Mapped[Document] = relationship()
