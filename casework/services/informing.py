"""Telling those involved of a change of stage: who was told, when and how; and taken back."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from casework.clock import now
from casework.codes import ToldBy
from casework.extensions import db
from casework.models import Case, CaseEvent, Informed
from casework.queries import history
from casework.queries.standing import struck_out
from casework.rules.civil_dates import spoken
from casework.rules.history import standing_events
from casework.rules.informing import Change, changes, involved, stage_of
from casework.rules.service_day import LONGEST_IN_THE_POST
from casework.rules.stages import Stage
from casework.services import audit_trail
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Absent, Refused
from casework.services.protected_text import refuse_protected

#: Of which stage somebody was told, and who.
Pair = tuple[Stage, str]


def tell(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    told: Sequence[Pair],
    on: date,
    how: ToldBy,
    note: str = "",
) -> int:
    """Record that these were told, and commit; return how many were not recorded before.

    Raises Refused for a day ahead or before a change, for a stage at which the case is no more or
    somebody who is not involved, and for a protected detail in the note.
    """
    refuse_protected(actor, case_id, {"note": note})
    setting_id = _hold(case_id)
    new = [one for one in dict.fromkeys(told) if one not in _told_before(case_id)]
    of = _changes(case_id, new, has_setting=setting_id is not None)
    _refuse_days(on, today, of.values())
    for stage, party in new:
        db.session.add(
            Informed(
                case_id=case_id,
                event_id=of[stage].event.id,
                party=party,
                told_on=on,
                how=how,
                note=note,
                entered_at=now(),
                entered_by_id=actor.user_id,
            )
        )
    acts = [
        Act(
            action="recorded who was told",
            case_id=case_id,
            subject=f"event {change.event.id}",
            changes={
                "told": (None, ", ".join(party for stage, party in new if stage is change.stage)),
                "day": (None, on),
            },
        )
        for change in of.values()
    ]
    audit_trail.record_all(actor, acts)
    db.session.commit()
    return len(new)


def take_back(*, actor: Actor, case_id: int, public_id: str) -> None:
    """Take back that somebody was told, entered by mistake, and commit; both rows stay.

    What is taken back already stays so. Raises Absent where the case has no such row.
    """
    _hold(case_id)
    row = db.session.scalar(
        select(Informed).where(
            Informed.public_id == public_id,
            Informed.case_id == case_id,
            Informed.corrects_id.is_(None),
        )
    )
    if row is None:
        db.session.rollback()
        raise Absent
    if db.session.scalar(select(Informed.id).where(Informed.corrects_id == row.id)):
        db.session.rollback()
        return
    db.session.add(
        Informed(
            case_id=case_id,
            event_id=row.event_id,
            party=row.party,
            told_on=row.told_on,
            how=row.how,
            corrects_id=row.id,
            entered_at=now(),
            entered_by_id=actor.user_id,
        )
    )
    audit_trail.record(
        actor,
        "took back who was told",
        case_id=case_id,
        subject=f"event {row.event_id}",
        changes={"told": (row.party, None)},
    )
    db.session.commit()


def _hold(case_id: int) -> int | None:
    """Let nobody else record on the case before this transaction ends; return its setting."""
    held = select(Case.id, Case.setting_id).where(Case.id == case_id).with_for_update()
    row = db.session.execute(held).one_or_none()
    if row is None:
        db.session.rollback()
        raise Absent
    return row.setting_id  # type: ignore[no-any-return]


def _told_before(case_id: int) -> set[Pair]:
    back = aliased(Informed)
    rows = db.session.execute(
        select(CaseEvent.kind, CaseEvent.recipient, Informed.party)
        .join(CaseEvent, CaseEvent.id == Informed.event_id)
        .where(
            Informed.case_id == case_id,
            Informed.corrects_id.is_(None),
            ~exists(select(back.id).where(back.corrects_id == Informed.id)),
            ~struck_out(CaseEvent),
        )
    )
    found = ((stage_of(kind, recipient), party) for kind, recipient, party in rows)
    return {(stage, party) for stage, party in found if stage is not None}


def _changes(case_id: int, told: Sequence[Pair], *, has_setting: bool) -> dict[Stage, Change]:
    """The change of each stage that is told of. Raises Refused where it is none of the case's."""
    entered = history.entered([case_id])[case_id]
    standing = standing_events(entered.events)
    found = {change.stage: change for change in changes(standing)}
    for stage, party in told:
        change = found.get(stage)
        owed: Collection[str] = ()
        if change is not None:
            owed = involved(change, standing, entered.advisers, has_setting=has_setting)
        if party not in owed:
            db.session.rollback()
            raise Refused(
                {"told": "The case has changed since this page was opened. Look at it again"}
            )
    return {stage: found[stage] for stage, _ in told}


def _refuse_days(on: date, today: date, of: Collection[Change]) -> None:
    """A draft is told of from its posting, before the day on which it counts as served."""
    why = None
    if on > today:
        why = f"The day must be today, {spoken(today)}, or in the past"
    for change in of:
        slack = LONGEST_IN_THE_POST if change.stage is Stage.DRAFT_OUT else 0 * LONGEST_IN_THE_POST
        if on < change.event.on - slack:
            why = f"Nobody was told before it happened, on {spoken(change.event.on)}"
    if why:
        db.session.rollback()
        raise Refused({"on": why})
