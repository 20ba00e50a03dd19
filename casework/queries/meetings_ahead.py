"""The meetings to come that may decide a question, and the days on which they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, func, literal, or_, select
from sqlalchemy.orm import joinedload

from casework.extensions import db
from casework.models import Panel, PanelCirculation, PanelMeeting, PanelRecord
from casework.rules.agendas import Sittings

#: How many meetings to come are offered at once.
OFFERED = 30


@dataclass(frozen=True, slots=True)
class MeetingAhead:
    """A meeting to which a case may still come."""

    meeting: PanelMeeting
    #: Whether its agenda was sent round, so that what comes now comes late.
    is_circulated: bool

    @property
    def panel(self) -> Panel:
        """Return the panel that meets."""
        return self.meeting.panel


def ahead(question: str, today: date, *, after: date | None = None) -> Sequence[MeetingAhead]:
    """Return the meetings from today on that may decide a question, the soonest first.

    Not those cancelled or signed; with `after` only those after that day. One statement.
    """
    circulated = exists().where(
        PanelCirculation.meeting_id == PanelMeeting.id, PanelCirculation.kind == "agenda"
    )
    statement = (
        select(PanelMeeting, circulated)
        .join(Panel, Panel.id == PanelMeeting.panel_id)
        .options(joinedload(PanelMeeting.panel))
        .where(*_can_sit(today), _decides(question), ~_is_signed())
        .order_by(PanelMeeting.on_day, PanelMeeting.id)
        .limit(OFFERED)
    )
    if after is not None:
        statement = statement.where(PanelMeeting.on_day > after)
    return [MeetingAhead(*row) for row in db.session.execute(statement)]


def sittings(
    meeting: PanelMeeting, questions: Iterable[str], today: date
) -> Mapping[str, Sittings]:
    """Return for each question on which days it may be decided around one meeting.

    One statement, with a row for each set of questions that a panel has.
    """
    later, sooner = PanelMeeting.on_day > meeting.on_day, PanelMeeting.on_day < meeting.on_day
    day = func.min(PanelMeeting.on_day)
    rows = db.session.execute(
        select(Panel.questions, day.filter(later), day.filter(sooner))
        .join(Panel, Panel.id == PanelMeeting.panel_id)
        .where(*_can_sit(today))
        .group_by(Panel.questions)
    ).all()
    return {
        key: Sittings(
            today=today,
            here=meeting.on_day,
            next=_first(row[1] for row in rows if key in row[0].split()),
            earlier=_first(row[2] for row in rows if key in row[0].split()),
        )
        for key in questions
    }


def _first(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day), default=None)


def _can_sit(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        PanelMeeting.on_day >= today,
        PanelMeeting.cancelled_at.is_(None),
        or_(Panel.closed_on.is_(None), Panel.closed_on > PanelMeeting.on_day),
    )


def _decides(question: str) -> ColumnElement[bool]:
    return (literal(" ") + Panel.questions + " ").contains(f" {question} ")


def _is_signed() -> ColumnElement[bool]:
    return exists().where(PanelRecord.meeting_id == PanelMeeting.id)
