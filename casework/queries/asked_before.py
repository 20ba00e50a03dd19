"""Who was asked for advice on a case before now, and what became of each request."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework.extensions import db
from casework.models import AdviceReuse, Adviser, CaseEvent, Document
from casework.queries import messages
from casework.queries.cases import CaseView
from casework.queries.clock_lines import service_words
from casework.queries.messages import Delivery
from casework.rules.asking import Asked, Stood, how_each_stands
from casework.rules.history import standing_events


@dataclass(frozen=True, slots=True)
class Existing:
    """What existing advice is, and the sections of the plan that it can feed."""

    described: str
    #: The letters by a space.
    sections: str
    #: The title and identifier of its document; None where words alone describe it.
    title: str | None
    document: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """Somebody who was asked before, or whose existing advice is used."""

    adviser: Adviser
    stood: Stood
    #: The day by which they owe an answer; None where no limit runs.
    due_on: date | None
    #: How the email of the request stands; empty where none went.
    emails: Sequence[Delivery] = ()
    #: The existing advice that is used; None where they were asked.
    existing: Existing | None = None

    @property
    def words(self) -> str:
        """Return who it is, in words."""
        service = self.adviser.advice_service
        return service.name if service else service_words(self.adviser)

    @property
    def is_outstanding(self) -> bool:
        """Return whether they still owe an answer."""
        return self.stood.asked is Asked.OUTSTANDING


def asked_before(view: CaseView, now: datetime) -> list[Before]:
    """Return those asked before, in the order in which they were.

    Four statements, however many were asked.
    """
    events = standing_events(view.entered)
    due = {
        line.adviser.id: line.clock.due.on
        for line in view.clocks
        if line.adviser and line.clock.is_owed
    }
    stands = how_each_stands(events)
    emails, existing = _emails(view, now), _existing(stands)
    advisers = _with_services(stands)
    return [
        Before(
            adviser=advisers[adviser_id],
            stood=stood,
            due_on=due.get(adviser_id),
            emails=emails.get(adviser_id, []),
            existing=existing.get(adviser_id),
        )
        for adviser_id, stood in stands.items()
    ]


def request_before(view: CaseView, adviser_id: str) -> tuple[Adviser, Stood] | None:
    """Return an adviser of the case by the identifier in an address, with how they stand."""
    stood = how_each_stands(standing_events(view.entered))
    found = next((a for a in view.advisers.values() if a.public_id == adviser_id), None)
    return (found, stood[found.id]) if found and found.id in stood else None


def about_request(event_id: int) -> str:
    """Return what the email of a request is about, by the number of its entry."""
    return f"request for advice {event_id}"


def _emails(view: CaseView, now: datetime) -> dict[int | None, list[Delivery]]:
    """How the emails of each adviser's requests stand; corrected entries had theirs sent too."""
    requests = [e for e in view.entered if e.kind == "advice_requested"]
    told = messages.deliveries([about_request(e.id) for e in requests], now)
    found: dict[int | None, list[Delivery]] = {}
    for event in requests:
        found.setdefault(event.adviser_id, []).extend(told[about_request(event.id)])
    return found


def _existing(ids: Collection[int]) -> dict[int, Existing]:
    rows = db.session.execute(
        select(
            CaseEvent.adviser_id,
            AdviceReuse.described,
            AdviceReuse.sections,
            Document.title,
            Document.public_id,
        )
        .join(CaseEvent, CaseEvent.id == AdviceReuse.event_id)
        .outerjoin(Document, Document.id == AdviceReuse.document_id)
        .where(CaseEvent.adviser_id.in_(ids))
    )
    return {int(adviser_id or 0): Existing(*kept) for adviser_id, *kept in rows}


def _with_services(ids: Collection[int]) -> dict[int, Adviser]:
    wanted = select(Adviser).where(Adviser.id.in_(ids))
    found = db.session.scalars(wanted.options(joinedload(Adviser.advice_service)))
    return {adviser.id: adviser for adviser in found}
