"""A signed decision becomes a fact of its case."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from sqlalchemy import select, update

from casework import clock
from casework.extensions import db
from casework.models import Case, CaseEvent, PanelDecision
from casework.queries import history
from casework.rules.civil_dates import spoken
from casework.rules.decided import against_changing, before_decision, contradicted
from casework.rules.history import Happened, standing_events, standpoint
from casework.rules.panels import QUESTIONS, Handled, not_ready
from casework.services import audit_trail, deadlines, events
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Refused
from casework.services.events import NewEvent

_ROAD = tuple(QUESTIONS)


def make_facts(*, actor: Actor, decisions: Sequence[PanelDecision]) -> None:
    """Enter each decision as an event of its case, in the open transaction. Commits nothing.

    A decision that is a fact already is left as it is; one that takes the place of another
    corrects that one's event, and strikes it out where nothing is decided any more. The case's
    version rises, so that whoever has it open is told. Raises Refused, with the words about each
    decision by its public id, and the transaction undone: all are entered or none.
    """
    refused: dict[str, str] = {}
    acts: list[Act] = []
    in_order = sorted(decisions, key=lambda d: (d.case_id, _ROAD.index(d.question), d.id))
    for case_id, of_case in groupby(in_order, key=lambda d: d.case_id):
        acts += _enter(case_id, actor, list(of_case), refused)
    if refused:
        db.session.rollback()
        raise Refused(refused)
    if acts:
        deadlines.refresh(sorted({act.case_id for act in acts if act.case_id}))
        audit_trail.record_all(actor, acts)


def _enter(
    case_id: int, actor: Actor, decisions: Sequence[PanelDecision], refused: dict[str, str]
) -> list[Act]:
    """Enter what one case's decisions say, and return the acts; refusals go in `refused`."""
    case = _claim(case_id)
    acts: list[Act] = []
    for decision in decisions:
        entered = history.entered_events([case_id])[case_id]
        standing = standing_events(entered)
        event = _event(decision, standing)
        if event is None:
            continue
        others = [e for e in standing if e.id != event.corrects_id]
        old = next((e for e in standing if e.id == event.corrects_id), None)
        forbidden = _forbidden(event, old, others)
        against = _oddities(decision, case, event, old, others)
        if forbidden or (against and not decision.despite):
            refused[decision.public_id] = forbidden or ". ".join(against)
            continue
        event = replace(event, oddity=decision.despite if against else None)
        acts += events.acts_of(case_id, [event], events.enter(case_id, actor, [event]), entered)
    return acts


def _claim(case_id: int) -> Case:
    """Raise the case's version, so that nobody else changes it before this transaction ends."""
    db.session.execute(
        update(Case)
        .where(Case.id == case_id)
        .values(version=Case.version + 1)
        .execution_options(synchronize_session=False)
    )
    return db.session.get_one(Case, case_id, populate_existing=True)


def _event(decision: PanelDecision, standing: Sequence[Happened]) -> NewEvent | None:
    """The event that this version of a decision makes; None where it changes nothing."""
    made = _made_by_decisions(decision.case_id)
    if decision.id in made:
        return None
    corrects = _event_of_earlier(decision, made, standing)
    if decision.handled == Handled.DECIDED and decision.decision:
        kind = QUESTIONS[decision.question].outcome(decision.decision).event
        by_hand = _entered_by_hand(kind, decision, made, standing)
        return NewEvent(
            kind=kind,
            on=decision.decided_on,
            corrects_id=corrects or by_hand,
            decision_id=decision.id,
        )
    if corrects is None:
        return None
    return NewEvent(
        kind="struck_out",
        on=clock.today(),
        note=decision.change_why or "Nothing was decided, as the record now says",
        corrects_id=corrects,
        decision_id=decision.id,
    )


def _made_by_decisions(case_id: int) -> dict[int, int]:
    """The latest event that each decision on the case has made, by the decision's id."""
    rows = db.session.execute(
        select(CaseEvent.decision_id, CaseEvent.id)
        .where(CaseEvent.case_id == case_id, CaseEvent.decision_id.is_not(None))
        .order_by(CaseEvent.id)
    )
    return {decision_id: event_id for decision_id, event_id in rows if decision_id}


def _event_of_earlier(
    decision: PanelDecision, made: Mapping[int, int], standing: Sequence[Happened]
) -> int | None:
    """The event that stands for an earlier version of this decision, or None."""
    stands = {event.id for event in standing}
    earlier = decision.replaces_id
    while earlier is not None:
        if made.get(earlier) in stands:
            return made[earlier]
        earlier = db.session.get_one(PanelDecision, earlier).replaces_id
    return None


def _entered_by_hand(
    kind: str, decision: PanelDecision, made: Mapping[int, int], standing: Sequence[Happened]
) -> int | None:
    """The same decision as an officer entered it before the record was signed, or None."""
    of_records = set(made.values())
    same = (e for e in standing if (e.kind, e.on) == (kind, decision.decided_on))
    return next((e.id for e in same if e.id not in of_records), None)


def _forbidden(event: NewEvent, old: Happened | None, others: Sequence[Happened]) -> str | None:
    """What no reason can allow, in words, or None."""
    if event.on > clock.today():
        return f"The day it was decided, {spoken(event.on)}, has not come"
    if old is None:
        return None
    kind = None if event.kind == "struck_out" else event.kind
    return against_changing(old, kind, event.on, others)


def _oddities(
    decision: PanelDecision,
    case: Case,
    event: NewEvent,
    old: Happened | None,
    others: Sequence[Happened],
) -> list[str]:
    """What speaks against the event unless the chair gave a reason; nothing if in order."""
    found = events.objections_to(event, others, old)
    if old is None:
        stage = standpoint(before_decision(event.kind, event.on, others)).stage
        found += not_ready(QUESTIONS[decision.question], case.kind, stage, outstanding=())
        found += filter(None, [contradicted(event.kind, event.on, others)])
    return found
