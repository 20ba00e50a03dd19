"""Panels, and the meetings of each."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework.access import Seat
from casework.extensions import db
from casework.models import PanelMeeting
from casework.queries.meetings import may_see_meeting

#: How many meetings held are listed beside those to come.
HELD = 10
TO_COME = 20


def meetings_around(
    seat: Seat, today: date
) -> tuple[Sequence[PanelMeeting], Sequence[PanelMeeting]]:
    """Return the meetings from today on, soonest first, and those held, the latest first.

    Two statements; only what is this person's to see.
    """
    seen = select(PanelMeeting).where(may_see_meeting(seat)).options(joinedload(PanelMeeting.panel))
    to_come = seen.where(PanelMeeting.on_day >= today).order_by(PanelMeeting.on_day)
    held = seen.where(PanelMeeting.on_day < today).order_by(PanelMeeting.on_day.desc())
    return (
        db.session.scalars(to_come.limit(TO_COME)).all(),
        db.session.scalars(held.limit(HELD)).all(),
    )
