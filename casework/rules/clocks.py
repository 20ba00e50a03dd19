"""The clocks of one case: every duty that runs on it, when it is due and whether it is met."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.rules.advisers import SERVICES
from casework.rules.book import duty as find_duty
from casework.rules.deadlines import Due, due
from casework.rules.duty import Duty
from casework.rules.events import CASE_KINDS
from casework.rules.exceptions import lifting
from casework.rules.history import Happened, adviser_facts, by_adviser, case_facts
from casework.rules.workdays import WorkingDays

_ASSESSMENT = (
    "assess_decision_6w",
    "no_plan_16w",
    "draft_by_week16",
    "draft_by_day110",
    "final_20w",
    "reps_15d_min",
)
_DETAINED = (
    "det_decision_6w",
    "det_noplan_16w",
    "draft_by_week16",
    "draft_by_day110",
    "det_final_20w",
    "det_reps_15d_min",
)
_REASSESSMENT = ("reassess_decision_15d", "reassess_final_14w", "reassess_reps_15d_min")
_TRANSFER = ("tr_final_14w_notice", "tr_final_14w_start", "tr_final_18w_start", "tr_all_2018")

#: The same step, whichever row of the law governs the case: figures count the family of rows.
DECIDE_TO_ASSESS = ("assess_decision_6w", "det_decision_6w")
SAY_NO_PLAN = ("no_plan_16w", "det_noplan_16w")
SEND_FINAL = ("final_20w", "det_final_20w")
PARTNER_ADVICE = ("advice_partner_6w", "det_advice_6w", "reassess_advice_6w")

#: Facts after which a step is no longer owed, though it was never taken.
_CLOSED_BY: dict[str, tuple[str, ...]] = {
    "assess_decision_sent": ("draft_served", "no_plan_notice_sent", "final_plan_sent"),
    "reassessment_decision_sent": ("draft_served", "final_plan_sent"),
    "no_plan_notice_sent": ("refused", "decided_to_issue", "draft_served", "final_plan_sent"),
    "draft_served": ("refused", "no_plan_notice_sent", "final_plan_sent"),
    "final_plan_sent": ("refused", "no_plan_notice_sent"),
    "advice_received": ("refused", "no_plan_notice_sent", "final_plan_sent"),
    "transfer_completed": (),
}
_ENDINGS = {"withdrawn": "withdrawn", "moved_out": "moved_out", "told_will_not_assess": "refused"}
_CLOSE_EVERYTHING = ("withdrawn", "moved_out")

#: The grounds recorded where a tracker's words could not be read as any.
UNREAD = "unread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One duty running on a case: for the case itself, or for one adviser."""

    key: str
    adviser_id: int | None
    duty: Duty
    due: Due
    met_on: date | None
    met_as: str | None
    closed_on: date | None
    lifted_by: tuple[str, ...]

    @property
    def is_owed(self) -> bool:
        """Return whether the step is still to be taken."""
        return self.met_on is None and self.closed_on is None


def case_duties(kind: str, *, detained: bool) -> tuple[str, ...]:
    """Return the ids of the rules that run on a case of this kind."""
    if kind == "reassessment":
        return _REASSESSMENT
    if kind == "transfer":
        return _TRANSFER
    return _DETAINED if detained else _ASSESSMENT


def clocks(
    *,
    kind: str,
    detained: bool,
    advisers: Mapping[int, str],
    events: Sequence[Happened],
    calendar: WorkingDays,
) -> list[Clock]:
    """Return the clocks that have started, the case's own first.

    `events` are those that stand, in order of day; `advisers` are services by adviser id.
    """
    facts = _facts_of(kind, events)
    grounds = _grounds(events)
    found = [
        clock
        for duty_id in case_duties(kind, detained=detained)
        if (clock := _clock(find_duty(duty_id), "case", None, facts, facts, grounds, calendar))
    ]
    for adviser_id in by_adviser(events):
        duty = find_duty(SERVICES[advisers[adviser_id]].duty(kind, detained=detained))
        own = adviser_facts(events, adviser_id)
        own.setdefault("advice_request_received", own.get("advice_requested", date.max))
        if own["advice_request_received"] == date.max:
            continue
        clock = _clock(
            duty, f"adviser-{adviser_id}", adviser_id, own, facts, grounds, calendar, events
        )
        if clock:
            found.append(clock)
    return found


def next_clock(found: Iterable[Clock]) -> Clock | None:
    """Return the clock that the authority must act on first: its own limits in law, by day.

    A lifted limit is still owed, and comes after those that still bind.
    """
    owed = [
        clock
        for clock in found
        if clock.is_owed
        and clock.key == "case"
        and clock.duty.kind == "law"
        and not clock.duty.is_floor
    ]
    return min(owed, key=lambda c: (bool(c.lifted_by), c.due.on), default=None)


def outstanding_advice(found: Iterable[Clock]) -> list[Clock]:
    """Return the clocks of advisers who have not answered, by the day they are due."""
    waiting = [clock for clock in found if clock.adviser_id is not None and clock.is_owed]
    return sorted(waiting, key=lambda clock: clock.due.on)


def _facts_of(kind: str, events: Sequence[Happened]) -> dict[str, date]:
    """The case's facts, and the days on which it was refused, withdrawn or moved."""
    facts = case_facts(events)
    if kind == "reassessment" and "assess_decision_sent" in facts:
        facts["reassessment_decision_sent"] = facts.pop("assess_decision_sent")
    if kind == "transfer":
        completed = facts.get("final_plan_sent") or facts.get("no_plan_notice_sent")
        facts |= {"transfer_completed": completed} if completed else {}
    for event in events:
        if event.kind in _ENDINGS:
            facts.setdefault(_ENDINGS[event.kind], event.on)
        elif event.kind == "decided_to_issue":
            facts.setdefault("decided_to_issue", event.on)
        elif event.kind == "draft_served":
            facts["latest_draft_served"] = event.on
    return facts


def _clock(
    duty: Duty,
    key: str,
    adviser_id: int | None,
    own: Mapping[str, date],
    case: Mapping[str, date],
    grounds: Mapping[tuple[str, int | None], list[str]],
    calendar: WorkingDays,
    events: Sequence[Happened] = (),
) -> Clock | None:
    given = {fact: own[fact] for fact in duty.starts if fact in own}
    if duty.is_floor and "latest_draft_served" in own:
        given = {"draft_served": own["latest_draft_served"]}
    if not given and duty.starts:
        return None
    if given and not duty.governs(min(given.values())):
        return None
    when = due(duty, given, calendar)
    ends = [own[fact] for fact in duty.discharged_by if fact in own]
    met_on = min(ends, default=None)
    return Clock(
        key=key,
        adviser_id=adviser_id,
        duty=duty,
        due=when,
        met_on=met_on,
        met_as=_outcome(events, adviser_id) if met_on else None,
        closed_on=None if met_on else _closed_on(duty, case),
        lifted_by=_lifted_by(duty, when, adviser_id, grounds),
    )


def _closed_on(duty: Duty, case: Mapping[str, date]) -> date | None:
    closing = [*_CLOSE_EVERYTHING]
    for fact in duty.discharged_by:
        closing += _CLOSED_BY.get(fact, ())
    return min((case[fact] for fact in closing if fact in case), default=None)


def _outcome(events: Sequence[Happened], adviser_id: int | None) -> str | None:
    answers = [e for e in events if e.adviser_id == adviser_id and e.kind == "advice_received"]
    return answers[0].outcome if answers else None


def _grounds(events: Iterable[Happened]) -> dict[tuple[str, int | None], list[str]]:
    """The grounds recorded, by the regulation they stand under and the adviser they concern."""
    found: dict[tuple[str, int | None], list[str]] = {}
    for event in events:
        if event.kind == "exception_recorded" and event.regulation:
            found.setdefault((event.regulation, event.adviser_id), []).append(
                event.ground or UNREAD
            )
    return found


def _lifted_by(
    duty: Duty,
    when: Due,
    adviser_id: int | None,
    grounds: Mapping[tuple[str, int | None], list[str]],
) -> tuple[str, ...]:
    if not duty.lifted_under:
        return ()
    recorded = grounds.get((duty.lifted_under, adviser_id), [])
    unread = (UNREAD,) if UNREAD in recorded else ()
    return lifting(duty, recorded, when) + unread


def start_event(kind: str) -> str:
    """Return the key of the event with which a case of this kind begins."""
    return CASE_KINDS[kind][1]
