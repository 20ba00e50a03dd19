"""Which later step undid a decision. It is computed each time, and never stored over it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from casework.rules.case_facts import GONE_BACK_ON
from casework.rules.civil_dates import spoken_date
from casework.rules.events import EVENTS
from casework.rules.history import Happened
from casework.rules.panels import QUESTIONS

#: The questions that have one answer at a time. A draft may be agreed and changed many times.
_ONE_ANSWER = ("assess", "issue", "placement", "cease")
#: The notice by which each refusal is carried out; what overturns the notice undoes the decision.
_NOTICES = {
    "decided_not_to_assess": "told_will_not_assess",
    "decided_not_to_issue": "no_plan_notice_sent",
}


def _second_looks(kind: str) -> tuple[str, ...]:
    """The events by which the same question was answered otherwise."""
    for key in _ONE_ANSWER:
        events = tuple(outcome.event for outcome in QUESTIONS[key].outcomes)
        if kind in events:
            return tuple(event for event in events if event != kind)
    return ()


def _undoes(notice: str) -> tuple[str, ...]:
    refused = EVENTS[notice].to
    overturning = (one.key for one in EVENTS.values() if one.overturns is refused)
    return (*overturning, *GONE_BACK_ON[notice])


#: The kinds of event that answered the same question otherwise, by the event of a decision.
SECOND_LOOKS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        outcome.event: _second_looks(outcome.event)
        for key in _ONE_ANSWER
        for outcome in QUESTIONS[key].outcomes
    }
)

#: Every kind of event that undoes a decision, by the decision's own.
UNDONE_BY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        kind: (*looks, *(_undoes(_NOTICES[kind]) if kind in _NOTICES else ()))
        for kind, looks in SECOND_LOOKS.items()
    }
)


def overturned_by(decision: Happened, events: Sequence[Happened]) -> Happened | None:
    """Return the event that first undid a decision's event, or None while it holds.

    `events` are those that stand, in order of day. A refusal is undone by an agreement, an order,
    a concession or a step that only follows a yes; any decision by a second look that answers the
    same question otherwise.
    """
    undoing = UNDONE_BY.get(decision.kind, ())
    ids = [event.id for event in events]
    if not undoing or decision.id not in ids:
        return None
    later = events[ids.index(decision.id) + 1 :]
    return next((event for event in later if event.kind in undoing), None)


def overturned_words(decision: Happened, by: Happened) -> str:
    """Return what undid a decision, as a page says it: "Overturned: Tribunal ordered a plan, …"."""
    second = by.kind in SECOND_LOOKS.get(decision.kind, ())
    how = "Overturned by a second look" if second else "Overturned"
    return f"{how}: {EVENTS[by.kind].words}, {spoken_date(by.on)}"
