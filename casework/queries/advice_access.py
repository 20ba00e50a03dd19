"""Whose advice a person may read, as a condition that every query of advice carries."""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from casework.access import Scope
from casework.models import AdviceRelease, Adviser
from casework.queries.scope import is_theirs
from casework.rules.advisers import Agency, services_of


def readable(reads: Scope, user_id: int, today: date) -> ColumnElement[bool]:
    """Return the condition on Adviser that holds for those whose advice this person may read.

    `reads` is their own (casework.access.reads_of); to it comes what the other lead has released
    to them on one case, until its last day. Whether they may know of the case at all is another
    condition (casework.queries.scope.in_scope).
    """
    if reads.nothing:
        return false()
    # A release is for the work of a lead, and does not outlive it.
    kept = _KEPT if reads.agencies else ()
    return or_(is_theirs(reads), *(_released(agency, user_id, today) for agency in kept))


#: The agencies that keep their advice from each other.
_KEPT = (Agency.HEALTH, Agency.SOCIAL_CARE)


def _released(agency: Agency, user_id: int, today: date) -> ColumnElement[bool]:
    granted = select(AdviceRelease.id).where(
        *(AdviceRelease.case_id == Adviser.case_id, AdviceRelease.agency == agency),
        *(AdviceRelease.asked_by_id == user_id, AdviceRelease.is_granted.is_(True)),
        AdviceRelease.until_day >= today,
    )
    return and_(Adviser.service.in_(services_of(agency)), exists(granted))
