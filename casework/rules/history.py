"""A case's events, read: what stands after corrections, its stage, its facts, and objections."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from casework.rules.civil_dates import spoken
from casework.rules.events import EVENTS, RECIPIENTS, REFUSALS
from casework.rules.stages import STAGES, Stage

#: What may not be done to a final plan while the family has its days on the draft.
_FINAL = {"plan_signed": "signed", "final_plan_sent": "sent"}


class Happened(NamedTuple):
    """One event as it was entered. A tuple, since a rebuild reads a million of them."""

    id: int
    kind: str
    on: date
    adviser_id: int | None = None
    recipient: str | None = None
    outcome: str | None = None
    corrects_id: int | None = None
    regulation: str | None = None
    ground: str | None = None
    consultation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Where a case stands: its stage, and the day on which the assessment ended, if it has."""

    stage: Stage
    ended_on: date | None


def standing_events(entered: Iterable[Happened]) -> list[Happened]:
    """Return the events that stand, by day: those not put right by a later entry.

    Those of one day stand in the order of the road; but what overturns a refusal of the same day,
    and was entered after it, comes after it.
    """
    entered = list(entered)
    corrected = {event.corrects_id for event in entered}
    stand = [e for e in entered if e.id not in corrected and e.kind != "struck_out"]
    refusals = {(e.on, EVENTS[e.kind].to): e.id for e in stand if e.kind in REFUSALS}
    return sorted(stand, key=lambda e: (e.on, _rank(e, refusals), e.id))


def standpoint(events: Sequence[Happened]) -> Standpoint:
    """Return where the case stands after these events, given in order of day.

    A case moves on, never back: an event entered out of order does not undo a later step; only
    what overturns a refusal does. Once the plan is made the assessment has ended: moving out or
    ceasing does not move that day, and there is no request left to withdraw.
    """
    stage, ended_on = Stage.RECEIVED, None
    complete_on, is_made = final_complete_on(events), False
    for event in events:
        to = EVENTS[event.kind].to
        if event.kind == "final_plan_sent" and complete_on and event.on >= complete_on:
            to = Stage.FINAL
        if to is None or not _moves_on(stage, to, event.kind):
            continue
        if STAGES[to].ends and not is_made:
            ended_on = event.on
        stage, is_made = to, is_made or to is Stage.FINAL
    return Standpoint(stage, ended_on if STAGES[stage].ends else None)


def _moves_on(stage: Stage, to: Stage, kind: str) -> bool:
    if stage is Stage.FINAL and to is Stage.WITHDRAWN:
        return False
    return STAGES[to].rank >= STAGES[stage].rank or EVENTS[kind].overturns is stage


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


def adviser_facts(events: Iterable[Happened]) -> dict[str, date]:
    """Return the facts of one adviser's events: for each, the first day on which it happened."""
    facts: dict[str, date] = {}
    for event in events:
        if fact := EVENTS[event.kind].records:
            facts.setdefault(fact, event.on)
    return facts


def answered_as(events: Iterable[Happened]) -> str | None:
    """Return how the adviser first answered, a key of `events.OUTCOMES`, or None."""
    return next((e.outcome for e in events if e.kind == "advice_received"), None)


def withdrawn_on(events: Iterable[Happened]) -> date | None:
    """Return the day on which the adviser's request was withdrawn, or None.

    A request that had been answered by then was not withdrawn any more.
    """
    for event in events:
        if event.kind == "advice_received":
            return None
        if event.kind == "advice_request_withdrawn":
            return event.on
    return None


def advice_rounds(events: Iterable[Happened]) -> dict[int, list[list[Happened]]]:
    """Return each adviser's events, by adviser id, parted where they are asked anew.

    Asking again before there is an answer is a reminder; after it, or after the request was
    withdrawn, a request with six weeks of its own (regulation 8(1)).
    """
    rounds: dict[int, list[list[Happened]]] = {}
    for event in events:
        if event.adviser_id is None:
            continue
        asked = rounds.setdefault(event.adviser_id, [[]])
        if event.kind == "advice_requested" and _is_answered(asked[-1], event.on):
            asked.append([])
        asked[-1].append(event)
    return rounds


def _is_answered(asked: Sequence[Happened], by: date) -> bool:
    was_asked = any(e.kind == "advice_requested" for e in asked)
    if was_asked and withdrawn_on(asked):
        return True
    return was_asked and any(e.kind == "advice_received" and e.on < by for e in asked)


def draft_with_the_family(events: Iterable[Happened], final_on: date | None = None) -> date | None:
    """Return the day of the draft that the family had when the final plan was first sent.

    `final_on` is the day of a final plan about to be sent. The latest draft before it, since a
    changed draft opens the window again (Code of Practice, para 9.125); the first, where the
    final plan came before any; None without a draft.
    """
    events = list(events)
    sent = [final_on] if final_on else [e.on for e in events if e.kind == "final_plan_sent"]
    served = [e.on for e in events if e.kind == "draft_served"]
    in_time = [day for day in served if not sent or day <= min(sent)]
    return max(in_time, default=min(served, default=None))


def answered_in_full(events: Iterable[Happened], by: date) -> bool:
    """Return whether the family confirmed, by that day, that it has no more to say of the draft.

    Of the draft that it had then: a changed draft asks for a confirmation of its own, and of two
    on one day what was entered first is of what was entered before it. Common practice, not an
    exception that the law lists, so it is let through and never assumed.
    """
    events = list(events)
    served = draft_with_the_family(events, by)
    if served is None:
        return False
    newest = max((e.id for e in events if e.kind == "draft_served" and e.on == served), default=0)
    return any(
        e.kind == "family_answered_in_full"
        and e.on <= by
        and (e.on > served or (e.on == served and e.id > newest))
        for e in events
    )


def draft_in_the_post(events: Iterable[Happened], today: date) -> date | None:
    """Return the day on which a draft that is on its way counts as served, or None where none is.

    What is recorded was sent, so that a day that has not come is of a draft in the post.
    """
    return max((e.on for e in events if e.kind == "draft_served" and e.on > today), default=None)


def objections(
    event: Happened,
    others: Sequence[Happened],
    earliest_final: date | None = None,
    replaced: Happened | None = None,
) -> list[str]:
    """Return what speaks against this event's day, in words: nothing where it is in order.

    `others` are the events that stand beside it; `earliest_final` is the first day on which
    the family's window on the draft allows a final plan (regulation 13(1)); `replaced` is the
    entry that the event corrects or strikes out, and is not among the others.
    """
    if answered_in_full(others, event.on):
        earliest_final = None
    found = [
        _not_yet(event, others),
        _before_start(event, others),
        _too_soon(event, earliest_final),
        _unsettles(event, others, replaced),
    ]
    return [words for words in found if words]


def is_too_soon(final: Happened, others: Iterable[Happened], earliest_final: date | None) -> bool:
    """Return whether a final plan comes before the family's days on its draft are over, or it has
    said that it has no more to say; `earliest_final` is as in `objections`.
    """
    is_early = _too_soon(final, earliest_final) is not None
    return is_early and not answered_in_full(others, final.on)


def _not_yet(event: Happened, others: Sequence[Happened]) -> str | None:
    kind = EVENTS[event.kind]
    if not kind.after:
        return None
    same_clock = [o for o in others if _shares_clock(event, o)]
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


def _unsettles(
    event: Happened, others: Sequence[Happened], replaced: Happened | None
) -> str | None:
    """What rests on an entry must still follow it when it is moved or struck out."""
    if replaced is None or not EVENTS[replaced.kind].after:
        return None
    left = [*others] if event.kind == "struck_out" else [*others, event]
    rests = (o for o in others if replaced.kind in EVENTS[o.kind].after and _not_yet(o, left))
    first = min(rests, key=lambda o: o.on, default=None)
    if first is None:
        return None
    return f"“{EVENTS[first.kind].words}” on {spoken(first.on)} rests on this: put it right first"


def _too_soon(event: Happened, earliest_final: date | None) -> str | None:
    if event.kind not in _FINAL or earliest_final is None or event.on >= earliest_final:
        return None
    return (
        "The family has at least 15 days on the draft: the first day on which a final plan may be "
        f"{_FINAL[event.kind]} is {spoken(earliest_final)} (SEND Regulations 2014, reg 13(1)). If "
        "the family has said all that it wants to say, record that first, on the page “Drafts and "
        "comments” of this case"
    )


def _shares_clock(event: Happened, other: Happened) -> bool:
    """Whether the other is of the same adviser or consultation, where the event is of any."""
    kind = EVENTS[event.kind]
    if kind.needs_adviser:
        return other.adviser_id in (None, event.adviser_id)
    if kind.needs_consultation:
        return other.consultation_id in (None, event.consultation_id)
    return True


def _rank(event: Happened, refusals: Mapping[tuple[date, Stage | None], int]) -> int:
    kind = EVENTS[event.kind]
    if refusals and kind.overturns:
        refusal = refusals.get((event.on, kind.overturns))
        if refusal is not None and refusal < event.id:
            return STAGES[kind.overturns].rank
    return STAGES[kind.to].rank if kind.to else 0
