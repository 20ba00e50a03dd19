"""When the commissioning body agreed section G of a plan, and which version of it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.extensions import db
from casework.models import HealthAgreement, PlanSectionVersion
from casework.queries.cases import CaseView
from casework.rules.checking import first_entries
from casework.rules.history import standing_events


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """One agreement that stands: on what day, by whom, and which version of section G."""

    on: date
    agreed_by: str
    version_id: int
    number: int


def agreements(view: CaseView) -> list[Agreed]:
    """Return the agreements that stand, the newest first, in one statement.

    An entry put right keeps what came with the first of its chain.
    """
    first = first_entries(view.entered)
    events = [e for e in standing_events(view.entered) if e.kind == "health_provision_agreed"]
    rows = db.session.execute(
        select(HealthAgreement, PlanSectionVersion.number)
        .join(PlanSectionVersion, PlanSectionVersion.id == HealthAgreement.version_id)
        .where(HealthAgreement.case_id == view.case.id)
    )
    known = {row[0].event_id: (row[0], row[1]) for row in rows}
    return [
        Agreed(on=event.on, agreed_by=kept.agreed_by, version_id=kept.version_id, number=number)
        for event in reversed(events)
        if first[event.id] in known
        for kept, number in (known[first[event.id]],)
    ]
