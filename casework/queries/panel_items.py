"""The items that the indicators of panels count, by the day of the meeting.

As in casework.queries.indicator_items, every statement gives `placed_on` and `counts`; what is
about a meeting gives `meeting_id` in place of `case_id`; attendance gives `present` of `places`.
"""

from sqlalchemy import func, literal, select, true

from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import PanelDecision, PanelMeeting
from casework.queries.sittings import (
    Rows,
    first_circulated,
    in_period,
    in_time,
    is_held,
    places,
    signed_versions,
)
from casework.queries.sql_dates import days_between
from casework.rules.indicators import Period
from casework.rules.panels import Handled


def held(period: Period) -> Rows:
    """Return one row for each meeting held."""
    return select(
        PanelMeeting.id.label("meeting_id"),
        PanelMeeting.on_day.label("placed_on"),
        true().label("counts"),
    ).where(in_period(period), is_held())


def decided(period: Period) -> Rows:
    """Return one row for each decision; `days` from the meeting until it was sent round, or None.

    One statement reads on which days there were meetings, since SQL knows no bank holidays.
    """
    sent = first_circulated()
    days = db.session.scalars(
        select(PanelMeeting.on_day).where(in_period(period), is_held()).distinct()
    ).all()
    return signed_versions(period, Handled.DECIDED).with_only_columns(
        PanelDecision.case_id,
        PanelMeeting.on_day.label("placed_on"),
        in_time(sent, days, england_and_wales()).label("counts"),
        days_between(PanelMeeting.on_day, sent).label("days"),
    )


def handled(period: Period, how: Handled) -> int:
    """Return how many cases were handled so, at the meetings of a period, by signed records."""
    found = signed_versions(period, how).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def attended(period: Period) -> Rows:
    """Return one row for each agency at each meeting held."""
    return places(period).add_columns(literal(True).label("counts"))
