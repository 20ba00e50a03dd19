"""A case's events, read: what stands after corrections, its stage, its facts, and objections."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.rules.civil_dates import spoken
from casework.rules.events import EVENTS, RECIPIENTS
from casework.rules.stages import STAGES, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event as it was entered."""

    id: int
    kind: str
    on: date
    adviser_id: int | None = None
    recipient: str | None = None
    outcome: str | None = None
    corrects_id: int | None = None
    regulation: str | None = None
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Where a case stands: its stage, and the day on which the assessment ended, if it has."""

    stage: Stage
    ended_on: date | None


def standing_events(entered: Iterable[Happened]) -> list[Happened]:
    """Return the events that stand, by day: those not put right by a later entry."""
    entered = list(entered)
    corrected = {event.corrects_id for event in entered}
    stand = [e for e in entered if e.id not in corrected and e.kind != "struck_out"]
    return sorted(stand, key=lambda e: (e.on, _rank(e.kind), e.id))


def standpoint(events: Sequence[Happened]) -> Standpoint:
    """Return where the case stands after these events, given in order of day.

    A case moves on, never back: an event entered out of order does not undo a later step.
    """
    stage, ended_on = Stage.RECEIVED, None
    complete_on = final_complete_on(events)
    for event in events:
        to = EVENTS[event.kind].to
        if event.kind == "final_plan_sent" and complete_on and event.on >= complete_on:
            to = Stage.FINAL
        if to is None or STAGES[to].rank < STAGES[stage].rank:
            continue
        if STAGES[to].ends and not (stage is Stage.FINAL and to in (Stage.CEASED, Stage.FINAL)):
            ended_on = event.on
        stage = to
    return Standpoint(stage, ended_on if STAGES[stage].ends else None)


def final_complete_on(events: Iterable[Happened]) -> date | None:
    """Return the day on which the last recipient was sent the plan, or None while any waits.

    Regulation 13(2): the parents or young person, the institution named, the commissioning body.
    """
    sent: dict[str, date] = {}
    needed = set(RECIPIENTS)
    for event in events:
        if event.kind == "final_plan_sent" and event.recipient:
            sent.setdefault(event.recipient, event.on)
        elif event.kind == "no_institution_named":
            needed.discard("institution")
    return max(sent[r] for r in needed) if needed <= sent.keys() else None


def case_facts(events: Iterable[Happened]) -> dict[str, date]:
    """Return the facts of the case's own clock: for each, the first day on which it happened."""
    events = list(events)
    facts: dict[str, date] = {}
    for event in events:
        fact = EVENTS[event.kind].records
        if fact and event.adviser_id is None and fact != "final_plan_sent":
            facts.setdefault(fact, event.on)
    complete = final_complete_on(events)
    return facts | ({"final_plan_sent": complete} if complete else {})


def adviser_facts(events: Iterable[Happened], adviser_id: int) -> dict[str, date]:
    """Return the facts of one adviser's clock: for each, the first day on which it happened."""
    facts: dict[str, date] = {}
    for event in events:
        fact = EVENTS[event.kind].records
        if fact and event.adviser_id == adviser_id:
            facts.setdefault(fact, event.on)
    return facts


def objections(
    event: Happened, others: Sequence[Happened], earliest_final: date | None = None
) -> list[str]:
    """Return what speaks against this event's day, in words: nothing where it is in order.

    `others` are the events that stand beside it; `earliest_final` is the first day on which
    the family's window on the draft allows a final plan (regulation 13(1)).
    """
    found = [
        _not_yet(event, others),
        _before_start(event, others),
        _too_soon(event, earliest_final),
    ]
    return [words for words in found if words]


def _not_yet(event: Happened, others: Sequence[Happened]) -> str | None:
    kind = EVENTS[event.kind]
    if not kind.after:
        return None
    same_clock = [o for o in others if not kind.needs_adviser or _shares_clock(event, o)]
    before = [o for o in same_clock if o.kind in kind.after]
    if not before:
        first = EVENTS[kind.after[0]].words
        return f"“{kind.words}” comes after “{first}”, which is not recorded"
    if event.on < min(o.on for o in before):
        first_of = min(before, key=lambda o: o.on)
        said = EVENTS[first_of.kind].words
        return f"This is before “{said}” on {spoken(first_of.on)}"
    return None


def _before_start(event: Happened, others: Sequence[Happened]) -> str | None:
    """An event that starts a case must not be moved past what followed it."""
    if EVENTS[event.kind].after or event.kind == "struck_out":
        return None
    later = [o for o in others if EVENTS[o.kind].after and o.on < event.on]
    if not later:
        return None
    first = min(later, key=lambda o: o.on)
    return f"“{EVENTS[first.kind].words}” is recorded on {spoken(first.on)}, before this"


def _too_soon(event: Happened, earliest_final: date | None) -> str | None:
    if event.kind != "final_plan_sent" or earliest_final is None or event.on >= earliest_final:
        return None
    return (
        "The family has at least 15 days on the draft: the first day on which a final plan "
        f"may be sent is {spoken(earliest_final)} (SEND Regulations 2014, reg 13(1))"
    )


def _shares_clock(event: Happened, other: Happened) -> bool:
    return other.adviser_id in (None, event.adviser_id)


def _rank(kind: str) -> int:
    to = EVENTS[kind].to
    return STAGES[to].rank if to else 0


def by_adviser(events: Iterable[Happened]) -> Mapping[int, list[Happened]]:
    """Return the events of each adviser's clock, by adviser id."""
    clocks: dict[int, list[Happened]] = {}
    for event in events:
        if event.adviser_id is not None:
            clocks.setdefault(event.adviser_id, []).append(event)
    return clocks
