"""A decision that an officer takes outside a panel: recorded and signed in one, as what it is."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from casework.clock import now
from casework.extensions import db
from casework.models import Case, PanelDecision, PanelRecord, PanelRecordDecision
from casework.queries.decisions import earlier_answer, in_force, is_signed
from casework.rules.civil_dates import spoken
from casework.rules.panels import QUESTIONS, Capacity, Handled
from casework.services import audit_trail, decided, decisions, events
from casework.services.audit_trail import Actor
from casework.services.decisions import NewDecision
from casework.services.errors import Absent, ChangedMeanwhile, Refused


def decide(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    question: str,
    decided_on: date,
    new: NewDecision,
) -> PanelDecision:
    """Take a decision about a case for the authority, sign it, make it a fact, and commit.

    `version` is the case's as the person last saw it. What a panel that only advises said of the
    question is kept beside it. Sent twice, it is taken once. Raises ChangedMeanwhile, and Refused
    for what does not say enough, is not ready without a reason, or is out of order.
    """
    try:
        events.claim(case_id, version, by=0)
    except ChangedMeanwhile:
        if (taken := _taken(actor, case_id, question, decided_on, new)) is not None:
            return taken
        raise
    try:
        _refuse(case_id, question, decided_on, new, today)
    except Refused:
        db.session.rollback()
        raise
    advised, earlier = _advised(case_id, question), earlier_answer(case_id, question, not_item=None)
    return _sign(
        actor,
        replace(new, advice=advised),
        case_id=case_id,
        question=question,
        decided_on=decided_on,
        reconsiders_id=earlier.id if earlier else None,
    )


def change(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    decision_id: str,
    decided_on: date,
    new: NewDecision,
) -> PanelDecision:
    """Put a new version, with its reason, in the place of an officer's decision, and commit.

    `decision_id` is the public id of the version in force. Raises Absent, ChangedMeanwhile, and
    Refused: also where the family was told, when a second look is what there is to take.
    """
    events.claim(case_id, version, by=0)
    held = find(case_id, decision_id)
    if held is None:
        db.session.rollback()
        raise Absent
    try:
        decisions.refuse(QUESTIONS[held.question], new)
        _refuse_day(decided_on, today)
        if not (new.change_why or "").strip():
            raise Refused({"change_why": "Say why the decision is changed"})
    except Refused:
        db.session.rollback()
        raise
    return _sign(
        actor,
        replace(new, advice=held.advice, despite=new.despite or held.despite),
        case_id=case_id,
        question=held.question,
        decided_on=decided_on,
        replaces_id=held.id,
        reconsiders_id=held.reconsiders_id,
    )


def find(case_id: int, decision_id: str) -> PanelDecision | None:
    """Return the officer's decision in force with this public id, or None."""
    return db.session.scalar(
        select(PanelDecision).where(
            PanelDecision.public_id == decision_id,
            PanelDecision.case_id == case_id,
            PanelDecision.item_id.is_(None),
            in_force(),
        )
    )


def _refuse(case_id: int, question: str, decided_on: date, new: NewDecision, today: date) -> None:
    row = QUESTIONS[question]
    if new.handled != Handled.DECIDED or not new.decision:
        raise Refused({"decision": "Choose what was decided"})
    decisions.refuse(row, new)
    _refuse_day(decided_on, today)
    found = decisions.objections(db.session.get_one(Case, case_id), row)
    if found and not (new.despite or "").strip():
        raise Refused({"despite": f"{'. '.join(found)}. Say why it is decided now all the same"})


def _refuse_day(decided_on: date, today: date) -> None:
    if decided_on > today:
        raise Refused({"decided_on": f"The day must be today, {spoken(today)}, or in the past"})


def _sign(actor: Actor, new: NewDecision, **details: object) -> PanelDecision:
    """Add the decision and the record that holds it, and make it a fact."""
    made = decisions.fresh(
        actor, new, capacity=Capacity.OFFICER.value, decided_by_id=actor.user_id, **details
    )
    record = PanelRecord(signed_at=now(), signed_by_id=actor.user_id, change_why=new.change_why)
    db.session.add_all([made, record])
    db.session.flush()
    db.session.add(PanelRecordDecision(record_id=record.id, decision_id=made.id))
    public_id, case_id = made.public_id, made.case_id
    try:
        decided.make_facts(actor=actor, decisions=[made])
    except Refused as refused:
        raise Refused({"decided_on": refused.reasons[public_id]}) from refused
    audit_trail.record(
        actor,
        "signed officer decision",
        case_id=case_id,
        subject=f"decision {made.id}",
        changes={"decision": (None, made.decision), "decided on": (None, made.decided_on)},
    )
    db.session.commit()
    return made


def _advised(case_id: int, question: str) -> str | None:
    """What the panel advised that last met about it, where no decision was taken upon it."""
    latest = db.session.scalar(
        select(PanelDecision)
        .where(
            PanelDecision.case_id == case_id,
            PanelDecision.question == question,
            PanelDecision.handled == Handled.DECIDED,
            in_force(),
            is_signed(),
        )
        .order_by(PanelDecision.decided_on.desc(), PanelDecision.id.desc())
        .limit(1)
    )
    return latest.advice if latest and latest.decision is None else None


def _taken(
    actor: Actor, case_id: int, question: str, decided_on: date, new: NewDecision
) -> PanelDecision | None:
    """The same decision as this person has just taken it, where the form was sent twice."""
    return db.session.scalar(
        select(PanelDecision).where(
            PanelDecision.case_id == case_id,
            PanelDecision.question == question,
            PanelDecision.item_id.is_(None),
            PanelDecision.recorded_by_id == actor.user_id,
            PanelDecision.decision == new.decision,
            PanelDecision.decided_on == decided_on,
            PanelDecision.reasons == new.reasons,
            in_force(),
        )
    )
