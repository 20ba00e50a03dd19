"""What advice each service owes, how often it was reminded, and whom to remind."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from casework.access import Scope
from casework.codes import ContactPart
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import (
    AdviceExpected,
    AdviceService,
    Adviser,
    Case,
    CaseEvent,
    Deadline,
    Message,
    ServiceContact,
)
from casework.queries.scope import answering, is_theirs, without_interest
from casework.rules import chasing
from casework.rules.advisers import SERVICES
from casework.rules.book import BOOK
from casework.rules.chasing import Plan, Reached, Request
from casework.rules.clocks import ANY_ADVICE

#: The kind of email by which a service is reminded.
KIND = "advice_owed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One request for advice that a service has not answered."""

    adviser_id: int
    #: As an address names it.
    adviser: str
    case_id: int
    case: str
    reference: str
    request: Request
    asked_on: date
    #: How often the service was reminded of it, and the point for which it is to be now.
    reminders: int
    due_now: Reached | None
    is_late: bool
    #: Whether its six weeks are guidance and not law.
    is_guidance: bool
    #: How it stands, in words: "11 days late", "due in 3 days".
    stands: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """One service with all that it owes, the first due first."""

    #: None for requests of which it was never recorded which service was asked.
    service: AdviceService | None
    name: str
    requests: Sequence[Owed]
    mailbox: ServiceContact | None = None
    #: Who is told when the mailbox does not answer: the one who stands in, while there is one.
    higher: ServiceContact | None = None
    #: How many emails have reminded it, and the newest.
    emails: int = 0
    last_email: Message | None = None

    def soon(self, today: date) -> list[Owed]:
        """Return what falls due within a week."""
        until = today + chasing.WEEK
        return [one for one in self.requests if today <= one.request.due_on <= until]

    @property
    def late(self) -> list[Owed]:
        """Return what is past its due day."""
        return [one for one in self.requests if one.is_late]

    @property
    def due_now(self) -> list[Owed]:
        """Return that of which it is to be reminded now."""
        return [one for one in self.requests if one.due_now]

    @property
    def told_on(self) -> date | None:
        """Return the day on which it was last reminded of anything it still owes."""
        days = [one.request.told_on for one in self.requests if one.request.told_on]
        return max(days, default=None)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One service that was ticked."""

    id: int
    name: str


def owing(
    scope: Scope, today: date, plan: Plan, services: Collection[int] | None = None
) -> list[Owing]:
    """Return each service that owes advice in scope, the most pressing first. Six statements.

    With `services`, only those, by id. What a closed service owes stands under the one that
    answers for it now. What the person has declared an interest in is left out.
    """
    heirs = answering()
    groups: dict[tuple[int | None, str], list[Owed]] = defaultdict(list)
    for row in db.session.execute(_rows(scope)):
        service_id = heirs.get(row.advice_service_id)
        if services is None or service_id in services:
            kind = row.service if service_id is None else ""
            groups[service_id, kind].append(_owed(row, today, plan))
    known = _services({service_id for service_id, _ in groups if service_id is not None})
    emails = _emails(known.values())
    found = [_owing(known, emails, key, groups[key], today) for key in groups]
    return sorted(found, key=_pressing)


def by_public_id(public_ids: Sequence[str]) -> list[Chosen]:
    """Return those of these services that there are, by name: of a closed one, its successor."""
    named = select(AdviceService.id).where(AdviceService.public_id.in_(public_ids))
    heirs = answering()
    ids = {heirs[service_id] for service_id in db.session.scalars(named)}
    rows = db.session.execute(
        select(AdviceService.id, AdviceService.name)
        .where(AdviceService.id.in_(ids))
        .order_by(AdviceService.name, AdviceService.id)
    )
    return [Chosen(*row) for row in rows]


def about(service_id: int, today: date) -> str:
    """Return what the email that reminds a service tells of, as the outbox has it."""
    return f"advice owed by service {service_id} on {today.isoformat()}"


def in_force(
    contacts: Iterable[ServiceContact], part: ContactPart, day: date
) -> ServiceContact | None:
    """Return the contact of a service that serves as a part on a day, the newest where several."""
    there = [
        one
        for one in contacts
        if one.part == part
        and one.from_day <= day
        and (one.until_day is None or one.until_day >= day)
    ]
    return max(there, key=lambda one: (one.from_day, one.id), default=None)


def _rows(scope: Scope) -> Select[*tuple[Any, ...]]:
    seen = [is_theirs(scope)]
    if scope.hidden_from is not None:
        seen.append(without_interest(scope.hidden_from))
    return (
        select(
            *(Adviser.id, Adviser.public_id, Adviser.service, Adviser.advice_service_id),
            *(Case.id.label("case_id"), Case.public_id.label("case"), Case.reference),
            *(Deadline.duty, Deadline.started_on, Deadline.due_on, Deadline.asked_on),
            Deadline.lifted_by,
            _reminded(func.count()).label("reminders"),
            _reminded(func.max(CaseEvent.happened_on)).label("told_on"),
            _expected().label("expected_on"),
        )
        .join(Adviser, Adviser.id == Deadline.adviser_id)
        .join(Case, Case.id == Adviser.case_id)
        .where(
            Deadline.duty.in_(ANY_ADVICE),
            *(Deadline.met_on.is_(None), Deadline.closed_on.is_(None), Case.ended_on.is_(None)),
            *seen,
        )
        .order_by(Deadline.due_on, Case.reference, Adviser.id)
    )


def _of_request(kind: str) -> ColumnElement[bool]:
    """The condition on CaseEvent for those of a kind that stand, since this request was made."""
    later = aliased(CaseEvent)
    return and_(
        *(CaseEvent.adviser_id == Adviser.id, CaseEvent.kind == kind),
        CaseEvent.happened_on >= func.coalesce(Deadline.asked_on, Deadline.started_on),
        ~exists(select(later.id).where(later.corrects_id == CaseEvent.id)),
    )


def _reminded(column: ColumnElement[Any]) -> ColumnElement[Any]:
    reminders = select(column).select_from(CaseEvent).where(_of_request("advice_chased"))
    return reminders.correlate(Adviser, Deadline).scalar_subquery()


def _expected() -> ColumnElement[Any]:
    said = (
        select(AdviceExpected.expected_on)
        .select_from(CaseEvent)
        .join(AdviceExpected, AdviceExpected.event_id == CaseEvent.id)
        .where(_of_request("advice_expected"))
        .order_by(CaseEvent.happened_on.desc(), CaseEvent.id.desc())
        .limit(1)
    )
    return said.correlate(Adviser, Deadline).scalar_subquery()


def _owed(row: Row[Any], today: date, plan: Plan) -> Owed:
    request = Request(
        started_on=row.started_on,
        due_on=row.due_on,
        told_on=row.told_on,
        is_lifted=bool(row.lifted_by),
        expected_on=row.expected_on,
    )
    is_guidance = BOOK[row.duty].kind != "law"
    return Owed(
        adviser_id=row.id,
        adviser=row.public_id,
        case_id=row.case_id,
        case=row.case,
        reference=row.reference,
        request=request,
        asked_on=row.asked_on or row.started_on,
        reminders=row.reminders,
        due_now=chasing.due_now(request, plan, today, england_and_wales()),
        is_late=request.is_late(today),
        is_guidance=is_guidance,
        stands=chasing.stands(request, today, is_guidance=is_guidance),
    )


def _services(ids: Collection[int]) -> Mapping[int, AdviceService]:
    wanted = select(AdviceService).where(AdviceService.id.in_(ids))
    loaded = (joinedload(AdviceService.provider), selectinload(AdviceService.contacts))
    return {one.id: one for one in db.session.scalars(wanted.options(*loaded))}


def _emails(services: Iterable[AdviceService]) -> Mapping[int, tuple[int, Message]]:
    """Return how many emails each mailbox has had and the newest, by the contact's id."""
    mailboxes = [
        one.id for of in services for one in of.contacts if one.part == ContactPart.MAILBOX
    ]
    counted = (
        select(func.count().label("emails"), func.max(Message.id).label("newest"))
        .where(Message.to_contact_id.in_(mailboxes), Message.kind == KIND)
        .group_by(Message.to_contact_id)
        .subquery()
    )
    newest = select(counted.c.emails, Message).join(counted, counted.c.newest == Message.id)
    return {row[1].to_contact_id: (row[0], row[1]) for row in db.session.execute(newest)}


def _owing(
    known: Mapping[int, AdviceService],
    emails: Mapping[int, tuple[int, Message]],
    key: tuple[int | None, str],
    requests: Sequence[Owed],
    today: date,
) -> Owing:
    service_id, kind = key
    if service_id is None:
        return Owing(service=None, name=SERVICES[kind].words, requests=requests)
    service = known[service_id]
    mailbox = in_force(service.contacts, ContactPart.MAILBOX, today)
    cover = in_force(service.contacts, ContactPart.COVER, today)
    many, newest = emails.get(mailbox.id, (0, None)) if mailbox else (0, None)
    return Owing(
        service=service,
        name=service.name,
        requests=requests,
        mailbox=mailbox,
        higher=cover or in_force(service.contacts, ContactPart.ESCALATION, today),
        emails=many,
        last_email=newest,
    )


def _pressing(one: Owing) -> tuple[bool, int, int, str]:
    return not one.due_now, -len(one.late), -len(one.requests), one.name.casefold()
