"""The outbox: email is written down in the transaction of the act it tells of, and sent after.

So nothing is told that was then undone and nothing done goes untold. Nobody is told twice, but in
one window: where a message went and no answer came, or the sender died before it noted one. It then
goes once more a quarter of an hour later, as the same message by its Message-ID, marked as one that
may come twice and shown so; with no answer again it has failed, and a person is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from casework import clock, readiness
from casework.emails import transport
from casework.emails.letter import CutOff, Letter, NoAnswer, PutOff, Refused, Unreachable
from casework.emails.messages import KINDS, Email
from casework.extensions import db
from casework.models import Message, ServiceContact, User
from casework.models.base import public_id
from casework.queries import messages
from casework.services import claims, mail_hold
from casework.services.addressing import LONGEST_SUBJECT, fault_in, fault_of, plain
from casework.services.claims import Claim

#: How many messages one run sends, so that a run ends before the next is long due.
LIMIT = 200


@dataclass(slots=True)
class Run:
    """What one run did, in numbers; `fault` is why it stopped early, or empty."""

    sent: int = 0
    failed: int = 0
    put_off: int = 0
    no_answer: int = 0
    waiting: int = 0
    fault: str = ""

    def __str__(self) -> str:
        done = f"{self.sent} sent, {self.failed} failed, {self.waiting} waiting"
        extra = f", {self.no_answer} with no answer" if self.no_answer else ""
        return f"{done}{extra}" + (f"; stopped: {self.fault}" if self.fault else "")


@dataclass(frozen=True, slots=True)
class ToContact:
    """An email about one thing to one contact of a service."""

    about: str
    contact: ServiceContact
    email: Email


def put(*, about: str, to_user_id: int, email: Email) -> bool:
    """Write an email down in the open transaction, to be sent once that is committed.

    `about` says what it tells of, such as "agenda of meeting 12"; what this person has been told
    already is left as it is, and False is returned. What may not be sent is written down as
    failed, with why: it is seen, and stops nobody. Commits nothing.
    """
    person = db.session.get_one(User, to_user_id)
    return bool(_insert_unless_there([_row(about, person, email)], "to_user_id"))


def put_to_contact(*, about: str, contact_id: int, email: Email) -> bool:
    """Write an email to a contact of a service down, on the same terms as `put`."""
    contact = db.session.get_one(ServiceContact, contact_id)
    return bool(put_to_contacts([ToContact(about, contact, email)]))


def put_to_contacts(letters: Sequence[ToContact]) -> int:
    """Write down as many as there are in one statement, on the terms of `put`; return how many
    are new."""
    rows = [_row(one.about, one.contact, one.email) for one in letters]
    return _insert_unless_there(rows, "to_contact_id") if rows else 0


def obstacle(to: User | ServiceContact) -> str:
    """Return why nothing may be sent to a person or a contact, in a sentence; empty if it may."""
    return messages.reason(fault_of(to))


def _row(about: str, to: User | ServiceContact, email: Email) -> dict[str, Any]:
    now, failure = clock.now(), fault_of(to) or fault_in(email)
    return {
        "about": about,
        "kind": _known(email.kind),
        "to_user_id": to.id if isinstance(to, User) else None,
        "to_contact_id": to.id if isinstance(to, ServiceContact) else None,
        "to_address": to.email or "",
        "subject": plain(email.subject)[:LONGEST_SUBJECT],
        "body": plain(email.text, allowed="\n"),
        "html": None if email.html is None else plain(email.html, allowed="\n"),
        "created_at": now,
        "next_at": now,
        "attempts": 0,
        "failure": failure,
        "failed_at": now if failure else None,
    }


def try_again(*, about: str) -> int:
    """Let each failed message about one thing wait once more; return how many. Commits nothing.

    An account or an address may have been put right since. What went with no answer stays as it
    is: it may have arrived. So does what holds characters that have no place in an email.
    """
    stays = Message.failure.in_([*messages.NEVER_AGAIN, messages.NO_ANSWER])
    wanted = Message.about == about, Message.failed_at.is_not(None), ~stays
    changed = update(Message).where(*wanted).values(**once_more())
    done = db.session.execute(changed.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def once_more() -> dict[str, Any]:
    """Return what makes a failed message wait as though it had never been tried."""
    again: dict[str, Any] = dict.fromkeys(("failed_at", "failure", "claimed_at", "put_off_at"))
    return again | {"next_at": clock.now(), "attempts": 0}


def send_waiting(*, limit: int = LIMIT) -> Run:
    """Send what is due, one at a time, each committed before the next; return what was done."""
    if readiness.mail_goes():
        claims.note_abandoned()
    run = Run(waiting=messages.how_many_wait())
    is_due = messages.any_due(clock.now())
    db.session.rollback()
    if not readiness.mail_goes():
        run.fault = "no mail server is set (smtp_host)" if run.waiting else ""
        return run
    if not run.waiting:
        return run
    checked = mail_hold.check()
    run.fault = f"email is held. {checked.why}" if checked.why else ""
    if is_due and not run.fault:
        try:
            _send_each(run, limit, checked.place)
        except Unreachable as fault:
            run.fault = str(fault)
        run.waiting = messages.how_many_wait()
        db.session.rollback()
    return run


def send_each_minute(_today: date) -> str:
    """Send what is due. Returns words; raises RuntimeError where email is held or the mail server
    is not there."""
    run = send_waiting()
    if run.fault and readiness.mail_goes():
        raise RuntimeError(str(run))
    return str(run)


def _send_each(run: Run, limit: int, place: str) -> None:
    tried: set[int] = set()
    with transport.connected(is_caught=readiness.catches_mail()) as way:
        while len(tried) < limit and (claim := claims.take(tried)):
            mail_hold.keep_outside(place, claim.at)
            letter = _letter(claim)
            if letter is None:
                run.failed += 1
            else:
                _send(run, way, claim, letter)


def _send(run: Run, way: transport.Way, claim: Claim, letter: Letter) -> None:
    """Hand one letter over and note what became of it. Raises Unreachable where others wait too."""
    try:
        way.send(letter)
    except Refused as refusal:
        run.failed += 1
        claims.note_failed(claim, f"refused {refusal.code}")
    except PutOff as delay:
        if claims.put_off(claim, f"put off {delay.code}"):
            run.put_off += 1
        else:
            run.failed += 1
    except NoAnswer as silence:
        run.no_answer += 1
        claims.note_no_answer(claim)
        raise Unreachable("the mail server went away") from silence
    except CutOff:
        claims.put_behind(claim)
        raise
    except Unreachable:
        claims.put_back(claim)
        raise
    else:
        run.sent += 1
        claims.note_sent(claim)


def _letter(claim: Claim) -> Letter | None:
    """Return a claimed message as it goes out now; None, noted as failed, where it may not.

    An account may have been closed, or its address put right, since the message was put.
    """
    message = db.session.get_one(Message, claim.number)
    to = _addressed_to(message)
    failure = fault_of(to)
    if failure:
        claims.note_failed(claim, failure)
        return None
    message.to_address = to.email or ""
    letter = Letter(
        public_id=message.public_id,
        to=message.to_address,
        subject=message.subject,
        text=message.body,
        html=message.html,
        at=clock.now(),
    )
    db.session.commit()  # nothing is held while the mail server takes its time
    return letter


def _insert_unless_there(rows: Sequence[dict[str, Any]], to: str) -> int:
    """Insert the rows whose thing this person or contact was not told yet; `to` is the column."""
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    values = [{"public_id": public_id(), **row} for row in rows]
    insert = (sqlite if is_sqlite else postgresql).insert(Message).values(values)
    unless_there = insert.on_conflict_do_nothing(index_elements=["about", to])
    return len(db.session.connection().scalars(unless_there.returning(Message.id)).all())


def _addressed_to(message: Message) -> User | ServiceContact:
    return message.to or message.to_contact  # type: ignore[return-value]  # one of the two is there


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"{kind} is no kind of email; add it to KINDS")
    return kind
