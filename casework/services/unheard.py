"""What becomes, as a record is signed, of the cases that nobody heard or that had no quorum."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from casework.extensions import db
from casework.models import PanelDecision, PanelMeeting
from casework.queries.records import Line
from casework.rules.panels import Capacity, Handled
from casework.services.audit_trail import Act, Actor
from casework.services.decisions import NewCondition, NewDecision, fresh
from casework.services.signer import Signing

#: What becomes of cases decided without a quorum: they go to a later meeting; the signer takes the
#: decisions as an officer of the authority; or they are left, for a manager to take or defer.
DEFER, AS_OFFICER, LEAVE = "defer", "officer", "leave"


def settle(
    actor: Actor, today: date, meeting: PanelMeeting, own: Sequence[Line], said: Signing
) -> dict[int, PanelDecision]:
    """Add a version of the decision for each of the signer's cases that needs one.

    Returns them by the item's id. In the open transaction; commits nothing.
    """
    made: dict[int, PanelDecision] = {}
    for line in own:
        if line.decision is None:
            made[line.item.id] = _not_heard(actor, meeting, line, said)
        elif line.lacks_quorum and said.without_quorum == DEFER:
            made[line.item.id] = _deferred(actor, meeting, line, said)
        elif line.lacks_quorum:
            made[line.item.id] = _as_officer(actor, today, line)
    for line in own:
        if line.item.id in made:
            line.item.version += 1  # whoever has it open is told
    db.session.add_all(made.values())
    db.session.flush()
    return made


def told(item_id: int, decision: PanelDecision) -> Act:
    """Return the entry of the audit trail for a version made here."""
    changes: Mapping[str, tuple[Any, Any]] = {
        "handled": (None, decision.handled),
        "capacity": (None, decision.capacity),
        "why": (None, decision.carried_why),
    }
    return Act(
        action="changed decision" if decision.replaces_id else "recorded decision",
        case_id=decision.case_id,
        subject=f"agenda item {item_id}",
        changes=changes,
    )


def _not_heard(actor: Actor, meeting: PanelMeeting, line: Line, said: Signing) -> PanelDecision:
    new = NewDecision(
        handled=Handled.NOT_HEARD.value, carried_why=said.why, carried_to_id=said.to_id
    )
    return fresh(
        actor, new, capacity=Capacity.PANEL.value, decided_on=meeting.on_day, **_about(line)
    )


def _deferred(actor: Actor, meeting: PanelMeeting, line: Line, said: Signing) -> PanelDecision:
    held = line.decision
    assert held is not None
    new = NewDecision(
        handled=Handled.DEFERRED.value,
        reasons=held.reasons,
        evidence=[one.words for one in held.evidence],
        missing=held.missing,
        differing_views=held.differing_views,
        carried_why=f"There was no quorum. Missing: {', '.join(line.quorum.missing)}",
        carried_to_id=said.to_id,
    )
    return fresh(
        actor, new, capacity=Capacity.PANEL.value, decided_on=meeting.on_day, **_about(line)
    )


def _as_officer(actor: Actor, today: date, line: Line) -> PanelDecision:
    """What those present advised stays beside it; the decision is the officer's, of today."""
    held = line.decision
    assert held is not None
    new = NewDecision(
        advice=held.advice,
        decision=held.decision or held.advice,
        reasons=held.reasons,
        evidence=[one.words for one in held.evidence],
        missing=held.missing,
        conditions=[
            NewCondition(words=one.words, owner=one.owner, due_on=one.due_on)
            for one in held.conditions
        ],
        differing_views=held.differing_views,
        cost_discussed=held.cost_discussed,
        despite=held.despite,
    )
    return fresh(
        actor,
        new,
        capacity=Capacity.OFFICER.value,
        decided_on=today,
        decided_by_id=actor.user_id,
        reconsiders_id=held.reconsiders_id,
        **_about(line),
    )


def _about(line: Line) -> dict[str, Any]:
    return {
        "item_id": line.item.id,
        "case_id": line.item.case_id,
        "question": line.item.question,
        "replaces_id": line.decision.id if line.decision else None,
    }
