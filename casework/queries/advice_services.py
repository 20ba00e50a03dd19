"""The services that give advice: which there are, whose, and whom to write to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from casework.codes import ContactPart
from casework.extensions import db
from casework.models import AdviceService, Provider, ServiceContact, User


def open_on(day: date) -> ColumnElement[bool]:
    """Return the condition on AdviceService that holds for those that may be asked on a day."""
    not_over = or_(AdviceService.until_day.is_(None), AdviceService.until_day >= day)
    return and_(AdviceService.from_day <= day, not_over)


def is_open_on(service: AdviceService, day: date) -> bool:
    """Return whether a service may be asked on a day."""
    return service.from_day <= day and (service.until_day is None or service.until_day >= day)


def open_services(day: date) -> Sequence[AdviceService]:
    """Return the services that may be asked on a day with provider and contacts, by name.

    Two statements.
    """
    return db.session.scalars(
        select(AdviceService)
        .where(open_on(day))
        .options(joinedload(AdviceService.provider), selectinload(AdviceService.contacts))
        .order_by(func.lower(AdviceService.name))
    ).all()


def only_one(kind: str, setting_id: int | None, day: date) -> int | None:
    """Return the id of the service of a kind that a case is asked of, where there is no choice.

    A school is asked about its own pupils; of other kinds it is the only one that is open.
    """
    of_kind = select(AdviceService.id).where(AdviceService.kind == kind, open_on(day))
    own = of_kind.where(AdviceService.setting_id == setting_id) if setting_id else None
    if own is not None and (found := db.session.scalar(own)):
        return found
    common = db.session.scalars(of_kind.where(AdviceService.setting_id.is_(None)).limit(2)).all()
    return common[0] if len(common) == 1 else None


def choices(day: date) -> list[tuple[str, str]]:
    """Return (identifier, name and provider) of the services open on a day, as a select takes
    them."""
    rows = db.session.execute(
        select(AdviceService.public_id, AdviceService.name, Provider.name.label("provider"))
        .join(Provider, Provider.id == AdviceService.provider_id)
        .where(open_on(day))
        .order_by(func.lower(AdviceService.name))
    )
    return [(row.public_id, f"{row.name} ({row.provider})") for row in rows]


def find(public_id: str) -> AdviceService | None:
    """Return a service with its provider, contacts and successor, or None."""
    return db.session.scalar(
        select(AdviceService)
        .where(AdviceService.public_id == public_id)
        .options(
            joinedload(AdviceService.provider),
            joinedload(AdviceService.setting),
            joinedload(AdviceService.replaced_by),
            selectinload(AdviceService.contacts),
        )
    )


def in_force(service: AdviceService, part: ContactPart, day: date) -> ServiceContact | None:
    """Return who is written to as this part of a service on a day, or None."""
    return next(
        (
            contact
            for contact in service.contacts
            if contact.part == part
            and contact.from_day <= day
            and (contact.until_day is None or contact.until_day >= day)
        ),
        None,
    )


def escalation(service: AdviceService, day: date) -> ServiceContact | None:
    """Return who is told when a service's mailbox does not answer, or who stands in for them."""
    cover = in_force(service, ContactPart.COVER, day)
    return cover or in_force(service, ContactPart.ESCALATION, day)


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One line of the list of services."""

    service: AdviceService
    mailbox: ServiceContact | None
    #: Who is told in the end, or who stands in for them.
    escalation: ServiceContact | None
    is_open: bool
    #: How many accounts are of it.
    members: int


def listed(day: date, words: str = "") -> list[ServiceLine]:
    """Return the services as they stand on a day, those that are open first, by name.

    `words` narrows them to names, or providers' names, that hold it. Three statements.
    """
    members = (
        select(User.advice_service_id, func.count().label("members"))
        .where(User.is_active)
        .group_by(User.advice_service_id)
        .subquery()
    )
    wanted = (
        select(AdviceService, func.coalesce(members.c.members, 0))
        .join(Provider, Provider.id == AdviceService.provider_id)
        .outerjoin(members, members.c.advice_service_id == AdviceService.id)
        .options(joinedload(AdviceService.provider), selectinload(AdviceService.contacts))
    )
    if words:
        pattern = f"%{words.lower().replace('%', '').replace('_', ' ')}%"
        like = func.lower(AdviceService.name).like(pattern), func.lower(Provider.name).like(pattern)
        wanted = wanted.where(or_(*like))
    lines = [
        ServiceLine(
            service,
            in_force(service, ContactPart.MAILBOX, day),
            escalation(service, day),
            is_open_on(service, day),
            many,
        )
        for service, many in db.session.execute(wanted.order_by(func.lower(AdviceService.name)))
    ]
    return sorted(lines, key=lambda line: not line.is_open)


def providers() -> Sequence[str]:
    """Return the names of the providers there are, in order."""
    return db.session.scalars(select(Provider.name).order_by(func.lower(Provider.name))).all()
