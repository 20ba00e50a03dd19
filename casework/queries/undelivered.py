"""Email that did not arrive, or may have come twice, for those who answer for whom it was to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from casework.access import Permission, Role, Viewer
from casework.extensions import db
from casework.models import Message, ServiceContact, User
from casework.queries import messages
from casework.queries.messages import State

#: As many as a page shows; it says how many there are.
MOST = 200
#: How long it is shown that a message may have come twice.
SHOWN_FOR = timedelta(days=14)
#: What a person can do, by the kind of failure.
_TO_DO: Mapping[str, str] = MappingProxyType(
    {
        "closed account": "If they should still be told, open the account again and try again. "
        "If not, choose “No more to do”.",
        "no longer used": "Give the service a mailbox that is in use, then try again.",
        "no address": "Put the email address right, then try again.",
        "domain not allowed": "Check the address. If it is right, whoever runs this service adds "
        "its domain to the settings; then try again.",
        "characters not allowed": "It cannot go as it is. Tell them another way, and tell whoever "
        "runs this service.",
        "refused": "Check the address with them and put it right, then try again.",
        "given up": "Ask them whether their mailbox works, or tell them another way.",
        messages.NO_ANSWER: "Ask whether they have it. If not, try again.",
        "dropped": "Tell them another way if they still need to know.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """One email that did not arrive, or may have come twice."""

    public_id: str
    #: A key of casework.emails.messages.KINDS.
    kind: str
    subject: str
    name: str
    address: str
    state: State
    at: datetime
    why: str
    to_do: str
    can_go_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a page of undelivered email shows."""

    failed: Sequence[Undelivered]
    #: How many failed, on the page or not.
    total: int
    perhaps_twice: Sequence[Undelivered]


def found(viewer: Viewer, now: datetime) -> Found:
    """Return the failed email that nobody has dealt with and what may have come twice, newest
    first, of what a person answers for. Three statements."""
    ours = _theirs(viewer)
    failed = _read(_failed().where(ours).order_by(Message.failed_at.desc(), Message.id))
    twice = and_(
        Message.unanswered_at > now - SHOWN_FOR, Message.failed_at.is_(None), _not_settled()
    )
    second = _read(select(Message).where(twice, ours).order_by(Message.unanswered_at.desc()))
    return Found(
        failed=[_line(one, now) for one in failed],
        total=how_many_failed(viewer),
        perhaps_twice=[_line(one, now) for one in second],
    )


def how_many_failed(viewer: Viewer) -> int:
    """Return how much failed email a person answers for that nobody has dealt with."""
    if not viewer.may(Permission.SEE_UNDELIVERED):
        return 0
    counted = _failed().where(_theirs(viewer)).with_only_columns(func.count())
    return db.session.scalar(counted) or 0


def failed_message(viewer: Viewer, public_id: str) -> Message | None:
    """Return a failed message that a person answers for and nobody has dealt with, or None."""
    wanted = _failed().where(_theirs(viewer), Message.public_id == public_id)
    return db.session.scalar(wanted.with_for_update(of=Message))


def all_that_can_go_again(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on Message that holds for a person's failed email, but for what may
    have arrived and what can never go."""
    stays = (*messages.NEVER_AGAIN, messages.NO_ANSWER)
    theirs = _failed().where(_theirs(viewer)).with_only_columns(Message.id)
    return and_(Message.id.in_(theirs), Message.failure.not_in(stays))


def _failed() -> Select[Message]:
    return select(Message).where(Message.failed_at.is_not(None), _not_settled())


def _not_settled() -> ColumnElement[bool]:
    return Message.settled_at.is_(None)


def _theirs(viewer: Viewer) -> ColumnElement[bool]:
    """A manager answers for their team's accounts, for those of no team, and for the services;
    a manager of no team, and an administrator, for all."""
    if viewer.role == Role.ADMINISTRATOR or viewer.team_id is None:
        return true()
    team = select(User.id).where(or_(User.team_id == viewer.team_id, User.team_id.is_(None)))
    return or_(Message.to_contact_id.is_not(None), Message.to_user_id.in_(team))


def _read(wanted: Select[Message]) -> Sequence[Message]:
    service = joinedload(Message.to_contact).joinedload(ServiceContact.service)
    return db.session.scalars(wanted.options(joinedload(Message.to), service).limit(MOST)).all()


def _line(message: Message, now: datetime) -> Undelivered:
    state = messages.state_of(message, now)
    failure = message.failure or ""
    code = next((one for one in _TO_DO if failure.startswith(one)), "")
    at = message.failed_at or message.unanswered_at or message.created_at
    return Undelivered(
        public_id=message.public_id,
        kind=message.kind,
        subject=message.subject,
        name=messages.name_of(message),
        address=message.to_address,
        state=state,
        at=at,
        why=messages.why(message, state),
        to_do=_TO_DO[code] if message.failed_at and code else "",
        can_go_again=message.failure not in messages.NEVER_AGAIN,
    )
