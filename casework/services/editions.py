"""Editions of a plan: frozen as it stands, with its PDF and its Word document.

A document is built from the id of one case and from what is held of it. It is made before the
transaction that keeps it, so the database waits for no typesetter; what is kept is what was read
then, and where that is no longer what the person saw, nothing is.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from pypdf import PdfReader

from casework import clock, current
from casework.codes import DocumentKind
from casework.database import reading
from casework.documents import kinds
from casework.documents.kinds import Kind
from casework.extensions import db
from casework.models import Case, PlanEdition, PlanEditionSection, PlanSectionVersion
from casework.plan_document.content import Placement, Plan, Signature, Standing
from casework.plan_document.pdf import pdf
from casework.plan_document.word import word
from casework.queries import editions, plans
from casework.rules.plan_content import texts
from casework.services import audit_trail, events, made_documents
from casework.services.audit_trail import Actor
from casework.services.errors import Refused
from casework.services.made_documents import MadeFile
from casework.services.protected_text import WORDS, refuse_protected
from casework.typesetting import NotTypeset

log = logging.getLogger(__name__)

NOT_MADE = (
    "The PDF of the plan could not be made, so nothing was saved. Tell whoever runs this service, "
    "with the time, and try again when they say so"
)
NOT_WRITTEN = "Nothing of the plan is written here yet, so there is nothing to keep"
CHANGED = (
    "The plan was changed while this page was open, so nothing was saved. Look at it as it is now, "
    "and then save this again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """What a document says besides the sections: as which it stands, and what only that has."""

    standing: Standing
    comments_by: date | None = None
    placement: Placement | None = None
    signature: Signature | None = None


def preview(
    *, actor: Actor, case_id: int, kind: Kind, placement: Placement | None = None
) -> MadeFile:
    """Return the plan as it stands, marked as a preview on each page and kept nowhere; commit.

    Told to the audit trail first. Raises Refused where nothing is written or no PDF can be made.
    """
    audit_trail.record(actor, "previewed plan", case_id=case_id)
    db.session.commit()
    with reading():
        versions = plans.newest_versions(case_id)
        plan = _plan(case_id, versions, Standings(standing=Standing.PREVIEW, placement=placement))
    return _file(plan, kind, "Preview of the plan", DocumentKind.DRAFT_PLAN)


@contextmanager
def frozen(
    actor: Actor, case_id: int, *, version: int, seen: str, what: Standings
) -> Iterator[PlanEdition]:
    """Freeze the plan and give its edition, flushed, to a transaction that the caller commits.

    Claims the case's `version`. `seen` is what `queries.editions.seen` said of the plan that the
    person looked at. Nothing protected goes into a document. If anything is raised the
    transaction is undone and the files are removed.
    Raises Refused and ChangedMeanwhile.
    """
    is_final = what.standing is Standing.FINAL
    with reading():
        versions = plans.newest_versions(case_id)
        if editions.seen(versions) != seen:
            raise Refused({"seen": CHANGED})
        plan = _plan(case_id, versions, what)
        kept = [version.id for version in versions.values()]
        number = editions.next_number(case_id)
        draft = editions.drafts_before(case_id) + 1
    _refuse_protected(actor, case_id, plan)
    title = "Final plan" if is_final else f"Draft plan {draft}"
    kind = DocumentKind.FINAL_PLAN if is_final else DocumentKind.DRAFT_PLAN
    files = [_file(plan, one, title, kind) for one in (kinds.PDF, kinds.WORD)]
    with made_documents.filed(actor, case_id, files) as documents:
        events.claim(case_id, version)
        made_pdf, made_word = documents
        edition = PlanEdition(
            case_id=case_id,
            number=number,
            is_final=is_final,
            pdf_id=made_pdf.id,
            word_id=made_word.id,
            made_at=clock.now(),
            made_by_id=actor.user_id,
            sections=[PlanEditionSection(version_id=one) for one in kept],
        )
        db.session.add(edition)
        db.session.flush()
        yield edition


def _plan(case_id: int, versions: dict[str, PlanSectionVersion], what: Standings) -> Plan:
    sections = plans.as_sections(versions)
    if all(section.is_empty for section in sections.values()):
        raise Refused({"seen": NOT_WRITTEN})
    case = db.session.get_one(Case, case_id)
    child = case.person
    return Plan(
        authority=current.settings().authority_name,
        reference=case.reference,
        forenames=child.forenames,
        surname=child.surname,
        known_as=child.known_as,
        born=child.date_of_birth,
        sections=sections,
        standing=what.standing,
        dated=clock.today(),
        comments_by=what.comments_by,
        placement=what.placement,
        signature=what.signature,
    )


def _refuse_protected(actor: Actor, case_id: int, plan: Plan) -> None:
    """Raise Refused, with the sections at fault, where a protected detail of the case is in one."""
    try:
        refuse_protected(actor, case_id, {k: texts(one) for k, one in plan.sections.items()})
    except Refused as refused:
        found = ", ".join(refused.reasons)
        raise Refused({"seen": f"{WORDS}. Look at section {found}"}) from None


def _file(plan: Plan, kind: Kind, title: str, of: DocumentKind) -> MadeFile:
    try:
        content = pdf(plan) if kind is kinds.PDF else word(plan)
    except NotTypeset as fault:
        log.error("a plan could not be set in type", extra={"values": {"why": str(fault)}})
        raise Refused({"document": NOT_MADE}) from None
    named = title.lower().replace(" ", "-")
    return MadeFile(
        kind=of,
        title=f"{title}, {'PDF' if kind is kinds.PDF else 'Word'}",
        file_name=f"{plan.reference}-{named}{kind.endings[0]}",
        file_kind=kind,
        content=content,
        pages=len(PdfReader(BytesIO(content)).pages) if kind is kinds.PDF else None,
        dated=clock.today(),
    )
