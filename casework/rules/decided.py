"""What a decision that is a fact of a case leads to, and when it can be changed no more."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from casework.rules.civil_dates import spoken
from casework.rules.events import EVENTS
from casework.rules.history import Happened

_TOLD_WHETHER = ("told_will_assess", "told_will_not_assess")
_TOLD_OF_PLAN = ("no_plan_notice_sent", "draft_served", "final_plan_sent")
_SENT = ("draft_served", "final_plan_sent")
#: The steps by which a decision is carried out, by its event: once one of them was taken, somebody
#: outside the authority has been told, and the decision cannot be made another.
CARRIED_OUT_BY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "decided_to_assess": _TOLD_WHETHER,
        "decided_not_to_assess": _TOLD_WHETHER,
        "decided_to_issue": _TOLD_OF_PLAN,
        "decided_not_to_issue": _TOLD_OF_PLAN,
        "draft_content_agreed": _SENT,
        "draft_content_to_change": _SENT,
        "placement_agreed": ("final_plan_sent",),
        "placement_not_agreed": ("final_plan_sent",),
        "placement_type_agreed": ("final_plan_sent",),
        "decided_to_keep_plan": ("ceased",),
        "decided_to_cease": ("ceased",),
    }
)


def against_changing(
    old: Happened, kind: str | None, on: date, others: Sequence[Happened]
) -> str | None:
    """Return why a decision may not be changed into another, in words; None where it may.

    `old` is its event, `kind` and `on` the event and the day that it would become (None where
    there would be no decision left), `others` the events that stand beside it. Its words may
    always change, and its day up to that of the step which carried it out.
    """
    steps = CARRIED_OUT_BY.get(old.kind, ())
    taken = min(
        (o for o in others if o.kind in steps and o.on >= old.on), key=lambda o: o.on, default=None
    )
    if taken is None or (kind == old.kind and on <= taken.on):
        return None
    return (
        f"“{EVENTS[taken.kind].words}” on {spoken(taken.on)} rests on this decision. Record a "
        "second look instead: it is a decision of its own and points to this one"
    )


#: The notice that says the contrary of a decision, by its event.
_CONTRARY = {
    "decided_to_assess": "told_will_not_assess",
    "decided_not_to_assess": "told_will_assess",
    "decided_to_issue": "no_plan_notice_sent",
    "decided_not_to_issue": "draft_served",
}


def before_decision(kind: str, on: date, events: Sequence[Happened]) -> list[Happened]:
    """Return the events by which a case was ready for a decision of a day, or was not.

    A record is often signed some days after the meeting: what happened since, and what carried
    the decision out on the day itself, says nothing against it.
    """
    carried_out = CARRIED_OUT_BY.get(kind, ())
    return [e for e in events if e.on < on or (e.on == on and e.kind not in carried_out)]


def contradicted(kind: str, on: date, events: Sequence[Happened]) -> str | None:
    """Return that the family was told the contrary since the decision, in words; or None."""
    told = next((e for e in events if e.kind == _CONTRARY.get(kind) and e.on > on), None)
    if told is None:
        return None
    return f"The contrary was sent meanwhile: “{EVENTS[told.kind].words}” on {spoken(told.on)}"
