"""Who may have a link to the family's page, and when it stops: asked anew at every opening."""

from datetime import date, datetime, timedelta
from typing import Final

from casework.rules.ages import age
from casework.rules.stages import Stage

#: How long a link is good for; a case that takes longer is given another.
LINK_LASTS: Final = timedelta(days=365)
CODE_LASTS: Final = timedelta(days=14)
VISIT_LASTS: Final = timedelta(minutes=30)
#: Wrong codes in a row that close a link. A code has eight figures.
MOST_WRONG: Final = 10
CODE_FIGURES: Final = 8
#: After a decision that ends the assessment the page still says how to appeal: two months, and
#: one from a mediation certificate (Tribunal Procedure Rules 2008, rule 20(1)(c)).
AFTER_DECISION: Final = timedelta(days=92)

_ENDED_OTHERWISE: Final = (Stage.WITHDRAWN, Stage.MOVED_OUT, Stage.CEASED)
#: How a contact's record says that it is the young person.
_SELF: Final = frozenset(
    ("self", "young person", "the young person", "themself", "themselves", "learner", "student")
)
_LEAST_AGE: Final = 16
#: From this age nobody has parental responsibility (Children Act 1989, ss.2, 3 and 105).
_OF_AGE: Final = 18


def is_young_person(relationship: str, born: date | None, today: date) -> bool:
    """Return whether a contact is the young person, of 16 or more."""
    is_self = relationship.strip().casefold() in _SELF
    return is_self and born is not None and age(born, today) >= _LEAST_AGE


def may_have_link(
    *,
    has_parental_responsibility: bool,
    relationship: str,
    contact_ended_on: date | None,
    born: date | None,
    today: date,
) -> bool:
    """Return whether a contact may be given a link: somebody with parental responsibility for one
    under 18, or the young person, whose record has not ended.
    """
    is_adult = born is not None and age(born, today) >= _OF_AGE
    is_parent = has_parental_responsibility and not is_adult
    is_theirs = is_parent or is_young_person(relationship, born, today)
    return is_theirs and contact_ended_on is None


def why_stopped(
    *,
    at: datetime,
    today: date,
    ends_at: datetime,
    closed_at: datetime | None,
    wrong_codes: int,
    may_have: bool,
    stage: Stage,
    case_ended_on: date | None,
) -> str | None:
    """Return why a link opens nothing, in words for the officer; None while it is good."""
    if closed_at is not None:
        was_guessed = wrong_codes >= MOST_WRONG
        return "Closed after too many wrong codes" if was_guessed else "Closed"
    if at >= ends_at:
        return "Past its time"
    if not may_have:
        return "Stopped: the contact has ended or no longer has parental responsibility"
    if stage in _ENDED_OTHERWISE:
        return "Stopped: the case is over"
    if case_ended_on is not None and today > case_ended_on + AFTER_DECISION:
        return "Stopped: the time to appeal is over"
    return None
