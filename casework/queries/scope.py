"""Which cases a person may know of, as a condition that every query of cases carries."""

from sqlalchemy import ColumnElement, exists, false, select, true

from casework.access import Scope
from casework.models import Adviser, Case
from casework.rules.advisers import services_of


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on Case that holds for the cases in scope."""
    if scope.everything:
        return true()
    services = set(scope.services).union(*(services_of(agency) for agency in scope.agencies))
    if not services:
        return false()
    asked = select(Adviser.id).where(Adviser.case_id == Case.id, Adviser.service.in_(services))
    return exists(asked)
