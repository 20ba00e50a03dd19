"""Email to the mailboxes of services: that they are asked, and that they need not answer."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from casework.codes import ContactPart
from casework.emails import links, messages
from casework.emails.messages import Email
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import AdviceService, Adviser, Case, CaseEvent, ServiceContact
from casework.queries.advice_services import in_force
from casework.queries.asked_before import about_request
from casework.queries.scope import answering
from casework.rules.advisers import SERVICES
from casework.rules.book import duty as find_duty
from casework.rules.deadlines import due
from casework.services import outbox
from casework.services.outbox import ToContact


def tell_asked(
    case: Case,
    event_ids: Sequence[int],
    on: date,
    today: date,
    services: Mapping[int, AdviceService],
) -> None:
    """Put an email for each of these requests, where its service has a mailbox today.

    In the open transaction; commits nothing. Two statements.
    """
    rows = db.session.execute(
        select(CaseEvent.id, Adviser)
        .join(Adviser, Adviser.id == CaseEvent.adviser_id)
        .where(CaseEvent.id.in_(event_ids))
    )
    letters = []
    for event_id, adviser in rows:
        service = services.get(adviser.advice_service_id or 0)
        mailbox = in_force(service, ContactPart.MAILBOX, today) if service else None
        if mailbox:
            letters.append(ToContact(about_request(event_id), mailbox, _asked(case, adviser, on)))
    outbox.put_to_contacts(letters)


def tell_withdrawn(adviser: Adviser, event_id: int, asked_on: date, today: date) -> None:
    """Put an email that a request is withdrawn, where its service has a mailbox today.

    In the open transaction; commits nothing.
    """
    mailbox = mailbox_of(adviser, today)
    if mailbox is None:
        return
    email = messages.advice_withdrawn(
        reference=db.session.get_one(Case, adviser.case_id).reference,
        asked_on=asked_on,
        link=_page_of(adviser),
    )
    outbox.put_to_contacts([ToContact(f"withdrawal of request {event_id}", mailbox, email)])


def mailbox_of(adviser: Adviser, today: date) -> ServiceContact | None:
    """Return the mailbox of the service that answers today for the one that was asked, or None."""
    asked = adviser.advice_service_id
    if asked is None:
        return None
    service = db.session.get_one(AdviceService, answering()[asked])
    return in_force(service, ContactPart.MAILBOX, today)


def _asked(case: Case, adviser: Adviser, on: date) -> Email:
    """The day of asking stands for that of receipt, until the service says that it was later."""
    rule = SERVICES[adviser.service].duty(case.kind, detained=case.youth_accommodation)
    duty = find_duty(rule)
    given = {"advice_requested": on, "advice_request_received": on}
    due_on = due(duty, given, england_and_wales()).on if duty.governs(on) else None
    return messages.advice_asked(
        reference=case.reference,
        on=on,
        due_on=due_on,
        is_law=duty.kind == "law",
        link=_page_of(adviser),
    )


def _page_of(adviser: Adviser) -> str:
    return links.to("asked.show_request", adviser_id=adviser.public_id)
