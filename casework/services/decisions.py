"""What a panel decided about a case: recorded version by version, until its record is signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from casework.clock import now
from casework.extensions import db
from casework.models import (
    AgendaItem,
    Case,
    DecisionCondition,
    DecisionEvidence,
    Interest,
    PanelDecision,
    PanelMeeting,
)
from casework.queries import advice, changes, decisions
from casework.rules.civil_dates import spoken_date
from casework.rules.panels import QUESTIONS, Capacity, Handled, Question, not_ready
from casework.rules.stages import Stage
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Absent, ChangedMeanwhile, Refused

#: Whether cost was spoken of, and when: what is suitable is settled before what it costs.
COST = {
    "no": "Cost was not discussed",
    "after": "After what is suitable was settled",
    "before": "Before what is suitable was settled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCondition:
    """Who must do what by when."""

    words: str
    owner: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """What became of a question about a case, about to be recorded.

    `advice` and `decision` are keys of the question's outcomes; the other fields are columns of
    PanelDecision.
    """

    handled: str = Handled.DECIDED.value
    advice: str | None = None
    decision: str | None = None
    reasons: str = ""
    evidence: Sequence[str] = ()
    missing: str | None = None
    conditions: Sequence[NewCondition] = ()
    differing_views: str | None = None
    cost_discussed: str | None = None
    despite: str | None = None
    carried_why: str | None = None
    carried_to_id: int | None = None
    change_why: str | None = None


#: The columns that one version says of the decision itself.
_SAID = (
    *("handled", "advice", "decision", "reasons", "missing", "differing_views", "despite"),
    *("cost_discussed", "carried_why", "carried_to_id"),
)


def record(
    *, actor: Actor, today: date, item_id: int, version: int, new: NewDecision
) -> PanelDecision:
    """Record what a panel decided about an item of its agenda, and commit; return the version.

    `version` is the item's as the person last saw it. What is recorded already, word for word, is
    returned and not recorded twice. Raises Absent, ChangedMeanwhile, and Refused.
    """
    item = _item(item_id)
    held = next(iter(decisions.versions(item.id)), None)
    if held is not None and _says(held, new) and not _needs_another(item, held):
        return held
    try:
        _claim(item, version)
    except ChangedMeanwhile:
        held = next(iter(decisions.versions(item_id)), None)
        if held is not None and _says(held, new):
            return held  # the same answer sent twice at once
        raise
    try:
        made = _made(actor, today, item, held, new)
    except Refused:
        db.session.rollback()
        raise
    db.session.add(made)
    db.session.flush()
    audit_trail.record(
        actor,
        "changed decision" if held else "recorded decision",
        case_id=item.case_id,
        subject=f"agenda item {item.id}",
        changes=_told(held, made),
    )
    db.session.commit()
    return made


def refuse(question: Question, new: NewDecision) -> None:
    """Raise Refused where a decision does not say what one must, wherever it is taken."""
    reasons: dict[str, str] = {}
    known = {outcome.key for outcome in question.outcomes}
    if {new.advice, new.decision} - known - {None}:
        reasons["answer"] = "Choose an outcome of this question from the list"
    if new.handled == Handled.DECIDED:
        if not new.advice and not new.decision:
            reasons["answer"] = "Choose what was decided"
        elif not new.reasons.strip():
            reasons["reasons"] = "Give the reasons: choose a phrase, or write a line"
    elif new.advice or new.decision:
        reasons["answer"] = "A case that was not decided has no outcome"
    elif not (new.carried_why or "").strip():
        reasons["carried_why"] = "Say why the case was not decided"
    if any(not (one.words.strip() and one.owner.strip()) for one in new.conditions):
        reasons["conditions"] = "Say for each condition what must be done and who must do it"
    if new.cost_discussed not in (None, *COST):
        reasons["cost_discussed"] = "Choose an answer from the list"
    if reasons:
        raise Refused(reasons)


def objections(case: Case, question: Question) -> list[str]:
    """Return what speaks against deciding the question about the case now, in words."""
    return not_ready(question, case.kind, Stage(case.stage), advice.outstanding(case.id))


def fresh(actor: Actor, new: NewDecision, **details: Any) -> PanelDecision:
    """Return the row of a decision, not added yet; `details` are its other columns."""
    return PanelDecision(
        **{name: getattr(new, name) for name in (*_SAID, "change_why")},
        evidence=[DecisionEvidence(words=words) for words in new.evidence],
        conditions=[
            DecisionCondition(words=one.words, owner=one.owner, due_on=one.due_on)
            for one in new.conditions
        ],
        recorded_at=now(),
        recorded_by_id=actor.user_id,
        **details,
    )


def _item(item_id: int) -> AgendaItem:
    item = db.session.scalar(
        select(AgendaItem)
        .where(AgendaItem.id == item_id, AgendaItem.removed_at.is_(None))
        .options(joinedload(AgendaItem.meeting).joinedload(PanelMeeting.panel))
    )
    if item is None:
        raise Absent
    return item


def _claim(item: AgendaItem, version: int) -> None:
    taken = db.session.execute(
        update(AgendaItem)
        .where(AgendaItem.id == item.id, AgendaItem.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session="fetch")
    )
    if taken.rowcount == 1:  # type: ignore[attr-defined]
        return
    item_id, case_id = item.id, item.case_id
    current = db.session.scalar(select(AgendaItem.version).where(AgendaItem.id == item_id)) or 0
    subject = f"agenda item {item_id}"
    done = changes.latest(case_id=case_id, count=max(current - version, 1), subject=subject)
    db.session.rollback()
    raise ChangedMeanwhile(current, done)


def _made(
    actor: Actor, today: date, item: AgendaItem, held: PanelDecision | None, new: NewDecision
) -> PanelDecision:
    question, meeting = QUESTIONS[item.question], item.meeting
    db.session.refresh(meeting)  # it may have been moved or cancelled while the item was waited for
    _refuse_time(meeting, today)
    _refuse_interest(actor, item.case_id)
    refuse(question, new)
    _refuse_after_signing(item, held, new)
    decided_by = None
    if new.handled == Handled.DECIDED:
        _refuse_unready(item, question, held, new)
        decided_by = _decided_by(actor, item, new)
    else:
        _refuse_carrying(meeting, new)
    earlier = decisions.earlier_answer(item.case_id, item.question, not_item=item.id)
    is_answer = new.handled == Handled.DECIDED and earlier is not None
    return fresh(
        actor,
        new,
        item_id=item.id,
        case_id=item.case_id,
        question=item.question,
        capacity=Capacity.PANEL.value,
        decided_on=meeting.on_day,
        decided_by_id=decided_by,
        replaces_id=held.id if held else None,
        reconsiders_id=earlier.id if earlier and is_answer else None,
    )


def _refuse_time(meeting: PanelMeeting, today: date) -> None:
    if meeting.cancelled_at is not None:
        raise Refused({"answer": "The meeting was cancelled. Nothing can be recorded at it"})
    if today < meeting.on_day:
        day = spoken_date(meeting.on_day)
        raise Refused({"answer": f"The meeting is on {day}. Nothing can be recorded before it"})


def _refuse_interest(actor: Actor, case_id: int) -> None:
    declared = select(Interest.id).where(
        Interest.case_id == case_id, Interest.user_id == actor.user_id, Interest.ended_at.is_(None)
    )
    if db.session.scalar(declared) is not None:
        raise Refused(
            {
                "answer": "You have declared an interest in this case. Somebody else must record "
                "it: for the chair, a deputy"
            }
        )


def _refuse_unready(
    item: AgendaItem, question: Question, held: PanelDecision | None, new: NewDecision
) -> None:
    """A change of words alone asks for no new reason why the case was decided at all."""
    if held and (held.handled, held.decision) == (new.handled, new.decision):
        return
    found = objections(db.session.get_one(Case, item.case_id), question)
    if found and not (new.despite or "").strip():
        raise Refused({"despite": f"{'. '.join(found)}. Say why the chair has it decided now"})


def _refuse_after_signing(item: AgendaItem, held: PanelDecision | None, new: NewDecision) -> None:
    """What another meeting has taken over is not also decided here."""
    if held is None or not decisions.signed(held.id):
        return
    if not (new.change_why or "").strip():
        raise Refused({"change_why": "The record is signed. Say why it is changed"})
    if (held.handled, held.carried_to_id) == (new.handled, new.carried_to_id):
        return
    taken_over = db.session.scalar(
        select(PanelMeeting.on_day)
        .join(AgendaItem, AgendaItem.meeting_id == PanelMeeting.id)
        .where(AgendaItem.carried_from_id == item.id, AgendaItem.removed_at.is_(None))
    )
    if taken_over is not None:
        raise Refused(
            {
                "answer": f"The case went to the meeting of {spoken_date(taken_over)}. Record it "
                "there, or take it off that agenda first"
            }
        )


def _refuse_carrying(meeting: PanelMeeting, new: NewDecision) -> None:
    to = db.session.get(PanelMeeting, new.carried_to_id) if new.carried_to_id else None
    if to is None or to.cancelled_at is not None or to.on_day <= meeting.on_day:
        raise Refused({"carried_to": "Choose a later meeting for the case to go to"})


def _decided_by(actor: Actor, item: AgendaItem, new: NewDecision) -> int | None:
    """Who takes the decision for the authority: the chair, or the deputy who records it."""
    if not item.meeting.panel.decides:
        if new.decision:
            raise Refused(
                {"answer": "This panel advises. An officer of the authority takes the decision"}
            )
        return None
    if not new.decision:
        raise Refused({"answer": "Choose what the authority decided"})
    able = [one.user_id for one in decisions.may_decide(item.meeting, item.case_id)]
    if not able:
        raise Refused(
            {
                "answer": "Nobody who is here may decide: a chair or deputy who is present and "
                "has declared no interest in the case"
            }
        )
    return actor.user_id if actor.user_id in able else able[0]


def _says(held: PanelDecision, new: NewDecision) -> bool:
    """Whether the version says the very same, so that there is nothing to record."""
    return (
        all(_same(getattr(held, name), getattr(new, name)) for name in _SAID)
        and [one.words for one in held.evidence] == list(new.evidence)
        and [(one.words, one.owner, one.due_on) for one in held.conditions]
        == [(one.words, one.owner, one.due_on) for one in new.conditions]
    )


def _needs_another(item: AgendaItem, held: PanelDecision) -> bool:
    """Whether whoever took it may not, as it now stands, so that the same is recorded anew."""
    if held.decided_by_id is None or decisions.signed(held.id):
        return False
    able = {one.user_id for one in decisions.may_decide(item.meeting, item.case_id)}
    return held.decided_by_id not in able


def _same(held: Any, new: Any) -> bool:
    return (held or None) == (new or None)


def _told(held: PanelDecision | None, made: PanelDecision) -> Mapping[str, tuple[Any, Any]]:
    old = {name: getattr(held, name) for name in _SAID} if held else {}
    told = {name: (old.get(name), getattr(made, name)) for name in (*_SAID, "change_why")}
    return {name: pair for name, pair in told.items() if pair[0] != pair[1]}
