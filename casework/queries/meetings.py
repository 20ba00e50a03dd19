"""Meetings of panels, as far as a person may know of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased, joinedload

from casework.access import Seat
from casework.extensions import db
from casework.models import (
    AgendaItem,
    Case,
    Interest,
    Panel,
    PanelCirculation,
    PanelDecision,
    PanelMeeting,
    PanelMember,
    PanelRecord,
    PanelRecordDecision,
)
from casework.queries.scope import without_interest
from casework.rules.panels import CHAIRS, QUESTIONS, Position, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    """One meeting: its panel, who may sit, and how far it has come."""

    meeting: PanelMeeting
    panel: Panel
    #: Those who sit on the panel on the day of the meeting, the chair first.
    members: Sequence[PanelMember]
    agenda_circulated_at: datetime | None
    decisions_circulated_at: datetime | None
    #: The signed record in force; None while there is none.
    record: PanelRecord | None

    @property
    def is_cancelled(self) -> bool:
        """Return whether the meeting was cancelled."""
        return self.meeting.cancelled_at is not None

    @property
    def is_circulated(self) -> bool:
        """Return whether its agenda was circulated, so that the pack is frozen."""
        return self.agenda_circulated_at is not None

    def member(self, user_id: int) -> PanelMember | None:
        """Return this person's place on the panel on the day of the meeting, or None."""
        return next((one for one in self.members if one.user_id == user_id), None)

    def chairs(self, user_id: int) -> bool:
        """Return whether this person may run the meeting and sign its record."""
        member = self.member(user_id)
        return member is not None and member.position in CHAIRS


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One case and one question before a meeting."""

    item: AgendaItem
    question: Question
    case: Case


def find(seat: Seat, public_id: str) -> MeetingView | None:
    """Return the meeting, or None alike where there is none and where it is not theirs to see.

    Three statements.
    """
    meeting = db.session.scalar(
        select(PanelMeeting)
        .where(PanelMeeting.public_id == public_id, may_see_meeting(seat))
        .options(joinedload(PanelMeeting.panel).selectinload(Panel.agencies))
    )
    return None if meeting is None else _view(meeting)


def following(panel_id: int, after: date) -> PanelMeeting | None:
    """Return the panel's next meeting after a day that is not cancelled, or None."""
    return db.session.scalar(
        select(PanelMeeting)
        .where(
            PanelMeeting.panel_id == panel_id,
            PanelMeeting.on_day > after,
            PanelMeeting.cancelled_at.is_(None),
        )
        .order_by(PanelMeeting.on_day)
        .limit(1)
    )


def members_on(panel_id: int, day: date) -> Sequence[PanelMember]:
    """Return those who sit on the panel on a day, the chair first, then by name."""
    rows = db.session.scalars(
        select(PanelMember)
        .where(PanelMember.panel_id == panel_id, *_sits_on(day))
        .options(joinedload(PanelMember.user))
    ).all()
    order = {"chair": 0, "deputy": 1}
    return sorted(rows, key=lambda one: (order.get(one.position, 2), one.user.name, one.id))


def may_see_meeting(seat: Seat) -> ColumnElement[bool]:
    """Return the condition on PanelMeeting that holds for the meetings that a person may see.

    A member sees a meeting of their panel once its agenda was circulated and the day has come
    from which it is open. What they may see of its cases, `may_see_item` says.
    """
    if seat.sees_all:
        return true()
    return and_(
        PanelMeeting.on_day <= seat.window.meetings_to,
        PanelMeeting.cancelled_at.is_(None),
        _is_member(seat),
        _is_circulated(),
    )


def may_see_item(seat: Seat) -> ColumnElement[bool]:
    """Return the condition on AgendaItem, joined to its PanelMeeting and Case.

    It holds for the items that a person may look into: none in which they have declared an
    interest; and, for a member, none but those of open meetings, until they close again.
    """
    own = without_interest(seat.user_id)
    if seat.sees_all:
        return own
    return and_(
        own,
        may_see_meeting(seat),
        AgendaItem.removed_at.is_(None),
        or_(_is_open(seat), _awaits_signature(seat)),
    )


def declared(seat: Seat, meeting_id: int) -> int:
    """Return in how many of the meeting's cases this person has declared an interest."""
    statement = (
        select(func.count(func.distinct(AgendaItem.id)))
        .join(Interest, Interest.case_id == AgendaItem.case_id)
        .where(
            AgendaItem.meeting_id == meeting_id,
            AgendaItem.removed_at.is_(None),
            Interest.user_id == seat.user_id,
            Interest.ended_at.is_(None),
        )
    )
    return db.session.scalar(statement) or 0


def numbers(meeting_id: int) -> Mapping[int, int]:
    """Return the number of each item on the agenda, by the item's id: the same for everyone.

    What is hidden from one person is counted all the same, so that people who speak of case 3 mean
    one case. One statement.
    """
    ids = db.session.scalars(
        select(AgendaItem.id)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.removed_at.is_(None))
        .order_by(AgendaItem.place, AgendaItem.id)
    )
    return {item_id: number for number, item_id in enumerate(ids, start=1)}


def item(seat: Seat, meeting_id: int, public_id: str) -> ItemView | None:
    """Return one item of a meeting, or None alike where there is none or it is not theirs."""
    row = db.session.execute(
        select(AgendaItem, Case)
        .join(PanelMeeting, PanelMeeting.id == AgendaItem.meeting_id)
        .join(Case, Case.id == AgendaItem.case_id)
        .where(
            AgendaItem.public_id == public_id,
            AgendaItem.meeting_id == meeting_id,
            may_see_item(seat),
        )
    ).first()
    if row is None:
        return None
    found, case = row
    return ItemView(item=found, question=QUESTIONS[found.question], case=case)


def _view(meeting: PanelMeeting) -> MeetingView:
    circulated = _circulated(meeting.id)
    return MeetingView(
        meeting=meeting,
        panel=meeting.panel,
        members=members_on(meeting.panel_id, meeting.on_day),
        agenda_circulated_at=circulated.get("agenda"),
        decisions_circulated_at=circulated.get("decisions"),
        record=latest_record(meeting.id),
    )


def latest_record(meeting_id: int) -> PanelRecord | None:
    """Return the signed record in force, or None while there is none."""
    return db.session.scalar(
        select(PanelRecord)
        .where(PanelRecord.meeting_id == meeting_id)
        .options(joinedload(PanelRecord.signed_by))
        .order_by(PanelRecord.version.desc())
        .limit(1)
    )


def _circulated(meeting_id: int) -> dict[str, datetime]:
    """When each kind of paper was first sent round."""
    statement = (
        select(PanelCirculation.kind, func.min(PanelCirculation.circulated_at))
        .where(PanelCirculation.meeting_id == meeting_id)
        .group_by(PanelCirculation.kind)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _sits_on(day: date | SQLColumnExpression[date]) -> tuple[ColumnElement[bool], ...]:
    return (
        PanelMember.from_day <= day,
        or_(PanelMember.until_day.is_(None), PanelMember.until_day >= day),
    )


def _is_member(seat: Seat, *positions: str) -> ColumnElement[bool]:
    """Somebody who has left the panel sees nothing of it, whatever meetings they sat in."""
    return exists(
        select(PanelMember.id).where(
            PanelMember.panel_id == PanelMeeting.panel_id,
            PanelMember.user_id == seat.user_id,
            PanelMember.position.in_(positions or tuple(Position)),
            *_sits_on(PanelMeeting.on_day),
            or_(PanelMember.until_day.is_(None), PanelMember.until_day >= seat.window.today),
        )
    )


def _is_circulated() -> ColumnElement[bool]:
    """Whether its agenda went round; or, where none ever did, its decisions."""
    return exists(select(PanelCirculation.id).where(PanelCirculation.meeting_id == PanelMeeting.id))


def _awaits_signature(seat: Seat) -> ColumnElement[bool]:
    """Whether this person is to sign what became of the item, which nobody has signed yet."""
    return and_(chaired_by(seat), not_(is_item_signed()))


def chaired_by(seat: Seat) -> ColumnElement[bool]:
    """Return the condition on PanelMeeting that holds where this person may sign its record."""
    return _is_member(seat, *CHAIRS)


def is_item_signed() -> ColumnElement[bool]:
    """Return the condition on AgendaItem that holds once what was recorded last is signed."""
    later = aliased(PanelDecision)
    return exists(
        select(PanelDecision.id)
        .join(PanelRecordDecision, PanelRecordDecision.decision_id == PanelDecision.id)
        .where(
            PanelDecision.item_id == AgendaItem.id,
            ~exists(select(later.id).where(later.replaces_id == PanelDecision.id)),
        )
    )


def _is_open(seat: Seat) -> ColumnElement[bool]:
    """Whether the item was decided lately; or not yet, and its meeting was not long ago."""
    decided = select(func.min(PanelDecision.decided_on)).where(
        PanelDecision.item_id == AgendaItem.id
    )
    day = decided.scalar_subquery()
    return or_(
        and_(day.is_(None), PanelMeeting.on_day >= seat.window.met_since),
        day >= seat.window.decided_since,
    )
