"""Advice drawn for its quality: what could be drawn, what was, and what was found in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, Select, exists, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from casework.access import Scope
from casework.extensions import db
from casework.models import (
    Advice,
    AdviceEntry,
    AdviceSample,
    AdviceScore,
    AdviceService,
    Adviser,
    Case,
    CaseEvent,
    Document,
    User,
)
from casework.queries.advice_access import readable
from casework.queries.scope import is_theirs, without_interest
from casework.rules.figures import Rate
from casework.rules.sampling import QUESTIONS, next_month, shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of advice of a month: that could be drawn, or that was."""

    advice_id: int
    case_id: int
    reference: str
    service_id: int
    service: str
    returned_on: date
    #: Why it is no longer to be looked at, in a sentence; empty while it stands.
    removed_why: str
    #: The sample's identifier, or None where it was not drawn.
    sample: str | None
    sample_id: int | None


@dataclass(frozen=True, slots=True)
class Scored:
    """One score: what was found, when and by whom."""

    score: AdviceScore
    by: str

    @property
    def answers(self) -> Mapping[str, str]:
        """Return the answer to each question."""
        return {key: getattr(self.score, key) for key in QUESTIONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One sample with its newest score, if it has one."""

    piece: Piece
    score: Scored | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfService:
    """What a service returned in a month, and what was found in what was drawn of it."""

    service_id: int
    name: str
    returned: int
    drawn: int
    scored: int
    shares: Mapping[str, Rate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month's samples in scope, and the figures of each service."""

    services: Sequence[OfService]
    samples: Sequence[Drawn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """One sample as it is looked at: the advice itself, and every score, the newest first."""

    sample: AdviceSample
    case: Case
    piece: Piece
    scores: Sequence[Scored]


def of_month(scope: Scope, month: date) -> Month:
    """Return a month's samples in scope by service, and each service's figures. Two statements."""
    pieces = _pieces(scope, _in_month(month), month)
    scores = _scores([one.sample_id for one in pieces if one.sample_id is not None])
    drawn = [
        Drawn(piece=one, score=next(iter(scores.get(one.sample_id, ())), None))
        for one in pieces
        if one.sample_id is not None
    ]
    return Month(services=_services(pieces, drawn), samples=drawn)


def drawable(scope: Scope, month: date) -> dict[int, list[Piece]]:
    """Return the advice of a month in scope that stands, drawn or not, by its service's id."""
    found: dict[int, list[Piece]] = defaultdict(list)
    for one in _pieces(scope, _in_month(month), month):
        if not one.removed_why:
            found[one.service_id].append(one)
    return found


def opened(public_id: str, reads: Scope, user_id: int, today: date) -> Sampled | None:
    """Return a sample with its advice for somebody who may read that; None otherwise."""
    seen = [readable(reads, user_id, today), *_without_interest(reads)]
    sample = db.session.scalar(
        select(AdviceSample)
        .join(Advice, Advice.id == AdviceSample.advice_id)
        .join(Adviser, Adviser.id == Advice.adviser_id)
        .join(Case, Case.id == Advice.case_id)
        .where(AdviceSample.public_id == public_id, *seen)
        .options(
            joinedload(AdviceSample.advice).joinedload(Advice.document),
            joinedload(AdviceSample.advice).selectinload(Advice.entries),
        )
    )
    if sample is None:
        return None
    every = Scope(everything=True)
    (piece,) = _pieces(every, Advice.id == sample.advice_id, sample.month)
    scores = _scores([sample.id]).get(sample.id, ())
    case = db.session.get_one(Case, sample.advice.case_id)
    return Sampled(sample=sample, case=case, piece=piece, scores=scores)


def _in_month(month: date) -> ColumnElement[bool]:
    """What may have been returned in a month was entered in it or later; or was drawn for it."""
    begins = datetime(month.year, month.month, 1, tzinfo=UTC)
    drawn = select(AdviceSample.advice_id).where(AdviceSample.month == month)
    return or_(Advice.entered_at >= begins, Advice.id.in_(drawn))


def _pieces(scope: Scope, which: ColumnElement[bool], month: date) -> list[Piece]:
    """Return the advice of a month that can be looked at, and all that was drawn for it."""
    rows = db.session.execute(_statement(scope, _chain(which)))
    pieces = [_piece(row) for row in rows]
    until = next_month(month)
    return [
        one
        for one in pieces
        if one.sample is not None or (not one.removed_why and month <= one.returned_on < until)
    ]


def _chain(which: ColumnElement[bool]) -> CTE:
    """Each advice with the entry that it came with, and every entry that put that right."""
    chain = (
        select(Advice.id.label("advice_id"), Advice.event_id.label("event_id"))
        .where(which)
        .cte("entries_of_advice", recursive=True)
    )
    later = select(chain.c.advice_id, CaseEvent.id).join(
        CaseEvent, CaseEvent.corrects_id == chain.c.event_id
    )
    return chain.union_all(later)


def _statement(scope: Scope, chain: CTE) -> Select[*tuple[Any, ...]]:
    later = aliased(CaseEvent)
    has_form = exists(select(AdviceEntry.id).where(AdviceEntry.advice_id == Advice.id))
    return (
        select(
            *(Advice.id, Advice.case_id, Case.reference, Adviser.advice_service_id),
            *(AdviceService.name, CaseEvent.kind, CaseEvent.outcome, CaseEvent.happened_on),
            *(Document.id.label("document"), Document.withdrawn_why),
            *(has_form.label("has_form"), AdviceSample.public_id.label("sample")),
            AdviceSample.id.label("sample_id"),
        )
        .join(chain, chain.c.advice_id == Advice.id)
        .join(CaseEvent, CaseEvent.id == chain.c.event_id)
        .join(Adviser, Adviser.id == Advice.adviser_id)
        .join(AdviceService, AdviceService.id == Adviser.advice_service_id)
        .join(Case, Case.id == Advice.case_id)
        .outerjoin(Document, Document.id == Advice.document_id)
        .outerjoin(AdviceSample, AdviceSample.advice_id == Advice.id)
        .where(
            ~exists(select(later.id).where(later.corrects_id == CaseEvent.id)),
            *(is_theirs(scope), *_without_interest(scope)),
        )
        .order_by(AdviceService.name, AdviceService.id, CaseEvent.happened_on, Advice.id)
    )


def _without_interest(scope: Scope) -> list[ColumnElement[bool]]:
    return [true() if scope.hidden_from is None else without_interest(scope.hidden_from)]


def _piece(row: Row[Any]) -> Piece:
    return Piece(
        advice_id=row.id,
        case_id=row.case_id,
        reference=row.reference,
        service_id=row.advice_service_id,
        service=row.name,
        returned_on=row.happened_on,
        removed_why=_removed_why(row),
        sample=row.sample,
        sample_id=row.sample_id,
    )


def _removed_why(row: Row[Any]) -> str:
    """Why, without the words of whoever took it back: those are notes for officers (rule A15)."""
    if row.kind == "struck_out":
        return "The entry was struck out."
    if row.outcome != "advice":
        return "The entry was put right: it was no advice."
    if row.has_form or (row.document and not row.withdrawn_why):
        return ""
    if row.withdrawn_why:
        return "Its document was withdrawn."
    return "It holds neither a form nor a document."


def _scores(sample_ids: Sequence[int]) -> dict[int | None, list[Scored]]:
    """Return every score of these samples, the newest first, by the sample's id."""
    rows = db.session.execute(
        select(AdviceScore, User.name)
        .outerjoin(User, User.id == AdviceScore.scored_by_id)
        .where(AdviceScore.sample_id.in_(sample_ids))
        .order_by(AdviceScore.id.desc())
    )
    found: dict[int | None, list[Scored]] = defaultdict(list)
    for score, name in rows:
        found[score.sample_id].append(Scored(score, name or "Nobody known"))
    return found


def _services(pieces: Iterable[Piece], drawn: Iterable[Drawn]) -> list[OfService]:
    """Return the figures of each service; what was removed counts for nothing."""
    of: dict[tuple[int, str], list[Piece]] = defaultdict(list)
    for one in pieces:
        of[one.service_id, one.service].append(one)
    scores: dict[int, list[Mapping[str, str]]] = defaultdict(list)
    for each in drawn:
        if each.score and not each.piece.removed_why:
            scores[each.piece.service_id].append(each.score.answers)
    return [
        OfService(
            service_id=service_id,
            name=name,
            returned=sum(not one.removed_why for one in held),
            drawn=sum(one.sample is not None and not one.removed_why for one in held),
            scored=len(scores[service_id]),
            shares=shares(scores[service_id]),
        )
        for (service_id, name), held in of.items()
    ]
