"""Asking for advice: everyone at once, each service told by email; and a request taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from casework.extensions import db
from casework.models import AdviceService, Adviser, Case
from casework.queries import asking as askings
from casework.queries.advice_services import is_open_on
from casework.rules.advisers import SERVICES
from casework.rules.asking import Asked, Stood
from casework.rules.civil_dates import spoken_date
from casework.services import events, request_emails
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused
from casework.services.events import NewEvent

CLOSED = "The assessment has ended, so nobody is asked for advice any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """Somebody about to be asked: a service, or a person or body by name."""

    #: A key of casework.rules.advisers.SERVICES.
    kind: str
    #: Which service of that kind; None for somebody who is of none that is held.
    advice_service_id: int | None = None
    #: Who is asked, where the service does not say it.
    name: str | None = None
    #: What the authority would like to know.
    asks: str | None = None
    #: The field of the form at which a refusal of this request is shown.
    field: str = "on"


def ask(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    on: date,
    requests: Sequence[NewRequest],
    note: str | None = None,
) -> None:
    """Ask everyone at once for advice on a case, tell each service by email, and commit.

    Each request is an adviser with a limit of its own, whoever was asked before. `note`, why
    nobody is asked under some paragraph, goes with the first. Raises Refused, its words by the
    fields of the requests, and ChangedMeanwhile; then nobody is asked. Its statements are as many
    for one request as for twenty.
    """
    events.claim(case_id, version)
    case, services = db.session.get_one(Case, case_id), askings.services_asked(_ids(requests))
    try:
        _refuse(case_id, requests, on, services)
        ids = events.record(actor, today, case_id, as_events(requests, on, note))
    except Refused:
        db.session.rollback()
        raise
    request_emails.tell_asked(case, ids, on, today, services)
    db.session.commit()


def withdraw(
    *, actor: Actor, today: date, case_id: int, version: int, adviser_id: int, reason: str
) -> None:
    """Take a request for advice back with the reason, tell the service, and commit.

    Raises Refused where it was answered or withdrawn already; ChangedMeanwhile; Absent.
    """
    events.claim(case_id, version)
    adviser, stood = db.session.get(Adviser, adviser_id), askings.stood(case_id).get(adviser_id)
    if adviser is None or stood is None or adviser.case_id != case_id:
        db.session.rollback()
        raise Absent
    if refusal := cannot_withdraw(stood):
        db.session.rollback()
        raise Refused({"reason": refusal})
    back = NewEvent(kind="advice_request_withdrawn", on=today, adviser_id=adviser_id, note=reason)
    (event_id,) = events.record(actor, today, case_id, [back])
    request_emails.tell_withdrawn(adviser, event_id, stood.since, today)
    db.session.commit()


def as_events(requests: Sequence[NewRequest], on: date, note: str | None = None) -> list[NewEvent]:
    """Return the events of asking on a day, the first with the note. Raises IndexError for none."""
    made = [
        NewEvent(
            kind="advice_requested",
            on=on,
            service=request.kind,
            advice_service_id=request.advice_service_id,
            is_of_no_service=request.advice_service_id is None,
            adviser_name=request.name,
            asks=request.asks,
        )
        for request in requests
    ]
    return [replace(made[0], note=note), *made[1:]]


def cannot_withdraw(stood: Stood) -> str | None:
    """Return why a request that stands so is not withdrawn, in words; None where it may be."""
    day = spoken_date(stood.ended_on or stood.since)
    return {
        Asked.ANSWERED: f"It was answered on {day}, so there is nothing to withdraw",
        Asked.WITHDRAWN: f"It was withdrawn on {day}",
        Asked.REUSED: "Existing advice is used, and nobody was asked",
    }.get(stood.asked)


def _ids(requests: Sequence[NewRequest]) -> set[int]:
    return {one.advice_service_id for one in requests if one.advice_service_id is not None}


def _refuse(
    case_id: int, requests: Sequence[NewRequest], on: date, services: Mapping[int, AdviceService]
) -> None:
    """Raise Refused for a case that has ended, and for each request that cannot be made."""
    if askings.has_ended(case_id):
        raise Refused({"on": CLOSED})
    if not requests:
        raise Refused({"on": "Choose at least one service to ask"})
    outstanding = askings.outstanding(case_id)
    refused, seen = {}, set()
    for one in requests:
        whom = askings.whom(one.kind, one.advice_service_id, one.name)
        since = outstanding.get(whom)
        service = services.get(one.advice_service_id or 0)
        if words := _cannot_ask(one, service, since, on):
            refused[one.field] = words
        elif whom in seen:
            refused[one.field] = "The same person or service is on the list twice"
        seen.add(whom)
    if refused:
        raise Refused(refused)


def _cannot_ask(
    one: NewRequest, service: AdviceService | None, since: date | None, on: date
) -> str | None:
    words = service.name if service else one.name or SERVICES[one.kind].words
    if one.advice_service_id is not None and (service is None or service.kind != one.kind):
        return "Choose the service from the list again"
    if service and not is_open_on(service, on):
        return f"{words} does not take requests on {spoken_date(on)}. Choose another service"
    if since is None:
        return None
    return (
        f"{words} was asked on {spoken_date(since)} and has not answered. Take the tick away, or "
        "withdraw that request first"
    )
