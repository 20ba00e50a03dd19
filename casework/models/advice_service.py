"""Who gives advice: provider organisations, their services, and whom to write to, with dates."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, public_id
from casework.models.setting import Setting


class Provider(Model):
    """An organisation that runs services: an NHS trust, the authority itself, a charity."""

    __tablename__ = "provider"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    #: The organisation data service's code of an NHS body; None for others.
    ods_code: Mapped[str | None] = mapped_column(String(10), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own form)


class AdviceService(Model):
    """One service of one provider, which is asked for advice while it is open."""

    __tablename__ = "advice_service"
    __table_args__ = (
        CheckConstraint("replaced_by_id IS NULL OR replaced_by_id <> id", name="replaced_by_other"),
        CheckConstraint("until_day IS NULL OR until_day >= from_day", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    #: What it is in law: a key of casework.rules.advisers.SERVICES.
    kind: Mapped[str] = mapped_column(String(40), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    #: For a school's or setting's own advice: which one. It is asked about its own pupils.
    setting_id: Mapped[int | None] = mapped_column(ForeignKey("setting.id"), unique=True)
    from_day: Mapped[date]
    #: The last day on which it is asked; None while there is no end.
    until_day: Mapped[date | None]
    #: The service that answers what this one was asked, once it is closed.
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("advice_service.id"))
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Provider] = relationship()
    setting: Mapped[Setting | None] = relationship()
    replaced_by: Mapped["AdviceService | None"] = relationship(remote_side="AdviceService.id")
    contacts: Mapped[list["ServiceContact"]] = relationship(
        back_populates="service", order_by="ServiceContact.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own form)


class ServiceContact(Model):
    """Where a service is written to, and as what, between which days."""

    __tablename__ = "service_contact"
    __table_args__ = (
        CheckConstraint("part IN ('mailbox', 'escalation', 'cover')", name="part_is_known"),
        CheckConstraint("until_day IS NULL OR until_day >= from_day", name="ends_after_it_begins"),
        Index("ix_service_contact_service_id", "service_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    service_id: Mapped[int] = mapped_column(ForeignKey("advice_service.id"))
    #: A member of casework.codes.ContactPart: the team's mailbox, who is told when the mailbox
    #: does not answer, and who stands in for them.
    part: Mapped[str] = mapped_column(String(10))
    #: Who they are: empty for a mailbox.
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    from_day: Mapped[date]
    until_day: Mapped[date | None]

    service: Mapped[AdviceService] = relationship(back_populates="contacts")
