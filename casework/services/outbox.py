"""The outbox: email is written down in the transaction of the act it tells of, and sent after.

So nothing is told that was then undone, nothing done goes untold, and nobody is told twice. What
a crash leaves between sending and noting it is shown as unknown and never sent again unseen.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casework import clock, current
from casework.config_values import MAIL_ADDRESS
from casework.emails import transport
from casework.emails.messages import KINDS, Email
from casework.extensions import db
from casework.models import Message, ServiceContact, User
from casework.models.base import public_id
from casework.queries import messages
from casework.queries.messages import NO_ANSWER, waiting

#: How many messages one run sends, so that a run ends before the next is long due.
LIMIT = 200
#: Control characters, lone surrogates, separators of lines and of paragraphs.
_NO_PLACE = ("Cc", "Cs", "Zl", "Zp")


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
    return messages.reason(_fault_of(to))


def _row(about: str, to: User | ServiceContact, email: Email) -> dict[str, Any]:
    now, failure = clock.now(), _fault_of(to) or _fault_in(email)
    return {
        "about": about,
        "kind": _known(email.kind),
        "to_user_id": to.id if isinstance(to, User) else None,
        "to_contact_id": to.id if isinstance(to, ServiceContact) else None,
        "to_address": to.email or "",
        "subject": _plain(email.subject)[:200],
        "body": _plain(email.text, allowed="\n"),
        "html": None if email.html is None else _plain(email.html, allowed="\n"),
        "created_at": now,
        "attempts": 0,
        "failure": failure,
        "failed_at": now if failure else None,
    }


def try_again(*, about: str) -> int:
    """Let each failed message about one thing wait once more; return how many. Commits nothing.

    An account or an address may have been put right since. What went with no answer stays as it
    is: it may have arrived. So does what holds characters that have no place in an email.
    """
    again = {"failed_at": None, "failure": None, "claimed_at": None}
    can_go = Message.failed_at.is_not(None), Message.failure != "characters not allowed"
    changed = update(Message).where(Message.about == about, *can_go).values(**again)
    done = db.session.execute(changed.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def send_waiting(*, limit: int = LIMIT) -> Run:
    """Send what waits, one at a time, each committed before the next; return what was done."""
    run = Run(waiting=messages.how_many_wait())
    db.session.rollback()
    if not transport.is_set_up():
        run.fault = "no mail server is set (smtp_host)" if run.waiting else ""
        return run
    if run.waiting:
        try:
            _send_each(run, limit)
        except transport.Unreachable as fault:
            run.fault = str(fault)
        run.waiting = messages.how_many_wait()
        db.session.rollback()
    return run


def send_each_minute(_today: date) -> str:
    """Send what waits. Returns words; raises RuntimeError where the mail server is not there."""
    run = send_waiting()
    if run.fault and transport.is_set_up():
        raise RuntimeError(str(run))
    return str(run)


def _send_each(run: Run, limit: int) -> None:
    tried: set[int] = set()
    with transport.connected() as server:
        while len(tried) < limit and (number := _claim(tried)):
            letter = _letter(number)
            if letter is None:
                run.failed += 1
                continue
            try:
                transport.send(server, letter)
            except transport.Refused as refusal:
                run.failed += 1
                _note(number, failed_at=clock.now(), failure=f"refused {refusal.code}")
            except transport.PutOff as delay:
                run.put_off += 1
                _note(number, claimed_at=None, failure=f"put off {delay.code}")
            except transport.NoAnswer as silence:
                run.no_answer += 1
                _note(number, failure=NO_ANSWER)
                raise transport.Unreachable("the mail server went away") from silence
            except transport.Unreachable:
                _note(number, claimed_at=None)
                raise
            else:
                run.sent += 1
                _note(number, sent_at=clock.now(), failure=None)


def _claim(tried: set[int]) -> int | None:
    """Return the id of a waiting message that is now ours alone, committed; None for no more.

    Messages never tried come first, so that one put off for days keeps no other waiting.
    """
    order = Message.attempts, Message.id
    while True:
        wanted = select(Message.id).where(waiting(), Message.id.not_in(tried)).order_by(*order)
        number = db.session.scalar(wanted.limit(1))
        if number is None:
            db.session.rollback()
            return None
        tried.add(number)
        claim = {"claimed_at": clock.now(), "attempts": Message.attempts + 1}
        won = _update(Message.id == number, waiting(), **claim)
        db.session.commit()
        if won:
            return number


def _letter(number: int) -> transport.Letter | None:
    """Return a claimed message as it goes out now; None, noted as failed, where it may not.

    An account may have been closed, or its address put right, since the message was put.
    """
    message = db.session.get_one(Message, number)
    to = _addressed_to(message)
    failure = _fault_of(to)
    if failure:
        _note(number, failed_at=clock.now(), failure=failure)
        return None
    message.to_address = to.email or ""
    letter = transport.Letter(
        public_id=message.public_id,
        to=message.to_address,
        subject=message.subject,
        text=message.body,
        html=message.html,
        at=clock.now(),
    )
    db.session.commit()  # nothing is held while the mail server takes its time
    return letter


def _note(number: int, **values: object) -> None:
    _update(Message.id == number, **values)
    db.session.commit()


def _update(*where: ColumnElement[bool], **values: object) -> bool:
    changed = update(Message).where(*where).values(**values)
    done = db.session.execute(changed.execution_options(synchronize_session=False))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _insert_unless_there(rows: Sequence[dict[str, Any]], to: str) -> int:
    """Insert the rows whose thing this person or contact was not told yet; `to` is the column."""
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    values = [{"public_id": public_id(), **row} for row in rows]
    insert = (sqlite if is_sqlite else postgresql).insert(Message).values(values)
    unless_there = insert.on_conflict_do_nothing(index_elements=["about", to])
    return len(db.session.connection().scalars(unless_there.returning(Message.id)).all())


def _addressed_to(message: Message) -> User | ServiceContact:
    return message.to or message.to_contact  # type: ignore[return-value]  # one of the two is there


def _fault_of(to: User | ServiceContact) -> str | None:
    """Return the code of why nothing may be sent to a person or a contact, or None."""
    if isinstance(to, User) and not to.is_active:
        return "closed account"
    if isinstance(to, ServiceContact) and not _is_in_force(to):
        return "no longer used"
    if not MAIL_ADDRESS.fullmatch(to.email or ""):
        return "no address"
    domains = current.settings().mail_domains
    domain = (to.email or "").rpartition("@")[2].lower()
    return "domain not allowed" if domains and domain not in domains else None


def _is_in_force(contact: ServiceContact) -> bool:
    today = clock.today()
    return contact.from_day <= today and (contact.until_day is None or contact.until_day >= today)


def _fault_in(email: Email) -> str | None:
    """Return the code of why an email's words may not be sent, or None."""
    is_plain = email.subject == _plain(email.subject) and len(email.subject) <= 200
    words = (email.text, email.html or "")
    is_plain = is_plain and all(one == _plain(one, "\n") for one in words)
    return None if is_plain else "characters not allowed"


def _plain(text: str, allowed: str = "") -> str:
    """Return the text with a space for each character that could break out of its place."""
    return "".join(
        " " if unicodedata.category(c) in _NO_PLACE and c not in allowed else c for c in text
    )


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"{kind} is no kind of email; add it to KINDS")
    return kind
