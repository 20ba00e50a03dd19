"""The record of a meeting, signed: what was decided becomes fact, what was not goes on."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import select

from casework.clock import now
from casework.extensions import db
from casework.models import (
    AgendaItem,
    PanelDecision,
    PanelMeeting,
    PanelRecord,
    PanelRecordDecision,
)
from casework.queries import meetings, records
from casework.queries.records import Line, Record
from casework.rules.civil_dates import spoken
from casework.rules.panels import Handled
from casework.services import agenda, audit_trail, decided, unheard
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from casework.services.signer import Signer, Signing, signer_of
from casework.services.unheard import AS_OFFICER, DEFER, LEAVE


def sign(
    *, actor: Actor, today: date, meeting_id: int, may_decide: bool, signing: Signing
) -> PanelRecord:
    """Sign the record of a meeting, all or nothing, and commit; return the version signed.

    The chair or a deputy who was there signs all but the cases in which they have an interest;
    somebody who may take decisions outside a panel (`may_decide`) takes those that had no quorum.
    Raises Absent; ChangedMeanwhile where the record is not as it was seen; and Refused, by the
    name of what is asked of the signer or by the public id of an item, with nothing changed.
    """
    try:
        record = _sign(actor, today, meeting_id, may_decide, signing)
    except (Refused, ChangedMeanwhile):
        db.session.rollback()
        raise
    db.session.commit()
    return record


def _sign(
    actor: Actor, today: date, meeting_id: int, may_decide: bool, signing: Signing
) -> PanelRecord:
    meeting = _lock(meeting_id, signing.to_id)
    members = meetings.members_on(meeting.panel_id, meeting.on_day)
    standing = records.as_it_stands(meeting, members)
    if standing.fingerprint != signing.seen:
        raise ChangedMeanwhile(len(standing.versions), ())
    signer = signer_of(actor.user_id, members, standing, may_decide=may_decide)
    _refuse(meeting, today, standing, signer)
    _refuse_going_back(meeting, signing)
    own = [line for line in standing.lines if signer.may_sign(line)]
    if signing.without_quorum == LEAVE:
        own = [line for line in own if not line.lacks_quorum]
    _refuse_under_interest(own)
    _refuse_absent(own, standing)
    _refuse_unsaid(own, signer, signing)
    _refuse_unasked_change(own, standing, signing)
    made = unheard.settle(actor, today, meeting, own, signing)
    newly = [made.get(line.item.id, line.decision) for line in own if not line.is_signed]
    signed = [decision for decision in newly if decision is not None]
    if not signed and _adds_nothing(standing, signing):
        raise Refused({"seen": "There is nothing here that you can sign"})
    record = _add(actor, meeting, standing, signed, signing)
    _make_facts(actor, standing, signed)
    _carry_over(actor, own, signed)
    audit_trail.record_all(actor, _acts(meeting, record, made, signed))
    return record


def _lock(meeting_id: int, to_id: int | None) -> PanelMeeting:
    """Hold the meeting, its items and the meetings its cases go to, always in one order.

    A second signer then waits for the first, and is told; nobody records a decision meanwhile.
    """
    db.session.expire_all()
    going = select(PanelDecision.carried_to_id).join(
        AgendaItem, AgendaItem.id == PanelDecision.item_id
    )
    going = going.where(AgendaItem.meeting_id == meeting_id)
    wanted = {meeting_id, to_id, *db.session.scalars(going)} - {None}
    locked = db.session.scalars(
        select(PanelMeeting)
        .where(PanelMeeting.id.in_(wanted))
        .order_by(PanelMeeting.id)
        .with_for_update(key_share=True)
    ).all()
    of_items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id)
    db.session.scalars(of_items.order_by(AgendaItem.id).with_for_update()).all()
    found = next((one for one in locked if one.id == meeting_id), None)
    if found is None:
        raise Absent
    return found


def _refuse(meeting: PanelMeeting, today: date, standing: Record, signer: Signer) -> None:
    if meeting.cancelled_at is not None:
        raise Refused({"seen": "The meeting was cancelled. There is nothing to sign"})
    if meeting.on_day > today:
        raise Refused({"seen": f"The meeting is on {spoken(meeting.on_day)}. Sign it after that"})
    if not standing.roll.is_begun:
        raise Refused({"seen": "Record first who came: nothing is said of anybody"})
    if signer.cannot:
        raise Refused({"seen": signer.cannot})
    unsaid = ", ".join(one.name for one in standing.roll.unsaid)
    if unsaid:
        raise Refused({"seen": f"Record first who came. Nothing is said of {unsaid}"})


def _refuse_going_back(meeting: PanelMeeting, signing: Signing) -> None:
    to = db.session.get(PanelMeeting, signing.to_id) if signing.to_id else None
    if signing.to_id and (to is None or to.on_day <= meeting.on_day):
        raise Refused({"to": "Choose a later meeting for the cases to go to"})


def _refuse_under_interest(own: Sequence[Line]) -> None:
    words = (
        "Whoever took this decision has declared an interest in the case since. Somebody who has "
        "none must record it again"
    )
    refused = {line.item.public_id: words for line in own if line.is_under_interest}
    if refused:
        raise Refused(refused)


def _refuse_absent(own: Sequence[Line], standing: Record) -> None:
    """Refuse what names somebody who was not there. Where there was no quorum, that is asked."""
    words = (
        "Whoever took this decision is not recorded as present. Somebody who was there must "
        "record it again"
    )
    away = [line for line in own if not line.lacks_quorum and line.is_taken_without(standing.roll)]
    if away:
        raise Refused({line.item.public_id: words for line in away})


def _refuse_unsaid(own: Sequence[Line], signer: Signer, signing: Signing) -> None:
    """Ask for what becomes of the cases that nobody recorded, and of those without a quorum."""
    reasons: dict[str, str] = {}
    unrecorded = [line for line in own if line.decision is None]
    inquorate = [line for line in own if line.lacks_quorum]
    if unrecorded and not signing.why:
        reasons["why"] = (
            f"Nothing is recorded of {_named(unrecorded)}. Record what became of each, or say why "
            "they were not heard"
        )
    if inquorate and signing.without_quorum not in (DEFER, AS_OFFICER):
        reasons["without_quorum"] = (
            f"There was no quorum for {_named(inquorate)}. It cannot be signed as the panel’s "
            "decision. Choose what becomes of it"
        )
    if inquorate and signing.without_quorum == AS_OFFICER and not signer.may_decide:
        reasons["without_quorum"] = (
            "Only a manager takes decisions outside a panel. Defer the cases, or leave them to one"
        )
    goes = unrecorded or (inquorate and signing.without_quorum == DEFER)
    if goes and signing.to_id is None:
        reasons["to"] = "Choose the meeting that they go to"
    if reasons:
        raise Refused(reasons)


def _refuse_unasked_change(own: Sequence[Line], standing: Record, signing: Signing) -> None:
    changed = standing.is_attendance_changed or any(line.is_changed for line in own)
    if changed and not signing.change_why:
        raise Refused({"change_why": "The record was signed before. Say why it is changed"})


def _adds_nothing(standing: Record, signing: Signing) -> bool:
    """Whether a version with no case newly signed would say nothing that is not said."""
    if standing.versions:
        return not standing.is_attendance_changed
    return bool(standing.lines) and signing.without_quorum != LEAVE


def _add(
    actor: Actor,
    meeting: PanelMeeting,
    standing: Record,
    signed: Sequence[PanelDecision],
    signing: Signing,
) -> PanelRecord:
    """Add the version: what is signed now, and of the other cases what was signed before."""
    record = PanelRecord(
        meeting_id=meeting.id,
        version=len(standing.versions) + 1,
        signed_at=now(),
        signed_by_id=actor.user_id,
        is_quorate=standing.roll.quorum().is_met,
        attendance=standing.roll.written(),
        change_why=signing.change_why if standing.versions else None,
    )
    db.session.add(record)
    db.session.flush()
    items = {decision.item_id for decision in signed}
    before = [one.held for one in standing.lines if one.held and one.item.id not in items]
    db.session.add_all(
        PanelRecordDecision(record_id=record.id, decision_id=decision.id)
        for decision in (*signed, *before)
    )
    db.session.flush()
    return record


def _make_facts(actor: Actor, standing: Record, signed: Sequence[PanelDecision]) -> None:
    items = {line.item.id: line.item.public_id for line in standing.lines}
    of_decision = {one.public_id: items[one.item_id] for one in signed if one.item_id}
    try:
        decided.make_facts(actor=actor, decisions=signed)
    except Refused as refused:
        raise Refused({of_decision[key]: words for key, words in refused.reasons.items()}) from None


def _carry_over(actor: Actor, own: Sequence[Line], signed: Sequence[PanelDecision]) -> None:
    """Put what was deferred or not heard on its next agenda, once."""
    items = {line.item.id: line.item for line in own if line.held is None}
    going = [
        (decision.carried_to_id, decision.carried_why or "", items[decision.item_id])
        for decision in signed
        if decision.handled != Handled.DECIDED and decision.item_id in items
    ]
    going.sort(key=lambda one: (one[0] or 0, one[1], one[2].place))
    for (to_id, why), group in groupby(going, key=lambda one: one[:2]):
        gone = [item for _, _, item in group]
        ids = [item.public_id for item in gone]
        if to_id is None:
            raise Refused(dict.fromkeys(ids, "Choose the meeting that it goes to"))
        try:
            agenda.carry_over(actor=actor, items=gone, to_meeting_id=to_id, why=why)
        except Refused as refused:
            words = ". ".join(refused.reasons.values())
            raise Refused(dict.fromkeys(ids, words)) from None


def _acts(
    meeting: PanelMeeting,
    record: PanelRecord,
    made: dict[int, PanelDecision],
    signed: Sequence[PanelDecision],
) -> list[Act]:
    told = [unheard.told(item_id, decision) for item_id, decision in made.items()]
    told += [
        Act(action="signed decision", case_id=one.case_id, subject=f"decision {one.id}")
        for one in signed
    ]
    version = (record.version - 1 or None, record.version)
    signs = Act(
        action="signed record",
        subject=agenda.subject_of(meeting.id),
        changes={"version": version, "why": (None, record.change_why)},
    )
    return [*told, signs]


def _named(lines: Sequence[Line]) -> str:
    return ", ".join(line.case.reference for line in lines)
