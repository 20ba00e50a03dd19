"""The papers of a meeting: which versions were chosen, which came late, and what is withheld."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from casework.access import Seat
from casework.codes import DocumentKind, DocumentState
from casework.documents.kinds import BY_MEDIA_TYPE, Kind
from casework.extensions import db
from casework.models import AgendaItem, Case, Document, PanelMeeting, Paper
from casework.queries import documents, meetings
from casework.queries.documents import Version, Versions
from casework.queries.meetings import MeetingView, may_see_item
from casework.rules.civil_dates import LONDON, spoken_date
from casework.rules.panels import QUESTIONS, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """One paper: a version of a document, and how it stands in the pack."""

    paper: Paper
    version: Version
    #: Whether it was chosen after the agenda was circulated.
    is_late: bool
    #: The number of a newer version that stands and is not in the pack itself; None for none.
    newer: int | None

    @property
    def document(self) -> Document:
        """Return the document's version itself."""
        return self.version.document

    @property
    def words(self) -> str:
        """Return what it is called: title and version. For a record, as it stood then."""
        return f"{self.document.title}, version {self.version.number}"

    @property
    def kind(self) -> Kind:
        """Return what kind of file it is."""
        return BY_MEDIA_TYPE[self.document.media_type]

    @property
    def is_taken_out(self) -> bool:
        """Return whether it was taken out after the agenda was circulated."""
        return self.paper.taken_out_at is not None

    @property
    def withheld(self) -> str | None:
        """Return why its pages are shown to nobody, in words; None where they are."""
        document = self.document
        if document.withdrawn_at is not None:
            return f"withdrawn on {_day(document.withdrawn_at)}"
        if document.state == DocumentState.WAITING:
            return "waiting for its virus check"
        if document.state != DocumentState.CLEAN:
            return f"failed its check on {_day(document.checked_at)}"
        return None

    @property
    def may_be_read(self) -> bool:
        """Return whether its pages are shown."""
        return not self.is_taken_out and self.withheld is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPapers:
    """One case before the meeting, with its papers in their order."""

    item: AgendaItem
    #: Its place as everyone counts it, whatever is hidden from whom.
    number: int
    question: Question
    case: Case
    papers: tuple[PaperLine, ...]

    @property
    def standing(self) -> tuple[PaperLine, ...]:
        """Return the papers that were not taken out."""
        return tuple(line for line in self.papers if not line.is_taken_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A document that may become a paper, or why it may not."""

    version: Version
    is_chosen: bool
    #: What speaks against it, with what to do; None where it may be chosen.
    objection: str | None

    @property
    def is_usual(self) -> bool:
        """Return whether a panel reads such a document as a matter of course."""
        return self.objection is None and DocumentKind(self.version.document.kind).informs_a_panel


def of_meeting(seat: Seat, view: MeetingView) -> list[ItemPapers]:
    """Return each case of the meeting that this person may look into, with its papers.

    Four statements, however many cases.
    """
    rows = db.session.execute(
        select(AgendaItem, Case)
        .join(PanelMeeting, PanelMeeting.id == AgendaItem.meeting_id)
        .join(Case, Case.id == AgendaItem.case_id)
        .where(
            AgendaItem.meeting_id == view.meeting.id,
            AgendaItem.removed_at.is_(None),
            may_see_item(seat),
        )
        .order_by(AgendaItem.place, AgendaItem.id)
    ).all()
    numbers = meetings.numbers(view.meeting.id)
    found = of_items([item.id for item, _ in rows], view.agenda_circulated_at)
    return [
        ItemPapers(
            item=item,
            number=numbers[item.id],
            question=QUESTIONS[item.question],
            case=case,
            papers=found.get(item.id, ()),
        )
        for item, case in rows
    ]


def of_items(
    item_ids: Sequence[int], circulated_at: datetime | None
) -> Mapping[int, tuple[PaperLine, ...]]:
    """Return the papers of agenda items, by the item's id, in their order. Two statements.

    One taken out before the agenda was circulated was never in the pack, and is left out.
    """
    papers = db.session.scalars(
        select(Paper)
        .where(Paper.item_id.in_(item_ids))
        .options(joinedload(Paper.document))
        .order_by(Paper.item_id, Paper.place, Paper.id)
    ).all()
    papers = [paper for paper in papers if _was_in_pack(paper, circulated_at)]
    chains = _chains({paper.document.case_id for paper in papers})
    found: dict[int, list[PaperLine]] = {}
    for paper in papers:
        chosen = {other.document_id for other in papers if other.item_id == paper.item_id}
        line = _line(paper, chains[paper.document_id], chosen, circulated_at)
        found.setdefault(paper.item_id, []).append(line)
    return {item_id: tuple(lines) for item_id, lines in found.items()}


def counts(item_ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many papers stand for each agenda item that has any, by its id. One statement."""
    rows = db.session.execute(
        select(Paper.item_id, func.count())
        .where(Paper.item_id.in_(item_ids), Paper.taken_out_at.is_(None))
        .group_by(Paper.item_id)
    )
    return {row[0]: row[1] for row in rows}


def choices(case_id: int, standing: Iterable[PaperLine]) -> list[Choice]:
    """Return every document of a case as it may be chosen now, with those chosen already.

    One statement.
    """
    chosen = {line.document.id for line in standing}
    every = documents.of_case(case_id)
    offered = [
        version
        for document in every
        for version in document.all
        if version.document.id in chosen or version is document.current
    ]
    return [_choice(version, chosen) for version in offered if _is_of_use(version, chosen)]


def _choice(version: Version, chosen: set[int]) -> Choice:
    return Choice(
        version=version,
        is_chosen=version.document.id in chosen,
        objection=objection(version.document),
    )


def objection(document: Document) -> str | None:
    """Return why a document cannot become a paper, with what to do; None where it can."""
    if document.withdrawn_at is not None:
        return "It was withdrawn"
    if document.state != DocumentState.CLEAN:
        return DocumentState(document.state).words
    if not BY_MEDIA_TYPE[document.media_type].fits_a_pack:
        return (
            "A Word document cannot go into a pack: save it as a PDF and add that as its newer "
            "version"
        )
    return None


def _is_of_use(version: Version, chosen: set[int]) -> bool:
    return version.document.id in chosen or not version.is_withdrawn


def _was_in_pack(paper: Paper, circulated_at: datetime | None) -> bool:
    if paper.taken_out_at is None:
        return True
    return circulated_at is not None and paper.taken_out_at > circulated_at


def _chains(case_ids: set[int]) -> Mapping[int, Versions]:
    """Every document of some cases with its versions, by the id of each version."""
    rows = db.session.scalars(
        select(Document).where(Document.case_id.in_(case_ids)).order_by(Document.id)
    ).all()
    every = (documents.versions(row, rows) for row in rows if row.replaces_id is None)
    return {version.document.id: chain for chain in every for version in chain.all}


def _line(
    paper: Paper, chain: Versions, chosen: set[int], circulated_at: datetime | None
) -> PaperLine:
    version = next(v for v in chain.all if v.document.id == paper.document_id)
    newest = chain.current
    is_newer = newest.number > version.number and newest.document.id not in chosen
    return PaperLine(
        paper=paper,
        version=version,
        is_late=circulated_at is not None and paper.chosen_at > circulated_at,
        newer=newest.number if is_newer and not newest.is_withdrawn else None,
    )


def _day(moment: datetime | None) -> str:
    return spoken_date(moment.astimezone(LONDON).date()) if moment else "a day not recorded"
