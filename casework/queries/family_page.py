"""The family's page: plain values made for it alone, and nothing else of the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.access import EVERY_CASE
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import CaseEvent, CaseEventException, ExceptionStep
from casework.queries import cases, drafts
from casework.queries.cases import CaseView
from casework.queries.standing import stands
from casework.rules import family_page as rules
from casework.rules.exceptions import GROUNDS
from casework.rules.family_page import Promise, Rights
from casework.rules.history import standing_events
from casework.rules.stages import Stage

#: What the child is called where no first name is recorded.
_NAMELESS = "your child"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A kind of advice that was asked for and has not come."""

    words: str
    asked_on: date | None


@dataclass(frozen=True, slots=True)
class DraftDays:
    """The draft that the family has, and its days on it."""

    served_on: date
    last_day: date
    is_over: bool
    #: Whether it is in the post: the day on which it counts as served has not come.
    is_coming: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An exception that the family was told of."""

    on: date
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyPage:
    """All that a family's page shows. It names no contact, and nobody but the officer."""

    name: str
    reference: str
    made_on: date
    heading: str
    words: str
    promises: Sequence[Promise]
    waiting: Sequence[Waiting]
    draft: DraftDays | None
    exceptions: Sequence[Told]
    rights: Rights | None
    officer: str | None


def page(public_id: str, *, today: date) -> FamilyPage | None:
    """Return what the family's page of a case says on a day; None where there is no such case.

    Six statements at most. Whoever asks has shown that the page is theirs.
    """
    view = cases.view(EVERY_CASE, public_id, today=today, soon_within=1)
    if view is None:
        return None
    draft, stage = _draft(view), view.stands.stage
    name = _first_name(view)
    heading, words = rules.where(
        stage,
        name,
        comments_are_over=draft is not None and draft.is_over,
        is_coming=draft is not None and draft.is_coming,
    )
    events = standing_events(view.entered)
    is_waiting = rules.as_told(stage) in (Stage.ASSESSING, Stage.DRAFTING)
    return FamilyPage(
        name=name,
        reference=view.case.reference,
        made_on=today,
        heading=heading,
        words=words,
        promises=rules.promises(stage, [line.clock for line in view.clocks], today),
        waiting=_waiting(view) if is_waiting else [],
        draft=draft if stage is Stage.DRAFT_OUT else None,
        exceptions=_told(view.case.id) if view.is_open else [],
        rights=rules.rights(stage, events, england_and_wales()),
        officer=view.officer.name if view.officer else None,
    )


def _first_name(view: CaseView) -> str:
    child = view.person
    return child.known_as or next(iter(child.forenames.split()), _NAMELESS)


def _waiting(view: CaseView) -> list[Waiting]:
    """Kinds of advice, one line each: who in particular was asked is not said."""
    kinds: dict[str, date | None] = {}
    for line in view.advice:
        if line.is_outstanding:
            kinds.setdefault(line.adviser.service, line.asked_on)
    return [Waiting(rules.advice_from(kind), asked) for kind, asked in kinds.items()]


def _draft(view: CaseView) -> DraftDays | None:
    newest = next(iter(drafts.drafts(view)), None)
    if newest is None:
        return None
    return DraftDays(
        newest.on,
        newest.window.on,
        is_over=view.today > newest.window.on,
        is_coming=newest.on > view.today,
    )


def _told(case_id: int) -> list[Told]:
    """By the ground alone: the reason may say of one parent what is not for the other."""
    rows = db.session.execute(
        select(CaseEvent.happened_on, CaseEventException.ground)
        .join(ExceptionStep, ExceptionStep.event_id == CaseEvent.id)
        .join(CaseEventException, CaseEventException.event_id == ExceptionStep.proposal_id)
        .where(
            CaseEvent.case_id == case_id,
            CaseEvent.kind == "exception_told",
            stands(CaseEvent),
        )
        .order_by(CaseEvent.id)
    )
    return [Told(on, GROUNDS[ground].title) for on, ground in rows if ground]
