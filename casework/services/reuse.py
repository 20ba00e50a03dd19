"""Advice that is there already, and is not asked for again because all three agree on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.extensions import db
from casework.models import AdviceReuse, Document
from casework.queries import asking as askings
from casework.rules.advisers import SERVICES
from casework.rules.civil_dates import spoken_date
from casework.rules.plan_sections import in_order
from casework.services import events
from casework.services.audit_trail import Actor
from casework.services.errors import Refused
from casework.services.events import NewEvent

#: Whose agreement it takes, by the field of its day (SEND Regulations 2014, reg 6(4)).
AGREEMENTS: Mapping[str, str] = {
    "author_agreed_on": "whoever gave the advice",
    "authority_agreed_on": "the authority",
    "family_agreed_on": "the parent or young person",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """Advice that is there already, and when each of the three agreed that it is enough."""

    #: A key of casework.rules.advisers.SERVICES.
    kind: str
    advice_service_id: int | None
    #: Who wrote it, where the service does not say it.
    author: str | None
    described: str
    #: The identifier of a document on the case; None where words alone describe it.
    document: str | None
    sections: Sequence[str]
    #: The days by the names of AGREEMENTS; None for one that is not given.
    agreed: Mapping[str, date | None]


def reuse(*, actor: Actor, today: date, case_id: int, version: int, existing: Existing) -> None:
    """Record that existing advice is used and not asked for again, and commit.

    Its day is that of the last of the three agreements. Raises Refused where one is missing or
    lies ahead, where what the advice is is not said, and where the same service is being asked or
    the assessment has ended; ChangedMeanwhile.
    """
    if refused := _incomplete(existing, today):
        raise Refused(refused)
    events.claim(case_id, version)
    try:
        if refused := _refused(case_id, existing):
            raise Refused(refused)
        events.record(actor, today, case_id, [as_event(existing, _document(case_id, existing))])
    except Refused:
        db.session.rollback()
        raise
    db.session.commit()


def without_agreement(name: str) -> str:
    """Return what to do where one of the AGREEMENTS is missing, in words."""
    return (
        f"Enter the day on which {AGREEMENTS[name]} agreed. All three must agree: without that, "
        "ask for the advice instead"
    )


def as_event(existing: Existing, document_id: int | None = None) -> NewEvent:
    """Return the event of using existing advice, all of whose agreements are given."""
    agreed = {name: day for name, day in existing.agreed.items() if day}
    particulars = {
        "document_id": document_id,
        "described": existing.described,
        "sections": " ".join(in_order(existing.sections)),
    }
    return NewEvent(
        kind="advice_reused",
        on=max(agreed.values()),
        service=existing.kind,
        advice_service_id=existing.advice_service_id,
        is_of_no_service=existing.advice_service_id is None,
        adviser_name=existing.author,
        brings=lambda event_id: [AdviceReuse(event_id=event_id, **particulars, **agreed)],
    )


def _incomplete(existing: Existing, today: date) -> dict[str, str]:
    """What it lacks by itself, in words by field; nothing where it is whole."""
    refused = _not_agreed(existing, today)
    if SERVICES[existing.kind].paragraph == "a":
        refused["kind"] = "The family’s own views are asked for every time: regulation 6(4)"
    if not existing.described and not existing.document:
        refused["described"] = "Enter what the advice is, or choose a document"
    if not in_order(existing.sections):
        refused["sections"] = "Choose the sections that it can feed"
    return refused


def _not_agreed(existing: Existing, today: date) -> dict[str, str]:
    refused = {}
    for name, whose in AGREEMENTS.items():
        day = existing.agreed.get(name)
        if day is None:
            refused[name] = without_agreement(name)
        elif day > today:
            refused[name] = f"The day on which {whose} agreed must be today or in the past"
    return refused


def _refused(case_id: int, existing: Existing) -> dict[str, str]:
    """What the case says against it, in words by field."""
    if askings.has_ended(case_id):
        return {"kind": "The assessment has ended, so no advice is added to it"}
    whom = askings.whom(existing.kind, existing.advice_service_id, existing.author)
    since = askings.outstanding(case_id).get(whom)
    if since is None:
        return {}
    asked = f"They were asked on {spoken_date(since)} and have not answered"
    return {"kind": f"{asked}. Withdraw that request first"}


def _document(case_id: int, existing: Existing) -> int | None:
    if existing.document is None:
        return None
    on_case = Document.case_id == case_id, Document.public_id == existing.document
    found = db.session.scalar(select(Document.id).where(*on_case, Document.withdrawn_at.is_(None)))
    if found is None:
        raise Refused({"document": "Choose a document that is on this case"})
    return found
