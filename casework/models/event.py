"""What happened to a case. Rows are added and never changed: a correction is a new row.

Triggers refuse update, delete and replace from any connection (casework.models.append_only).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime
from casework.models.case import Adviser
from casework.models.consultation import Consultation
from casework.models.user import User

OF_ADVISER = text("adviser_id IS NOT NULL")


class CaseEvent(Model):
    """One thing that happened on one day, as entered by one person."""

    __tablename__ = "case_event"
    __table_args__ = (
        Index("ix_case_event_case_id_happened_on", "case_id", "happened_on"),
        Index("ix_case_event_happened_on", "happened_on"),
        # What happened to one request for advice: asked, reminded, answered.
        Index(
            "ix_case_event_of_adviser",
            *("adviser_id", "kind", "happened_on"),
            sqlite_where=OF_ADVISER,
            postgresql_where=OF_ADVISER,
        ),
        CheckConstraint("corrects_id IS NULL OR corrects_id <> id", name="corrects_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"))
    #: A key of casework.rules.events.EVENTS.
    kind: Mapped[str] = mapped_column(String(40))
    happened_on: Mapped[date]
    adviser_id: Mapped[int | None] = mapped_column(ForeignKey("adviser.id"))
    #: For a plan sent: family, institution or health_body.
    recipient: Mapped[str | None] = mapped_column(String(20))
    #: For advice returned: advice, not_known or no_advice_needed; for a meeting: held or offered.
    outcome: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Text)
    #: Why a date out of the usual order is true all the same.
    oddity: Mapped[str | None] = mapped_column(Text)
    #: A doubt about where the date comes from: a key of casework.rules.events.DOUBTS.
    doubt: Mapped[str | None] = mapped_column(String(30))
    #: The earlier event that this one puts right. Unique, so that no two people correct one row.
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("case_event.id"), unique=True)
    #: The decision that made it, where a panel's record or an officer's decision was signed.
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("panel_decision.id"), index=True)
    #: For an event of a consultation: which.
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"), index=True)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: None when it was entered from the command line.
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    adviser: Mapped[Adviser | None] = relationship()
    consultation: Mapped[Consultation | None] = relationship()
    entered_by: Mapped[User | None] = relationship()
    exception: Mapped["CaseEventException | None"] = relationship(back_populates="event")
    #: For a step of an exception that was proposed: of which, and why.
    exception_step: Mapped["ExceptionStep | None"] = relationship(
        foreign_keys="ExceptionStep.event_id", viewonly=True
    )


class CaseEventException(Model):
    """The particulars of an exception: which limit it lifts, on what ground, on what evidence."""

    __tablename__ = "case_event_exception"

    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), primary_key=True)
    #: The provision that lists the ground: a key of casework.rules.exceptions.REGULATIONS.
    regulation: Mapped[str] = mapped_column(String(10))
    #: X1 … X6 or XC; None where a tracker's words could not be read as any ground.
    ground: Mapped[str | None] = mapped_column(String(2))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    #: None means that it was not recorded.
    evidence: Mapped[str | None] = mapped_column(Text)
    #: The reason as it was given, in the words of whoever gave it.
    reason: Mapped[str] = mapped_column(Text)
    approver_recorded: Mapped[bool] = mapped_column(default=False)

    event: Mapped[CaseEvent] = relationship(back_populates="exception")


class ExceptionStep(Model):
    """A step of an exception that an officer proposed: approved, refused, told, ended.

    An approval is the event "exception_recorded": only it lifts a limit.
    """

    __tablename__ = "exception_step"

    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), primary_key=True)
    #: The event "exception_proposed".
    proposal_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), index=True)
    #: Why it was refused or has ended, or what the family was told.
    words: Mapped[str] = mapped_column(Text, default="")
