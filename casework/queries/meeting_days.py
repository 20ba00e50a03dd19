"""The calendar of panels: when each meets, what is due before, how far each meeting has come."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from sqlalchemy import ColumnElement, Select, exists, func, select

from casework.access import Seat
from casework.extensions import db
from casework.models import AgendaItem, Case, Panel, PanelCirculation, PanelMeeting, PanelRecord
from casework.queries.case_limits import limits_of
from casework.queries.meetings import may_see_item, may_see_meeting
from casework.queries.panels import may_see_panel
from casework.rules.panels import QUESTIONS

#: How many meetings to come are shown of each panel, and how many of those held.
TO_COME = 4
HELD = 10
#: How many lines of a panel's own calendar are shown each way.
CALENDAR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """One meeting in a calendar."""

    meeting: PanelMeeting
    panel: Panel
    #: Whether its pages are open to whoever asks.
    is_open: bool
    is_circulated: bool
    is_signed: bool
    #: How many cases are on its agenda, of those that they may see, and how many of them the law
    #: wants decided before the panel meets again.
    cases: int = 0
    must_decide: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """The meetings of one panel: from today on, soonest first; and before, the latest first."""

    to_come: Sequence[MeetingLine]
    held: Sequence[MeetingLine]


def ahead(seat: Seat) -> Mapping[int, Sequence[MeetingLine]]:
    """Return the next meetings of each panel (by its id) that a person may know of.

    A member is told the days of their panels; a meeting's cases only where it is open to them.
    Three statements, whatever the number of panels.
    """
    place = func.row_number().over(
        partition_by=PanelMeeting.panel_id, order_by=(PanelMeeting.on_day, PanelMeeting.id)
    )
    numbered = (
        select(PanelMeeting.id, place.label("place"))
        .where(PanelMeeting.on_day >= seat.window.today)
        .subquery()
    )
    rows = _rows(
        _lines(seat)
        .join(numbered, numbered.c.id == PanelMeeting.id)
        .where(numbered.c.place <= TO_COME + 1, may_see_panel(seat))
        .order_by(PanelMeeting.on_day, PanelMeeting.id)
    )
    found: dict[int, list[MeetingLine]] = defaultdict(list)
    for line in _with_cases(seat, rows):
        found[line.panel.id].append(line)
    return {panel_id: lines[:TO_COME] for panel_id, lines in found.items()}


def held(seat: Seat) -> Sequence[MeetingLine]:
    """Return the meetings lately held that are open to a person, the latest first."""
    return _rows(
        _lines(seat)
        .where(
            PanelMeeting.on_day < seat.window.today,
            PanelMeeting.cancelled_at.is_(None),
            may_see_meeting(seat),
        )
        .order_by(PanelMeeting.on_day.desc(), PanelMeeting.id)
        .limit(HELD)
    )


def calendar(seat: Seat, panel_id: int, limit: int = CALENDAR) -> Calendar:
    """Return one panel's meetings, cancelled ones too; with cases for those to come.

    `limit` is how many each way.
    """
    own = _lines(seat).where(PanelMeeting.panel_id == panel_id)
    today = seat.window.today
    to_come = own.where(PanelMeeting.on_day >= today).order_by(PanelMeeting.on_day, PanelMeeting.id)
    before = own.where(PanelMeeting.on_day < today).order_by(PanelMeeting.on_day.desc())
    return Calendar(
        to_come=_with_cases(seat, _rows(to_come.limit(limit))),
        held=_rows(before.limit(limit)),
    )


def _lines(seat: Seat) -> Select[PanelMeeting, Panel, bool, bool, bool]:
    is_open: ColumnElement[bool] = may_see_meeting(seat)
    states = is_open.label("is_open"), is_circulated().label("sent"), is_signed().label("signed")
    return select(PanelMeeting, Panel, *states).join(Panel, Panel.id == PanelMeeting.panel_id)


def _rows(statement: Select[PanelMeeting, Panel, bool, bool, bool]) -> list[MeetingLine]:
    return [
        MeetingLine(
            meeting=row[0],
            panel=row[1],
            is_open=bool(row[2]),
            is_circulated=bool(row[3]),
            is_signed=bool(row[4]),
        )
        for row in db.session.execute(statement)
    ]


def _with_cases(seat: Seat, lines: Sequence[MeetingLine]) -> list[MeetingLine]:
    """The lines with their cases counted: two statements."""
    items = items_of(seat, {line.meeting.id for line in lines if not line.meeting.cancelled_at})
    following = _following(lines)
    last_days = last_days_of(items)
    counted = []
    for line in lines:
        own = [item for item in items if item.meeting_id == line.meeting.id]
        after = following.get(line.meeting.id)
        pressing = [
            item for item in own if after and (day := last_days.get(item.id)) and day < after
        ]
        counted.append(replace(line, cases=len(own), must_decide=len(pressing)))
    return counted


def last_days_of(items: Collection[AgendaItem]) -> dict[int, date]:
    """Return, by the item's id, the last day that the law leaves for its question.

    None of an item whose case owes nothing that the question limits, or only what is lifted.
    One statement.
    """
    limits = limits_of({item.case_id for item in items})
    found = {item.id: limits[item.case_id].first(QUESTIONS[item.question].limits) for item in items}
    return {key: owed.due_on for key, owed in found.items() if owed and not owed.is_lifted}


def items_of(seat: Seat, meeting_ids: Collection[int]) -> Sequence[AgendaItem]:
    """Return the items of some meetings that a person may see, in their order."""
    return db.session.scalars(
        select(AgendaItem)
        .join(PanelMeeting, PanelMeeting.id == AgendaItem.meeting_id)
        .join(Case, Case.id == AgendaItem.case_id)
        .where(
            AgendaItem.meeting_id.in_(meeting_ids),
            AgendaItem.removed_at.is_(None),
            may_see_item(seat),
        )
        .order_by(AgendaItem.place, AgendaItem.id)
    ).all()


def _following(lines: Sequence[MeetingLine]) -> dict[int, date]:
    """By meeting, the day on which its panel meets next, where the lines say."""
    panels: dict[int, list[PanelMeeting]] = defaultdict(list)
    for line in lines:
        if not line.meeting.cancelled_at:
            panels[line.panel.id].append(line.meeting)
    return {
        one.id: later.on_day for meetings in panels.values() for one, later in pairwise(meetings)
    }


def is_circulated() -> ColumnElement[bool]:
    """Return the condition on PanelMeeting that its agenda was sent round."""
    return exists().where(
        PanelCirculation.meeting_id == PanelMeeting.id, PanelCirculation.kind == "agenda"
    )


def is_signed() -> ColumnElement[bool]:
    """Return the condition on PanelMeeting that its record is signed."""
    return exists().where(PanelRecord.meeting_id == PanelMeeting.id)
