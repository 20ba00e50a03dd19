"""What a service answers to a request for advice: received, returned, not known, not in time.

A service's page does not fail because an officer logged something meanwhile: each act takes the
case as it is now, and is refused only by what happened to the request itself.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from sqlalchemy import func, select

from casework.clock import now
from casework.codes import AdviceRoute, DocumentKind
from casework.database import reading
from casework.extensions import db
from casework.models import Advice, AdviceEntry, AdviceExpected, Adviser, Case, Document
from casework.models.base import Model
from casework.queries import history
from casework.rules.advisers import SERVICES, Agency
from casework.rules.answering import STEP_OF
from casework.rules.civil_dates import spoken, spoken_date
from casework.rules.events import NIL_RETURNS
from casework.rules.history import (
    Happened,
    advice_rounds,
    standing_events,
    standpoint,
    withdrawn_on,
)
from casework.rules.lateness import CANNOT_IN_TIME
from casework.services import documents, events, identity
from casework.services.audit_trail import Actor
from casework.services.documents import Sent
from casework.services.errors import Absent, Refused
from casework.services.events import NewEvent
from casework.services.identity import Told

#: What a document is, by the agency whose advice it holds.
DOCUMENT_KINDS = {
    Agency.FAMILY: DocumentKind.FAMILY_VIEWS,
    Agency.EDUCATION: DocumentKind.EDUCATION_ADVICE,
    Agency.HEALTH: DocumentKind.HEALTH_ADVICE,
    Agency.PSYCHOLOGY: DocumentKind.PSYCHOLOGY_ADVICE,
    Agency.SOCIAL_CARE: DocumentKind.SOCIAL_CARE_ADVICE,
    Agency.OTHER: DocumentKind.OTHER_ADVICE,
}


#: What an officer files where the request has reached the body and nothing came back yet.
REACHED = "reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """One need, the outcome sought, and the provision for it."""

    need_section: str
    need: str
    outcome: str = ""
    provision_section: str | None = None
    provision: str = ""
    by_whom: str = ""
    how_often: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAdvice:
    """Advice about to be recorded, with `sent`, its document, if there is one."""

    #: Drawn when the form was opened: sent twice, it is one version.
    public_id: str
    author: str
    author_post: str = ""
    written_on: date | None = None
    child_voice: str = ""
    summary: str = ""
    sections: Sequence[str] = ()
    entries: Sequence[NewEntry] = ()
    sent: Sent | None = None
    #: A document that is on the case already, by its id.
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an act left: the day it stands on, the version, and whether it was there before."""

    on: date
    version: int | None = None
    was_there: bool = False
    doubt: str | None = None


class AnsweredMeanwhile(Exception):
    """Somebody answered after the person opened the page. Nothing was saved."""


@dataclass(slots=True)
class _Held:
    """A request with its case locked, and what stands of its newest round."""

    adviser: Adviser
    case: Case
    own: list[Happened]
    round: list[Happened]
    ended_on: date | None

    @property
    def withdrawn_on(self) -> date | None:
        return withdrawn_on(self.round)


def receive(*, actor: Actor, today: date, adviser_id: int, on: date) -> Recorded:
    """Record that the request reached the body, which starts its own clock, and commit.

    SEND Regulations 2014, reg 8(1). Recorded before, it is left as it is. Raises Refused.
    """
    held = _hold(adviser_id)
    there = next((e for e in held.round if e.kind == "advice_request_received"), None)
    if there is not None:
        return _leave(Recorded(there.on, was_there=True))
    _refuse_over(held)
    _refuse_answered(held)
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
    held = _hold(adviser_id)
    last = _last_answer(held.round)
    if last is not None and last.outcome == outcome and last.id > seen:
        return _leave(Recorded(last.on, was_there=True))
    _refuse_over(held)
    _refuse_unseen(held, seen)
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
    held = _hold(adviser_id)
    last = max(held.round, key=lambda e: e.id, default=None)
    if last is not None and last.kind == "advice_expected" and last.outcome == cause:
        row = db.session.get(AdviceExpected, last.id)
        if row and (row.expected_on, row.words) == (expected_on, words):
            return _leave(Recorded(last.on, was_there=True))
    _refuse_over(held)
    _refuse_answered(held)

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
    adviser = _find(adviser_id)
    doubt = identity.check(actor=actor, adviser=adviser, told=told)
    if there := _same(adviser_id, advice):
        return _leave(there)
    _refuse_empty(advice)
    _refuse_unseen(_hold(adviser_id), seen)
    db.session.rollback()  # a file is read and scanned without holding the case
    document_id = _document(actor, adviser_id, advice, tells_where=False)
    held = _hold(adviser_id)
    if there := _same(adviser_id, advice):
        return _leave(there)
    _refuse_unseen(held, seen)
    doubt = _too_late(held) or doubt
    route = AdviceRoute.FORM if advice.entries else AdviceRoute.DOCUMENT
    version = _next_version(adviser_id)
    made = _brings(held, actor, advice, document_id, route, version, is_author=True)
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
    adviser = _find(adviser_id)
    if adviser.case_id != case_id:
        db.session.rollback()
        raise Absent
    document_id, returned = None, advice if outcome == "advice" else None
    if returned is not None:
        if there := _same(adviser_id, returned):
            return _leave(there)
        _refuse_empty(returned)
        db.session.rollback()
        document_id = _document(actor, adviser_id, returned, tells_where=True)
    held = _hold(adviser_id)
    is_answer = outcome != REACHED
    new = NewEvent(
        kind="advice_received" if is_answer else "advice_request_received",
        on=on,
        adviser_id=adviser_id,
        outcome=outcome if is_answer else None,
        note=note,
        oddity=oddity,
        doubt=_too_late(held) if is_answer else None,
    )
    if held.case.version != version and _is_there(new, held.own):
        return _leave(Recorded(on, was_there=True))
    number = None
    if returned is not None:
        number = _next_version(adviser_id)
        made = _brings(held, actor, returned, document_id, route, number, is_author=False)
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


def _hold(adviser_id: int) -> _Held:
    """Lock the case of a request, so that of two who act at once the second sees the first."""
    adviser = _find(adviser_id)
    case = db.session.scalars(
        select(Case)
        .where(Case.id == adviser.case_id)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    ).one()
    standing = standing_events(history.entered_events([case.id])[case.id])
    rounds = advice_rounds(standing).get(adviser_id) or [[]]
    own = [event for of_round in rounds for event in of_round]
    return _Held(adviser, case, own, rounds[-1], standpoint(standing).ended_on)


def _find(adviser_id: int) -> Adviser:
    adviser = db.session.get(Adviser, adviser_id)
    if adviser is None:
        db.session.rollback()
        raise Absent
    return adviser


def _leave(recorded: Recorded) -> Recorded:
    db.session.rollback()
    return recorded


def _log(held: _Held, actor: Actor, today: date, event: NewEvent) -> None:
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


def _last_answer(events_: Sequence[Happened]) -> Happened | None:
    moving = [event for event in events_ if event.kind in STEP_OF]
    last = max(moving, key=lambda event: event.id, default=None)
    return last if last is not None and last.kind == "advice_received" else None


def _refuse_over(held: _Held) -> None:
    words = None
    if day := held.withdrawn_on:
        words = f"The request was withdrawn on {spoken_date(day)}, so nothing more is asked"
    elif day := held.ended_on:
        words = f"The assessment ended on {spoken_date(day)}, so nothing more is asked"
    if words:
        db.session.rollback()
        raise Refused({"request": words})


def _refuse_answered(held: _Held) -> None:
    answered = next((e for e in held.round if e.kind == "advice_received"), None)
    if answered is not None:
        db.session.rollback()
        raise Refused(
            {"request": f"This request was answered on {spoken_date(answered.on)} already"}
        )


def _refuse_unseen(held: _Held, seen: int) -> None:
    """A correction is no new answer: it is entered for one that was seen."""
    unseen = (e for e in held.own if e.kind == "advice_received" and e.corrects_id is None)
    if any(event.id > seen for event in unseen):
        db.session.rollback()
        raise AnsweredMeanwhile


def _too_late(held: _Held) -> str | None:
    if held.withdrawn_on:
        return "after_withdrawal"
    return "after_the_end" if held.ended_on else None


def _refuse_empty(advice: NewAdvice) -> None:
    has_words = advice.entries or advice.summary or advice.child_voice
    if not (has_words or advice.sent or advice.document_id):
        db.session.rollback()
        raise Refused({"file": "Write at least one need, or choose the document that says it"})


def _same(adviser_id: int, advice: NewAdvice) -> Recorded | None:
    """Return the version that says the very same, or was sent by the very same form, or None."""
    rows = db.session.scalars(
        select(Advice).where(Advice.adviser_id == adviser_id).order_by(Advice.version)
    ).all()
    sha256 = _sha256(advice)
    struck = _struck_out(rows)
    for row in reversed(rows):
        if row.public_id == advice.public_id:
            return Recorded(_day_of(row), row.version, was_there=True)
        if row.id not in struck and _content(row) == _new_content(advice, sha256):
            return Recorded(_day_of(row), row.version, was_there=True)
    return None


def _struck_out(rows: Sequence[Advice]) -> set[int]:
    """Return the ids of those versions whose entry was taken back."""
    if not rows:
        return set()
    entered = history.entered_events([rows[0].case_id])[rows[0].case_id]
    later = {e.corrects_id: e for e in entered if e.corrects_id}
    found = set()
    for row in rows:
        last = later.get(row.event_id)
        while last is not None and last.id in later:
            last = later[last.id]
        if last is not None and last.kind == "struck_out":
            found.add(row.id)
    return found


def _day_of(row: Advice) -> date:
    entered = history.entered_events([row.case_id])[row.case_id]
    return next(e.on for e in entered if e.id == row.event_id)


def _sha256(advice: NewAdvice) -> str | None:
    if advice.sent:
        return hashlib.sha256(advice.sent.content).hexdigest()
    if advice.document_id:
        return db.session.get_one(Document, advice.document_id).sha256
    return None


def _content(row: Advice) -> tuple[object, ...]:
    document = row.document.sha256 if row.document else None
    return tuple(map(_told, row.entries)), row.summary, row.child_voice, document


def _new_content(new: NewAdvice, sha256: str | None) -> tuple[object, ...]:
    return tuple(map(_told, new.entries)), new.summary, new.child_voice, sha256


def _told(entry: AdviceEntry | NewEntry) -> tuple[str | None, ...]:
    return tuple(getattr(entry, one.name) for one in fields(NewEntry))


def _document(actor: Actor, adviser_id: int, advice: NewAdvice, *, tells_where: bool) -> int | None:
    """Return the id of the document that holds the advice, added where it is not there; commits.

    The very file that is on the case already is that document, and is not added again.
    """
    if advice.sent is None:
        return advice.document_id
    with reading():
        case_id = _find(adviser_id).case_id
        there = select(Document.id).where(
            Document.case_id == case_id,
            Document.sha256 == _sha256(advice),
            Document.withdrawn_at.is_(None),
        )
        held = db.session.scalar(there.order_by(Document.id))
    if held is not None:
        return held
    documents.add(actor=actor, case_id=case_id, sent=advice.sent, tells_where=tells_where)
    with reading():
        return db.session.scalar(
            select(Document.id).where(Document.public_id == advice.sent.public_id)
        )


def _next_version(adviser_id: int) -> int:
    newest = select(func.max(Advice.version)).where(Advice.adviser_id == adviser_id)
    return (db.session.scalar(newest) or 0) + 1


def _brings(
    held: _Held,
    actor: Actor,
    new: NewAdvice,
    document_id: int | None,
    route: str,
    version: int,
    *,
    is_author: bool,
) -> Callable[[int], Iterable[Model]]:
    case_id, adviser_id = held.case.id, held.adviser.id

    def rows(event_id: int) -> Iterable[Model]:
        return [
            Advice(
                public_id=new.public_id,
                case_id=case_id,
                adviser_id=adviser_id,
                event_id=event_id,
                version=version,
                route=str(route),
                document_id=document_id,
                sections=" ".join(new.sections),
                author=new.author,
                author_post=new.author_post,
                author_id=actor.user_id if is_author else None,
                written_on=new.written_on,
                child_voice=new.child_voice,
                summary=new.summary,
                entered_at=now(),
                entered_by_id=actor.user_id,
                entries=[
                    AdviceEntry(
                        place=place,
                        need_section=one.need_section,
                        need=one.need,
                        outcome=one.outcome,
                        provision_section=one.provision_section,
                        provision=one.provision,
                        by_whom=one.by_whom,
                        how_often=one.how_often,
                    )
                    for place, one in enumerate(new.entries, start=1)
                ],
            )
        ]

    return rows


def document_kind(service: str) -> DocumentKind:
    """Return what a document of advice from a kind of service is."""
    return DOCUMENT_KINDS[SERVICES[service].agency]
