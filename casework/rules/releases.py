"""A lead's request to read the other agency's advice on a case: until when, and how it stands."""

from datetime import date
from enum import StrEnum

from casework.rules.advisers import Agency
from casework.rules.workdays import WorkingDays

#: Whose advice each agency's lead may ask for.
OTHER = {Agency.HEALTH: Agency.SOCIAL_CARE, Agency.SOCIAL_CARE: Agency.HEALTH}


class Stands(StrEnum):
    """How a request stands on a day."""

    WAITING = "waiting"
    #: Granted, and its last day has not passed.
    OPEN = "open"
    #: Granted, and over.
    ENDED = "ended"
    REFUSED = "refused"
    #: Nobody answered in time: refused by default.
    UNANSWERED = "unanswered"

    @property
    def words(self) -> str:
        """Return how it stands, as a table says it."""
        return _WORDS[self]


_WORDS = {
    Stands.WAITING: "Waits for an answer",
    Stands.OPEN: "Granted",
    Stands.ENDED: "Granted, and over",
    Stands.REFUSED: "Refused",
    Stands.UNANSWERED: "Refused by default: nobody answered in time",
}


def answer_by(asked_on: date, calendar: WorkingDays, days: int) -> date:
    """Return the last day for an answer: so many working days after the day of asking."""
    return calendar.after(asked_on, days)


def stands(
    *, is_granted: bool | None, until_day: date | None, last_day: date, today: date
) -> Stands:
    """Return how a request stands today; `last_day` is the last one for an answer."""
    if is_granted is None:
        return Stands.WAITING if today <= last_day else Stands.UNANSWERED
    if not is_granted:
        return Stands.REFUSED
    return Stands.OPEN if until_day is not None and today <= until_day else Stands.ENDED
