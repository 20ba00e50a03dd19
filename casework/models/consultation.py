"""Asking a school, a college or another setting whether the plan should name it.

When it was asked, reached, chased and answered is in case_event; here is whom, and what it said.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime, public_id
from casework.models.document import Document
from casework.models.setting import Setting
from casework.models.user import User


class Consultation(Model):
    """One setting asked about one case (Children and Families Act 2014, s.39(2) and 40(3))."""

    __tablename__ = "consultation"
    __table_args__ = (UniqueConstraint("case_id", "setting_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"))
    setting_id: Mapped[int] = mapped_column(ForeignKey("setting.id"), index=True)
    #: Counted from 1: a setting asked again, as about a changed draft, is asked anew.
    round: Mapped[int] = mapped_column(default=1)
    #: Whether the family asked for it under section 38(2)(b)(ii).
    is_family_request: Mapped[bool] = mapped_column(default=False)
    #: A casework.codes.PlaceKind: the school itself, its unit or its resourced provision.
    place_kind: Mapped[str | None] = mapped_column(String(10))
    #: What the setting is asked besides.
    asks: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    setting: Mapped[Setting] = relationship()
    made_by: Mapped[User | None] = relationship()


class ConsultationReply(Model):
    """What a setting answered: the event "consultation_replied" has the day."""

    __tablename__ = "consultation_reply"

    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    #: A key of casework.rules.consultations.REPLIES.
    outcome: Mapped[str] = mapped_column(String(20))
    #: A key of casework.rules.consultations.REASONS: which test of section 39(4) it relies on.
    reason: Mapped[str | None] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))

    document: Mapped[Document | None] = relationship()


class PlacementRequest(Model):
    """A setting that the family asked the plan to name: the event "setting_requested"."""

    __tablename__ = "placement_request"

    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"), index=True)
    setting_id: Mapped[int] = mapped_column(ForeignKey("setting.id"))
    #: Whether section 38(3) lists its type, so that section 39(4) is the test; else it is only
    #: considered.
    is_listed: Mapped[bool]
    words: Mapped[str] = mapped_column(Text, default="")

    setting: Mapped[Setting] = relationship()
