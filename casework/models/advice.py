"""Advice that was returned: each version whole, what was said of it, and who may read it besides.

What happened and when is in case_event; these rows hold what an event of advice brought with it.
They only grow: a correction, a further version or a second check is a new event with a new row.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime, public_id
from casework.models.case import Adviser
from casework.models.document import Document
from casework.models.user import User


class Advice(Model):
    """One version of an adviser's advice, as a structured form, as a document, or as both."""

    __tablename__ = "advice"
    __table_args__ = (UniqueConstraint("adviser_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"), index=True)
    adviser_id: Mapped[int] = mapped_column(ForeignKey("adviser.id"))
    #: The event "advice_received" that it came with. Where that is corrected or struck out the
    #: latest entry of the chain says whether the advice stands.
    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), unique=True)
    #: Counted from 1 for each adviser.
    version: Mapped[int]
    #: How it reached us: a casework.codes.AdviceRoute.
    route: Mapped[str] = mapped_column(String(10))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    #: The sections of the plan that it can feed, by a space: "B E F". Keys of rules.plan_sections.
    sections: Mapped[str] = mapped_column(String(40))
    #: Who wrote it, and as what, as they put it.
    author: Mapped[str] = mapped_column(String(200))
    author_post: Mapped[str] = mapped_column(String(200), default="")
    #: The account of who wrote or returned it; None where an officer filed a reply.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    written_on: Mapped[date | None]
    #: What the child or young person said, in the adviser's words.
    child_voice: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    adviser: Mapped[Adviser] = relationship()
    document: Mapped[Document | None] = relationship()
    entered_by: Mapped[User | None] = relationship(foreign_keys=entered_by_id)
    entries: Mapped[list["AdviceEntry"]] = relationship(order_by="AdviceEntry.place")


class AdviceEntry(Model):
    """One need with the outcome sought and the provision for it: who does what, and how often."""

    __tablename__ = "advice_entry"
    __table_args__ = (UniqueConstraint("advice_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    advice_id: Mapped[int] = mapped_column(ForeignKey("advice.id"))
    place: Mapped[int]
    #: The section that the need belongs to: B, C or D.
    need_section: Mapped[str] = mapped_column(String(2))
    need: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text, default="")
    #: The section that the provision belongs to: F, G, H1 or H2.
    provision_section: Mapped[str | None] = mapped_column(String(2))
    provision: Mapped[str] = mapped_column(Text, default="")
    by_whom: Mapped[str] = mapped_column(String(200), default="")
    how_often: Mapped[str] = mapped_column(String(200), default="")


class AdviceCheck(Model):
    """Why an officer accepted advice or sent it back: the event says which, and on what day."""

    __tablename__ = "advice_check"

    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), primary_key=True)
    #: The version that was checked; None for advice that came before versions were kept.
    advice_id: Mapped[int | None] = mapped_column(ForeignKey("advice.id"), index=True)
    #: What is missing, in words that the service reads; empty where it was accepted.
    reasons: Mapped[str] = mapped_column(Text, default="")


class AdviceExpected(Model):
    """The day by which an adviser who cannot answer in time expects to."""

    __tablename__ = "advice_expected"

    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), primary_key=True)
    expected_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text, default="")


class AdviceReuse(Model):
    """Existing advice that is not asked for again, and the three who agreed that it is enough.

    SEND Regulations 2014, reg 6(4): its author, the authority, and the parent or young person.
    """

    __tablename__ = "advice_reuse"

    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), primary_key=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    #: What the advice is, who wrote it and when, in words.
    described: Mapped[str] = mapped_column(Text)
    sections: Mapped[str] = mapped_column(String(40))
    author_agreed_on: Mapped[date]
    authority_agreed_on: Mapped[date]
    family_agreed_on: Mapped[date]


class AdviceRelease(Model):
    """One lead's request to read the other's advice on one case, and what the other said."""

    __tablename__ = "advice_release"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (is_granted IS NULL)", name="decided_one_way"),
        Index("ix_advice_release_asked_by_id_case_id", "asked_by_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"), index=True)
    #: Whose advice is asked for: a casework.rules.advisers.Agency.
    agency: Mapped[str] = mapped_column(String(20))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_granted: Mapped[bool | None]
    why: Mapped[str | None] = mapped_column(Text)
    #: The last day on which it may be read.
    until_day: Mapped[date | None]

    asked_by: Mapped[User] = relationship(foreign_keys=asked_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)


class AdviceSample(Model):
    """One piece of advice drawn by lot to be looked at for its quality: a service's, of a month."""

    __tablename__ = "advice_sample"
    __table_args__ = (
        UniqueConstraint("advice_id"),
        Index("ix_advice_sample_month_service_id", "month", "service_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    service_id: Mapped[int] = mapped_column(ForeignKey("advice_service.id"))
    #: The first day of the month in which the advice was returned.
    month: Mapped[date]
    advice_id: Mapped[int] = mapped_column(ForeignKey("advice.id"))
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    advice: Mapped[Advice] = relationship()


class AdviceScore(Model):
    """What somebody other than its author found in sampled advice. A second look is a new row."""

    __tablename__ = "advice_score"
    __table_args__ = (Index("ix_advice_score_sample_id", "sample_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("advice_sample.id"))
    #: Each of these is a casework.codes.Found: yes, partly or no.
    needs_found: Mapped[str] = mapped_column(String(10))
    outcomes_smart: Mapped[str] = mapped_column(String(10))
    provision_specific: Mapped[str] = mapped_column(String(10))
    child_voice: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text, default="")
    scored_on: Mapped[date]
    scored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scored_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ContributionReport(Model):
    """A month's figures of one agency's advice, frozen as they were when the report was issued."""

    __tablename__ = "contribution_report"
    __table_args__ = (UniqueConstraint("agency", "month", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    agency: Mapped[str] = mapped_column(String(20))
    #: The first day of the month it is about.
    month: Mapped[date]
    #: Counted from 1: a restated report is a new one, with the reason.
    version: Mapped[int]
    restated_why: Mapped[str | None] = mapped_column(Text)
    #: The figures as JSON, exact; what leaves the team is made from them, small numbers hidden.
    figures: Mapped[str] = mapped_column(Text)
    #: What the service or the lead says of them.
    commentary: Mapped[str] = mapped_column(Text, default="")
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    issued_by: Mapped[User | None] = relationship()
