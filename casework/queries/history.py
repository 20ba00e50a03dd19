"""The events of cases, as the rules read them."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from casework.extensions import db
from casework.models import Adviser, CaseEvent, CaseEventException
from casework.rules.history import Happened


def entered_events(case_ids: Sequence[int]) -> dict[int, list[Happened]]:
    """Return every event entered for each case, corrected ones too, in order of entry."""
    event, particulars = CaseEvent.__table__.c, CaseEventException.__table__.c
    statement = (
        select(
            *(event.case_id, event.id, event.kind, event.happened_on, event.adviser_id),
            *(event.recipient, event.outcome, event.corrects_id),
            *(particulars.regulation, particulars.ground),
        )
        .outerjoin(CaseEventException.__table__, particulars.event_id == event.id)
        .where(event.case_id.in_(case_ids))
        .order_by(event.id)
    )
    found: dict[int, list[Happened]] = defaultdict(list)
    for row in db.session.execute(statement):
        found[row.case_id].append(
            Happened(
                id=row.id,
                kind=row.kind,
                on=row.happened_on,
                adviser_id=row.adviser_id,
                recipient=row.recipient,
                outcome=row.outcome,
                corrects_id=row.corrects_id,
                regulation=row.regulation,
                ground=row.ground,
            )
        )
    return found


def advisers(case_ids: Sequence[int]) -> dict[int, dict[int, str]]:
    """Return, for each case, the service of each of its advisers by adviser id."""
    statement = select(Adviser.case_id, Adviser.id, Adviser.service).where(
        Adviser.case_id.in_(case_ids)
    )
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for row in db.session.execute(statement):
        found[row.case_id][row.id] = row.service
    return found
