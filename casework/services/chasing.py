"""Reminding services of the advice that they owe: one email to each, of everything, once a day."""

import hashlib
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from casework import current
from casework.access import EVERY_CASE, Scope
from casework.emails import links, messages
from casework.emails.messages import Email
from casework.extensions import db
from casework.filters import counted
from casework.holidays import england_and_wales
from casework.models import AdviceService, Adviser, Case, Deadline, ServiceContact
from casework.queries import chasing as queries
from casework.queries.chasing import Owed, Owing
from casework.queries.scope import answering
from casework.rules.chasing import goes_higher
from casework.rules.clocks import ANY_ADVICE
from casework.services import audit_trail, events, outbox
from casework.services.audit_trail import SCHEDULER, Act, Actor
from casework.services.errors import Refused
from casework.services.events import NewEvent
from casework.services.outbox import ToContact

log = logging.getLogger(__name__)

NO_MAILBOX = "No mailbox is recorded for today."
NO_SERVICE = "Which service was asked is not recorded."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What one service is about to be told: the email, to whom, and of what."""

    owing: Owing
    email: Email
    #: The mailbox, and after the due day whoever is told when that does not answer.
    to: Sequence[ServiceContact]
    #: The requests of which it is recorded that the service was reminded.
    told: Sequence[Owed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chased:
    """What one press did."""

    #: The services that were reminded, by name, and of how many requests in all.
    services: Sequence[str]
    requests: int
    emails: int


def obstacle(one: Owing) -> str:
    """Return why a service cannot be reminded, in a sentence; empty where it can."""
    if one.service is None:
        return NO_SERVICE
    if one.mailbox is None:
        return NO_MAILBOX
    return outbox.obstacle(one.mailbox)


def owed(today: date, scope: Scope = EVERY_CASE) -> list[Owing]:
    """Return each service with what it owes in scope, the most pressing first."""
    return queries.owing(scope, today, current.settings().reminders)


def reminders(
    *,
    today: date,
    service_ids: Collection[int],
    scope: Scope = EVERY_CASE,
    also: Collection[str] = (),
    only_due: bool = False,
) -> list[Reminder]:
    """Return what each of these services would be told now; none of one told everything today.

    `also` are requests, as addresses name them, of which it is told whatever their day. With
    `only_due` a service is told only where a point was reached, and of that alone is it recorded.
    """
    plan = current.settings().reminders
    found = []
    for one in queries.owing(scope, today, plan, frozenset(service_ids)):
        told = [] if obstacle(one) else _told(one, today, frozenset(also), only_due=only_due)
        if told:
            found.append(_reminder(one, told, today))
    return found


def fingerprint(found: Iterable[Reminder]) -> str:
    """Return what stands for these emails, so that what was looked at is what is sent."""
    parts = [
        (one.email.subject, one.email.text, *(f"{to.id} {to.email}" for to in one.to))
        for one in found
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def chase(
    *,
    actor: Actor,
    today: date,
    service_ids: Collection[int],
    scope: Scope = EVERY_CASE,
    also: Collection[str] = (),
    only_due: bool = False,
    seen: str | None = None,
) -> Chased:
    """Remind services of all that they owe in scope, and commit.

    One email each, written down with an event on each case that it reminds of; a service that was
    told today is not told again. `seen` is the fingerprint of what the person looked at. Raises
    Refused, with nothing done, where it is no longer what would be sent.
    """
    locked = _locked(service_ids)
    found = reminders(
        today=today, service_ids=service_ids, scope=scope, also=also, only_due=only_due
    )
    if seen is not None and found and fingerprint(found) != seen:
        db.session.rollback()
        raise Refused({"services": "What is owed has changed since. Look at the emails again"})
    done = [one for one in found if set(_cases(one)) <= locked]
    emails = _send(actor, today, done)
    db.session.commit()
    return Chased(
        services=[one.owing.name for one in done],
        requests=sum(len(one.told) for one in done),
        emails=emails,
    )


def chase_all(today: date) -> str:
    """Remind every service for which a point was reached. Returns words for the log.

    Each service is a transaction of its own, and one that cannot be done keeps no other from being
    reminded: RuntimeError is raised once all were tried. On a day that is no working day nobody is
    reminded.
    """
    if not england_and_wales().is_working_day(today):
        return "not a working day: nobody reminded"
    every = owed(today)
    db.session.rollback()
    due = [one for one in every if one.due_now]
    can = [one.service.id for one in due if one.service and not obstacle(one)]
    done = [_chase_apart(today, service_id) for service_id in can]
    reminded = sum(bool(one.emails) for one in done if one)
    requests = sum(one.requests for one in done if one)
    words = f"{counted(reminded, 'service')} reminded of {counted(requests, 'request')}"
    if cannot := len(due) - len(can):
        words += f"; {counted(cannot, 'service')} cannot be reminded"
    if faults := done.count(None):
        raise RuntimeError(f"{words}; {counted(faults, 'service')} left out by a fault of ours")
    return words


def _chase_apart(today: date, service_id: int) -> Chased | None:
    """Remind one service; None, logged, where something unforeseen is wrong with what it owes."""
    try:
        return chase(actor=SCHEDULER, today=today, service_ids=[service_id], only_due=True)
    except (OperationalError, InterfaceError):
        raise  # the database is away, for every service alike
    except Exception:
        db.session.rollback()
        log.exception("a service could not be reminded", extra={"values": {"id": service_id}})
        return None


def _told(one: Owing, today: date, also: Collection[str], *, only_due: bool) -> list[Owed]:
    if only_due:
        return one.due_now
    untold = [owed for owed in one.requests if owed.request.told_on != today]
    pressing = [owed for owed in untold if owed.due_now or owed.is_late or owed.adviser in also]
    return pressing or untold


def _reminder(one: Owing, told: Sequence[Owed], today: date) -> Reminder:
    assert one.mailbox is not None
    email = messages.advice_owed(
        service=one.name,
        late=[_line(owed, told) for owed in one.requests if owed.is_late],
        due=[_line(owed, told) for owed in one.requests if not owed.is_late],
        link=links.to("asked.index"),
    )
    higher = one.higher if _goes_higher(told, today) else None
    to = [one.mailbox, *([higher] if higher and higher.email != one.mailbox.email else [])]
    return Reminder(owing=one, email=email, to=to, told=told)


def _goes_higher(told: Iterable[Owed], today: date) -> bool:
    points = ((owed.request, owed.due_now) for owed in told)
    return any(point and goes_higher(request, point, today) for request, point in points)


def _line(one: Owed, told: Sequence[Owed]) -> dict[str, Any]:
    return {
        "reminder": one.reminders + (one in told),
        "reference": one.reference,
        "asked_on": one.asked_on,
        "due_on": one.request.due_on,
        "stands": one.stands,
    }


def _locked(service_ids: Collection[int]) -> set[int]:
    """Hold these services, then the cases on which they owe advice, until the transaction ends.

    Of two people who remind a service at once, the second waits here and then finds it told. The
    lock lets others go on asking the service for advice. Returns the cases, by id.
    """
    wanted = frozenset(service_ids)
    heirs = {before for before, now in answering().items() if now in wanted}
    services = select(AdviceService.id).where(AdviceService.id.in_(wanted))
    db.session.execute(services.order_by(AdviceService.id).with_for_update(key_share=True)).all()
    owing = (
        select(Adviser.case_id)
        .join(Deadline, Deadline.adviser_id == Adviser.id)
        .where(
            *(Adviser.advice_service_id.in_(heirs), Deadline.duty.in_(ANY_ADVICE)),
            *(Deadline.met_on.is_(None), Deadline.closed_on.is_(None)),
        )
    )
    cases = select(Case.id).where(Case.id.in_(owing), Case.ended_on.is_(None))
    return set(db.session.scalars(cases.order_by(Case.id).with_for_update(key_share=True)))


def _cases(one: Reminder) -> list[int]:
    return [owed.case_id for owed in one.told]


def _send(actor: Actor, today: date, found: Sequence[Reminder]) -> int:
    """Write the emails down with the events of their cases; return how many emails are new."""
    letters = [
        ToContact(queries.about(one.owing.service.id, today), contact, one.email)
        for one in found
        if one.owing.service
        for contact in one.to
    ]
    emails = outbox.put_to_contacts(letters)
    acts = [act for one in found for act in _acts(actor, today, one)]
    if acts:
        audit_trail.record_all(actor, acts)
    return emails


def _acts(actor: Actor, today: date, one: Reminder) -> list[Act]:
    """Enter that the service was reminded on each case. No clock turns on it: none is refreshed."""
    assert one.owing.service is not None
    told = {"emails": (None, len(one.to)), "requests": (None, len(one.told))}
    subject = f"advice service {one.owing.service.id}"
    acts = [Act(action="reminded service", subject=subject, changes=told)]
    db.session.execute(
        update(Case)
        .where(Case.id.in_(_cases(one)))
        .values(version=Case.version + 1)
        .execution_options(synchronize_session=False)
    )
    for owed in one.told:
        event = NewEvent(
            kind="advice_chased", on=today, adviser_id=owed.adviser_id, note=_note(owed, one)
        )
        ids = events.enter(owed.case_id, actor, [event])
        acts += events.acts_of(owed.case_id, [event], ids, [])
    return acts


def _note(owed: Owed, one: Reminder) -> str:
    higher = f" and to {one.to[1].name or 'the escalation contact'}" if len(one.to) > 1 else ""
    point = f" ({owed.due_now.words})" if owed.due_now else ""
    return f"Reminder {owed.reminders + 1}, by email to the team mailbox{higher}{point}"
