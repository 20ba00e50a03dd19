"""What a service answers to a request for advice: received, returned, not known, not in time.

A service's page does not fail because an officer logged something meanwhile: each act takes the
case as it is now, and is refused only by what happened to the request itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from casework.codes import AdviceRoute
from casework.extensions import db
from casework.models import AdviceExpected
from casework.models.base import Model
from casework.rules.civil_dates import spoken
from casework.rules.events import NIL_RETURNS
from casework.rules.history import (
    Happened,
)
from casework.rules.lateness import CANNOT_IN_TIME
from casework.services import advice_versions, events, held_requests, identity
from casework.services.advice_versions import NewAdvice
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused
from casework.services.events import NewEvent
from casework.services.held_requests import Held
from casework.services.identity import Told

#: What an officer files where the request has reached the body and nothing came back yet.
REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an act left: the day it stands on, the version, and whether it was there before."""

    on: date
    version: int | None = None
    was_there: bool = False
    doubt: str | None = None


def receive(*, actor: Actor, today: date, adviser_id: int, on: date) -> Recorded:
    """Record that the request reached the body, which starts its own clock, and commit.

    SEND Regulations 2014, reg 8(1). Recorded before, it is left as it is. Raises Refused.
    """
    held = held_requests.hold(adviser_id)
    there = next((e for e in held.round if e.kind == "advice_request_received"), None)
    if there is not None:
        return _leave(Recorded(there.on, was_there=True))
    held_requests.refuse_over(held)
    held_requests.refuse_answered(held)
    _log(held, actor, today, NewEvent(kind="advice_request_received", on=on, adviser_id=adviser_id))
    return Recorded(on)


def answer(
    *, actor: Actor, today: date, adviser_id: int, outcome: str, words: str | None, seen: int
) -> Recorded:
    """Record a nil return, which is an answer, and commit; the same one twice is one.

    Raises Refused, and AnsweredMeanwhile where somebody answered since the entry `seen`.
    """
    if outcome not in NIL_RETURNS:
        raise Refused({"outcome": "Choose your answer"})
    held = held_requests.hold(adviser_id)
    last = held_requests.last_answer(held.round)
    if last is not None and last.outcome == outcome and last.id > seen:
        return _leave(Recorded(last.on, was_there=True))
    held_requests.refuse_over(held)
    held_requests.refuse_unseen(held, seen)
    new = NewEvent(
        kind="advice_received", on=today, adviser_id=adviser_id, outcome=outcome, note=words
    )
    _log(held, actor, today, new)
    return Recorded(today)


def expect(
    *, actor: Actor, today: date, adviser_id: int, cause: str, expected_on: date, words: str
) -> Recorded:
    """Record that the service cannot be in time, why, and the day it expects to answer; commit.

    The same said twice is one. Raises Refused.
    """
    if cause not in CANNOT_IN_TIME:
        raise Refused({"cause": "Choose the reason"})
    if expected_on < today:
        raise Refused({"expected_on": f"The day must be today, {spoken(today)}, or later"})
    held = held_requests.hold(adviser_id)
    last = max(held.round, key=lambda e: e.id, default=None)
    if last is not None and last.kind == "advice_expected" and last.outcome == cause:
        row = db.session.get(AdviceExpected, last.id)
        if row and (row.expected_on, row.words) == (expected_on, words):
            return _leave(Recorded(last.on, was_there=True))
    held_requests.refuse_over(held)
    held_requests.refuse_answered(held)

    def brings(event_id: int) -> Iterable[Model]:
        return [AdviceExpected(event_id=event_id, expected_on=expected_on, words=words)]

    new = NewEvent(
        kind="advice_expected", on=today, adviser_id=adviser_id, outcome=cause, brings=brings
    )
    _log(held, actor, today, new)
    return Recorded(today)


def return_advice(
    *, actor: Actor, today: date, adviser_id: int, advice: NewAdvice, told: Told, seen: int
) -> Recorded:
    """Record a version of a service's advice with its document, and commit.

    What the service says of the child is checked first (services.identity). The same version twice
    is one. Advice that comes after the request was withdrawn or the assessment ended is kept with
    that doubt. Raises Refused, and AnsweredMeanwhile where somebody answered since `seen`.
    """
    adviser = held_requests.find(adviser_id)
    doubt = identity.check(actor=actor, adviser=adviser, told=told)
    if there := _same(adviser_id, advice):
        return _leave(there)
    advice_versions.refuse_empty(advice)
    held_requests.refuse_unseen(held_requests.hold(adviser_id), seen)
    db.session.rollback()  # a file is read and scanned without holding the case
    document_id = advice_versions.document_of(actor, adviser_id, advice, tells_where=False)
    held = held_requests.hold(adviser_id)
    if there := _same(adviser_id, advice):
        return _leave(there)
    held_requests.refuse_unseen(held, seen)
    doubt = held_requests.too_late(held) or doubt
    route = AdviceRoute.FORM if advice.entries else AdviceRoute.DOCUMENT
    version = advice_versions.next_version(adviser_id)
    made = advice_versions.rows_of(held, actor, advice, document_id, route, version, is_author=True)
    new = NewEvent(
        kind="advice_received",
        on=today,
        adviser_id=adviser_id,
        outcome="advice",
        doubt=doubt,
        brings=made,
    )
    _log(held, actor, today, new)
    return Recorded(today, version, doubt=doubt)


def file_reply(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    adviser_id: int,
    on: date,
    outcome: str,
    route: str,
    note: str | None = None,
    advice: NewAdvice | None = None,
    oddity: str | None = None,
    may_record_oddity: bool = False,
) -> Recorded:
    """Record for a body that does not sign in what reached the authority on a day, and commit.

    `outcome` is a key of rules.events.OUTCOMES, or REACHED: the request reached them, and no
    more. `version` is the case's as the officer saw it. Raises Refused, ChangedMeanwhile, Absent.
    """
    adviser = held_requests.find(adviser_id)
    if adviser.case_id != case_id:
        db.session.rollback()
        raise Absent
    document_id, returned = None, advice if outcome == "advice" else None
    if returned is not None:
        if there := _same(adviser_id, returned):
            return _leave(there)
        advice_versions.refuse_empty(returned)
        db.session.rollback()
        document_id = advice_versions.document_of(actor, adviser_id, returned, tells_where=True)
    held = held_requests.hold(adviser_id)
    is_answer = outcome != REACHED
    new = NewEvent(
        kind="advice_received" if is_answer else "advice_request_received",
        on=on,
        adviser_id=adviser_id,
        outcome=outcome if is_answer else None,
        note=note,
        oddity=oddity,
        doubt=held_requests.too_late(held) if is_answer else None,
    )
    if held.case.version != version and _is_there(new, held.own):
        return _leave(Recorded(on, was_there=True))
    number = None
    if returned is not None:
        number = advice_versions.next_version(adviser_id)
        made = advice_versions.rows_of(
            held, actor, returned, document_id, route, number, is_author=False
        )
        new = replace(new, brings=made)
    events.log_events(
        actor=actor,
        today=today,
        case_id=case_id,
        version=version,
        events=[new],
        may_record_oddity=may_record_oddity,
    )
    return Recorded(on, number, doubt=new.doubt)


def _is_there(new: NewEvent, own: Sequence[Happened]) -> bool:
    """Whether the newest entry about the adviser says the very same: it was sent twice."""
    last = max(own, key=lambda event: event.id, default=None)
    said = (new.kind, new.on, new.outcome)
    return last is not None and (last.kind, last.on, last.outcome) == said


def _leave(recorded: Recorded) -> Recorded:
    db.session.rollback()
    return recorded


def _log(held: Held, actor: Actor, today: date, event: NewEvent) -> None:
    try:
        events.log_events(
            actor=actor,
            today=today,
            case_id=held.case.id,
            version=held.case.version,
            events=[event],
        )
    except BaseException:
        db.session.rollback()
        raise


def _same(adviser_id: int, advice: NewAdvice) -> Recorded | None:
    there = advice_versions.same(adviser_id, advice)
    return Recorded(*there, was_there=True) if there else None
