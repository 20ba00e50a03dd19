"""What a case's events give to its clocks: what starts them, what meets them, what closes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.rules.duty import Duty
from casework.rules.events import OVERTURNED
from casework.rules.history import Happened, case_facts, draft_with_the_family

#: Facts after which a step is no longer owed, though it was never taken.
_CLOSED_BY: dict[str, tuple[str, ...]] = {
    "assess_decision_sent": ("draft_served", "no_plan_notice_sent", "final_plan_sent"),
    "reassessment_decision_sent": ("draft_served", "no_plan_notice_sent", "final_plan_sent"),
    "no_plan_notice_sent": ("refused", "decided_to_issue", "draft_served", "final_plan_sent"),
    "draft_served": ("refused", "no_plan_notice_sent", "final_plan_sent"),
    "final_plan_sent": ("refused", "no_plan_notice_sent"),
    "advice_received": ("refused", "no_plan_notice_sent", "final_plan_sent"),
    "consultation_replied": ("refused", "no_plan_notice_sent", "final_plan_sent"),
    "transfer_completed": (),
}
_CLOSE_EVERYTHING = ("withdrawn", "moved_out", "ceased")
#: A refusal closes what was running, not what started once it was overturned.
_REFUSALS = {"told_will_not_assess": "refused", "no_plan_notice_sent": "no_plan_notice_sent"}
#: The steps by which the authority itself goes back on a refusal: a second look, or its notice.
GONE_BACK_ON = {
    "told_will_not_assess": ("decided_to_assess", "told_will_assess"),
    "no_plan_notice_sent": ("decided_to_issue", "draft_served"),
}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The first day of each fact, and each day on which a refusal that stands was sent."""

    first: Mapping[str, date]
    refusals: Mapping[str, Sequence[date]]

    def starting(self, duty: Duty) -> dict[str, date]:
        """Return the facts from which the duty is counted: none where it has not started.

        A least period runs from the draft that the family has. The 14 weeks of a re-assessment
        run from the notice that there will be one (regulation 27(2)), not from a refusal.
        """
        if duty.is_floor and "draft_with_the_family" in self.first:
            return {"draft_served": self.first["draft_with_the_family"]}
        if duty.id == "reassess_final_14w":
            agreed = self.first.get("agreed_to_reassess")
            return {"reassessment_decision_sent": agreed} if agreed else {}
        return {fact: self.first[fact] for fact in duty.starts if fact in self.first}

    def met_on(self, duty: Duty) -> date | None:
        """Return the day on which the duty was met; of a floor, the day of the next step.

        A final plan comes too soon when the first recipient is sent it within the window, though
        it is complete only with the last.
        """
        if duty.is_floor:
            return self.first.get("final_first_sent")
        return min((self.first[f] for f in duty.discharged_by if f in self.first), default=None)

    def closed_on(self, duty: Duty, started_on: date | None) -> date | None:
        """Return the day from which a duty that was never met is no longer owed, or None."""
        closing = [self.first[fact] for fact in _CLOSE_EVERYTHING if fact in self.first]
        for ending in duty.discharged_by:
            for fact in _CLOSED_BY.get(ending, ()):
                closing += self._days_of(fact, started_on or date.min)
        return min(closing, default=None)

    def _days_of(self, fact: str, started_on: date) -> list[date]:
        if fact in _REFUSALS.values():
            return [day for day in self.refusals.get(fact, ()) if day >= started_on]
        return [self.first[fact]] if fact in self.first else []


def facts_of(kind: str, events: Sequence[Happened]) -> CaseFacts:
    """Return what the events, in order of day, give to the clocks of a case of this kind."""
    first = case_facts(events) | _steps(events)
    if kind == "reassessment" and "assess_decision_sent" in first:
        first["reassessment_decision_sent"] = first.pop("assess_decision_sent")
    if kind == "transfer":
        completed = first.get("final_plan_sent") or first.get("no_plan_notice_sent")
        first |= {"transfer_completed": completed} if completed else {}
    if draft := draft_with_the_family(events):
        first["draft_with_the_family"] = draft
    return CaseFacts(first, _refusals(events))


def _steps(events: Sequence[Happened]) -> dict[str, date]:
    """The days of steps that the law does not name, but that start or close its limits."""
    steps: dict[str, date] = {}
    for event in events:
        if event.kind in _CLOSE_EVERYTHING or event.kind == "decided_to_issue":
            steps.setdefault(event.kind, event.on)
        elif event.kind == "decided_not_to_issue":
            steps.pop("decided_to_issue", None)
        elif event.kind == "told_will_assess":
            steps.setdefault("agreed_to_reassess", event.on)
        elif event.kind == "final_plan_sent":
            steps.setdefault("final_first_sent", event.on)
    return steps


def _refusals(events: Sequence[Happened]) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    for n, event in enumerate(events):
        if event.kind in _REFUSALS and not _went_back_on(event, events[n + 1 :]):
            found.setdefault(_REFUSALS[event.kind], []).append(event.on)
    return found


def _went_back_on(refusal: Happened, later: Sequence[Happened]) -> bool:
    """Whether the authority dropped the refusal of itself, so that its first limits still run.

    An agreement, an order or a concession brings limits of its own and leaves the first closed.
    """
    if any(event.kind in OVERTURNED for event in later):
        return False
    return any(event.kind in GONE_BACK_ON[refusal.kind] for event in later)
