"""The pack of a meeting as one PDF, made for one person: what they may not see is not in it."""

from collections.abc import Iterator, Sequence
from typing import Any

from casework.clock import now
from casework.codes import DocumentState
from casework.documents.kinds import PDF
from casework.documents.store import NotAsStored
from casework.extensions import db
from casework.queries.meetings import MeetingView
from casework.queries.papers import ItemPapers, PaperLine
from casework.rules.civil_dates import LONDON, spoken, spoken_date, spoken_time
from casework.services import audit_trail, document_checks, meeting_versions
from casework.services.audit_trail import Act, Actor
from casework.services.papers import file_name
from casework.typesetting import Attached, pdf

CHANGED = "withheld: its file is damaged or has been changed"


def build(
    *, actor: Actor, view: MeetingView, items: Sequence[ItemPapers], left_out: int, reader: str
) -> bytes:
    """Return the pack as a PDF, with who it was made for and when on each page; commits.

    `items` are those that the reader may look into, `left_out` how many are hidden from them. Told
    to the audit trail of each case first. A file that is no longer as it was stored is marked so,
    and its place says that it is withheld. Raises NotTypeset.
    """
    _tell(actor, view, items)
    changed = _changed(actor, items)
    at = now().astimezone(LONDON)
    data = {
        "panel": view.panel.name,
        "day": spoken(view.meeting.on_day),
        "starts": spoken_time(view.meeting.starts_at),
        "place": view.meeting.place,
        "is_draft": not view.is_circulated,
        "left_out": left_out,
        "mark": f"{reader}, {spoken_date(at.date())} at {spoken_time(at.time())}",
        "items": [_item(item, changed) for item in items],
    }
    return pdf("papers/pack.typ", data, _files(items, changed))


def _tell(actor: Actor, view: MeetingView, items: Sequence[ItemPapers]) -> None:
    subject = meeting_versions.subject_of(view.meeting.id)
    acts = [Act(action="opened pack", case_id=item.case.id, subject=subject) for item in items]
    audit_trail.record_all(actor, acts or [Act(action="opened pack", subject=subject)])
    db.session.commit()


def _changed(actor: Actor, items: Sequence[ItemPapers]) -> set[int]:
    """Return the documents whose files are not as they were stored, each marked so."""
    store, changed = document_checks.store(), set()
    for line in _read(items):
        document = line.document
        number = document.id
        try:
            store.read(document.stored_as, document.sha256)
        except NotAsStored as fault:
            changed.add(number)
            document_checks.mark(
                actor=actor, document_id=number, state=DocumentState.UNREADABLE, why=str(fault)
            )
    return changed


def _files(items: Sequence[ItemPapers], changed: set[int]) -> Iterator[Attached]:
    """Yield each file once, read as it is asked for: a pack may be larger than memory."""
    store, given = document_checks.store(), set()
    for line in _read(items):
        document = line.document
        if document.id not in changed and document.id not in given:
            given.add(document.id)
            yield file_name(document), store.read(document.stored_as, document.sha256)


def _read(items: Sequence[ItemPapers]) -> Iterator[PaperLine]:
    return (line for item in items for line in item.papers if line.may_be_read)


def _item(item: ItemPapers, changed: set[int]) -> dict[str, Any]:
    papers = [_paper(line, changed) for line in item.papers]
    return {
        "number": item.number,
        "reference": item.case.reference,
        "question": item.question.words,
        "asks": item.question.asks,
        "test": list(item.question.test),
        "law": item.question.law,
        "minutes": item.item.minutes,
        "note": item.item.note or "",
        "pages": sum(paper["pages"] for paper in papers if paper["file"]),
        "papers": papers,
    }


def _paper(line: PaperLine, changed: set[int]) -> dict[str, Any]:
    document = line.document
    is_read = line.may_be_read and document.id not in changed
    return {
        "title": document.title,
        "version": line.version.number,
        "received": spoken_date(document.received_on),
        "pages": document.pages or 0,
        "is_pdf": document.media_type == PDF.media_type,
        "file": file_name(document) if is_read else "",
        "is_taken_out": line.is_taken_out,
        "standing": _standing(line, changed),
    }


def _standing(line: PaperLine, changed: set[int]) -> str:
    """Return what the heading sheet says beside a paper, or nothing."""
    if line.is_taken_out and line.paper.taken_out_at:
        day = spoken_date(line.paper.taken_out_at.astimezone(LONDON).date())
        return f"taken out on {day}: {line.paper.taken_out_why}"
    if line.document.id in changed:
        return CHANGED
    words = [f"withheld: {line.withheld}"] if line.withheld else []
    if line.is_late:
        came = line.paper.chosen_at.astimezone(LONDON)
        words.append(f"late: added {spoken_date(came.date())} at {spoken_time(came.time())}")
    return "; ".join(words)
