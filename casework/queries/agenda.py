"""The agenda of a meeting, line by line, in a fixed number of statements however long it is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from casework.access import Seat
from casework.extensions import db
from casework.models import AgendaItem, Case, Interest, PanelMeeting, PanelView, User
from casework.queries import meetings, papers
from casework.queries.case_limits import limits_of
from casework.queries.meetings import MeetingView, may_see_item
from casework.queries.meetings_ahead import sittings
from casework.queries.panel_dates import PanelDate, panel_dates
from casework.queries.prospects import Prospect, selected, summary
from casework.rules.panels import QUESTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaLine(Prospect):
    """One item of the agenda."""

    item: AgendaItem
    #: Its number as everyone reads it, from 1, whatever is hidden from whom.
    number: int
    #: Whether it came after the agenda was circulated.
    is_late: bool
    #: When the case was before a panel earlier, the latest first.
    earlier: Sequence[PanelDate]
    #: What was recorded of it at this meeting; None while nothing is.
    recorded: PanelDate | None
    #: Who has declared an interest in the case, by name.
    interests: Sequence[str]
    #: How many people have given a view, and whether this person has.
    views: int
    has_own_view: bool
    #: How many papers stand for it.
    papers: int


@dataclass(frozen=True, slots=True)
class TakenOff:
    """An item that was taken off the agenda."""

    item: AgendaItem
    reference: str
    by: str | None


def lines(seat: Seat, view: MeetingView, today: date) -> list[AgendaLine]:
    """Return the items that this person may see, in order. Eight statements, however many."""
    rows = db.session.execute(
        selected(AgendaItem)
        .join(AgendaItem, AgendaItem.case_id == Case.id)
        .join(PanelMeeting, PanelMeeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.meeting_id == view.meeting.id, AgendaItem.removed_at.is_(None))
        .where(may_see_item(seat))
        .order_by(AgendaItem.place, AgendaItem.id)
    ).all()
    ids = [row[0].case_id for row in rows]
    limits, dates = limits_of(ids), panel_dates(ids, until=view.meeting.on_day)
    days = sittings(view.meeting, QUESTIONS, today)
    items = [row[0].id for row in rows]
    interests, views = _interests(ids), _views(items, seat.user_id)
    numbers, chosen = meetings.numbers(view.meeting.id), papers.counts(items)
    return [
        AgendaLine(
            today=today,
            case=summary(row),
            question=QUESTIONS[item.question],
            limits=limits[item.case_id],
            sittings=days[item.question],
            item=item,
            number=numbers[item.id],
            is_late=_is_late(item, view),
            earlier=[one for one in dates[item.case_id] if one.meeting_id != item.meeting_id],
            recorded=_recorded(item, dates[item.case_id]),
            interests=interests.get(item.case_id, ()),
            views=views.get(item.id, (0, False))[0],
            has_own_view=views.get(item.id, (0, False))[1],
            papers=chosen.get(item.id, 0),
        )
        for item, row in ((row[0], row) for row in rows)
    ]


def taken_off(seat: Seat, meeting_id: int) -> list[TakenOff]:
    """Return what was taken off the agenda, the latest first, for whoever prepares the meeting."""
    rows = db.session.execute(
        select(AgendaItem, Case.reference, User.name)
        .join(Case, Case.id == AgendaItem.case_id)
        .join(PanelMeeting, PanelMeeting.id == AgendaItem.meeting_id)
        .outerjoin(User, User.id == AgendaItem.removed_by_id)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.removed_at.is_not(None))
        .where(may_see_item(seat))
        .order_by(AgendaItem.removed_at.desc(), AgendaItem.id.desc())
    )
    return [TakenOff(*row) for row in rows]


def _is_late(item: AgendaItem, view: MeetingView) -> bool:
    return view.agenda_circulated_at is not None and item.added_at > view.agenda_circulated_at


def _recorded(item: AgendaItem, dates: Sequence[PanelDate]) -> PanelDate | None:
    return next((one for one in dates if one.item_id == item.id and one.handled), None)


def _interests(case_ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(Interest.case_id, User.name)
        .join(User, User.id == Interest.user_id)
        .where(Interest.case_id.in_(case_ids), Interest.ended_at.is_(None))
        .distinct()
        .order_by(User.name)
    )
    for case_id, name in rows:
        found.setdefault(case_id, []).append(name)
    return found


def _views(item_ids: Collection[int], user_id: int) -> Mapping[int, tuple[int, bool]]:
    people = func.count(PanelView.user_id.distinct())
    mine = func.max(case((PanelView.user_id == user_id, 1), else_=0))
    rows = db.session.execute(
        select(PanelView.item_id, people, mine)
        .where(PanelView.item_id.in_(item_ids))
        .group_by(PanelView.item_id)
    )
    return {item_id: (number, bool(own)) for item_id, number, own in rows}
