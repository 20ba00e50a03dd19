"""Schools, colleges and early years settings, and when they are closed."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.base import Model, public_id, sortable


class Setting(Model):
    """A place of education. Made for review when a tracker names one not yet held."""

    __tablename__ = "setting"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(200))
    #: casework.names.search_key of the name.
    name_key: Mapped[str] = mapped_column(sortable(200), index=True)
    #: A code of casework.codes.SettingType.
    kind: Mapped[str | None] = mapped_column(String(30))
    urn: Mapped[str | None] = mapped_column(String(6), unique=True)
    ukprn: Mapped[str | None] = mapped_column(String(8), unique=True)
    #: Line by line, without the postcode.
    address: Mapped[str] = mapped_column(Text, default="", server_default="")
    postcode: Mapped[str | None] = mapped_column(String(8))
    #: The local authority in whose area it lies, by its DfE number.
    la_code: Mapped[str | None] = mapped_column(String(3))
    la_name: Mapped[str | None] = mapped_column(String(100))
    #: Approved under section 41 of the Children and Families Act 2014.
    is_section_41: Mapped[bool] = mapped_column(default=False, server_default=false())
    has_unit: Mapped[bool] = mapped_column(default=False, server_default=false())
    has_resourced: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: Its name and kind as the national register last gave them: what differs, a person changed.
    register_name: Mapped[str | None] = mapped_column(String(200))
    register_kind: Mapped[str | None] = mapped_column(String(30))
    needs_review: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    closures: Mapped[list["SettingClosure"]] = relationship(
        back_populates="setting", order_by="SettingClosure.first_day"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own form)

    @property
    def address_lines(self) -> list[str]:
        """Return where to write to it, as lines of an envelope, the name first."""
        return [self.name, *self.address.splitlines(), *([self.postcode] if self.postcode else [])]


class SettingClosure(Model):
    """A span of days on which a setting is closed, first and last day included."""

    __tablename__ = "setting_closure"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="ends_after_it_begins"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    setting_id: Mapped[int] = mapped_column(ForeignKey("setting.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200), default="")

    setting: Mapped[Setting] = relationship(back_populates="closures")
