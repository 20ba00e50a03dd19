"""Where a case is on the road to its final plan: at which step, for how long, waiting for whom."""

from datetime import date
from typing import NamedTuple

from casework.rules.journeys import (
    ADVICE,
    ASK,
    DECIDE,
    DRAFT,
    FAMILY_DAYS,
    FINAL,
    FIRST,
    ISSUE,
    REST,
    Journey,
)


class Wait(NamedTuple):
    """One adviser who has not answered: the kind of service, and the days since it was asked."""

    service: str
    elapsed: int


class Place(NamedTuple):
    """Where a case is: the step it is at, for how many days, and whose advice it waits for."""

    step: str
    elapsed: int
    waits: tuple[Wait, ...] = ()
    #: At the step "final": the days from today that the family still has on a draft served again.
    family_days: int = 0


def place_of(journey: Journey, today: date) -> Place | None:
    """Return where the case is, or None where no final plan lies ahead of it.

    None, too, for a re-assessment before it is agreed: its limit has not begun to run.
    """
    on = journey.filled()
    if on.stopped or on.sent:
        return None
    if on.sent_first:
        return _at(REST, on.sent_first, today)
    if on.draft:
        # Regulation 13(1): 15 days beginning with the day on which the newest draft was served.
        newest = on.last_draft or on.draft
        again = (newest - today).days + FAMILY_DAYS if newest != on.draft else 0
        return _at(FINAL, on.draft, today)._replace(family_days=max(0, again))
    if on.planned:
        return _at(DRAFT, on.issued, today) if on.issued else None
    if on.agreed:
        return _assessing(on, on.agreed, today)
    return None if on.decided or on.kind not in FIRST else _at(DECIDE, on.started, today)


def _assessing(on: Journey, agreed: date, today: date) -> Place:
    if not on.asked:
        return _at(ASK, agreed, today)
    waits = [Wait(one.service, _days(one.on, today)) for one in on.asked if one.ended is None]
    if waits:
        first = max(agreed, min(one.on for one in on.asked))
        # The step's own days say nothing that those of each service do not.
        return _at(ADVICE, first, today)._replace(elapsed=0, waits=tuple(sorted(waits)))
    ended = max(one.ended for one in on.asked if one.ended)
    return _at(ISSUE, max(agreed, ended), today)


def _at(step: str, since: date, today: date) -> Place:
    return Place(step, _days(since, today))


def _days(since: date, today: date) -> int:
    return max(0, (today - since).days)
