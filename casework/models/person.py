"""Children and young people, and the people around them."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, public_id, sortable


class Person(Model):
    """A child or young person. Codes are the DfE's, from casework.codes."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    surname: Mapped[str] = mapped_column(String(200))
    forenames: Mapped[str] = mapped_column(String(200), default="")
    #: The name they go by, where it differs.
    known_as: Mapped[str | None] = mapped_column(String(200))
    date_of_birth: Mapped[date | None] = mapped_column(index=True)
    sex: Mapped[str | None] = mapped_column(String(1))
    ethnicity: Mapped[str | None] = mapped_column(String(4))
    postcode: Mapped[str | None] = mapped_column(String(8))
    upn: Mapped[str | None] = mapped_column(String(13), index=True)
    #: False where a tracker's number fails its check letter and nobody has confirmed it.
    upn_verified: Mapped[bool] = mapped_column(default=True)
    upn_unknown: Mapped[str | None] = mapped_column(String(4))
    uln: Mapped[str | None] = mapped_column(String(10), index=True)
    nhs_number: Mapped[str | None] = mapped_column(String(10), index=True)
    first_language: Mapped[str | None] = mapped_column(String(100))
    primary_need: Mapped[str | None] = mapped_column(String(4))
    secondary_need: Mapped[str | None] = mapped_column(String(4))
    looked_after: Mapped[bool | None]
    looked_after_by: Mapped[str | None] = mapped_column(String(200))
    has_hearing_impairment: Mapped[bool] = mapped_column(default=False)
    has_vision_impairment: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    contacts: Mapped[list["Contact"]] = relationship(back_populates="person", order_by="Contact.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own form)

    @property
    def has_protected_contact(self) -> bool:
        """Return whether anyone around the child, now or before, has a protected address."""
        return any(contact.address_is_protected for contact in self.contacts)


class PersonNameKey(Model):
    """One folded word or name by which a person is found: José under "jose"."""

    __tablename__ = "person_name_key"
    __table_args__ = (Index("ix_person_name_key_key_person_id", "key", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(sortable(200), primary_key=True)


class Contact(Model):
    """Someone with parental responsibility, or another adult to be told."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint(
            "prefers IS NULL OR prefers IN ('email', 'phone', 'post', 'text')",
            name="prefers_a_known_way",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    relationship_to_child: Mapped[str] = mapped_column(String(100))
    has_parental_responsibility: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(Text)
    #: The address and numbers must not reach anyone else: shown only to those who may.
    address_is_protected: Mapped[bool] = mapped_column(default=False)
    prefers: Mapped[str | None] = mapped_column(String(10))
    contact_notes: Mapped[str | None] = mapped_column(Text)
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(back_populates="contacts")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own form)
