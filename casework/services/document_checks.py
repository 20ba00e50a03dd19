"""Files looked at for malware and for change: when they come, each night, and whenever asked.

The database is never held while a file is read or scanned.
"""

import logging
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, select

from casework import clock, current
from casework.codes import DocumentState
from casework.database import reading
from casework.documents.scanning import ScannerAway, Verdict, scanner_at
from casework.documents.store import NotAsStored, Store, store_at
from casework.extensions import db
from casework.models import Document
from casework.services import audit_trail
from casework.services.audit_trail import Actor

log = logging.getLogger(__name__)

#: How long a file that passed is scanned again each night: new malware becomes known in days.
LATELY: Final = timedelta(days=30)


def store() -> Store:
    """Return the store of this application's documents."""
    settings = current.settings()
    return store_at(settings.document_store, settings.instance_path)


def scan(content: bytes) -> Verdict:
    """Return the scanner's verdict; where no scanner is set, a clean one. Raises ScannerAway."""
    scanner = scanner_at(current.settings().virus_scanner)
    return scanner.scan(content) if scanner else Verdict()


def check_waiting(_today: date) -> str:
    """Check each file that waits, and commit.

    Returns words for the log; raises RuntimeError where one is withheld or the scanner is away.
    """
    return _told(_check_all(Document.state == DocumentState.WAITING, audit_trail.SCHEDULER))


def check_lately_added(_today: date) -> str:
    """Check once more each file that passed and was added lately; commits.

    Returns words for the log; raises RuntimeError where one is withheld or the scanner is away.
    """
    lately = Document.added_at >= clock.now() - LATELY
    due = (Document.state == DocumentState.CLEAN) & lately
    return _told(_check_all(due, audit_trail.SCHEDULER))


def _told(ended: Sequence[DocumentState]) -> str:
    waiting = ended.count(DocumentState.WAITING)
    bad = ended.count(DocumentState.INFECTED) + ended.count(DocumentState.UNREADABLE)
    words = f"{len(ended)} files checked, {bad} withheld, {waiting} waiting for the scanner"
    if bad or waiting:
        raise RuntimeError(words)
    return words


def check_of_case(*, actor: Actor, case_id: int) -> int:
    """Check the files of one case that wait, and commit. Returns how many still wait."""
    waits = (Document.case_id == case_id) & (Document.state == DocumentState.WAITING)
    return _check_all(waits, actor).count(DocumentState.WAITING)


def mark(*, actor: Actor, document_id: int, state: DocumentState, why: str) -> None:
    """Write what became of a file, and commit. `why` goes to the log, and names nobody."""
    document = db.session.get_one(Document, document_id)
    changes = {"state": (document.state, state.value)}
    document.state, document.checked_at = state, clock.now()
    audit_trail.record(
        actor,
        "checked document",
        case_id=document.case_id,
        subject=f"document {document_id}",
        changes=changes,
    )
    db.session.commit()
    if state != DocumentState.CLEAN:
        values = {"document": document_id, "state": state.value, "why": why}
        log.error("a document is withheld", extra={"values": values})


def _check_all(due: ColumnElement[bool], actor: Actor) -> Sequence[DocumentState]:
    """Check each file that is due; return the states they are left in."""
    statement = (
        select(Document.id, Document.state, Document.stored_as, Document.sha256)
        .where(due)
        .order_by(Document.id)
    )
    with reading():
        files = db.session.execute(statement).all()
    ended = []
    for file in files:
        state, why = _state_now(DocumentState(file.state), file.stored_as, file.sha256)
        if state != file.state:
            mark(actor=actor, document_id=file.id, state=state, why=why)
        ended.append(state)
    return ended


def _state_now(was: DocumentState, stored_as: str, sha256: str) -> tuple[DocumentState, str]:
    try:
        verdict = scan(store().read(stored_as, sha256))
    except NotAsStored as fault:
        return DocumentState.UNREADABLE, str(fault)
    except ScannerAway as fault:
        return was, str(fault)
    return (DocumentState.CLEAN, "") if verdict.is_clean else (DocumentState.INFECTED, "malware")
