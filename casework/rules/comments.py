"""What the family says of a draft: of which one, whether in its days on it, and what is owed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from casework.rules.history import Happened, Standpoint
from casework.rules.stages import STAGES, Stage

#: How the meeting that a family asked for came about, by the outcome of "meeting_held".
MEETINGS = {
    "held": "Held",
    "offered": "Offered, and the family did not want it after all",
}


@dataclass(frozen=True, slots=True)
class FamilyDays:
    """A draft by its number, counted from 1, the day on which it was served, and its last day."""

    number: int
    served: date
    last: date


def draft_of(drafts: Sequence[FamilyDays], on: date) -> FamilyDays | None:
    """Return the draft that the family had on a day: the newest served by then.

    What was said before any was served is of the first; None where none was.
    """
    by_then = [draft for draft in drafts if draft.served <= on]
    by_day = sorted(by_then or drafts[:1], key=lambda draft: (draft.served, draft.number))
    return by_day[-1] if by_day else None


def meetings_owed(events: Iterable[Happened], drafts: Sequence[FamilyDays]) -> list[Happened]:
    """Return the requests for a meeting that still wait for one.

    Only one that was asked for within the family's days on its draft is owed, as soon as
    practicable (SEND Regulations 2014, reg 13(1)(a)(ii)).
    """
    events = list(events)
    held = [event.on for event in events if event.kind == "meeting_held"]
    return [
        event
        for event in events
        if event.kind == "meeting_asked"
        and is_in_time(drafts, event.on)
        and not any(day >= event.on for day in held)
    ]


def is_in_time(drafts: Sequence[FamilyDays], on: date) -> bool:
    """Return whether a day is within the family's days on the draft that it had then."""
    draft = draft_of(drafts, on)
    return draft is not None and on <= draft.last


def cannot_record(stands: Standpoint) -> str | None:
    """Return why nothing more can be recorded of what the family says, or None where it can.

    What came before a final plan, or came too late for it, is still written down after it.
    """
    if stands.ended_on is None or stands.stage is Stage.FINAL:
        return None
    return (
        f"This case has ended: {STAGES[stands.stage].words.lower()}. What the family said is "
        "kept here, and nothing more can be recorded"
    )
