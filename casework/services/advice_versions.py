"""A version of the advice on one request: what is recorded, whether it is there, its document."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import func, select

from casework.clock import now
from casework.codes import DocumentKind
from casework.database import reading
from casework.extensions import db
from casework.models import Advice, AdviceEntry, Document
from casework.models.base import Model
from casework.queries import history
from casework.rules.advisers import SERVICES, Agency
from casework.services import documents, held_requests
from casework.services.audit_trail import Actor
from casework.services.documents import Sent
from casework.services.errors import Refused
from casework.services.held_requests import Held

#: What a document is, by the agency whose advice it holds.
DOCUMENT_KINDS = {
    Agency.FAMILY: DocumentKind.FAMILY_VIEWS,
    Agency.EDUCATION: DocumentKind.EDUCATION_ADVICE,
    Agency.HEALTH: DocumentKind.HEALTH_ADVICE,
    Agency.PSYCHOLOGY: DocumentKind.PSYCHOLOGY_ADVICE,
    Agency.SOCIAL_CARE: DocumentKind.SOCIAL_CARE_ADVICE,
    Agency.OTHER: DocumentKind.OTHER_ADVICE,
}


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


def document_kind(service: str) -> DocumentKind:
    """Return what a document of advice from a kind of service is."""
    return DOCUMENT_KINDS[SERVICES[service].agency]


def refuse_empty(advice: NewAdvice) -> None:
    """Raise Refused where it holds neither words nor a document."""
    has_words = advice.entries or advice.summary or advice.child_voice
    if not (has_words or advice.sent or advice.document_id):
        db.session.rollback()
        raise Refused({"file": "Write at least one need, or choose the document that says it"})


def same(adviser_id: int, advice: NewAdvice) -> tuple[date, int] | None:
    """Return the day and number of a version that says the very same, or came by the same form.

    None where there is none.
    """
    rows = db.session.scalars(
        select(Advice).where(Advice.adviser_id == adviser_id).order_by(Advice.version)
    ).all()
    sha256 = _sha256(advice)
    struck = _struck_out(rows)
    for row in reversed(rows):
        if row.public_id == advice.public_id:
            return _day_of(row), row.version
        if row.id not in struck and _content(row) == _new_content(advice, sha256):
            return _day_of(row), row.version
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


def document_of(
    actor: Actor, adviser_id: int, advice: NewAdvice, *, tells_where: bool
) -> int | None:
    """Return the id of the document that holds the advice, added where it is not there; commits.

    The very file that is on the case already is that document, and is not added again.
    """
    if advice.sent is None:
        return advice.document_id
    with reading():
        case_id = held_requests.find(adviser_id).case_id
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


def next_version(adviser_id: int) -> int:
    """Return the number of the version of a request that comes next."""
    newest = select(func.max(Advice.version)).where(Advice.adviser_id == adviser_id)
    return (db.session.scalar(newest) or 0) + 1


def rows_of(
    held: Held,
    actor: Actor,
    new: NewAdvice,
    document_id: int | None,
    route: str,
    version: int,
    *,
    is_author: bool,
) -> Callable[[int], Iterable[Model]]:
    """Return what makes the rows of a version, given the event that brings it."""
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
