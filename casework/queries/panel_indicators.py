"""The figures of panels, and the meetings behind them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Integer, Select, Subquery, cast, exists, func, select

from casework import database
from casework.access import Seat
from casework.extensions import db
from casework.models import AgendaItem, Panel, PanelDecision, PanelMeeting
from casework.queries import panel_items
from casework.queries.meetings import may_see_meeting
from casework.queries.sittings import (
    in_period,
    is_held,
    is_quorate,
    latest_signed,
    places,
)
from casework.queries.tallies import count, rate, rates_by
from casework.rules.figures import Count, Rate, with_parts
from casework.rules.indicators import Period
from casework.rules.panels import Capacity, Handled

PER_PAGE = 50


def are_there_panels() -> bool:
    """Return whether there is a panel, without which nothing can be said of panels."""
    return bool(db.session.scalar(select(exists(select(Panel.id)))))


def held(items: Subquery, period: Period) -> Count:
    """Return how many meetings sat, with the cases that they decided and deferred."""
    among = {
        "cases_decided": panel_items.handled(period, Handled.DECIDED),
        "deferred": panel_items.handled(period, Handled.DEFERRED),
    }
    return Count(count(items).count, {}, among)


def attendance(items: Subquery, period: Period) -> Rate:
    """Return the places taken, by agency too, and how many meetings had their quorum."""
    whole = rate(items)
    meetings = select(
        PanelMeeting.on_day.label("placed_on"),
        is_quorate().label("counts"),
    ).where(in_period(period), is_held())
    found = Rate(whole.numerator, whole.denominator, {"quorate": rate(meetings.subquery())})
    return with_parts(found, "by_agency", rates_by(items, items.c.agency))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """One meeting behind a figure."""

    public_id: str
    panel: str
    on_day: date
    decided: int
    deferred: int
    present: int
    places: int
    is_quorate: bool


@dataclass(frozen=True, slots=True)
class MeetingsPage:
    """One page of the meetings behind a figure, which page it is, and how many there are."""

    lines: list[MeetingLine]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // PER_PAGE))


@database.reading()
def meetings_behind(period: Period, seat: Seat, *, page: int = 1) -> MeetingsPage:
    """Return a page of the meetings that sat, those with no quorum first, then the latest first.

    Only what is this person's to see; past the last page, the last.
    """
    found = _lines(period).where(may_see_meeting(seat))
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    number = min(page, max(1, -(-total // PER_PAGE)))
    ordered = found.order_by("is_quorate", PanelMeeting.on_day.desc(), PanelMeeting.id)
    shown = ordered.limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    lines = [MeetingLine(**row) for row in db.session.execute(shown).mappings()]
    return MeetingsPage(lines, total, number)


def _lines(period: Period) -> Select[*tuple[object, ...]]:
    seats = places(period).subquery()
    of_meeting = (
        select(
            seats.c.meeting_id,
            func.sum(seats.c.present).label("present"),
            func.sum(seats.c.places).label("places"),
        )
        .group_by(seats.c.meeting_id)
        .subquery()
    )
    cases = _handled()
    return (
        select(
            *(PanelMeeting.public_id, Panel.name.label("panel"), PanelMeeting.on_day),
            func.coalesce(cases.c.decided, 0).label("decided"),
            func.coalesce(cases.c.deferred, 0).label("deferred"),
            cast(func.coalesce(of_meeting.c.present, 0), Integer).label("present"),
            cast(func.coalesce(of_meeting.c.places, 0), Integer).label("places"),
            is_quorate().label("is_quorate"),
        )
        .select_from(PanelMeeting)
        .join(Panel, Panel.id == PanelMeeting.panel_id)
        .outerjoin(of_meeting, of_meeting.c.meeting_id == PanelMeeting.id)
        .outerjoin(cases, cases.c.meeting_id == PanelMeeting.id)
        .where(in_period(period), is_held())
    )


def _handled() -> Subquery:
    """How many cases each meeting decided and deferred."""
    how = PanelDecision.handled
    return (
        select(
            AgendaItem.meeting_id,
            func.count().filter(how == Handled.DECIDED).label("decided"),
            func.count().filter(how == Handled.DEFERRED).label("deferred"),
        )
        .select_from(PanelDecision)
        .join(AgendaItem, AgendaItem.id == PanelDecision.item_id)
        .where(PanelDecision.capacity == Capacity.PANEL, *latest_signed())
        .group_by(AgendaItem.meeting_id)
        .subquery()
    )
