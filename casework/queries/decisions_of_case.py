"""What panels and officers decided about one case, what is ahead of it, and what follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy import exists, literal, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from casework.extensions import db
from casework.models import (
    AgendaItem,
    ConditionDone,
    DecisionCondition,
    Panel,
    PanelDecision,
    PanelMeeting,
    PanelRecord,
    PanelRecordDecision,
    User,
)
from casework.queries.cases import CaseView
from casework.queries.entries import as_happened
from casework.rules.clocks import Clock
from casework.rules.history import standing_events
from casework.rules.next_steps import Due, steps_due
from casework.rules.overturning import overturned_by, overturned_words
from casework.rules.panel_waits import PanelWait, limit_of
from casework.rules.panels import QUESTIONS, Capacity, Handled, Outcome, Question, question_for

#: A meeting, for pages, which name no tables.
Meeting: TypeAlias = PanelMeeting


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionLine:
    """A condition of a decision, and whether it is met."""

    condition: DecisionCondition
    done_on: date | None = None
    done_by: str | None = None

    def is_overdue(self, today: date) -> bool:
        """Return whether its day has gone by and it is not met."""
        due = self.condition.due_on
        return self.done_on is None and due is not None and due < today


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDecision:
    """A decision as it was first signed: a version that a record holds."""

    decision: PanelDecision
    #: None for a decision that an officer took outside a panel.
    meeting: PanelMeeting | None
    record: PanelRecord
    signed_by: str | None
    conditions: Sequence[ConditionLine]
    #: Whether a later version was signed in its place.
    is_replaced: bool
    #: The entry of the case that it made, and what undid it, in words; None where nothing did.
    event_id: int | None
    overturned: str | None
    overturned_by_id: int | None

    @property
    def question(self) -> Question:
        """Return the question that it answers."""
        return QUESTIONS[self.decision.question]

    @property
    def outcome(self) -> Outcome | None:
        """Return what the authority decided; None while there is no decision."""
        key = self.decision.decision
        return self.question.outcome(key) if key else None

    @property
    def advised(self) -> Outcome | None:
        """Return what the panel advised; None where it gave no advice."""
        return self.question.outcome(self.decision.advice) if self.decision.advice else None

    @property
    def words(self) -> str:
        """Return what became of the question: "Assess", "Deferred", "Advised: assess"."""
        if self.decision.handled != Handled.DECIDED:
            return Handled(self.decision.handled).words
        if self.outcome:
            return self.outcome.words
        return f"Advised: {self.advised.words.lower()}" if self.advised else "No decision"

    @property
    def taken_by(self) -> str:
        """Return who took it: the panel by its name, or an officer."""
        if self.decision.capacity == Capacity.OFFICER or self.meeting is None:
            return Capacity.OFFICER.words
        return self.meeting.panel.name

    @property
    def holds(self) -> bool:
        """Return whether it is in force: neither replaced nor overturned."""
        return not (self.is_replaced or self.overturned)


@dataclass(frozen=True, slots=True)
class ItemAhead:
    """A case on the agenda of a meeting whose record is not signed."""

    item: AgendaItem
    meeting: PanelMeeting
    is_past: bool

    @property
    def question(self) -> Question:
        """Return the question that the panel is to answer."""
        return QUESTIONS[self.item.question]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePanels:
    """All that a case's page says of panels."""

    #: The question that the case waits for, and the meeting that is to answer it.
    wait: PanelWait | None
    meeting: PanelMeeting | None
    #: On the agenda of a meeting to come, or of one whose record is not signed yet.
    ahead: Sequence[ItemAhead]
    #: Every signed version, the latest decision first.
    decisions: Sequence[SignedDecision]
    steps: Sequence[Due]

    @property
    def by_event(self) -> Mapping[int, SignedDecision]:
        """Return the decision that made each entry of the case, by the entry's id."""
        return {one.event_id: one for one in self.decisions if one.event_id}

    @property
    def overturns(self) -> Mapping[int, SignedDecision]:
        """Return the decision that an entry of the case overturned, by the entry's id."""
        return {one.overturned_by_id: one for one in self.decisions if one.overturned_by_id}

    @property
    def conditions(self) -> list[tuple[SignedDecision, ConditionLine]]:
        """Return the conditions of decisions in force, those still to be met first, by day."""
        found = [(one, line) for one in self.decisions if one.holds for line in one.conditions]
        return sorted(
            found,
            key=lambda pair: (pair[1].done_on is not None, pair[1].condition.due_on or date.max),
        )

    @property
    def is_on_agenda(self) -> bool:
        """Return whether the case is before a meeting for the question that it waits for."""
        wait = self.wait
        return wait is not None and any(one.question is wait.question for one in self.ahead)

    def latest(self, question: str) -> SignedDecision | None:
        """Return the decision of a question that was last signed and not replaced, or None."""
        found = (one for one in self.decisions if one.outcome and not one.is_replaced)
        return next((one for one in found if one.decision.question == question), None)

    def advice(self, question: str) -> SignedDecision | None:
        """Return what a panel that only advises said of a question, or None."""
        found = (one for one in self.decisions if not one.is_replaced and one.advised)
        latest = next((one for one in found if one.decision.question == question), None)
        return None if latest is None or latest.outcome else latest


def of_case(view: CaseView) -> CasePanels:
    """Return what panels and officers decided about a case, and what is ahead.

    At most six statements, however many decisions.
    """
    ahead = _ahead(view.case.id, view.today)
    question = question_for(view.case.kind, view.stands.stage) if view.is_open else None
    meeting = _meeting_for(question, ahead, view.today) if question else None
    clocks = [line.clock for line in view.own_clocks]
    return CasePanels(
        wait=_wait(question, meeting, clocks, view.today) if question else None,
        meeting=meeting,
        ahead=ahead,
        decisions=_decisions(view),
        steps=steps_due(standing_events(view.entered), clocks),
    )


def _wait(
    question: Question, meeting: PanelMeeting | None, clocks: Sequence[Clock], today: date
) -> PanelWait:
    return PanelWait(
        question=question,
        limit=limit_of(question, clocks),
        meets_on=meeting.on_day if meeting else None,
        today=today,
    )


def next_meeting(question: str, from_day: date) -> PanelMeeting | None:
    """Return the first meeting from a day on of a panel that may answer the question, or None."""
    asked = literal(" ") + Panel.questions + literal(" ")
    signed = exists(select(PanelRecord.id).where(PanelRecord.meeting_id == PanelMeeting.id))
    return db.session.scalar(
        select(PanelMeeting)
        .join(Panel, Panel.id == PanelMeeting.panel_id)
        .where(
            PanelMeeting.on_day >= from_day,
            PanelMeeting.cancelled_at.is_(None),
            asked.contains(f" {question} "),
            or_(Panel.closed_on.is_(None), Panel.closed_on > PanelMeeting.on_day),
            ~signed,
        )
        .options(joinedload(PanelMeeting.panel))
        .order_by(PanelMeeting.on_day, PanelMeeting.starts_at, PanelMeeting.id)
        .limit(1)
    )


def _meeting_for(
    question: Question, ahead: Sequence[ItemAhead], today: date
) -> PanelMeeting | None:
    """The meeting on whose agenda the case is, or the next that may answer."""
    planned = (one.meeting for one in ahead if one.question is question and not one.is_past)
    return next(planned, None) or next_meeting(question.key, today)


def _ahead(case_id: int, today: date) -> list[ItemAhead]:
    signed = exists(
        select(PanelRecordDecision.decision_id)
        .join(PanelDecision, PanelDecision.id == PanelRecordDecision.decision_id)
        .where(PanelDecision.item_id == AgendaItem.id)
    )
    rows = db.session.execute(
        select(AgendaItem, PanelMeeting)
        .join(PanelMeeting, PanelMeeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.case_id == case_id,
            AgendaItem.removed_at.is_(None),
            PanelMeeting.cancelled_at.is_(None),
            ~signed,
        )
        .options(joinedload(PanelMeeting.panel))
        .order_by(PanelMeeting.on_day, AgendaItem.id)
    )
    return [ItemAhead(item, meeting, meeting.on_day < today) for item, meeting in rows]


def _decisions(view: CaseView) -> list[SignedDecision]:
    rows = _signed_rows(view.case.id)
    done = _done([c.id for row in rows for c in row[0].conditions])
    replaced = _replaced([row[0] for row in rows])
    events = standing_events(view.entered)
    made = {
        line.event.decision_id: line
        for line in view.history
        if line.event.decision_id and line.event.kind != "struck_out"
    }
    found = []
    for decision, record, meeting, signed_by in rows:
        line = made.get(decision.id)
        happened = as_happened(line.event) if line else None
        undone = overturned_by(happened, events) if happened else None
        found.append(
            SignedDecision(
                decision=decision,
                meeting=meeting,
                record=record,
                signed_by=signed_by,
                conditions=[_condition(one, done) for one in decision.conditions],
                is_replaced=decision.id in replaced,
                event_id=happened.id if happened else None,
                overturned=overturned_words(happened, undone) if happened and undone else None,
                overturned_by_id=undone.id if undone else None,
            )
        )
    return sorted(found, key=lambda d: (d.decision.decided_on, d.decision.id), reverse=True)


def _signed_rows(
    case_id: int,
) -> list[tuple[PanelDecision, PanelRecord, PanelMeeting | None, str | None]]:
    """Each signed version with the first record that held it."""
    earlier = aliased(PanelRecordDecision)
    first = ~exists(
        select(earlier.record_id).where(
            earlier.decision_id == PanelDecision.id, earlier.record_id < PanelRecord.id
        )
    )
    rows = db.session.execute(
        select(PanelDecision, PanelRecord, PanelMeeting, User.name)
        .join(PanelRecordDecision, PanelRecordDecision.decision_id == PanelDecision.id)
        .join(PanelRecord, PanelRecord.id == PanelRecordDecision.record_id)
        .outerjoin(PanelMeeting, PanelMeeting.id == PanelRecord.meeting_id)
        .outerjoin(User, User.id == PanelRecord.signed_by_id)
        .where(PanelDecision.case_id == case_id, first)
        .options(
            selectinload(PanelDecision.evidence),
            selectinload(PanelDecision.conditions),
            joinedload(PanelDecision.decided_by).load_only(User.name),
            joinedload(PanelMeeting.panel),
        )
        .order_by(PanelDecision.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _replaced(signed: Sequence[PanelDecision]) -> set[int]:
    """The signed versions in whose place another was signed, whatever was typed between them."""
    last = {one.item_id: one.id for one in signed if one.item_id is not None}
    by_item = {one.id for one in signed if one.item_id and last[one.item_id] != one.id}
    return by_item | {one.replaces_id for one in signed if one.replaces_id}


def _done(condition_ids: Sequence[int]) -> dict[int, tuple[date | None, str | None]]:
    """When each condition was met and who said so; the latest word stands."""
    if not condition_ids:
        return {}
    rows = db.session.execute(
        select(ConditionDone.condition_id, ConditionDone.done_on, User.name)
        .outerjoin(User, User.id == ConditionDone.recorded_by_id)
        .where(ConditionDone.condition_id.in_(condition_ids))
        .order_by(ConditionDone.id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _condition(
    one: DecisionCondition, done: Mapping[int, tuple[date | None, str | None]]
) -> ConditionLine:
    on, by = done.get(one.id, (None, None))
    return ConditionLine(condition=one, done_on=on, done_by=by if on else None)
