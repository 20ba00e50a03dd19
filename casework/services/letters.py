"""Letters issued: the documents, what they note on the case and who got them, all or nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from casework import clock
from casework.codes import DocumentKind
from casework.documents.kinds import WORD
from casework.extensions import db
from casework.models import Document, Letter, LetterRecipient, LetterTemplate
from casework.models.base import public_id as drawn
from casework.queries import history
from casework.queries.letter_copies import Copy, Written
from casework.queries.letter_recipients import Recipient
from casework.rules.history import standing_events
from casework.rules.letters import LETTERS
from casework.services import (
    audit_trail,
    consultations,
    events,
    exceptions,
    final_plans,
    made_documents,
)
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Refused
from casework.services.events import NewEvent
from casework.services.made_documents import MadeFile
from casework.services.protected_text import refuse_protected


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLetter:
    """A letter that was checked and is to be issued: each copy with its Word document."""

    #: Drawn when the check screen was opened: issued twice, it is one letter.
    public_id: str
    written: Written
    #: The version of the template that was on the check screen.
    template_id: int
    reference: str
    copies: Sequence[tuple[Copy, bytes]]


class TemplateChanged(Exception):
    """Another version of the template was put in use since the letter was checked."""


def issue(*, actor: Actor, today: date, case_id: int, version: int, letter: NewLetter) -> None:
    """Issue a letter to each of its recipients, and commit: a document, a row and what it notes.

    Raises Refused where a protected detail is in it, the store is full or the day is out of
    order; ChangedMeanwhile where the case was changed since it was checked; and TemplateChanged.
    Then nothing is saved.
    """
    _refuse_protected(actor, case_id, letter)
    made = [_file(letter, copy, content) for copy, content in letter.copies]
    with made_documents.filed(actor, case_id, made) as documents:
        events.claim(case_id, version)
        _refuse_changed_template(letter)
        noted = _note(actor, today, case_id, letter)
        rows = [
            _row(actor, case_id, letter, number, document, event_id)
            for number, (document, event_id) in enumerate(zip(documents, noted, strict=True))
        ]
        db.session.add_all(rows)
        db.session.flush()
        acts = [_act(case_id, *pair) for pair in zip(rows, documents, strict=True)]
        audit_trail.record_all(actor, acts)
        db.session.commit()


def _refuse_protected(actor: Actor, case_id: int, letter: NewLetter) -> None:
    """Raise Refused where a copy holds a protected detail, typed or in somebody’s own address."""
    said = {copy.recipient.name: "\n".join(copy.values.values()) for copy, _ in letter.copies}
    try:
        refuse_protected(actor, case_id, said)
    except Refused as refused:
        names = " and ".join(refused.reasons)
        raise Refused(
            {
                "letter": f"The letter to {names} holds a detail of an address that is protected "
                "on this case, so nothing was issued. Take it out, or ask a manager to look at "
                "the addresses in Contacts"
            }
        ) from None


def _refuse_changed_template(letter: NewLetter) -> None:
    newest = (
        select(LetterTemplate.id)
        .where(LetterTemplate.kind == letter.written.kind)
        .order_by(LetterTemplate.version.desc())
        .limit(1)
    )
    if db.session.scalar(newest) != letter.template_id:
        raise TemplateChanged


def _note(actor: Actor, today: date, case_id: int, letter: NewLetter) -> list[int | None]:
    """Enter what the letter notes, and return the id of each copy’s event."""
    written = letter.written
    kind = LETTERS[written.kind]
    if kind.goes_with:
        entered = standing_events(history.entered_events([case_id])[case_id])
        with_it = [event.id for event in entered if event.kind == kind.goes_with]
        return [with_it[-1] if with_it else None for _ in letter.copies]
    if kind.key == "final":
        sent = _sendings(case_id, letter)
        return [events.record(actor, today, case_id, sent)[0]] * len(letter.copies)
    noting = [_event(written, copy) for copy, _ in letter.copies] if kind.notes else []
    if not noting:
        return [None for _ in letter.copies]
    # One event for what is told to several, one for each setting that is asked.
    apart = {(event.kind, event.consultation_id, event.recipient): event for event in noting}
    ids = events.record(actor, today, case_id, list(apart.values()))
    noted = dict(zip(apart, ids, strict=True))
    return [noted[event.kind, event.consultation_id, event.recipient] for event in noting]


def _sendings(case_id: int, letter: NewLetter) -> list[NewEvent]:
    """The sending of the signed plan to the family, then to each of the others it went to."""
    to = dict.fromkeys(("family", *letter.written.also))
    waiting = {one.recipient: one for one in final_plans.sent_events(case_id, letter.written.day)}
    if "family" not in waiting:
        raise Refused({"letter": "The family was sent the final plan already"})
    names = ", ".join(copy.recipient.name for copy, _ in letter.copies)
    left = _left_out(letter.written)
    note = f"By letter to {names}{'. ' + left if left else ''}"
    waiting["family"] = replace(waiting["family"], note=note)
    return [waiting[key] for key in to if key in waiting]


def _left_out(written: Written) -> str | None:
    why = written.why_not_all
    return f"Not to everybody to whom the law has it sent: {why}" if why else None


def _event(written: Written, copy: Copy) -> NewEvent:
    asked = copy.recipient.asked.consultation_id
    if asked is not None:
        return consultations.sent_event(asked, written.day)
    if written.exception:
        return exceptions.told_event(int(written.exception), written.day, written.reasons)
    kind = LETTERS[written.kind].notes
    assert kind, "only a letter that notes something has an event"
    return NewEvent(kind=kind, on=written.day, note=_left_out(written))


def _file(letter: NewLetter, copy: Copy, content: bytes) -> MadeFile:
    words = LETTERS[letter.written.kind].words
    title = f"{words}: letter to {copy.recipient.name}"[:200]
    name = f"{letter.reference} {re.sub(r'[^A-Za-z ]', '', words)} {letter.written.day}.docx"
    return MadeFile(
        kind=DocumentKind.LETTER,
        title=title,
        file_name=name,
        file_kind=WORD,
        content=content,
        dated=letter.written.day,
    )


def _row(
    actor: Actor,
    case_id: int,
    letter: NewLetter,
    number: int,
    document: Document,
    event_id: int | None,
) -> Letter:
    return Letter(
        # The first bears what was drawn: whoever presses twice finds it there.
        public_id=drawn() if number else letter.public_id,
        case_id=case_id,
        kind=letter.written.kind,
        template_id=letter.template_id,
        document_id=document.id,
        event_id=event_id,
        issued_at=clock.now(),
        issued_by_id=actor.user_id,
        recipients=[_recipient(letter.copies[number][0].recipient)],
    )


def _recipient(to: Recipient) -> LetterRecipient:
    return LetterRecipient(
        place=1,
        contact_id=to.contact_id,
        setting_id=to.setting_id,
        adviser_id=to.adviser_id,
        words=to.name,
    )


def _act(case_id: int, row: Letter, document: Document) -> Act:
    told = {"kind": row.kind, "document": f"document {document.id}", "sha256": document.sha256}
    return Act(
        action="issued letter",
        case_id=case_id,
        subject=f"letter {row.id}",
        changes={name: (None, value) for name, value in told.items()},
    )
