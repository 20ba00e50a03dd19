"""Documents: taken in once they are what they say, given to those who may, withdrawn, replaced.

A file is checked and stored before the transaction that tells of it, and removed if that fails: no
row is without its file, and the database never waits for a disk or a scanner.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import date
from typing import Final, NoReturn

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casework import clock, current
from casework.codes import DocumentKind, DocumentState
from casework.database import reading
from casework.documents import kinds
from casework.documents.kinds import Checked
from casework.documents.refusals import Unacceptable
from casework.documents.scanning import ScannerAway
from casework.documents.store import NotAsStored, StoreFull
from casework.documents.whose import names_another, names_the_child
from casework.extensions import db
from casework.letters import documents as letters
from casework.letters.documents import NotMade
from casework.models import Case, Document, Letter
from casework.queries import documents
from casework.queries.protected_particulars import protected_of
from casework.rules.found_in_text import protected_in
from casework.services import audit_trail, document_checks
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, Refused

log = logging.getLogger(__name__)

MEBIBYTE: Final = 1024 * 1024
_REPLACED: Final = (
    "Someone added a newer version of this document meanwhile. Go back to the documents, open "
    "theirs, and add yours only if it is newer still"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file as a person sent it, and what they said of it."""

    #: Drawn when the form was opened: sent twice, it is one document.
    public_id: str
    kind: str
    #: Empty for the words of its kind.
    title: str
    received_on: date
    file_name: str
    content: bytes
    #: Whether they say that it is about this child, whatever speaks against it.
    is_theirs: bool = False


class Withheld(Exception):
    """The file is not given out. `str(error)` says why, in words for the person who asked."""


def add(
    *,
    actor: Actor,
    case_id: int,
    sent: Sent,
    replaces: str | None = None,
    tells_where: bool = True,
) -> DocumentState:
    """Add a document to a case, or a new version of the one that `replaces` names; commit.

    `tells_where` says that the person may know of other cases: where the same file is. Returns
    what is known of the file: clean, or waiting while the scanner does not answer. Raises
    Refused, with the field at fault, and Absent.
    """
    if (held := _already(case_id, sent.public_id)) is not None:
        return held
    checked = _checked(sent)
    sha256 = hashlib.sha256(sent.content).hexdigest()
    _refuse_another_childs(case_id, sent, checked, sha256, tells_where=tells_where)
    state = _scanned(actor, case_id, sent.content)
    stored_as = _stored(sent.content)
    made = _document(actor, case_id, sent, checked)
    made.sha256, made.state, made.stored_as = sha256, state, stored_as
    made.checked_at = None if state == DocumentState.WAITING else made.added_at
    try:
        _save(actor, made, replaces)
    except BaseException as fault:
        db.session.rollback()
        document_checks.store().remove(stored_as)
        if not isinstance(fault, IntegrityError):
            raise
        if (held := _already(case_id, sent.public_id)) is not None:
            return held
        raise Refused({"file": _REPLACED}) from None
    return state


def withdraw(*, actor: Actor, case_id: int, public_id: str, why: str) -> None:
    """Take a version back, with the reason: its file is given to nobody from then on. Commits.

    Raises Absent; one withdrawn already is left as it is.
    """
    document = _find(case_id, public_id)
    if document.withdrawn_at is None:
        document.withdrawn_at = clock.now()
        document.withdrawn_by_id = actor.user_id
        document.withdrawn_why = why
        audit_trail.record(
            actor,
            "withdrew document",
            case_id=case_id,
            subject=_subject(document.id),
            changes={"withdrawn": (None, why)},
        )
    db.session.commit()


def opened(
    *,
    actor: Actor,
    case_id: int,
    public_id: str,
    what: str = "opened document",
    may_see_protected: bool = False,
) -> tuple[Document, bytes]:
    """Return a version and its file, told to the audit trail first; commits.

    Raises Absent, and Withheld where the file is not given out: then that is told. A letter that
    holds an address which was protected since is for those who may see such an address.
    """
    document = _find(case_id, public_id)
    if document.withdrawn_at is not None:
        db.session.rollback()
        raise Withheld("This document has been withdrawn, so it cannot be opened")
    if document.state != DocumentState.CLEAN:
        words = DocumentState(document.state).words
        db.session.rollback()
        raise Withheld(f"This document cannot be opened. {words}")
    try:
        content = document_checks.store().read(document.stored_as, document.sha256)
    except NotAsStored as fault:
        document_checks.mark(
            actor=actor,
            document_id=document.id,
            state=DocumentState.UNREADABLE,
            why=str(fault),
        )
        raise Withheld(
            "This document cannot be opened: its file is damaged or has been changed since it was "
            "added. Add it again, and tell whoever runs this service"
        ) from None
    if not may_see_protected and _gives_away(document.id, case_id, content):
        db.session.rollback()
        raise Withheld(
            "This letter cannot be opened: an address in it was protected after it was issued. A "
            "manager can open it"
        )
    audit_trail.record(actor, what, case_id=case_id, subject=_subject(document.id))
    db.session.commit()
    return document, content


def _gives_away(document_id: int, case_id: int, content: bytes) -> bool:
    """Whether it is a letter issued here, before an address in it was protected."""
    is_letter = db.session.scalar(select(Letter.id).where(Letter.document_id == document_id))
    protected = protected_of(case_id) if is_letter else ()
    if not protected:
        return False
    try:
        words = letters.read(content)
    except NotMade:
        return True
    return bool(protected_in(words, protected))


def _checked(sent: Sent) -> Checked:
    most = current.settings().largest_document
    if len(sent.content) > most * MEBIBYTE:
        raise Refused(
            {
                "file": f"The file is larger than {most}MB. Save it smaller, for example as a PDF "
                "of smaller pictures, or divide it"
            }
        )
    try:
        return kinds.check(sent.content, sent.file_name)
    except Unacceptable as error:
        raise Refused({"file": str(error)}) from None


def _refuse_another_childs(
    case_id: int, sent: Sent, checked: Checked, sha256: str, *, tells_where: bool
) -> None:
    """Raise Refused for a file that is here already, or may well be about another child."""
    with reading():
        held = documents.same_file(sha256)
        child = db.session.get_one(Case, case_id).person
        names = (child.forenames, child.surname, child.known_as)
        own = (child.nhs_number, child.date_of_birth)
    here = [title for on_case, _, title in held if on_case == case_id]
    if here:
        raise Refused({"file": f"This very file is on the case already, as “{here[0]}”"})
    if sent.is_theirs:
        return
    elsewhere = sorted({reference for _, reference, _ in held})
    if elsewhere:
        where = f"on case {elsewhere[0]}" if tells_where else "here for another child"
        _doubt(f"The same file is {where}. Check whose it is", too=" too")
    if other := names_another(checked.text, *own):
        _doubt(f"The document gives another {other} than this child’s. Check whose it is")
    if names_the_child(checked.text, names) is False:
        _doubt("The document does not have this child’s name in its first pages. Check whose it is")


def _doubt(words: str, too: str = "") -> NoReturn:
    """Refuse a file until the person says that it is about this child."""
    raise Refused({"is_theirs": f"{words}, and tick this box if it is about this child{too}"})


def _scanned(actor: Actor, case_id: int, content: bytes) -> DocumentState:
    try:
        verdict = document_checks.scan(content)
    except ScannerAway as fault:
        log.error("the virus scanner is away", extra={"values": {"why": str(fault)}})
        return DocumentState.WAITING
    if verdict.is_clean:
        return DocumentState.CLEAN
    audit_trail.record(actor, "sent an infected file", case_id=case_id)
    db.session.commit()
    raise Refused(
        {
            "file": "The virus scanner found malware in this file, so it was not kept. Do not "
            "open it again. Tell whoever looks after your computers, and ask for a new copy"
        }
    )


def _stored(content: bytes) -> str:
    try:
        return document_checks.store().put(content)
    except StoreFull:
        log.error("the document store is full")
        raise Refused(
            {
                "file": "There is no room for this file, so it was not added. Tell whoever runs "
                "this service, and add it again when they say so"
            }
        ) from None


def _document(actor: Actor, case_id: int, sent: Sent, checked: Checked) -> Document:
    return Document(
        public_id=sent.public_id,
        case_id=case_id,
        kind=sent.kind,
        title=sent.title or DocumentKind(sent.kind).words,
        received_on=sent.received_on,
        media_type=checked.kind.media_type,
        size=len(sent.content),
        pages=checked.pages,
        file_name=checked.file_name,
        added_at=clock.now(),
        added_by_id=actor.user_id,
    )


def _save(actor: Actor, made: Document, replaces: str | None) -> None:
    if replaces:
        made.replaces_id = _find(made.case_id, replaces).id
    db.session.add(made)
    db.session.flush()
    told = {"kind": made.kind, "title": made.title, "received on": made.received_on}
    audit_trail.record(
        actor,
        "added version of document" if replaces else "added document",
        case_id=made.case_id,
        subject=_subject(made.id),
        changes={name: (None, value) for name, value in told.items()},
    )
    db.session.commit()


def _already(case_id: int, public_id: str) -> DocumentState | None:
    """Return the state of what this form has added already, or None; the same person pressed
    twice."""
    statement = select(Document.state).where(
        Document.case_id == case_id, Document.public_id == public_id
    )
    with reading():
        state = db.session.scalar(statement)
    return DocumentState(state) if state else None


def _find(case_id: int, public_id: str) -> Document:
    document = db.session.scalar(
        select(Document).where(Document.case_id == case_id, Document.public_id == public_id)
    )
    if document is None:
        raise Absent
    return document


def _subject(document_id: int) -> str:
    return f"document {document_id}"
