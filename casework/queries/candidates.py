"""Cases that wait for a decision which a panel may take, in the order that the law needs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from casework.access import Scope
from casework.extensions import db
from casework.models import AgendaItem, Case, Deadline, PanelDecision, PanelMeeting, PanelRecord
from casework.queries.case_limits import limits_of
from casework.queries.decisions import in_force
from casework.queries.finding import as_reference
from casework.queries.meetings_ahead import sittings
from casework.queries.prospects import Prospect, selected, summary
from casework.queries.scope import in_scope
from casework.rules.panels import QUESTIONS, SOUGHT, Handled, Question

#: How many cases are listed of those that are ready, and of those that are not yet.
LISTED = 60


@dataclass(frozen=True, slots=True)
class Candidates:
    """Cases that wait, those that the law needs first at the top; and how many there are in all."""

    listed: Sequence[Prospect]
    total: int

    @property
    def beyond(self) -> int:
        """Return how many there are besides those that are listed."""
        return self.total - len(self.listed)


@dataclass(frozen=True, slots=True)
class Candidacy:
    """What may come before one meeting: the cases that are ready for it, and those that are not."""

    ready: Candidates
    not_ready: Candidates

    @property
    def listed(self) -> list[Prospect]:
        """Return all that are listed, in the order that the law needs them."""
        both = (*self.ready.listed, *self.not_ready.listed)
        return sorted(both, key=lambda one: one.law_key)


def candidates(scope: Scope, meeting: PanelMeeting, today: date) -> Candidacy:
    """Return the cases that wait for a question which the meeting's panel may decide.

    Not those that are on an agenda for it already. Four statements: two for the cases, each with
    its count; one for what is owed and asked; one for the days of meetings.
    """
    sought = [QUESTIONS[key] for key in SOUGHT if key in meeting.panel.question_keys]
    pages = [waiting(scope, sought, is_ready=is_ready) for is_ready in (True, False)]
    limits = limits_of([row.case_id for page in pages for row in page])
    days = sittings(meeting, [one.key for one in sought], today)

    def listed(page: Sequence[Row[Any]]) -> Candidates:
        return Candidates(
            [
                Prospect(
                    today=today,
                    case=summary(row),
                    question=QUESTIONS[row.question],
                    limits=limits[row.case_id],
                    sittings=days[row.question],
                )
                for row in page
            ],
            page[0].total if page else 0,
        )

    return Candidacy(*map(listed, pages))


def prospect(
    scope: Scope, meeting: PanelMeeting, reference: str, question: str, today: date
) -> Prospect | None:
    """Return a case by its reference, as typed, before a meeting; None alike where there is none
    and where it is not theirs to see."""
    row = db.session.execute(
        selected().where(Case.reference == as_reference(reference), in_scope(scope))
    ).first()
    if row is None:
        return None
    case = summary(row)
    return Prospect(
        today=today,
        case=case,
        question=QUESTIONS[question],
        limits=limits_of([case.case_id])[case.case_id],
        sittings=sittings(meeting, [question], today)[question],
    )


def waiting(scope: Scope, sought: Sequence[Question], *, is_ready: bool) -> Sequence[Row[Any]]:
    """Return the first of the cases that wait for these questions, as a row of `selected`.

    Those that are ready, or those that are not; what rests on no advice is. Each has before its
    summary its `case_id`, its `question` and how many there are in `total`. One statement.
    """
    asked = [one for one in sought if is_ready or one.rests_on_advice]
    if not asked:
        return []
    found = union_all(*(_of(scope, one, is_ready=is_ready) for one in asked)).subquery()
    first = (
        select(found, func.count().over().label("total"))
        .order_by(found.c.due_on.is_(None), found.c.due_on, found.c.case_id)
        .limit(LISTED)
        .subquery()
    )
    return db.session.execute(
        selected(first.c.case_id, first.c.question, first.c.total)
        .join(first, first.c.case_id == Case.id)
        .order_by(first.c.due_on.is_(None), first.c.due_on, first.c.case_id)
    ).all()


def is_on_live_agenda(question: str) -> ColumnElement[bool]:
    """Return the condition on Case that holds where it is on an agenda for a question, or was, and
    the authority has still to decide on what the panel advised."""
    unsigned = ~exists().where(PanelRecord.meeting_id == PanelMeeting.id)
    only_advised = exists().where(
        PanelDecision.item_id == AgendaItem.id,
        PanelDecision.handled == Handled.DECIDED,
        PanelDecision.decision.is_(None),
        in_force(),
    )
    return exists().where(
        AgendaItem.case_id == Case.id,
        AgendaItem.question == question,
        AgendaItem.removed_at.is_(None),
        PanelMeeting.id == AgendaItem.meeting_id,
        PanelMeeting.cancelled_at.is_(None),
        or_(unsigned, only_advised),
    )


def _of(scope: Scope, question: Question, *, is_ready: bool) -> Select[Any]:
    """The cases that wait for one question, each with the first of its limits that binds."""
    readiness = _all_advice_is_in() if question.rests_on_advice else true()
    is_again = Case.kind == "reassessment"
    of_kind = {"reassess": is_again, "assess": ~is_again}.get(question.key, true())
    return select(
        Case.id.label("case_id"),
        literal(question.key).label("question"),
        _first_that_binds(question).label("due_on"),
    ).where(
        Case.ended_on.is_(None),
        Case.stage.in_(sorted(question.ready_at)),
        of_kind,
        readiness if is_ready else ~readiness,
        in_scope(scope),
        ~is_on_live_agenda(question.key),
    )


def _all_advice_is_in() -> ColumnElement[bool]:
    """Somebody was asked and has answered, and nobody's answer is owed."""
    answered = exists().where(
        Deadline.case_id == Case.id,
        Deadline.adviser_id.is_not(None),
        Deadline.met_on.is_not(None),
    )
    return and_(Case.advice_outstanding == 0, answered)


def _first_that_binds(question: Question) -> ColumnElement[Any]:
    return (
        select(func.min(Deadline.due_on))
        .where(
            Deadline.case_id == Case.id,
            Deadline.duty.in_(question.limits),
            and_(Deadline.met_on.is_(None), Deadline.closed_on.is_(None)),
            Deadline.lifted_by.is_(None),
        )
        .scalar_subquery()
    )
