"""What became of email: sent, waiting, failed or unknown, for each person it was for."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from casework.codes import Code
from casework.extensions import db
from casework.models import Message, ServiceContact

#: A sender that has said nothing for so long about what it took up will say nothing any more.
GIVEN_UP = timedelta(minutes=10)
#: The code of a message that went with no answer.
NO_ANSWER = "no answer"
#: Why a message failed that can never go as it is.
NEVER_AGAIN = ("characters not allowed", "dropped")

_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "closed account": "The account is closed.",
        "no longer used": "The service is no longer written to at this address.",
        "no address": "The account has no email address that a mail server takes.",
        "domain not allowed": "Email may not go to this domain: see the setting mail_domains.",
        "characters not allowed": "It holds characters that have no place in an email.",
        "refused": "The mail server refused it",
        "put off": "The mail server would not take it yet; it is tried again",
        "given up": "The mail server would not take it for four days",
        NO_ANSWER: "It went and no answer came, so it may have arrived. It does not go again by "
        "itself.",
        "dropped": "It waited in a database that was restored, and was not sent from there.",
    }
)
#: What is said of one that goes once more after no answer.
GOES_AGAIN = (
    "It went and no answer came, so it may have arrived. It goes once more, and may come twice."
)
#: What is said of one that was sent after a copy that had no answer.
PERHAPS_TWICE = "No answer came to an earlier copy, so it may have come twice."


class State(Code):
    """How an email stands."""

    SENT = "sent", "Sent"
    WAITING = "waiting", "Waiting to be sent"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How one person's or one service's email stands."""

    #: The message's number, which orders those of one name.
    id: int
    name: str
    address: str
    state: State
    #: When it was sent or failed; None where it waits or nobody knows.
    at: datetime | None
    #: Why it is not sent, in a sentence; empty where there is nothing to say.
    why: str


def delivery(about: str, now: datetime) -> Sequence[Delivery]:
    """Return how the email about one thing stands, for each person and service by name."""
    return deliveries([about], now)[about]


def deliveries(about: Collection[str], now: datetime) -> dict[str, list[Delivery]]:
    """Return how the email about each of these things stands, each by name. One statement."""
    found: dict[str, list[Delivery]] = {one: [] for one in about}
    service = joinedload(Message.to_contact).joinedload(ServiceContact.service)
    wanted = select(Message).where(Message.about.in_(about))
    for message in db.session.scalars(wanted.options(joinedload(Message.to), service)):
        found[message.about].append(_delivery(message, now))
    for told in found.values():
        told.sort(key=lambda one: (one.name.casefold(), one.id))
    return found


def counted(deliveries: Sequence[Delivery]) -> Mapping[State, int]:
    """Return how many stand in each state, none left out."""
    found = Counter(one.state for one in deliveries)
    return {state: found[state] for state in State}


def state_of(message: Message, now: datetime) -> State:
    """Return how a message stands at an instant."""
    if message.sent_at:
        return State.SENT
    if message.failed_at:
        return State.FAILED
    is_abandoned = message.claimed_at is not None and now - message.claimed_at > GIVEN_UP
    if message.unanswered_at or is_abandoned:
        return State.UNKNOWN
    return State.WAITING


def waiting() -> ColumnElement[bool]:
    """Return the condition on Message that holds for those that wait for a sender."""
    return and_(unsent(), Message.claimed_at.is_(None))


def unsent() -> ColumnElement[bool]:
    """Return the condition on Message that holds for those that are still to go."""
    return and_(Message.sent_at.is_(None), Message.failed_at.is_(None))


def due(now: datetime) -> ColumnElement[bool]:
    """Return the condition on Message that holds for those that a sender may take up now."""
    return and_(waiting(), Message.next_at <= now)


def taken_up() -> ColumnElement[bool]:
    """Return the condition on Message that holds for those that a sender has, or died with."""
    return and_(unsent(), Message.claimed_at.is_not(None))


def any_due(now: datetime) -> bool:
    """Return whether a sender has anything to take up now."""
    return db.session.scalar(select(Message.id).where(due(now)).limit(1)) is not None


def how_many_wait() -> int:
    """Return how many messages wait for a sender, now or later."""
    return db.session.scalar(select(func.count()).select_from(Message).where(waiting())) or 0


def waiting_since() -> datetime | None:
    """Return when the message that has waited longest was put; None where none waits."""
    return db.session.scalar(select(func.min(Message.created_at)).where(waiting()))


def reason(failure: str | None) -> str:
    """Return the sentence for a failure's code; a mail server's own code stands in brackets."""
    if not failure:
        return ""
    for kind in ("refused", "put off", "given up"):
        if failure.startswith(f"{kind} "):
            return f"{_REASONS[kind]} ({failure.removeprefix(f'{kind} ')})."
    return _REASONS[failure]


def _delivery(message: Message, now: datetime) -> Delivery:
    state = state_of(message, now)
    return Delivery(
        id=message.id,
        name=name_of(message),
        address=message.to_address,
        state=state,
        at=message.sent_at or message.failed_at,
        why=why(message, state),
    )


def why(message: Message, state: State) -> str:
    """Return what there is to say of how a message stands, in a sentence; empty for nothing."""
    if state is State.SENT:
        return PERHAPS_TWICE if message.unanswered_at else ""
    return GOES_AGAIN if state is State.UNKNOWN else reason(message.failure)


def name_of(message: Message) -> str:
    """Return whom a message is to: a person, or a service and who is there."""
    if message.to:
        return message.to.name
    contact = message.to_contact
    assert contact is not None, "the table lets no message be to nobody"
    return f"{contact.service.name}, {contact.name}" if contact.name else contact.service.name
