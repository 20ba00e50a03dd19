"""What is remembered of the trackers that a council brings in."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import Model, UtcDateTime, public_id


class TrackerMapping(Model):
    """Which heading stands for which field, as last corrected by a person."""

    __tablename__ = "tracker_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the headings in order: the same layout finds its mapping again.
    layout: Mapped[str] = mapped_column(String(64), unique=True)
    #: JSON of {field: heading}.
    mapping: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrackerUpload(Model):
    """A file held between its dry run and its import, or until its refused rows are fetched."""

    __tablename__ = "tracker_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    filename: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    #: JSON of {field: heading} chosen for this file.
    mapping: Mapped[str | None] = mapped_column(Text)
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: JSON of the import's report.
    report: Mapped[str | None] = mapped_column(Text)
