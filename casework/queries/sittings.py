"""Meetings that were held, who was there, and what was decided: the parts of a panel's figures.

Each is an expression or a statement, so that the indicators and a panel's own page count by the
same words.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from casework.models import (
    AgendaItem,
    Attendance,
    Panel,
    PanelAgencyNeeded,
    PanelCirculation,
    PanelDecision,
    PanelMeeting,
    PanelMember,
    PanelRecord,
    PanelRecordDecision,
)
from casework.models.base import UtcDateTime
from casework.rules.attendance import Guest
from casework.rules.civil_dates import LONDON
from casework.rules.indicators import Period
from casework.rules.panels import CHAIRS, Attended, Capacity, Handled
from casework.rules.workdays import WorkingDays

#: A statement that gives rows of named columns.
Rows = Select[*tuple[Any, ...]]

#: Working days after the meeting by which its decisions are to be sent round (theme 6).
CIRCULATE_WITHIN = 2


def is_held() -> ColumnElement[bool]:
    """Return the condition on PanelMeeting: it was not cancelled, and it sat.

    It sat where somebody was present or a record of it is signed.
    """
    signed = exists(select(PanelRecord.id).where(PanelRecord.meeting_id == PanelMeeting.id))
    came = exists(select(Attendance.id).where(*_present()))
    return and_(PanelMeeting.cancelled_at.is_(None), or_(came, signed))


def in_period(period: Period) -> ColumnElement[bool]:
    """Return the condition on PanelMeeting that its day falls in a period."""
    return PanelMeeting.on_day.between(period.first, period.last)


def is_quorate() -> ColumnElement[bool]:
    """Return on PanelMeeting whether it had its quorum: as signed, or else as attended.

    What attendance comes to is casework.rules.attendance.Roll.quorum, in SQL.
    """
    signed = (
        select(PanelRecord.is_quorate)
        .where(PanelRecord.meeting_id == PanelMeeting.id)
        .order_by(PanelRecord.version.desc())
        .limit(1)
    )
    return func.coalesce(signed.scalar_subquery(), _is_quorate_as_attended())


def _is_quorate_as_attended() -> ColumnElement[bool]:
    chaired = exists(select(Attendance.id).where(*_present(), Attendance.position.in_(CHAIRS)))
    many = select(func.count()).select_from(Attendance).where(*_present())
    of_panel = Panel.id == PanelMeeting.panel_id
    least = select(Panel.least_present).where(of_panel).correlate(PanelMeeting)
    of_agency = Attendance.agency == PanelAgencyNeeded.agency
    heard = select(Attendance.id).where(*_present(), of_agency)
    unheard = exists(
        select(PanelAgencyNeeded.agency).where(
            PanelAgencyNeeded.panel_id == PanelMeeting.panel_id,
            # What stands two levels out is not correlated unless it is named.
            not_(exists(heard.correlate(PanelMeeting, PanelAgencyNeeded))),
        )
    )
    return and_(chaired, many.scalar_subquery() >= least.scalar_subquery(), not_(unheard))


def _present() -> tuple[ColumnElement[bool], ...]:
    """On Attendance: that a member, or somebody in a member's place, came to PanelMeeting."""
    return (
        Attendance.meeting_id == PanelMeeting.id,
        Attendance.attended == Attended.PRESENT,
        Attendance.position != Guest.OBSERVER,
    )


def places(period: Period) -> Rows:
    """Return one row for each agency at each meeting held in a period.

    `present` people came of `places`. A place is a member's, whether or not attendance says what
    became of them; somebody who came in a member's place fills it.
    """
    seats = union_all(_noted(), _unnoted()).subquery()
    came, held = func.sum(seats.c.came), func.sum(seats.c.is_place)
    return (
        select(
            PanelMeeting.id.label("meeting_id"),
            PanelMeeting.panel_id,
            PanelMeeting.on_day.label("placed_on"),
            seats.c.agency,
            came.label("present"),
            case((came > held, came), else_=held).label("places"),
        )
        .join(seats, seats.c.meeting_id == PanelMeeting.id)
        .where(in_period(period), is_held())
        .group_by(PanelMeeting.id, PanelMeeting.panel_id, PanelMeeting.on_day, seats.c.agency)
    )


def _noted() -> Rows:
    """What attendance says: one row a person."""
    return select(
        Attendance.meeting_id.label("meeting_id"),
        Attendance.agency.label("agency"),
        case((Attendance.attended == Attended.PRESENT, 1), else_=0).label("came"),
        case((Attendance.user_id.is_not(None), 1), else_=0).label("is_place"),
    ).where(Attendance.position != Guest.OBSERVER)


def _unnoted() -> Rows:
    """Members on the day of whom attendance says nothing."""
    noted = exists(
        select(Attendance.id).where(
            Attendance.meeting_id == PanelMeeting.id, Attendance.user_id == PanelMember.user_id
        )
    )
    return (
        select(
            PanelMeeting.id.label("meeting_id"),
            PanelMember.agency.label("agency"),
            literal(0).label("came"),
            literal(1).label("is_place"),
        )
        .join(PanelMember, PanelMember.panel_id == PanelMeeting.panel_id)
        .where(
            PanelMember.from_day <= PanelMeeting.on_day,
            or_(PanelMember.until_day.is_(None), PanelMember.until_day >= PanelMeeting.on_day),
            not_(noted),
        )
    )


def signed_versions(period: Period, *handled: Handled) -> Rows:
    """Return PanelDecision, joined to AgendaItem and PanelMeeting, of the meetings of a period.

    Of each item the latest version that a signed record holds, where it was handled so. What an
    officer decided, a panel having no quorum, is no decision of the panel.
    """
    return (
        select(PanelDecision.id)
        .select_from(PanelDecision)
        .join(AgendaItem, AgendaItem.id == PanelDecision.item_id)
        .join(PanelMeeting, PanelMeeting.id == AgendaItem.meeting_id)
        .where(
            in_period(period),
            is_held(),
            PanelDecision.capacity == Capacity.PANEL,
            PanelDecision.handled.in_(handled),
            *latest_signed(),
        )
    )


def latest_signed() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return on PanelDecision that a signed record holds it, and no later one of its item."""
    later = aliased(PanelDecision)
    replaced = exists(
        select(later.id)
        .join(PanelRecordDecision, PanelRecordDecision.decision_id == later.id)
        .where(later.item_id == PanelDecision.item_id, later.id > PanelDecision.id)
    )
    held = exists(
        select(PanelRecordDecision.record_id).where(
            PanelRecordDecision.decision_id == PanelDecision.id
        )
    )
    return held, not_(replaced)


def first_circulated() -> ScalarSelect[datetime]:
    """Return on PanelDecision the moment its item's decision was first sent round, or NULL.

    A version that was changed afterwards keeps the day of the first.
    """
    version = aliased(PanelDecision)
    return (
        select(func.min(PanelCirculation.circulated_at))
        .join(PanelRecordDecision, PanelRecordDecision.record_id == PanelCirculation.record_id)
        .join(version, version.id == PanelRecordDecision.decision_id)
        .where(
            PanelCirculation.kind == "decisions",
            version.item_id == PanelDecision.item_id,
            version.handled == Handled.DECIDED,
        )
        .correlate(PanelDecision)
        .scalar_subquery()
    )


def in_time(
    circulated: ColumnElement[Any], days: Iterable[date], calendar: WorkingDays
) -> ColumnElement[bool]:
    """Return whether a moment is within two working days of PanelMeeting, on one of the days.

    Raises BeyondCalendar where bank holidays are not known so far ahead.
    """
    ends = {day: _end_of(calendar.after(day, CIRCULATE_WITHIN)) for day in days}
    if not ends:
        return literal(False)
    until = {day: literal(end, UtcDateTime()) for day, end in ends.items()}
    last = case(until, value=PanelMeeting.on_day, else_=null())
    return func.coalesce(circulated < last, literal(False))


def _end_of(day: date) -> datetime:
    """The first moment after a day in London."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)
