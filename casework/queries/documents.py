"""The documents on a case, each with its versions."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from casework.codes import DocumentKind, DocumentState
from casework.documents.kinds import BY_MEDIA_TYPE
from casework.extensions import db
from casework.models import Case, Document, User


@dataclass(frozen=True, slots=True)
class Version:
    """One file of a document."""

    document: Document
    #: Counted from 1 in the order in which they came.
    number: int

    @property
    def kind_words(self) -> str:
        """Return what the document is, in words."""
        return DocumentKind(self.document.kind).words

    @property
    def format_words(self) -> str:
        """Return what kind of file it is, in words."""
        return BY_MEDIA_TYPE[self.document.media_type].words

    @property
    def state_words(self) -> str:
        """Return what is known of its file, in words."""
        return DocumentState(self.document.state).words

    @property
    def is_withdrawn(self) -> bool:
        """Return whether someone took it back."""
        return self.document.withdrawn_at is not None

    @property
    def may_be_opened(self) -> bool:
        """Return whether its file is given to those who may see documents."""
        return not self.is_withdrawn and self.document.state == DocumentState.CLEAN

    @property
    def fits_a_pack(self) -> bool:
        """Return whether its pages can be placed in a pack of papers."""
        return BY_MEDIA_TYPE[self.document.media_type].fits_a_pack


@dataclass(frozen=True, slots=True)
class Versions:
    """A document as all its versions, the newest first."""

    all: tuple[Version, ...]

    @property
    def newest(self) -> Version:
        """Return the one that came last, withdrawn or not: the one that a new one replaces."""
        return self.all[0]

    @property
    def current(self) -> Version:
        """Return the newest that stands; where all are withdrawn, the newest of them."""
        return next((v for v in self.all if not v.is_withdrawn), self.newest)

    @property
    def earlier(self) -> tuple[Version, ...]:
        """Return every version but the current one."""
        return tuple(version for version in self.all if version is not self.current)


def of_case(case_id: int) -> list[Versions]:
    """Return every document on a case, in the order of their kinds and of their coming.

    One statement.
    """
    rows = db.session.scalars(
        select(Document)
        .where(Document.case_id == case_id)
        .options(
            joinedload(Document.added_by).load_only(User.name),
            joinedload(Document.withdrawn_by).load_only(User.name),
        )
        .order_by(Document.id)
    ).all()
    kinds = list(DocumentKind)
    found = [versions(row, rows) for row in rows if row.replaces_id is None]
    return sorted(
        found,
        key=lambda d: (
            d.current.is_withdrawn,
            kinds.index(DocumentKind(d.current.document.kind)),
            d.current.document.received_on,
        ),
    )


def find(case_id: int, public_id: str) -> Version | None:
    """Return one version of a document on this case by the identifier in its address, or None."""
    every = (version for document in of_case(case_id) for version in document.all)
    return next((v for v in every if v.document.public_id == public_id), None)


def count(case_id: int) -> int:
    """Return how many documents a case has, each counted once whatever its versions."""
    first = select(func.count()).where(Document.case_id == case_id, Document.replaces_id.is_(None))
    return db.session.scalar(first) or 0


def same_file(sha256: str) -> Sequence[tuple[int, str, str]]:
    """Return (case's id, its reference, title) of each document with this very file that stands."""
    statement = (
        select(Document.case_id, Case.reference, Document.title)
        .join(Case, Case.id == Document.case_id)
        .where(Document.sha256 == sha256, Document.withdrawn_at.is_(None))
        .order_by(Document.id)
    )
    return [(row.case_id, row.reference, row.title) for row in db.session.execute(statement)]


def versions(first: Document, rows: Sequence[Document]) -> Versions:
    """Return a document as all its versions, from its first one and the rows of its case."""
    following = {row.replaces_id: row for row in rows if row.replaces_id is not None}
    chain = [first]
    while (later := following.get(chain[-1].id)) is not None:
        chain.append(later)
    numbered = [Version(document, number) for number, document in enumerate(chain, start=1)]
    return Versions(tuple(reversed(numbered)))
