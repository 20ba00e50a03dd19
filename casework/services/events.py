"""What happens to a case: entered whole, in order, and over nobody's head."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select, update

from casework.clock import now
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Adviser, Case, CaseEvent, CaseEventException
from casework.models.base import Model
from casework.queries import advice_services, changes, history
from casework.rules.book import duty as find_duty
from casework.rules.civil_dates import spoken
from casework.rules.deadlines import due
from casework.rules.events import EVENTS
from casework.rules.history import (
    Happened,
    draft_in_the_post,
    draft_with_the_family,
    is_too_soon,
    objections,
    standing_events,
)
from casework.rules.service_day import LONGEST_IN_THE_POST
from casework.services import audit_trail, corrections, deadlines
from casework.services.audit_trail import Act, Actor
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from casework.services.protected_text import refuse_protected

#: Why the day of a signature is not put right: a document bears it.
DATED = "The signed plan bears this day. Strike it out if it was not signed, or sign the plan again"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event about to be entered."""

    kind: str
    on: date
    adviser_id: int | None = None
    #: Asks a service that was not asked before: its adviser is made with the event.
    service: str | None = None
    #: Which service of that kind; where it is not said, the only one there is.
    advice_service_id: int | None = None
    #: Where somebody is asked who is of no service that is held, though there be one of the kind.
    is_of_no_service: bool = False
    #: Who in it is asked, and what the authority would like to know.
    adviser_name: str | None = None
    asks: str | None = None
    recipient: str | None = None
    outcome: str | None = None
    note: str | None = None
    oddity: str | None = None
    doubt: str | None = None
    corrects_id: int | None = None
    #: The signed decision that makes it (casework.services.decided).
    decision_id: int | None = None
    #: For an event of a consultation: which.
    consultation_id: int | None = None
    #: Whether the law says which day it counts from, which may lie ahead: a draft in the post.
    is_deemed: bool = False
    #: Columns of CaseEventException.
    exception: Mapping[str, Any] = field(default_factory=dict)
    #: Returns, for the id that the event was given, the rows that come with it: what an adviser
    #: returned, why it was sent back. They are saved with the event, or not at all.
    brings: Callable[[int], Iterable[Model]] | None = None


def log_events(
    *,
    actor: Actor,
    today: date,
    case_id: int,
    version: int,
    events: Sequence[NewEvent],
    may_record_oddity: bool = False,
) -> None:
    """Enter what happened to a case, all or nothing, and commit.

    `version` is the case's as the person last saw it. Raises ChangedMeanwhile, and Refused for a
    day in the future or out of order; a person who may record an oddity is let through the
    latter with a reason in the event's `oddity`. Refused also for a protected detail in its words.
    """
    claim(case_id, version)
    record(actor, today, case_id, events, may_record_oddity=may_record_oddity)
    db.session.commit()


def record(
    actor: Actor,
    today: date,
    case_id: int,
    events: Sequence[NewEvent],
    *,
    may_record_oddity: bool = False,
) -> list[int]:
    """Enter what happened to a case whose version is claimed, in the open transaction.

    Returns the ids of the events, in their order. Commits nothing. Raises Refused as `log_events`
    does, with the transaction undone.
    """
    refuse_protected(actor, case_id, _words(events))
    entered = history.entered_events([case_id])[case_id]
    try:
        corrections.refuse({e.corrects_id: e.kind for e in events if e.corrects_id})
        for event in events:
            _check(event, entered, today, may_record_oddity)
    except Refused:
        db.session.rollback()
        raise
    ids = enter(case_id, actor, events)
    deadlines.refresh([case_id])
    audit_trail.record_all(actor, acts_of(case_id, events, ids, entered))
    return ids


def strike_out(
    *, actor: Actor, today: date, case_id: int, version: int, event_id: int, reason: str
) -> None:
    """Take back an entry that should not be there, by a row that says so, and commit.

    Raises Refused where later events rest on it or no reason is given; ChangedMeanwhile; Absent.
    """
    entered = history.entered_events([case_id])[case_id]
    struck = next((e for e in standing_events(entered) if e.id == event_id), None)
    if struck is None:
        claim(case_id, version)  # where someone took it back meanwhile, say who
        db.session.rollback()
        raise Absent
    if not reason:
        raise Refused({"note": "Enter why the entry is struck out"})
    if EVENTS[struck.kind].to is not None and not EVENTS[struck.kind].after:
        raise Refused(
            {"note": "The event that starts a case cannot be struck out. Correct its day"}
        )
    log_events(
        actor=actor,
        today=today,
        case_id=case_id,
        version=version,
        events=[NewEvent(kind="struck_out", on=today, note=reason, corrects_id=event_id)],
    )


def claim(case_id: int, version: int, *, by: int = 1) -> None:
    """Claim the next version of the case, in the open transaction.

    With `by` nought the version stays, and the case is held for what raises it later. Raises
    ChangedMeanwhile, saying what others did, where `version` is no longer the case's.
    """
    taken = db.session.execute(
        update(Case)
        .where(Case.id == case_id, Case.version == version)
        .values(version=version + by)
        .execution_options(synchronize_session="fetch")
    )
    if taken.rowcount == 1:  # type: ignore[attr-defined]
        return
    current = db.session.scalar(select(Case.version).where(Case.id == case_id))
    if current is None:
        raise Absent
    done = changes.latest(case_id=case_id, count=max(current - version, 1))
    db.session.rollback()
    raise ChangedMeanwhile(current, done)


def enter(case_id: int, actor: Actor, events: Sequence[NewEvent]) -> list[int]:
    """Add the events to the open transaction and return their ids. Commits nothing."""
    advisers = _advisers(case_id, events)
    rows = [
        CaseEvent(
            case_id=case_id,
            kind=event.kind,
            happened_on=event.on,
            adviser_id=adviser_id,
            recipient=event.recipient,
            outcome=event.outcome,
            note=event.note,
            oddity=event.oddity,
            doubt=event.doubt,
            corrects_id=event.corrects_id,
            decision_id=event.decision_id,
            consultation_id=event.consultation_id,
            entered_at=now(),
            entered_by_id=actor.user_id,
            exception=CaseEventException(**event.exception) if event.exception else None,
        )
        for event, adviser_id in zip(events, advisers, strict=True)
    ]
    db.session.add_all(rows)
    db.session.flush()
    for event, row in zip(events, rows, strict=True):
        if event.brings:
            db.session.add_all(event.brings(row.id))
    db.session.flush()
    return [row.id for row in rows]


def acts_of(
    case_id: int, events: Sequence[NewEvent], ids: Sequence[int], entered: Sequence[Happened]
) -> list[Act]:
    """Return what the audit trail is to say of events that were entered, in their order.

    `ids` are theirs; `entered` is what had been entered for the case before.
    """
    return [
        Act(
            action=_said(event),
            case_id=case_id,
            subject=f"event {event_id}",
            changes=_told(event, entered),
        )
        for event, event_id in zip(events, ids, strict=True)
    ]


def objections_to(
    event: NewEvent, others: Sequence[Happened], replaced: Happened | None
) -> list[str]:
    """Return what speaks against an event's day, in words; `others` stand beside it.

    `replaced` is the entry that it puts right, and is not among the others.
    """
    earliest = _earliest_final(others, event.on)
    return objections(_as_happened(event), others, earliest, replaced)


def _advisers(case_id: int, events: Sequence[NewEvent]) -> list[int | None]:
    """Return the id of the adviser of each event, having made those who are asked anew."""
    found = _services_asked(case_id, events)
    made = {
        number: Adviser(
            case_id=case_id,
            service=event.service,
            advice_service_id=event.advice_service_id or found.get((event.service, event.on)),
            name=event.adviser_name,
            asks=event.asks,
        )
        for number, event in enumerate(events)
        if event.service
    }
    db.session.add_all(made.values())
    db.session.flush()
    return [made[n].id if n in made else event.adviser_id for n, event in enumerate(events)]


def _words(events: Sequence[NewEvent]) -> dict[str, str]:
    """What was typed for some events, by the field that it was typed in."""
    typed = [
        (name, words)
        for event in events
        for name, words in (
            *(("note", event.note), ("oddity", event.oddity), ("asks", event.asks)),
            *((name, event.exception.get(name)) for name in ("reason", "evidence")),
        )
        if words
    ]
    names = dict.fromkeys(name for name, _ in typed)
    return {name: "\n".join(words for of, words in typed if of == name) for name in names}


def _services_asked(
    case_id: int, events: Sequence[NewEvent]
) -> dict[tuple[str | None, date], int | None]:
    """The only service of a kind on a day, for the events that do not say which is asked."""
    asked = {
        (event.service, event.on)
        for event in events
        if event.service and event.advice_service_id is None and not event.is_of_no_service
    }
    if not asked:
        return {}
    setting_id = db.session.scalar(select(Case.setting_id).where(Case.id == case_id))
    return {
        (kind, day): advice_services.only_one(kind, setting_id, day) for kind, day in sorted(asked)
    }


def _check(event: NewEvent, entered: Sequence[Happened], today: date, may_oddity: bool) -> None:
    if event.kind not in EVENTS:
        raise Refused({"kind": "Choose what happened from the list"})
    if event.on > today and not event.is_deemed:
        raise Refused({"on": f"The day must be today, {spoken(today)}, or in the past"})
    if event.on > today + LONGEST_IN_THE_POST:
        latest = spoken(today + LONGEST_IN_THE_POST)
        raise Refused({"on": f"What was sent by today counts as served by {latest} at the latest"})
    standing = standing_events(entered)
    if event.corrects_id and event.corrects_id not in {e.id for e in standing}:
        raise Refused({"on": "That entry was already put right. Open the case again to see how"})
    others = [e for e in standing if e.id != event.corrects_id]
    replaced = next((e for e in standing if e.id == event.corrects_id), None)
    if replaced and replaced.kind == event.kind == "plan_signed":
        raise Refused({"on": DATED})
    if why := _before_signature(event, others, replaced):
        raise Refused({"on": why})
    against = [
        *objections_to(event, others, replaced),
        *_in_the_post(event, others, today),
        *_too_soon_then(event, others, replaced),
    ]
    if not against or (may_oddity and event.oddity):
        return
    if event.kind == "struck_out":
        raise Refused({"note": ". ".join(against)})
    raise Refused({"on": ". ".join(against)}, is_oddity=True)


def _in_the_post(event: NewEvent, others: Sequence[Happened], today: date) -> list[str]:
    """A final plan does not go out while a changed draft is on its way to the family."""
    coming = draft_in_the_post(others, today)
    if event.kind not in ("plan_signed", "final_plan_sent") or coming is None:
        return []
    return [
        f"A draft is in the post, and counts as served on {spoken(coming)}: the family has at "
        f"least 15 days on it, so the final plan may be sent from {spoken(_ready(coming))}"
    ]


def _before_signature(
    event: NewEvent, others: Sequence[Happened], replaced: Happened | None
) -> str | None:
    """A plan that was sent once it was signed is not moved to before there was one to send."""
    if replaced is None or not replaced.kind == event.kind == "final_plan_sent":
        return None
    signed_on = min((e.on for e in others if e.kind == "plan_signed"), default=replaced.on)
    if not event.on < signed_on <= replaced.on:
        return None
    return f"The day must be {spoken(signed_on)}, when the plan was signed, or later"


def _too_soon_then(
    event: NewEvent, others: Sequence[Happened], replaced: Happened | None
) -> list[str]:
    """A final plan in time stays so when a draft, or that the family had said all, is put right."""
    if replaced is None or replaced.kind not in ("draft_served", "family_answered_in_full"):
        return []
    left = [*others] if event.kind == "struck_out" else [*others, _as_happened(event)]
    return [
        f"“{EVENTS[final.kind].words}” on {spoken(final.on)} rests on this: the family’s days on "
        "the draft would not be over then. Put it right first"
        for final in others
        if final.kind in ("plan_signed", "final_plan_sent")
        and is_too_soon(final, left, _earliest_final(left, final.on))
        and not is_too_soon(
            final, [*others, replaced], _earliest_final([*others, replaced], final.on)
        )
    ]


def _earliest_final(events: Sequence[Happened], final_on: date) -> date | None:
    served = draft_with_the_family(events, final_on)
    return None if served is None else _ready(served)


def _ready(served: date) -> date:
    """The first day on which a final plan may be sent, by the day of the draft."""
    floor = find_duty("reps_15d_min")
    first_day = due(floor, {"draft_served": served}, england_and_wales()).earliest
    assert first_day is not None, "the floor has a first day"
    return first_day


def _as_happened(event: NewEvent) -> Happened:
    return Happened(
        id=0,
        kind=event.kind,
        on=event.on,
        adviser_id=event.adviser_id,
        recipient=event.recipient,
        corrects_id=event.corrects_id,
        consultation_id=event.consultation_id,
    )


def _said(event: NewEvent) -> str:
    if event.kind == "struck_out":
        return "struck out event"
    return "corrected event" if event.corrects_id else "logged event"


def _told(event: NewEvent, entered: Sequence[Happened]) -> dict[str, tuple[Any, Any]]:
    old = next((e for e in entered if e.id == event.corrects_id), None)
    told: dict[str, tuple[Any, Any]] = {
        "event": (old.kind if old else None, event.kind),
        "day": (old.on if old else None, event.on),
    }
    return told | ({"note": (None, event.note)} if event.note else {})
