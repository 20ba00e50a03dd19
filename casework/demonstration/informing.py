"""Whom the invented authority told of each change of stage: most of them, most of the time."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select

from casework.codes import ToldBy
from casework.demonstration.cases import office_hour
from casework.demonstration.draw import Draw
from casework.demonstration.roads import working_day
from casework.demonstration.rows import Row, keep
from casework.extensions import db
from casework.models import Case, CaseEvent, Informed
from casework.queries import history
from casework.rules.history import standing_events
from casework.rules.informing import Change, changes, involved, is_told_by_event

#: Since when they are recorded: longer ago nobody wrote it down.
_SINCE = timedelta(days=400)
#: How a change goes: everyone told in time, one forgotten, or told late.
_GOES = {"well": 0.72, "forgotten": 0.16, "late": 0.12}
_HOW = {ToldBy.EMAIL: 0.7, ToldBy.PHONE: 0.15, ToldBy.LETTER: 0.1, ToldBy.MEETING: 0.05}


def keep_informed(draw: Draw, today: date) -> None:
    """Keep whom the authority told of the changes of its cases."""
    since = today - _SINCE
    recent = select(CaseEvent.case_id).where(CaseEvent.happened_on >= since)
    cases = db.session.scalars(select(Case).where(Case.id.in_(recent)).order_by(Case.id)).all()
    entered = history.entered([case.id for case in cases])
    rows: list[Row] = []
    for case in cases:
        told = entered[case.id]
        standing = standing_events(told.events)
        for change in changes(standing):
            if change.event.on >= since:
                has_setting = case.setting_id is not None
                keys = involved(change, standing, told.advisers, has_setting=has_setting)
                owed = [key for key in keys if not (key == "family" and is_told_by_event(change))]
                rows += _told(draw, case, change, owed, today)
    keep(Informed, rows)


def _told(draw: Draw, case: Case, change: Change, owed: list[str], today: date) -> Iterator[Row]:
    goes = draw.weighted(_GOES)
    slow = draw.between(9, 20) if goes == "late" else timedelta()
    on = working_day(change.event.on + draw.between(0, 3) + slow)
    how = draw.weighted(_HOW)
    forgotten = draw.choice(owed) if owed and goes == "forgotten" else None
    if on > today:
        return
    for party in owed:
        if party != forgotten:
            yield {
                "case_id": case.id,
                "event_id": change.event.id,
                "party": party,
                "told_on": on,
                "how": how.value,
                "note": "",
                "entered_at": office_hour(draw, on),
                "entered_by_id": case.officer_id,
            }
