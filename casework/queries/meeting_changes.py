"""What moving or cancelling a meeting means for its cases, and where they can go."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from casework.access import Seat
from casework.extensions import db
from casework.models import AgendaItem, Case, Panel, PanelMeeting
from casework.queries.meeting_days import is_circulated, is_signed, items_of, last_days_of
from casework.rules.civil_dates import spoken
from casework.rules.panels import QUESTIONS, Question

#: How many meetings are looked through for one that can take the cases.
LOOKED_AT = 60
_SENT = " (agenda circulated: they would come late)"


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLate:
    """A case that another day of its meeting is too late for."""

    reference: str
    case_id: str
    question: Question
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """A meeting to which the cases of a cancelled one may go."""

    public_id: str
    on_day: date
    words: str
    #: Whether it is the first of the same panel after the one that is cancelled.
    is_next: bool


def too_late(seat: Seat, meeting_id: int, day: date) -> list[TooLate]:
    """Return the meeting's cases whose last lawful day comes before a day, that day first.

    Those that a person may see. Two statements.
    """
    items = items_of(seat, {meeting_id})
    last_days = last_days_of(items)
    late = {item.case_id: item for item in items if last_days.get(item.id, day) < day}
    cases = db.session.execute(
        select(Case.id, Case.public_id, Case.reference).where(Case.id.in_(late))
    )
    found = [
        TooLate(
            reference=reference,
            case_id=public_id,
            question=QUESTIONS[late[case_id].question],
            last_day=last_days[late[case_id].id],
        )
        for case_id, public_id, reference in cases
    ]
    return sorted(found, key=lambda one: (one.last_day, one.reference))


def how_many_cases(meeting_id: int) -> int:
    """Return how many cases are on a meeting's agenda, whoever may see them."""
    statement = select(func.count()).where(
        AgendaItem.meeting_id == meeting_id, AgendaItem.removed_at.is_(None)
    )
    return db.session.scalar(statement) or 0


def receiving(meeting: PanelMeeting, today: date) -> list[Receiving]:
    """Return the meetings that can take all of a meeting's cases, the soonest first.

    Those from today on, neither cancelled nor signed, of panels that decide all that its cases
    ask. Two statements.
    """
    asked = set(
        db.session.scalars(
            select(AgendaItem.question).where(
                AgendaItem.meeting_id == meeting.id, AgendaItem.removed_at.is_(None)
            )
        )
    )
    rows = db.session.execute(
        select(PanelMeeting, Panel, is_circulated().label("sent"))
        .join(Panel, Panel.id == PanelMeeting.panel_id)
        .where(
            PanelMeeting.on_day >= today,
            PanelMeeting.id != meeting.id,
            PanelMeeting.cancelled_at.is_(None),
            ~is_signed(),
        )
        .order_by(PanelMeeting.on_day, PanelMeeting.id)
        .limit(LOOKED_AT)
    ).all()
    fit = [row for row in rows if asked <= set(row[1].question_keys)]
    after = [one for one, panel, _ in fit if _follows(one, panel, meeting)]
    first = after[0].id if after else None
    return [
        Receiving(
            public_id=one.public_id,
            on_day=one.on_day,
            words=f"{spoken(one.on_day)}, {panel.name}{_SENT if sent else ''}",
            is_next=one.id == first,
        )
        for one, panel, sent in fit
    ]


def _follows(one: PanelMeeting, panel: Panel, meeting: PanelMeeting) -> bool:
    return panel.id == meeting.panel_id and one.on_day > meeting.on_day
