"""The audit trail: who saw and who changed what, chained so that tampering shows."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime
from casework.models.user import User


class AuditEntry(Model):
    """One act, at one moment. Holds no personal text: that is in ChangeDetail, by digest."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_case_id_id", "case_id", "id"),
        Index("ix_audit_entry_actor_id_id", "actor_id", "id"),
    )

    #: Numbered without gaps from 1, by casework.services.audit_trail.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: None for the command line, the scheduler and a family at its own page.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: "web", "command line", "scheduler" or "family page".
    origin: Mapped[str] = mapped_column(String(20))
    #: The network address a web request came from.
    address: Mapped[str | None] = mapped_column(String(45))
    #: What was done: "viewed case", "logged event", "signed in" …
    action: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("ehc_case.id"))
    #: Which other record: "user 7", "setting 12".
    subject: Mapped[str | None] = mapped_column(String(60))
    #: SHA-256 of the change detail's salt and text, so that erasing it leaves the chain whole.
    detail_digest: Mapped[str | None] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    actor: Mapped[User | None] = relationship()


class ChangeDetail(Model):
    """What a change replaced: JSON of {field: [old, new]}. Kept apart so that it can be erased."""

    __tablename__ = "change_detail"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("audit_entry.id"), primary_key=True, autoincrement=False
    )
    salt: Mapped[str] = mapped_column(String(32))
    changes: Mapped[str] = mapped_column(Text)
