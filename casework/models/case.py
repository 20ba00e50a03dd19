"""A case: one request or duty to assess, and the officers and advisers on it."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.models.advice_service import AdviceService
from casework.models.base import Model, UtcDateTime, public_id
from casework.models.person import Person
from casework.models.setting import Setting
from casework.models.user import User

OPEN = text("ended_on IS NULL")
ENDED = text("ended_on IS NOT NULL")


class Case(Model):
    """One assessment. What happened to it is in case_event; here is what it is about."""

    __tablename__ = "ehc_case"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('request', 'attention', 'moved_in', 'reassessment', 'transfer')",
            name="kind_is_known",
        ),
        # Holds all that is counted of an open case, so that a count reads nothing else.
        Index(
            "ix_ehc_case_open_by_officer",
            *("officer_id", "next_act_by", "next_due_on", "next_lifted_by", "ended_on"),
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index(
            "ix_ehc_case_ended_in_order",
            *("ended_on", "id"),
            sqlite_where=ENDED,
            postgresql_where=ENDED,
        ),
        # In the order of casework.queries.caseload, so that a page reads only its own lines.
        Index(
            "ix_ehc_case_open_in_order",
            text("(next_act_by IS NULL)"),
            text("(next_lifted_by IS NOT NULL)"),
            *("next_act_by", "id"),
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    #: What people say and write: EHC-000042. Identifies no one.
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    #: The reference the case had in a tracker it came from.
    tracker_reference: Mapped[str | None] = mapped_column(String(60), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    setting_id: Mapped[int | None] = mapped_column(ForeignKey("setting.id"), index=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: DfE request source: 1 parent or young person … 5 other.
    source: Mapped[str | None] = mapped_column(String(1))
    #: How it came: a code of casework.codes.RequestRoute.
    route: Mapped[str | None] = mapped_column(String(20))
    requested_by: Mapped[str | None] = mapped_column(String(200))
    received_time: Mapped[time | None]
    keyed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asks: Mapped[str | None] = mapped_column(Text)
    graduated_approach: Mapped[bool | None]
    youth_accommodation: Mapped[bool] = mapped_column(default=False)
    is_complex: Mapped[bool] = mapped_column(default=False)
    #: The officer's own status word from a tracker: a note that starts and ends nothing.
    tracker_status: Mapped[str | None] = mapped_column(String(100))
    #: Rises with every event, so that two officers cannot overwrite each other unseen.
    version: Mapped[int] = mapped_column(default=1)

    # Below: answers, not facts. casework.services.deadlines.refresh is the only writer.
    stage: Mapped[str] = mapped_column(String(30), default="received", index=True)
    started_on: Mapped[date | None] = mapped_column(index=True)
    ended_on: Mapped[date | None]
    next_duty: Mapped[str | None] = mapped_column(String(40))
    next_due_on: Mapped[date | None]
    next_act_by: Mapped[date | None]
    next_lifted_by: Mapped[str | None] = mapped_column(String(40))
    waiting_on: Mapped[str] = mapped_column(String(20), default="authority")
    advice_outstanding: Mapped[int] = mapped_column(default=0)
    advice_due_on: Mapped[date | None]

    person: Mapped[Person] = relationship()
    setting: Mapped[Setting | None] = relationship()
    officer: Mapped[User | None] = relationship()


class OfficerAssignment(Model):
    """Who held the case, from which day. The row without an end is the officer now."""

    __tablename__ = "officer_assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    from_day: Mapped[date]
    until_day: Mapped[date | None]

    officer: Mapped[User] = relationship()


class Adviser(Model):
    """One body or person asked for advice on one case; each has a clock of its own."""

    __tablename__ = "adviser"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"), index=True)
    #: A key of casework.rules.advisers.SERVICES.
    service: Mapped[str] = mapped_column(String(40), index=True)
    #: Which of the services of that kind; None where it was not recorded.
    advice_service_id: Mapped[int | None] = mapped_column(
        ForeignKey("advice_service.id"), index=True
    )
    #: Who in that service, where it is known.
    name: Mapped[str | None] = mapped_column(String(200))
    #: What the authority would like to know, and why this one is asked.
    asks: Mapped[str | None] = mapped_column(Text)

    advice_service: Mapped[AdviceService | None] = relationship()
