"""Panels: their terms of reference, members, phrases, and the meetings they hold."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime, public_id
from casework.models.user import User

NOT_CANCELLED = text("cancelled_at IS NULL")


class Panel(Model):
    """A panel and its terms of reference."""

    __tablename__ = "panel"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    purpose: Mapped[str] = mapped_column(Text, default="")
    #: What it may decide: keys of casework.rules.panels.QUESTIONS, by a space.
    questions: Mapped[str] = mapped_column(String(100))
    #: Whether its chair takes the decision for the authority. If not, the panel advises, and an
    #: officer of the authority takes it.
    decides: Mapped[bool] = mapped_column(default=True)
    #: Under which part of the authority's scheme of delegation.
    delegation: Mapped[str] = mapped_column(Text, default="")
    least_present: Mapped[int] = mapped_column(default=3)
    #: Monday is 0.
    weekday: Mapped[int]
    starts_at: Mapped[time]
    minutes: Mapped[int] = mapped_column(default=180)
    minutes_per_case: Mapped[int] = mapped_column(default=6)
    place: Mapped[str] = mapped_column(String(200), default="")
    #: What becomes of a meeting on a bank holiday: "move" to the next working day, or "cancel".
    on_bank_holiday: Mapped[str] = mapped_column(String(10), default="move")
    #: Papers are due so many working days before, by this time; the pack goes out likewise.
    papers_days: Mapped[int] = mapped_column(default=4)
    papers_at: Mapped[time]
    circulate_days: Mapped[int] = mapped_column(default=3)
    circulate_at: Mapped[time]
    #: The day from which it meets no more.
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    agencies: Mapped[list["PanelAgencyNeeded"]] = relationship(cascade="all, delete-orphan")

    @property
    def question_keys(self) -> tuple[str, ...]:
        """Return the keys of the questions it may decide."""
        return tuple(self.questions.split())

    @property
    def agencies_needed(self) -> tuple[str, ...]:
        """Return the agencies without which there is no quorum, by name."""
        return tuple(sorted(row.agency for row in self.agencies))


class PanelAgencyNeeded(Model):
    """An agency that must be present for a quorum."""

    __tablename__ = "panel_agency_needed"

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), primary_key=True)
    #: A member of casework.rules.panels.PanelAgency.
    agency: Mapped[str] = mapped_column(String(20), primary_key=True)


class PanelMember(Model):
    """A person who sits on a panel, for whom, as what, and between which days."""

    __tablename__ = "panel_member"
    __table_args__ = (Index("ix_panel_member_user_id_panel_id", "user_id", "panel_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    agency: Mapped[str] = mapped_column(String(20))
    #: A member of casework.rules.panels.Position.
    position: Mapped[str] = mapped_column(String(10), default="member")
    from_day: Mapped[date]
    #: The last day; None while there is no end.
    until_day: Mapped[date | None]

    user: Mapped[User] = relationship()


class PanelPhrase(Model):
    """A reason in words that a panel uses often, offered for one question."""

    __tablename__ = "panel_phrase"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    question: Mapped[str] = mapped_column(String(20))
    #: The outcome that it speaks for; None for any.
    outcome: Mapped[str | None] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    place: Mapped[int] = mapped_column(default=0)
    #: The day from which it is offered no more.
    ended_on: Mapped[date | None]


class PanelMeeting(Model):
    """One sitting of a panel."""

    __tablename__ = "panel_meeting"
    __table_args__ = (
        Index(
            "uq_panel_meeting_panel_id_on_day",
            *("panel_id", "on_day"),
            unique=True,
            sqlite_where=NOT_CANCELLED,
            postgresql_where=NOT_CANCELLED,
        ),
        Index("uq_panel_meeting_panel_id_week", "panel_id", "week", unique=True),
        Index("ix_panel_meeting_on_day", "on_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    on_day: Mapped[date]
    #: The Monday of the week whose regular meeting this is, on whatever day it is held; None for
    #: one added by hand.
    week: Mapped[date | None]
    starts_at: Mapped[time]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(200), default="")
    papers_by: Mapped[datetime] = mapped_column(UtcDateTime)
    circulate_by: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The day it was first set for, where it was moved, and why.
    moved_from: Mapped[date | None]
    moved_why: Mapped[str | None] = mapped_column(Text)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_why: Mapped[str | None] = mapped_column(Text)
    #: Rises with every change of the agenda, so that two clerks cannot overwrite each other unseen.
    version: Mapped[int] = mapped_column(default=1)
    #: Rises with every change of the attendance, likewise.
    attendance_version: Mapped[int] = mapped_column(default=1)

    panel: Mapped[Panel] = relationship()


class AgendaItem(Model):
    """One case and one question before one meeting."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        Index("ix_agenda_item_meeting_id_place", "meeting_id", "place"),
        Index("ix_agenda_item_case_id", "case_id"),
        Index(
            "uq_agenda_item_meeting_id_case_id_question",
            *("meeting_id", "case_id", "question"),
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("panel_meeting.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"))
    #: A key of casework.rules.panels.QUESTIONS.
    question: Mapped[str] = mapped_column(String(20))
    place: Mapped[int]
    minutes: Mapped[int]
    #: From the clerk to the panel; no child is named in it.
    note: Mapped[str | None] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    removed_why: Mapped[str | None] = mapped_column(Text)
    #: The item of an earlier meeting that was deferred or not heard, and came here.
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id"))
    #: Rises with every decision recorded, so that two clerks cannot record one case unseen.
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[PanelMeeting] = relationship()


class Attendance(Model):
    """Whether a person came to a meeting, and for whom they spoke there."""

    __tablename__ = "attendance"
    __table_args__ = (
        Index("uq_attendance_meeting_id_user_id", "meeting_id", "user_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("panel_meeting.id"))
    #: None for somebody without an account, who came in a member's place.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(200))
    agency: Mapped[str] = mapped_column(String(20))
    #: A member of casework.rules.panels.Position; for who is no member, of attendance.Guest.
    position: Mapped[str] = mapped_column(String(10))
    #: A member of casework.rules.panels.Attended.
    attended: Mapped[str] = mapped_column(String(10))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Interest(Model):
    """A person's declared interest in a case, which hides the case from them wherever they look."""

    __tablename__ = "interest"
    __table_args__ = (Index("ix_interest_user_id_case_id", "user_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    nature: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_why: Mapped[str | None] = mapped_column(Text)

    user: Mapped[User] = relationship(foreign_keys=user_id)


class PanelCirculation(Model):
    """The agenda and its papers, or the decisions, sent round: the act and its moment."""

    __tablename__ = "panel_circulation"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("panel_meeting.id"), index=True)
    #: "agenda" or "decisions".
    kind: Mapped[str] = mapped_column(String(20))
    #: For decisions: the record that was sent round.
    record_id: Mapped[int | None] = mapped_column(ForeignKey("panel_record.id"))
    circulated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    circulated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
