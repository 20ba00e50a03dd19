"""Taking a waiting message up to be sent, by one sender alone, and noting what became of it."""

import random
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, select, update

from casework import clock
from casework.extensions import db
from casework.models import Message
from casework.queries.messages import GIVEN_UP, NO_ANSWER, due, taken_up
from casework.rules import retrying
from casework.services import mail_hold


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is ours alone, since a moment."""

    number: int
    at: datetime


def take(tried: set[int]) -> Claim | None:
    """Return a message that is due and now ours alone, committed; None where there is no more.

    In the order in which they are due: one put off keeps no other waiting. Each that was looked at
    is added to `tried`.
    """
    while True:
        at = clock.now()
        wanted = select(Message.id).where(due(at), Message.id.not_in(tried))
        number = db.session.scalar(wanted.order_by(Message.next_at, Message.id).limit(1))
        if number is None:
            db.session.rollback()
            return None
        tried.add(number)
        claim = {"claimed_at": at, "attempts": Message.attempts + 1}
        won = _update(Message.id == number, due(at), **claim)
        if won:
            mail_hold.note_sending(at)
        db.session.commit()
        if won:
            return Claim(number, at)


def note_sent(claim: Claim) -> None:
    """Note that the server took a message. It is the truth, whoever else took it up since."""
    _note(Message.id == claim.number, sent_at=clock.now(), failed_at=None, failure=None)


def note_failed(claim: Claim, failure: str) -> None:
    """Note that a message failed, with the code of why: only a person may have it tried again."""
    _note(*_ours(claim), failed_at=clock.now(), failure=failure)


def put_off(claim: Claim, failure: str) -> bool:
    """Let a message that was put off wait for its next try; return False where it has failed,
    since it was put off for days."""
    now, message = clock.now(), db.session.get_one(Message, claim.number)
    since, attempts = message.put_off_at or now, message.attempts
    if retrying.is_given_up(since, now):
        note_failed(claim, failure.replace("put off", "given up", 1))
        return False
    next_at = now + retrying.pause(attempts, _draw())
    _note(*_ours(claim), claimed_at=None, next_at=next_at, failure=failure, put_off_at=since)
    return True


def put_back(claim: Claim) -> None:
    """Let a message wait in its place, as though it had not been taken up."""
    _note(*_ours(claim), claimed_at=None, attempts=Message.attempts - 1)


def put_behind(claim: Claim) -> None:
    """Let a message wait that ended the line: it may do so each time, and others wait too."""
    message = db.session.get_one(Message, claim.number)
    next_at = clock.now() + retrying.pause(message.attempts, _draw())
    _note(*_ours(claim), claimed_at=None, next_at=next_at)


def note_no_answer(claim: Claim) -> None:
    """Note that a message went and no answer came: once it goes again, and then no more."""
    _note(*_ours(claim), **_unanswered(claim.at))


def note_abandoned() -> None:
    """Note as gone with no answer what a sender took up that then died."""
    _note(taken_up(), Message.claimed_at <= clock.now() - GIVEN_UP, **_unanswered())


def _unanswered(at: datetime | None = None) -> dict[str, object]:
    """The second copy is the last: where it has no answer either, a person is told."""
    is_second, now = Message.unanswered_at.is_not(None), clock.now()
    return {
        "failed_at": case((is_second, now), else_=None),
        "unanswered_at": Message.claimed_at if at is None else at,
        "next_at": now + retrying.AFTER_NO_ANSWER,
        "claimed_at": None,
        "failure": NO_ANSWER,
    }


def _ours(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    """A sender that slept through its time finds that another has taken its message up."""
    return Message.id == claim.number, Message.claimed_at == claim.at, taken_up()


def _note(*where: ColumnElement[bool], **values: object) -> None:
    _update(*where, **values)
    db.session.commit()


def _update(*where: ColumnElement[bool], **values: object) -> bool:
    changed = update(Message).where(*where).values(**values)
    done = db.session.execute(changed.execution_options(synchronize_session=False))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _draw() -> float:
    return random.random()  # noqa: S311  # it spreads tries out; nothing secret
