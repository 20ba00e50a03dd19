"""A family's way in to its own page: a link, and codes that each open it once. Off by default."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime, public_id
from casework.models.person import Contact
from casework.models.user import User


class FamilyLink(Model):
    """A link to one case's page for one contact. Only the hash of its secret is kept."""

    __tablename__ = "family_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: Wrong codes typed in a row: too many close the link.
    wrong_codes: Mapped[int] = mapped_column(default=0)

    contact: Mapped[Contact] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=made_by_id)


class FamilyCode(Model):
    """A code that opens a link once: given in a letter or by telephone."""

    __tablename__ = "family_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("family_link.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    given_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FamilyVisit(Model):
    """One opening of the page with a code: what the family's browser holds, by its hash."""

    __tablename__ = "family_visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("family_link.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
