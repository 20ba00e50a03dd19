"""The clocks of one case: every duty that runs on it, when it is due and whether it is met."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from casework.rules import consultations
from casework.rules.advisers import SERVICES
from casework.rules.book import duty as find_duty
from casework.rules.case_facts import CaseFacts, facts_of
from casework.rules.deadlines import Due, due
from casework.rules.duty import Duty
from casework.rules.events import CASE_KINDS, OVERTURNED, OVERTURNED_DETAINED
from casework.rules.history import (
    Happened,
    advice_rounds,
    adviser_facts,
    answered_as,
    withdrawn_on,
)
from casework.rules.lifting import lifting
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
_TRANSFER = (
    "tr_final_14w_notice",
    "tr_final_14w_start",
    "tr_final_18w_start",
    "tr_all_2018",
    "reps_15d_min",
)
#: A review that started under either of these is no longer timed from its notice.
_TIMED_FROM_ITS_START = ("tr_final_14w_start", "tr_final_18w_start")

#: The same step, whichever row of the law governs the case: figures count the family of rows.
DECIDE_TO_ASSESS = ("assess_decision_6w", "det_decision_6w")
SAY_NO_PLAN = ("no_plan_16w", "det_noplan_16w")
SEND_FINAL = ("final_20w", "det_final_20w")
PARTNER_ADVICE = ("advice_partner_6w", "det_advice_6w", "reassess_advice_6w")
ANY_ADVICE = (*PARTNER_ADVICE, "advice_all_6w")
CONSULTED = "school_consult_15d"
FAMILY_DAYS = ("reps_15d_min", "det_reps_15d_min", "reassess_reps_15d_min")
COMPLETE_TRANSFER = ("tr_final_14w_notice", "tr_final_14w_start", "tr_final_18w_start")

#: The grounds recorded where a tracker's words could not be read as any.
UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Request:
    """One request for advice, apart from its limit: the first days, and the newest cause."""

    asked_on: date | None
    sent_back_on: date | None
    #: Why it was late: a key of casework.rules.lateness.CAUSES.
    late_cause: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One duty running on a case: for the case itself, one adviser or one setting consulted."""

    key: str
    adviser_id: int | None
    duty: Duty
    due: Due
    met_on: date | None
    met_as: str | None
    closed_on: date | None
    lifted_by: tuple[str, ...]
    #: For an adviser: what else happened to the request; None for the case's own clocks.
    request: Request | None = None
    #: For a setting that was consulted: the consultation.
    consultation_id: int | None = None

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
    own = facts_of(kind, events)
    grounds = _grounds(events)
    found = [
        clock
        for duty_id in case_duties(kind, detained=detained)
        if (clock := _clock(find_duty(duty_id), own, own, grounds, calendar))
    ]
    found += _after_overturning(events, grounds, calendar, detained=detained)
    for adviser_id, rounds in advice_rounds(events).items():
        duty = find_duty(SERVICES[advisers[adviser_id]].duty(kind, detained=detained))
        found += _adviser_clocks(duty, adviser_id, rounds, own, calendar)
    found += _consultation_clocks(events, own, calendar)
    return _without_the_superseded(found)


def _after_overturning(
    events: Sequence[Happened],
    grounds: Mapping[tuple[str, int | None], list[str]],
    calendar: WorkingDays,
    *,
    detained: bool,
) -> list[Clock]:
    """The limits that stand in for the first ones once a refusal has been overturned.

    They are met and closed only by what came after (regulations 42, 44 and 45).
    """
    rules = OVERTURNED_DETAINED if detained else OVERTURNED
    latest = {event.kind: n for n, event in enumerate(events) if event.kind in rules}
    found = []
    for kind, n in latest.items():
        later = facts_of("request", events[n:])
        running = (_clock(find_duty(rule), later, later, grounds, calendar) for rule in rules[kind])
        found += [clock for clock in running if clock]
    return found


def _adviser_clocks(
    duty: Duty,
    adviser_id: int,
    rounds: Sequence[Sequence[Happened]],
    case: CaseFacts,
    calendar: WorkingDays,
) -> list[Clock]:
    """One clock for each time the adviser was asked, the day of asking standing for receipt."""
    found = []
    for number, asked in enumerate(rounds, start=1):
        own = adviser_facts(asked)
        if "advice_requested" in own:
            own.setdefault("advice_request_received", own["advice_requested"])
        withdrawn = withdrawn_on(asked)
        if withdrawn:
            own.pop("advice_received", None)  # kept, and no longer an answer to anything asked
        key = f"adviser-{adviser_id}" + (f"-{number}" if number > 1 else "")
        facts = CaseFacts(own, {})
        belongs_to = (key, adviser_id)
        met_as = answered_as(asked)
        clock = _clock(duty, facts, case, _grounds(asked), calendar, belongs_to, met_as)
        if clock:
            found.append(replace(clock, **_besides(clock, asked, own, withdrawn)))
    return found


def _consultation_clocks(
    events: Sequence[Happened], case: CaseFacts, calendar: WorkingDays
) -> list[Clock]:
    """One clock for each setting asked, the day of sending standing for an unknown receipt."""
    duty, found = find_duty(CONSULTED), []
    for number, happened in consultations.of_each(events).items():
        told = consultations.story(happened)
        facts = CaseFacts(consultations.facts(told), {})
        clock = _clock(duty, facts, case, {}, calendar, (f"consultation-{number}", None))
        if clock:
            days = [day for day in (clock.closed_on, told.withdrawn_on) if day]
            closed = None if clock.met_on else min(days, default=None)
            found.append(replace(clock, consultation_id=number, closed_on=closed))
    return found


def _besides(
    clock: Clock, asked: Sequence[Happened], own: Mapping[str, date], withdrawn: date | None
) -> dict[str, Any]:
    """What the law's limit does not say of a request: withdrawn, sent back, late because."""
    causes = [e.outcome for e in asked if e.kind == "advice_late_because"]
    sent_back = next((e.on for e in asked if e.kind == "advice_sent_back"), None)
    request = Request(own.get("advice_requested"), sent_back, causes[-1] if causes else None)
    closed = [day for day in (clock.closed_on, withdrawn) if day]
    return {"request": request, "closed_on": min(closed, default=None)}


def _without_the_superseded(found: list[Clock]) -> list[Clock]:
    """Leave out a transfer's limit from notice, once the version that counts from its start runs.

    Each amendment of article 21 replaced the one before: no review was under two of them.
    """
    if not any(clock.duty.id in _TIMED_FROM_ITS_START for clock in found):
        return found
    return [clock for clock in found if clock.duty.id != "tr_final_14w_notice"]


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


def family_days_are_over(found: Iterable[Clock], today: date) -> bool:
    """Return whether the days that a family has for the draft have all run out before `today`."""
    return any(clock.duty.id in FAMILY_DAYS and clock.due.on < today for clock in found)


def outstanding_advice(found: Iterable[Clock]) -> list[Clock]:
    """Return the clocks of advisers who have not answered, by the day they are due."""
    waiting = [clock for clock in found if clock.adviser_id is not None and clock.is_owed]
    return sorted(waiting, key=lambda clock: clock.due.on)


def _clock(
    duty: Duty,
    own: CaseFacts,
    case: CaseFacts,
    grounds: Mapping[tuple[str, int | None], list[str]],
    calendar: WorkingDays,
    belongs_to: tuple[str, int | None] = ("case", None),
    met_as: str | None = None,
) -> Clock | None:
    given = own.starting(duty)
    if not given and duty.starts:
        return None
    if given and not duty.governs(min(given.values())):
        return None
    key, adviser_id = belongs_to
    when = due(duty, given, calendar)
    met_on = own.met_on(duty)
    return Clock(
        key=key,
        adviser_id=adviser_id,
        duty=duty,
        due=when,
        met_on=met_on,
        met_as=met_as if met_on else None,
        closed_on=None if met_on else case.closed_on(duty, when.started_on),
        lifted_by=_lifted_by(duty, when, adviser_id, grounds),
    )


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
    if not grounds or not duty.lifted_under:
        return ()
    recorded = grounds.get((duty.lifted_under, adviser_id), [])
    unread = (UNREAD,) if UNREAD in recorded else ()
    return lifting(duty, recorded, when) + unread


def start_event(kind: str) -> str:
    """Return the key of the event with which a case of this kind begins."""
    return CASE_KINDS[kind][1]
