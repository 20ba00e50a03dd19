"""Documents that the system makes itself: a letter, a plan. Stored first, then told of.

A file is in the store before the transaction that names it, and taken out again if that fails: no
row is without its file, and no letter is half issued.
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from casework import clock
from casework.codes import DocumentState
from casework.documents.kinds import Kind
from casework.documents.names import cleaned
from casework.documents.store import StoreFull
from casework.extensions import db
from casework.models import Document
from casework.models.base import public_id
from casework.services import document_checks
from casework.services.audit_trail import Actor
from casework.services.errors import Refused

log = logging.getLogger(__name__)

NO_ROOM = (
    "There is no room for the document, so nothing was saved. Tell whoever runs this service, and "
    "try again when they say so"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """A file that was made from one case, and what to call it."""

    kind: str
    title: str
    file_name: str
    file_kind: Kind
    content: bytes
    pages: int | None = None
    #: The day that the document itself bears.
    dated: date


@contextmanager
def filed(actor: Actor, case_id: int, files: Sequence[MadeFile]) -> Iterator[list[Document]]:
    """Store the files and give their rows, flushed, to a transaction that the caller commits.

    If anything is raised before that the transaction is undone and the files are removed. Raises
    Refused, with the key "document", where the store is full.
    """
    kept: list[str] = []
    try:
        for file in files:
            kept.append(document_checks.store().put(file.content))
        rows = [_row(actor, case_id, *pair) for pair in zip(files, kept, strict=True)]
        db.session.add_all(rows)
        db.session.flush()
        yield rows
    except BaseException as fault:
        db.session.rollback()
        for key in kept:
            document_checks.store().remove(key)
        if not isinstance(fault, StoreFull):
            raise
        log.error("the document store is full")
        raise Refused({"document": NO_ROOM}) from None


def _row(actor: Actor, case_id: int, file: MadeFile, stored_as: str) -> Document:
    at = clock.now()
    return Document(
        public_id=public_id(),
        case_id=case_id,
        kind=file.kind,
        title=file.title,
        received_on=file.dated,
        media_type=file.file_kind.media_type,
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        pages=file.pages,
        stored_as=stored_as,
        file_name=cleaned(file.file_name, file.file_kind.endings[0]),
        added_at=at,
        added_by_id=actor.user_id,
        state=DocumentState.CLEAN,
        checked_at=at,
    )
