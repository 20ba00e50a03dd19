"""Drafts served from plans written here, and final plans signed here, with their documents.

A few of each, since every one is set in type.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from sqlalchemy import select, update

from casework import current
from casework.codes import PlaceKind, ServiceRoute
from casework.demonstration.draw import Draw
from casework.demonstration.panels import moment
from casework.demonstration.papers import Papers, document
from casework.demonstration.rows import Row, keep, put
from casework.documents.kinds import PDF, WORD, Kind
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import (
    Case,
    CaseEvent,
    Consultation,
    DraftServed,
    FinalPlan,
    PlanEdition,
    PlanEditionSection,
    PlanSectionVersion,
    Setting,
    User,
)
from casework.plan_document.content import Placement, Plan, Signature, Standing
from casework.plan_document.pdf import pdf
from casework.plan_document.word import word
from casework.queries import final_plans, history
from casework.queries.plans import as_sections
from casework.rules.book import duty as find_duty
from casework.rules.deadlines import Due, due
from casework.rules.history import Happened, draft_with_the_family, standing_events
from casework.rules.stages import Stage

#: How many are made of each.
_DRAFTS, _SIGNED, _PART_SENT, _SENT = 3, 1, 2, 2
_WINDOW = find_duty("reps_15d_min")
_POST = "Head of SEND casework"


@dataclass(frozen=True, slots=True)
class _Served:
    """A case whose draft can have been written here, and when its final plan was first sent."""

    case: Case
    draft: Happened
    window: Due
    versions: Mapping[str, PlanSectionVersion]
    sent_on: date | None
    names_none: bool


def keep_editions(draw: Draw, papers: Papers, manager_id: int, today: date) -> int:
    """Keep some drafts and final plans with their documents; return how many events that made."""
    manager = db.session.get_one(User, manager_id)
    served = list(_served())
    may_be_signed = [
        one
        for one in served
        if one.window.earliest and one.window.earliest <= (one.sent_on or today)
    ]
    at = {
        stage: [one for one in may_be_signed if one.case.stage == stage]
        for stage in (Stage.DRAFT_OUT, Stage.PART_SENT, Stage.FINAL)
    }
    signed = [
        *at[Stage.DRAFT_OUT][:_SIGNED],
        *at[Stage.PART_SENT][:_PART_SENT],
        *at[Stage.FINAL][:_SENT],
    ]
    drafts = [one for one in served if one.case.stage == Stage.DRAFT_OUT and one not in signed]
    for one in (*drafts[:_DRAFTS], *signed):
        _serve(draw, papers, one)
    for one in signed:
        _sign(papers, one, manager, one.sent_on or today)
    return len(signed)


def _served() -> Iterator[_Served]:
    """The cases, in order, whose plan was written by the day of the draft that the family has."""
    stages = (Stage.DRAFT_OUT, Stage.PART_SENT, Stage.FINAL)
    written = select(PlanSectionVersion.case_id)
    cases = db.session.scalars(
        select(Case).where(Case.id.in_(written), Case.stage.in_(stages)).order_by(Case.id)
    ).all()
    entered = history.entered_events([case.id for case in cases])
    for case in cases:
        events = standing_events(entered[case.id])
        served_on = draft_with_the_family(events)
        versions = _versions(case.id, served_on) if served_on else {}
        if served_on and versions:
            sent = [event.on for event in events if event.kind == "final_plan_sent"]
            yield _Served(
                case=case,
                draft=next(e for e in events if (e.kind, e.on) == ("draft_served", served_on)),
                window=due(_WINDOW, {"draft_served": served_on}, england_and_wales()),
                versions=versions,
                sent_on=min(sent, default=None),
                names_none=any(e.kind == "no_institution_named" for e in events),
            )


def _versions(case_id: int, by: date) -> dict[str, PlanSectionVersion]:
    rows = db.session.scalars(
        select(PlanSectionVersion)
        .where(PlanSectionVersion.case_id == case_id)
        .order_by(PlanSectionVersion.section, PlanSectionVersion.number)
    )
    return {row.section: row for row in rows if row.saved_at.date() <= by}


def _serve(draw: Draw, papers: Papers, one: _Served) -> None:
    plan = replace(_plan(one, one.draft.on), comments_by=one.window.on)
    edition = _freeze(papers, one, plan, one.draft.on, 1, one.case.officer_id)
    put(
        DraftServed,
        [
            {
                "event_id": one.draft.id,
                "case_id": one.case.id,
                "edition_id": edition,
                "document_id": None,
                "route": draw.choice((ServiceRoute.EMAIL, ServiceRoute.BY_HAND)).value,
                "sent_at": moment(one.draft.on, 10, 15),
                "changed_because": "",
            }
        ],
    )


def _sign(papers: Papers, one: _Served, manager: User, on: date) -> None:
    setting, kind, part = _named(one)
    signature = Signature(name_and_post=f"{manager.name}, {_POST}", on=on)
    placement = Placement(
        setting=setting.name if setting else None,
        setting_type=kind,
        place=None if part == PlaceKind.SCHOOL else PlaceKind(part).words,
    )
    plan = replace(
        _plan(one, on), standing=Standing.FINAL, placement=placement, signature=signature
    )
    edition = _freeze(papers, one, plan, on, 2, manager.id)
    (event,) = keep(
        CaseEvent,
        [
            {
                "case_id": one.case.id,
                "kind": "plan_signed",
                "happened_on": on,
                "entered_at": moment(on, 9, 40),
                "entered_by_id": manager.id,
            }
        ],
    )
    put(
        FinalPlan,
        [
            {
                "edition_id": edition,
                "event_id": event,
                "setting_id": setting.id if setting else None,
                "setting_type": kind,
                "place_kind": part if setting else None,
                "signed_on": on,
                "signed_by_id": manager.id,
                "signed_by_words": signature.name_and_post,
            }
        ],
    )
    db.session.execute(update(Case).where(Case.id == one.case.id).values(version=Case.version + 1))


def _plan(one: _Served, on: date) -> Plan:
    child = one.case.person
    return Plan(
        authority=current.settings().authority_name,
        reference=one.case.reference,
        forenames=child.forenames,
        surname=child.surname,
        known_as=child.known_as,
        born=child.date_of_birth,
        sections=as_sections(one.versions),
        standing=Standing.DRAFT,
        dated=on,
    )


def _named(one: _Served) -> tuple[Setting | None, str, str]:
    """What section I names: whom the family asked for or else who was asked, its type and part."""
    asked = db.session.scalars(
        select(Consultation)
        .where(Consultation.case_id == one.case.id)
        .order_by(Consultation.is_family_request.desc(), Consultation.id)
    ).first()
    setting = asked.setting if asked else one.case.setting
    kind = final_plans.type_words(setting) if setting else ""
    if one.names_none or setting is None:
        return None, kind or "Special school", PlaceKind.SCHOOL
    part = asked.place_kind if asked and asked.place_kind else PlaceKind.SCHOOL
    return setting, kind or "School", part


def _freeze(papers: Papers, one: _Served, plan: Plan, on: date, number: int, by: int | None) -> int:
    """Keep an edition with its two documents, and return its id."""
    is_final = plan.standing is Standing.FINAL
    title = "Final plan" if is_final else "Draft plan 1"
    rows = [
        _document(one, kind, f"{title}, {words}", content, on, by, is_final=is_final)
        for kind, words, content in ((PDF, "PDF", pdf(plan)), (WORD, "Word", word(plan)))
    ]
    made_pdf, made_word = papers.put(rows)
    (edition,) = keep(
        PlanEdition,
        [
            {
                "case_id": one.case.id,
                "number": number,
                "is_final": is_final,
                "pdf_id": made_pdf,
                "word_id": made_word,
                "made_at": moment(on, 9, 30),
                "made_by_id": by,
            }
        ],
    )
    sections: Sequence[dict[str, Any]] = [
        {"edition_id": edition, "version_id": version.id} for version in one.versions.values()
    ]
    put(PlanEditionSection, sections)
    return edition


def _document(
    one: _Served,
    kind: Kind,
    title: str,
    content: bytes,
    on: date,
    by: int | None,
    *,
    is_final: bool,
) -> Row:
    of = "final-plan" if is_final else "draft-plan"
    row = document(one.case.id, of, title, content, moment(on, 9, 30))
    return row | {
        "media_type": kind.media_type,
        "pages": len(PdfReader(BytesIO(content)).pages) if kind is PDF else None,
        "file_name": f"{one.case.reference}-{of}{kind.endings[0]}",
        "received_on": on,
        "added_by_id": by,
    }
