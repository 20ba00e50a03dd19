"""Drafts of the plan, served on the family: the day of service follows from how each was sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from casework.codes import DocumentKind, ServiceRoute
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Document, DraftServed, PlanEdition
from casework.plan_document.content import Standing
from casework.queries import history
from casework.rules.book import duty as find_duty
from casework.rules.deadlines import due
from casework.rules.errors import BeyondCalendar
from casework.rules.history import standing_events
from casework.rules.service_day import served_on
from casework.services import editions, events
from casework.services.audit_trail import Actor
from casework.services.editions import Standings
from casework.services.errors import Refused
from casework.services.events import NewEvent
from casework.services.protected_text import refuse_protected

_WINDOW = find_duty("reps_15d_min")


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What was sent as the draft: the plan as it is written here, or a document on the case.

    `seen` is which plan the person looked at (casework.queries.editions.seen), `document` the
    identifier of a document; without either nothing is kept of what was sent.
    """

    seen: str | None = None
    document: str | None = None


NOTHING = Enclosed()


def serve(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    route: str,
    sent: datetime,
    changed_because: str = "",
    enclosed: Enclosed = NOTHING,
    may_record_oddity: bool = False,
    oddity: str | None = None,
) -> date:
    """Record that a draft was sent, and commit; return the day on which it counts as served.

    `sent` is an aware local time. A further draft says why it was changed: it gives the family
    its 15 days anew, while the 20 weeks run on (Code of Practice, para 9.125). Where the plan is
    written here an edition of it is frozen, with its documents. Raises Refused, with the field at
    fault, and ChangedMeanwhile.
    """
    day = _day_of_service(today, route, sent)
    if _was_served(case_id) and not changed_because:
        raise Refused(
            {"changed_because": "Enter why the draft was changed: the family has had one before"}
        )
    refuse_protected(actor, case_id, {"changed_because": changed_because, "oddity": oddity})
    served = DraftServed(
        case_id=case_id,
        route=route,
        sent_at=sent,
        changed_because=changed_because,
        document_id=_document(case_id, enclosed.document) if enclosed.document else None,
    )
    db.session.rollback()
    with _edition(actor, case_id, version, enclosed.seen, day) as edition:
        served.edition_id = edition.id if edition else None
        event = _event(day, served, oddity)
        events.record(actor, today, case_id, [event], may_record_oddity=may_record_oddity)
        db.session.commit()
    return day


def _day_of_service(today: date, route: str, sent: datetime) -> date:
    if sent.date() > today:
        raise Refused({"sent_on": "The day must be today or in the past"})
    try:
        return served_on(ServiceRoute(route), sent, england_and_wales())
    except BeyondCalendar:
        raise Refused({"sent_on": "Enter a day within the years that are known here"}) from None


@contextmanager
def _edition(
    actor: Actor, case_id: int, version: int, seen: str | None, day: date
) -> Iterator[PlanEdition | None]:
    """Give the edition that is served, or None where the plan is written elsewhere."""
    if seen is None:
        events.claim(case_id, version)
        yield None
        return
    comments_by = due(_WINDOW, {"draft_served": day}, england_and_wales()).on
    what = Standings(standing=Standing.DRAFT, comments_by=comments_by)
    with editions.frozen(actor, case_id, version=version, seen=seen, what=what) as edition:
        yield edition


def _event(day: date, served: DraftServed, oddity: str | None) -> NewEvent:
    def brings(event_id: int) -> list[DraftServed]:
        served.event_id = event_id
        return [served]

    return NewEvent(kind="draft_served", on=day, oddity=oddity, is_deemed=True, brings=brings)


def _document(case_id: int, public_id: str) -> int:
    """Return the id of a draft plan that was put on this case as a document. Raises Refused."""
    found = db.session.scalar(
        select(Document.id).where(
            Document.case_id == case_id,
            Document.public_id == public_id,
            Document.kind == DocumentKind.DRAFT_PLAN,
            Document.withdrawn_at.is_(None),
        )
    )
    if found is None:
        raise Refused({"what": "Choose a document that is on this case"})
    return found


def _was_served(case_id: int) -> bool:
    entered = history.entered_events([case_id])[case_id]
    return any(event.kind == "draft_served" for event in standing_events(entered))
