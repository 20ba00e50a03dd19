"""What was decided: the version in force, those before it, and what the case was told earlier."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from casework.extensions import db
from casework.models import (
    AgendaItem,
    Attendance,
    Interest,
    PanelDecision,
    PanelMeeting,
    PanelMember,
    PanelRecordDecision,
    User,
)
from casework.queries import meetings
from casework.rules.panels import CHAIRS, Attended, Handled


def current_decisions(meeting_id: int) -> Mapping[int, PanelDecision]:
    """Return the latest version of what was recorded for each item, by the item's id.

    Three statements: the decisions, their evidence, their conditions.
    """
    rows = db.session.scalars(
        select(PanelDecision)
        .join(AgendaItem, AgendaItem.id == PanelDecision.item_id)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.removed_at.is_(None), in_force())
        .options(*_whole())
    )
    return {row.item_id: row for row in rows if row.item_id is not None}


def versions(item_id: int) -> Sequence[PanelDecision]:
    """Return every version of what was recorded for an item, the latest first.

    Three statements.
    """
    return db.session.scalars(
        select(PanelDecision)
        .where(PanelDecision.item_id == item_id)
        .options(*_whole())
        .order_by(PanelDecision.id.desc())
    ).all()


def held_by(record_id: int) -> Sequence[PanelDecision]:
    """Return the versions that a signed record holds. Three statements."""
    return db.session.scalars(
        select(PanelDecision)
        .join(PanelRecordDecision, PanelRecordDecision.decision_id == PanelDecision.id)
        .where(PanelRecordDecision.record_id == record_id)
        .options(*_whole())
    ).all()


def earlier_answer(case_id: int, question: str, *, not_item: int | None) -> PanelDecision | None:
    """Return the latest decision of this question about the case that was signed, or None.

    It is what a second look looks at; `not_item` leaves out the versions of one item.
    """
    other: ColumnElement[bool] = or_(
        PanelDecision.item_id.is_(None), PanelDecision.item_id != not_item
    )
    return db.session.scalar(
        select(PanelDecision)
        .where(
            PanelDecision.case_id == case_id,
            PanelDecision.question == question,
            PanelDecision.handled == Handled.DECIDED,
            PanelDecision.decision.is_not(None),
            other,
            in_force(),
            is_signed(),
        )
        .order_by(PanelDecision.id.desc())
        .limit(1)
    )


def may_decide(meeting: PanelMeeting, case_id: int) -> Sequence[PanelMember]:
    """Return the chair and deputies who may decide about a case at a meeting, the chair first.

    Not one who stayed away, and not one who has declared an interest in the case. Two statements.
    """
    kept_out = select(Interest.user_id).where(
        Interest.case_id == case_id, Interest.ended_at.is_(None)
    )
    away = select(Attendance.user_id).where(
        Attendance.meeting_id == meeting.id,
        Attendance.attended != Attended.PRESENT,
        Attendance.user_id.is_not(None),
    )
    gone = set(db.session.scalars(kept_out.union(away)))
    sitting = meetings.members_on(meeting.panel_id, meeting.on_day)
    return [one for one in sitting if one.position in CHAIRS and one.user_id not in gone]


def in_force() -> ColumnElement[bool]:
    """Return the condition on PanelDecision that holds for versions that none replaced."""
    later = aliased(PanelDecision)
    return ~exists(select(later.id).where(later.replaces_id == PanelDecision.id))


def is_signed() -> ColumnElement[bool]:
    """Return the condition on PanelDecision that holds where a signed record holds it."""
    held = PanelRecordDecision.decision_id == PanelDecision.id
    return exists(select(PanelRecordDecision.decision_id).where(held))


def signed(decision_id: int) -> bool:
    """Return whether a signed record holds this version."""
    statement = select(PanelDecision.id).where(PanelDecision.id == decision_id, is_signed())
    return db.session.scalar(statement) is not None


def _whole() -> tuple[ExecutableOption, ...]:
    return (
        selectinload(PanelDecision.evidence),
        selectinload(PanelDecision.conditions),
        joinedload(PanelDecision.decided_by).load_only(User.name),
    )
