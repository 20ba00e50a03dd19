"""The events of cases, as the rules read them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from casework.extensions import db
from casework.models import Adviser, CaseEvent, CaseEventException
from casework.rules.history import Happened


@dataclass(slots=True)
class Entered:
    """What was entered for one case: every event, corrected ones too, in order of entry."""

    events: list[Happened] = field(default_factory=list)
    #: The service of each adviser that an event concerns, by adviser id.
    advisers: dict[int, str] = field(default_factory=dict)


def entered(case_ids: Sequence[int]) -> dict[int, Entered]:
    """Return what was entered for each of the cases, in one statement."""
    event, particulars = CaseEvent.__table__.c, CaseEventException.__table__.c
    adviser = Adviser.__table__.c
    # In the order of the fields of Happened.
    columns = (
        *(event.id, event.kind, event.happened_on, event.adviser_id, event.recipient),
        *(event.outcome, event.corrects_id, particulars.regulation, particulars.ground),
        event.consultation_id,
    )
    statement = (
        select(event.case_id, adviser.service, *columns)
        .outerjoin(CaseEventException.__table__, particulars.event_id == event.id)
        .outerjoin(Adviser.__table__, adviser.id == event.adviser_id)
        .where(event.case_id.in_(case_ids))
        .order_by(event.id)
    )
    found = {case_id: Entered() for case_id in case_ids}
    for row in db.session.connection().execute(statement).all():
        told, happened = found[row[0]], Happened._make(row[2:])
        told.events.append(happened)
        if happened.adviser_id is not None:
            told.advisers[happened.adviser_id] = row[1]
    return found


def entered_events(case_ids: Sequence[int]) -> dict[int, list[Happened]]:
    """Return every event entered for each case, corrected ones too, in order of entry."""
    return {case_id: told.events for case_id, told in entered(case_ids).items()}
