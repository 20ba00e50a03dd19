"""Papers of the demonstration: for the meeting that waits to be run, and advice of late.

The file of each document is put in the store before the rows that name it, and taken out again
where the load fails.
"""

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from casework import typesetting
from casework.codes import DocumentState
from casework.demonstration import rows as kept
from casework.demonstration.draw import Draw
from casework.demonstration.panels import moment
from casework.demonstration.roads import working_day
from casework.demonstration.rows import Row
from casework.demonstration.words import paper_words
from casework.documents.store import Store
from casework.models import Document
from casework.services import document_checks

_AT_ONCE = 12
_TEMPLATE = "demonstration/paper.typ"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case before the panel: its item, the day it began, and who added its papers."""

    case_id: int
    item_id: int
    began: date
    officer_id: int | None
    #: Whether the family asked, rather than a school or another.
    is_familys: bool


@dataclass(slots=True)
class Papers:
    """Puts papers on cases, and knows which files it has put in the store."""

    draw: Draw
    store: Store = field(default_factory=document_checks.store)
    stored: list[str] = field(default_factory=list)

    def keep(self, cases: Sequence[Waiting], latest: date) -> list[tuple[Waiting, list[int]]]:
        """Keep one to five documents for each case, none after `latest`; return their ids."""
        made = _typeset()
        rows: list[Row] = []
        owners: list[Waiting] = []
        for case in cases:
            for kind, about in paper_words().items():
                if self.draw.happens(about["share"]):
                    content = self.draw.choice(made[kind])
                    if kind == "request":
                        content = made[kind][case.is_familys]
                    rows.append(self._row(case, kind, about["title"], content, latest))
                    owners.append(case)
        ids = self.put(rows)
        found: dict[int, list[int]] = {}
        for owner, number in zip(owners, ids, strict=True):
            found.setdefault(owner.case_id, []).append(number)
        return [(case, found[case.case_id]) for case in cases]

    def put(self, rows: list[Row]) -> list[int]:
        """Put the documents in the store and keep their rows (see `document`); return their ids."""
        self._store(rows)
        return kept.keep(Document, rows)

    def take_back(self) -> None:
        """Take the files out of the store again."""
        for key in self.stored:
            self.store.remove(key)

    def _store(self, rows: list[Row]) -> None:
        """Put the file of each row in the store, and its key in the place of its bytes.

        Many at once: the disk then settles many names in the time of one.
        """

        def put(row: Row) -> None:
            row["stored_as"] = self.store.put(row["stored_as"])
            self.stored.append(row["stored_as"])

        with ThreadPoolExecutor(_AT_ONCE) as threads:
            list(threads.map(put, rows))

    def _row(self, case: Waiting, kind: str, title: str, content: bytes, latest: date) -> Row:
        received = case.began
        if kind != "request":
            received = min(latest, working_day(case.began + self.draw.between(0, 5)))
        added_at = moment(max(case.began, min(latest, working_day(received))), 11, 20)
        row = document(case.case_id, kind, title, content, added_at)
        return row | {"received_on": received, "added_by_id": case.officer_id}


def document(case_id: int, kind: str, title: str, content: bytes, added_at: datetime) -> Row:
    """Return a document as a row, clean, without the day it came and who added it.

    Its bytes stand where the key of its file will.
    """
    return {
        "case_id": case_id,
        "kind": kind,
        "title": title,
        "media_type": "application/pdf",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "pages": 1,
        "stored_as": content,
        "file_name": f"{kind}.pdf",
        "replaces_id": None,
        "added_at": added_at,
        "state": DocumentState.CLEAN.value,
        "checked_at": added_at + timedelta(minutes=30),
        **dict.fromkeys(("withdrawn_at", "withdrawn_by_id", "withdrawn_why")),
    }


def _typeset() -> Mapping[str, list[bytes]]:
    """Each kind of paper in its variants, as PDFs: the same bytes each time."""
    return {
        kind: [pdf(about["title"], variant) for variant in about["variants"]]
        for kind, about in paper_words().items()
    }


def pdf(title: str, variant: Mapping[str, Any]) -> bytes:
    """Return a paper set in type: `variant` says whom it is from and what its parts hold."""
    return typesetting.pdf(_TEMPLATE, {"title": title, **variant})
