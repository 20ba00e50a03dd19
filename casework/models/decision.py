"""What panels and officers decided. Rows are added and never changed: a change is a new version."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime, public_id
from casework.models.user import User


class PanelView(Model):
    """What a member thinks of a case before the meeting; their latest stands."""

    __tablename__ = "panel_view"
    __table_args__ = (Index("ix_panel_view_item_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    #: The outcome that they lean to; None where they do not say.
    leans_to: Mapped[str | None] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class PanelDecision(Model):
    """One version of what became of a question about a case.

    The advice of the panel and the decision of the authority are two things. A decision that was
    taken outside a panel has no item. It is a fact of the case only once a record is signed.
    """

    __tablename__ = "panel_decision"
    __table_args__ = (
        Index("ix_panel_decision_item_id", "item_id"),
        Index("ix_panel_decision_case_id", "case_id"),
        Index("ix_panel_decision_decided_on", "decided_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"))
    question: Mapped[str] = mapped_column(String(20))
    #: A member of casework.rules.panels.Capacity.
    capacity: Mapped[str] = mapped_column(String(10))
    #: A member of casework.rules.panels.Handled.
    handled: Mapped[str] = mapped_column(String(10))
    #: The outcome that the panel advised; None where it gave no advice.
    advice: Mapped[str | None] = mapped_column(String(20))
    #: The outcome that the authority decided; None while there is no decision.
    decision: Mapped[str | None] = mapped_column(String(20))
    decided_on: Mapped[date]
    #: Who took the decision for the authority.
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reasons: Mapped[str] = mapped_column(Text, default="")
    #: What evidence was missing.
    missing: Mapped[str | None] = mapped_column(Text)
    #: Views that differed, as they were put.
    differing_views: Mapped[str | None] = mapped_column(Text)
    #: Why the chair had a case decided that was not ready.
    despite: Mapped[str | None] = mapped_column(Text)
    #: Whether cost was spoken of: "no", "after" (once what is suitable was settled) or "before".
    cost_discussed: Mapped[str | None] = mapped_column(String(10))
    #: Why it was deferred or not heard, and the meeting that it goes to.
    carried_why: Mapped[str | None] = mapped_column(Text)
    carried_to_id: Mapped[int | None] = mapped_column(ForeignKey("panel_meeting.id"))
    #: The version that this one takes the place of, and why.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("panel_decision.id"), unique=True)
    change_why: Mapped[str | None] = mapped_column(Text)
    #: The earlier decision that this one looks at a second time.
    reconsiders_id: Mapped[int | None] = mapped_column(ForeignKey("panel_decision.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    evidence: Mapped[list["DecisionEvidence"]] = relationship(order_by="DecisionEvidence.id")
    conditions: Mapped[list["DecisionCondition"]] = relationship(order_by="DecisionCondition.id")
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)


class DecisionEvidence(Model):
    """A paper or a piece of advice that the reasons rest on, by its title and version then."""

    __tablename__ = "decision_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("panel_decision.id"), index=True)
    words: Mapped[str] = mapped_column(String(300))


class DecisionCondition(Model):
    """Who must do what by when, as the decision says."""

    __tablename__ = "decision_condition"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("panel_decision.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None]


class PanelRecord(Model):
    """The record of a meeting, or of an officer's decision, as it was signed: one version of it."""

    __tablename__ = "panel_record"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    #: None for a decision taken outside a panel.
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("panel_meeting.id"))
    version: Mapped[int] = mapped_column(default=1)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    is_quorate: Mapped[bool] = mapped_column(default=True)
    #: Who was there and how the quorum stood, as JSON, as it was when it was signed.
    attendance: Mapped[str] = mapped_column(Text, default="[]")
    #: For a later version: why.
    change_why: Mapped[str | None] = mapped_column(Text)

    signed_by: Mapped[User | None] = relationship()


class PanelRecordDecision(Model):
    """That a signed record holds this version of a decision."""

    __tablename__ = "panel_record_decision"

    record_id: Mapped[int] = mapped_column(ForeignKey("panel_record.id"), primary_key=True)
    decision_id: Mapped[int] = mapped_column(
        ForeignKey("panel_decision.id"), primary_key=True, index=True
    )
