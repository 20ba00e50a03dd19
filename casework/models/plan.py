"""The plan of one case: each section's versions, what was served of it, and what was said of that.

What happened and when is in case_event; these rows hold what an event of the plan brought with it.
They only grow: a section saved again is a new version, a draft served again a new edition.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, UtcDateTime, public_id
from casework.models.document import Document
from casework.models.person import Contact
from casework.models.setting import Setting
from casework.models.user import User


class PlanSectionVersion(Model):
    """One section as one person saved it. Versions count from 1 in each section of each case."""

    __tablename__ = "plan_section_version"
    __table_args__ = (UniqueConstraint("case_id", "section", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"))
    #: A key of casework.rules.plan_sections.ALL_SECTIONS; never I, which only a final plan has.
    section: Mapped[str] = mapped_column(String(2))
    number: Mapped[int]
    #: The section as JSON, in the shape that casework.rules.plan_content reads.
    content: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    saved_by: Mapped[User | None] = relationship()


class PlanEdition(Model):
    """The whole plan as it was frozen: for a draft to be served, or as the final plan."""

    __tablename__ = "plan_edition"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"))
    #: Counted from 1 in each case, drafts and finals alike.
    number: Mapped[int]
    is_final: Mapped[bool] = mapped_column(default=False)
    pdf_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    word_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    pdf: Mapped[Document | None] = relationship(foreign_keys=pdf_id)
    word: Mapped[Document | None] = relationship(foreign_keys=word_id)
    made_by: Mapped[User | None] = relationship()
    sections: Mapped[list["PlanEditionSection"]] = relationship()
    final: Mapped["FinalPlan | None"] = relationship()


class PlanEditionSection(Model):
    """Which version of one section an edition has."""

    __tablename__ = "plan_edition_section"

    edition_id: Mapped[int] = mapped_column(ForeignKey("plan_edition.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_section_version.id"), primary_key=True)

    version: Mapped[PlanSectionVersion] = relationship()


class FinalPlan(Model):
    """What only a final plan has: section I, and who signed it and when."""

    __tablename__ = "final_plan"

    edition_id: Mapped[int] = mapped_column(ForeignKey("plan_edition.id"), primary_key=True)
    #: The event "plan_signed".
    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), unique=True)
    #: None where section I names a type only (Children and Families Act 2014, s.40(2)(b)).
    setting_id: Mapped[int | None] = mapped_column(ForeignKey("setting.id"), index=True)
    #: The type of school or other institution, in words: always there.
    setting_type: Mapped[str] = mapped_column(String(200))
    #: A casework.codes.PlaceKind: the school itself, its unit or its resourced provision.
    place_kind: Mapped[str | None] = mapped_column(String(10))
    signed_on: Mapped[date]
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    #: As they sign: name and post, as they were on that day.
    signed_by_words: Mapped[str] = mapped_column(String(200))

    setting: Mapped[Setting | None] = relationship()


class DraftServed(Model):
    """How a draft reached the family: the event "draft_served" has the day of service itself."""

    __tablename__ = "draft_served"

    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"), index=True)
    #: None for a draft that was written elsewhere.
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("plan_edition.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    #: A casework.codes.ServiceRoute, from which the day of service follows.
    route: Mapped[str] = mapped_column(String(10))
    #: When it was handed over, posted or emailed, UTC.
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: For a further draft: why it was changed, in words that the family may read.
    changed_because: Mapped[str] = mapped_column(Text, default="")

    edition: Mapped[PlanEdition | None] = relationship()
    document: Mapped[Document | None] = relationship()


class Representation(Model):
    """What the family said of a draft: the event "representation_made" has the day."""

    __tablename__ = "representation"

    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    #: What it is about, by a space: keys of casework.rules.plan_sections.ALL_SECTIONS.
    sections: Mapped[str] = mapped_column(String(40), default="")
    words: Mapped[str] = mapped_column(Text)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))

    contact: Mapped[Contact | None] = relationship()
    document: Mapped[Document | None] = relationship()


class RepresentationAnswer(Model):
    """What was done about a representation: the event "representation_answered" has the day."""

    __tablename__ = "representation_answer"

    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), primary_key=True)
    representation_id: Mapped[int] = mapped_column(
        ForeignKey("representation.event_id"), index=True
    )
    #: A casework.codes.Accepted: yes, partly or no.
    accepted: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text)


class HealthAgreement(Model):
    """That the commissioning body agreed section G as it stood: "health_provision_agreed".

    SEND Regulations 2014, reg 12(2).
    """

    __tablename__ = "health_agreement"

    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"), index=True)
    #: The version of section G that was agreed: one saved after it is not.
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_section_version.id"))
    #: Who agreed for the body, as they put it.
    agreed_by: Mapped[str] = mapped_column(String(200))


class Informed(Model):
    """That one of those involved was told of a change of stage, by whom and when."""

    __tablename__ = "informed"
    __table_args__ = (Index("ix_informed_case_id_event_id", "case_id", "event_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"))
    #: The event that brought the case to its stage.
    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id"))
    #: Who was told: a key of casework.rules.informing.PARTIES, with an adviser's id where it is one
    party: Mapped[str] = mapped_column(String(30))
    told_on: Mapped[date]
    #: A casework.codes.ToldBy: letter, email, telephone, meeting.
    how: Mapped[str] = mapped_column(String(10))
    #: What was told, where it was more or other than the text made ready.
    note: Mapped[str] = mapped_column(Text, default="")
    #: The row that this one takes back, where it was entered by mistake.
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("informed.id"), unique=True)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    entered_by: Mapped[User | None] = relationship()
