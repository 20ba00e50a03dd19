"""The editions of one case's plan: what was frozen, for a draft or as the final plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from casework.codes import Accepted, DocumentKind, DocumentState
from casework.extensions import db
from casework.models import (
    Document,
    DraftServed,
    PlanEdition,
    PlanEditionSection,
    PlanSectionVersion,
)
from casework.queries import comments, drafts, plans
from casework.queries.cases import CaseView
from casework.queries.plans import Plan, as_sections
from casework.queries.protected_particulars import must_not_hold
from casework.rules.found_in_text import others_in
from casework.rules.plan_checks import Finding, findings
from casework.rules.plan_content import Section, texts


@dataclass(frozen=True, slots=True)
class ToServe:
    """What could be served as a draft."""

    #: Which versions of the sections are written here; empty where nothing is.
    seen: str
    #: The draft plans that came as documents on the case.
    documents: Sequence[Document]
    #: What the check finds wanting in the plan: advice, which stops nobody.
    wanting: Sequence[Finding]
    #: Where another child's name may stand: the letter of the section, and the words.
    others_named: list[tuple[str, str]]


def next_number(case_id: int) -> int:
    """Return the number that the case's next edition has."""
    latest = select(func.max(PlanEdition.number)).where(PlanEdition.case_id == case_id)
    return (db.session.scalar(latest) or 0) + 1


def drafts_before(case_id: int) -> int:
    """Return how many editions of the case were drafts."""
    count = select(func.count()).where(
        PlanEdition.case_id == case_id, PlanEdition.is_final.is_(False)
    )
    return db.session.scalar(count) or 0


def seen(versions: Mapping[str, PlanSectionVersion]) -> str:
    """Return which versions these are, in a form's hidden field: what is saved is what was seen."""
    return " ".join(f"{key}{version.number}" for key, version in versions.items())


def wanting(plan: Plan) -> Sequence[Finding]:
    """Return what the check finds wanting in a plan; nothing where nothing is written."""
    return () if plan.is_empty else findings(plan.sections, plan.around)


def written(versions: Mapping[str, PlanSectionVersion]) -> str:
    """Return `seen` of a plan; empty where nothing is written in it."""
    is_empty = all(section.is_empty for section in as_sections(versions).values())
    return "" if is_empty else seen(versions)


def others_named(case_id: int, plan: Plan) -> list[tuple[str, str]]:
    """Return (letter of the section, words as typed) where another child's name may stand.

    Two statements, and none where nothing is written.
    """
    if plan.is_empty:
        return []
    others = must_not_hold(case_id).others
    return [
        (key, hit.words)
        for key, section in plan.sections.items()
        for hit in others_in(texts(section), others)
    ]


def to_serve(view: CaseView) -> ToServe:
    """Return what of a case could be served as a draft."""
    plan = plans.plan(view)
    return ToServe(
        seen=written(plan.versions),
        documents=_documents(view.case.id),
        wanting=wanting(plan),
        others_named=others_named(view.case.id, plan),
    )


def _documents(case_id: int) -> Sequence[Document]:
    """The draft plans that came as documents on the case, the newest first."""
    made = select(PlanEdition.id).where(
        or_(PlanEdition.pdf_id == Document.id, PlanEdition.word_id == Document.id)
    )
    return db.session.scalars(
        select(Document)
        .where(
            Document.case_id == case_id,
            Document.kind == DocumentKind.DRAFT_PLAN,
            Document.state == DocumentState.CLEAN,
            Document.withdrawn_at.is_(None),
            ~made.exists(),
        )
        .order_by(Document.id.desc())
    ).all()


def sections_of(edition_id: int) -> dict[str, Section]:
    """Return what an edition holds, by the letters of its sections. One statement."""
    found = db.session.scalars(
        select(PlanSectionVersion)
        .join(PlanEditionSection, PlanEditionSection.version_id == PlanSectionVersion.id)
        .where(PlanEditionSection.edition_id == edition_id)
    )
    return as_sections({version.section: version for version in found})


def numbered(case_id: int) -> dict[int, PlanEdition]:
    """Return every edition of the case by its number, the newest first. One statement."""
    found = db.session.scalars(
        select(PlanEdition)
        .where(PlanEdition.case_id == case_id)
        .order_by(PlanEdition.number.desc())
    )
    return {edition.number: edition for edition in found}


def draft_with_the_family(view: CaseView) -> DraftServed | None:
    """Return how the latest draft reached the family; None without one, or by its day alone."""
    served = drafts.drafts(view)
    return served[0].served if served else None


def finals(case_id: int) -> Sequence[PlanEdition]:
    """Return the case's final plans with their documents, the newest first. Two statements."""
    return db.session.scalars(
        select(PlanEdition)
        .where(PlanEdition.case_id == case_id, PlanEdition.is_final)
        .options(
            joinedload(PlanEdition.pdf),
            joinedload(PlanEdition.word),
            selectinload(PlanEdition.final),
        )
        .order_by(PlanEdition.number.desc())
    ).all()


def accepted(view: CaseView) -> set[str]:
    """Return the sections on which a comment of the family that stands was accepted, in whole or in
    part, by the newest answer to it.
    """
    return {
        key
        for line in comments.family_said(view, ()).comments
        if line.answer and line.answer.row.accepted != Accepted.NO
        for key in line.row.sections.split()
    }
