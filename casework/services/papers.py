"""The papers of a meeting: chosen, taken out, opened. Each verb is one transaction.

Once the agenda is circulated the pack is frozen: a paper may still come, marked late, and the
members are told; one that is taken out needs a reason and goes on to show.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from casework import typesetting
from casework.clock import now
from casework.documents.kinds import PDF
from casework.documents.store import NotAsStored
from casework.documents.texts import texts
from casework.emails import links, messages
from casework.extensions import db
from casework.models import AgendaItem, Document, Interest, PanelMeeting, Paper
from casework.queries import meetings, papers
from casework.queries.papers import PaperLine
from casework.services import (
    audit_trail,
    document_checks,
    documents,
    meeting_versions,
    outbox,
)
from casework.services.audit_trail import Act, Actor
from casework.services.documents import Withheld
from casework.services.errors import Absent, Refused

#: Dots an inch of a page on a screen: an A4 page is 900 across.
PPI = 110


@dataclass(frozen=True, slots=True)
class _Place:
    """An agenda item whose papers may be chosen, and when its agenda was circulated."""

    item: AgendaItem
    meeting: PanelMeeting
    circulated_at: datetime | None


def choose(
    *,
    actor: Actor,
    item_id: int,
    add: Sequence[str],
    take_out: Sequence[str],
    why: str | None,
) -> int:
    """Put documents into an item's papers and take others out, by their public ids; commit.

    Returns how many came late. What is there already stays, and what is not is not taken out.
    Raises Absent, and Refused where one cannot be a paper, where a reason is wanting, or where the
    meeting is cancelled or its record signed.
    """
    place = _place(item_id)
    held = {p.document.public_id: p for p in _standing(item_id)}
    leaving = [held[key] for key in take_out if key in held]
    if leaving and place.circulated_at and not why:
        raise Refused({"why": "Enter why it is taken out: the members may have read it"})
    coming = [_found(place.item, key) for key in add if key not in held]
    for paper in leaving:
        paper.taken_out_at, paper.taken_out_by_id = now(), actor.user_id
        paper.taken_out_why = why if place.circulated_at else None
    try:
        made = _made(actor, item_id, coming)
    except IntegrityError:
        db.session.rollback()
        raise Refused(
            {"chosen": "Someone else chose papers meanwhile. Open this page again"}
        ) from None
    _save(actor, place, made, leaving)
    return len(made) if place.circulated_at else 0


def choose_usual(*, actor: Actor, item_ids: Sequence[int]) -> int:
    """Choose, for each item that has no paper yet, what a panel reads as a matter of course.

    Commits. Returns how many papers were chosen. Raises Absent, and Refused once the agenda is
    circulated: then each paper is a late one, to be chosen by itself.
    """
    chosen = 0
    has_any = set(db.session.scalars(select(Paper.item_id).where(Paper.item_id.in_(item_ids))))
    for item_id in item_ids:
        if item_id in has_any:
            continue
        place = _place(item_id)
        if place.circulated_at:
            raise Refused({"papers": "The agenda is circulated: choose late papers case by case"})
        usual = [c for c in papers.choices(place.item.case_id, ()) if c.is_usual]
        made = _made(actor, item_id, [choice.version.document for choice in usual])
        audit_trail.record_all(actor, [_act("chose paper", place, paper) for paper in made])
        chosen += len(made)
    db.session.commit()
    return chosen


def opened(*, actor: Actor, line: PaperLine) -> tuple[str, ...]:
    """Return the text of each page of a paper, told to the audit trail first; commits.

    Raises Withheld where its pages are not shown.
    """
    if line.is_taken_out:
        raise Withheld("This paper was taken out of the pack")
    document = line.document
    _, content = documents.opened(
        actor=actor,
        case_id=document.case_id,
        public_id=document.public_id,
        what="opened paper",
    )
    return texts(content, document.media_type)


def page_picture(*, line: PaperLine, number: int) -> bytes:
    """Return one page of a paper, numbered from 1, as a PNG. Its opening was told before.

    Raises Withheld, and Absent for a page that it does not have.
    """
    document = line.document
    if not 1 <= number <= (document.pages or 0):
        raise Absent
    if not line.may_be_read:
        raise Withheld("This paper is not shown")
    try:
        content = document_checks.store().read(document.stored_as, document.sha256)
    except NotAsStored:
        raise Withheld("This paper’s file is damaged or has been changed") from None
    name = file_name(document)
    data = {"file": name, "page": number, "is_pdf": name.endswith(".pdf")}
    made = typesetting.pictures("papers/page.typ", data, [(name, content)], ppi=PPI)
    return made[0]


def file_name(document: Document) -> str:
    """Return the name of a document’s file where it is set in type: nothing anyone typed."""
    ending = {PDF.media_type: "pdf", "image/png": "png"}.get(document.media_type, "jpg")
    return f"{document.id}.{ending}"


def _place(item_id: int) -> _Place:
    item = db.session.get(AgendaItem, item_id)
    if item is None or item.removed_at is not None:
        raise Absent
    meeting = meeting_versions.open_to_cases(item.meeting_id)
    return _Place(item, meeting, meeting_versions.circulated_at(meeting.id))


def _standing(item_id: int) -> Sequence[Paper]:
    return db.session.scalars(
        select(Paper).where(Paper.item_id == item_id, Paper.taken_out_at.is_(None))
    ).all()


def _found(item: AgendaItem, public_id: str) -> Document:
    document = db.session.scalar(
        select(Document).where(Document.case_id == item.case_id, Document.public_id == public_id)
    )
    if document is None:
        raise Absent
    if words := papers.objection(document):
        raise Refused({"chosen": f"“{document.title}” cannot be chosen. {words}"})
    return document


def _made(actor: Actor, item_id: int, coming: Iterable[Document]) -> list[Paper]:
    last = select(func.max(Paper.place)).where(Paper.item_id == item_id)
    place = db.session.scalar(last) or 0
    made = [
        Paper(
            item_id=item_id,
            document_id=document.id,
            place=place + number,
            chosen_at=now(),
            chosen_by_id=actor.user_id,
        )
        for number, document in enumerate(coming, start=1)
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def _save(actor: Actor, place: _Place, made: list[Paper], leaving: list[Paper]) -> None:
    came = "added late paper" if place.circulated_at else "chose paper"
    acts = [_act(came, place, paper) for paper in made]
    acts += [_act("took paper out", place, paper) for paper in leaving]
    if made and place.circulated_at:
        _tell_members(place, made)
    if acts:
        audit_trail.record_all(actor, acts)
    db.session.commit()


def _act(action: str, place: _Place, paper: Paper) -> Act:
    told: dict[str, tuple[object, object]] = {"document": (None, paper.document_id)}
    if paper.taken_out_at:
        told = {"document": (paper.document_id, None), "why": (None, paper.taken_out_why)}
    return Act(
        action=action,
        case_id=place.item.case_id,
        subject=meeting_versions.subject_of(place.meeting.id),
        changes=told,
    )


def _tell_members(place: _Place, made: list[Paper]) -> None:
    """Write an email to each member that late papers are there, but to those with an interest."""
    meeting = place.meeting
    email = messages.late_paper(
        panel=meeting.panel.name,
        on=meeting.on_day,
        at=meeting.starts_at,
        papers=len(made),
        link=links.to("meetings.papers", public_id=meeting.public_id),
    )
    interested = set(
        db.session.scalars(
            select(Interest.user_id).where(
                Interest.case_id == place.item.case_id, Interest.ended_at.is_(None)
            )
        )
    )
    about = f"late papers {min(p.id for p in made)} to {max(p.id for p in made)}"
    for member in meetings.members_on(meeting.panel_id, meeting.on_day):
        if member.user_id not in interested:
            outbox.put(about=about, to_user_id=member.user_id, email=email)
