"""Drafts of the plan, served on the family: the day of service follows from how each was sent."""

from datetime import date, datetime

from casework.codes import ServiceRoute
from casework.holidays import england_and_wales
from casework.models import DraftServed
from casework.queries import history
from casework.rules.errors import BeyondCalendar
from casework.rules.history import standing_events
from casework.rules.service_day import served_on
from casework.services import events
from casework.services.audit_trail import Actor
from casework.services.errors import Refused
from casework.services.events import NewEvent


def serve(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    route: str,
    sent: datetime,
    changed_because: str = "",
    may_record_oddity: bool = False,
    oddity: str | None = None,
) -> date:
    """Record that a draft was sent, and commit; return the day on which it counts as served.

    `sent` is an aware local time. A further draft says why it was changed: it gives the family
    its 15 days anew, while the 20 weeks run on (Code of Practice, para 9.125). Raises Refused,
    with the field at fault, and ChangedMeanwhile.
    """
    if sent.date() > today:
        raise Refused({"sent_on": "The day must be today or in the past"})
    if _was_served(case_id) and not changed_because:
        raise Refused(
            {"changed_because": "Enter why the draft was changed: the family has had one before"}
        )
    try:
        day = served_on(ServiceRoute(route), sent, england_and_wales())
    except BeyondCalendar:
        raise Refused({"sent_on": "Enter a day within the years that are known here"}) from None
    events.log_events(
        actor=actor,
        today=today,
        case_id=case_id,
        version=version,
        events=[_event(case_id, day, route, sent, changed_because, oddity)],
        may_record_oddity=may_record_oddity,
    )
    return day


def _event(
    case_id: int, day: date, route: str, sent: datetime, because: str, oddity: str | None
) -> NewEvent:
    return NewEvent(
        kind="draft_served",
        on=day,
        oddity=oddity,
        is_deemed=True,
        brings=lambda event_id: [
            DraftServed(
                event_id=event_id,
                case_id=case_id,
                route=route,
                sent_at=sent,
                changed_because=because,
            )
        ],
    )


def _was_served(case_id: int) -> bool:
    entered = history.entered_events([case_id])[case_id]
    return any(event.kind == "draft_served" for event in standing_events(entered))
