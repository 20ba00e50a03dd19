"""That the commissioning body agreed the health provision of a plan."""

from datetime import date

from sqlalchemy import select

from casework.extensions import db
from casework.models import HealthAgreement, PlanSectionVersion
from casework.rules.plan_content import read
from casework.services import events
from casework.services.audit_trail import Actor
from casework.services.errors import Refused
from casework.services.events import NewEvent
from casework.services.protected_text import refuse_protected

#: Where section G is held among the sections.
_HEALTH = "G"


def agree(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    number: int,
    on: date,
    agreed_by: str,
    may_record_oddity: bool = False,
    oddity: str | None = None,
) -> None:
    """Record that section G was agreed as it stands in its version `number`, and commit.

    SEND Regulations 2014, reg 12(2). Raises Refused where nothing is written there, somebody saved
    it since or a protected detail stands in `agreed_by`, ChangedMeanwhile, and what
    events.log_events refuses.
    """
    refuse_protected(actor, case_id, {"agreed_by": agreed_by})
    version_id = _agreed_version(case_id, number)

    def brings(event_id: int) -> list[HealthAgreement]:
        return [
            HealthAgreement(
                event_id=event_id, case_id=case_id, version_id=version_id, agreed_by=agreed_by
            )
        ]

    events.log_events(
        actor=actor,
        today=today,
        case_id=case_id,
        version=version,
        events=[NewEvent(kind="health_provision_agreed", on=on, oddity=oddity, brings=brings)],
        may_record_oddity=may_record_oddity,
    )


def _agreed_version(case_id: int, number: int) -> int:
    newest = db.session.scalar(
        select(PlanSectionVersion)
        .where(PlanSectionVersion.case_id == case_id, PlanSectionVersion.section == _HEALTH)
        .order_by(PlanSectionVersion.number.desc())
        .limit(1)
    )
    if newest is None or read(_HEALTH, newest.content).is_empty:
        raise _refused("Section G has nothing to agree yet")
    if newest.number != number:
        raise _refused(
            "Section G was saved again while you had this page open. Look at it, and say whether "
            "this version was agreed"
        )
    return newest.id


def _refused(words: str) -> Refused:
    db.session.rollback()
    return Refused({"agreed_by": words})
