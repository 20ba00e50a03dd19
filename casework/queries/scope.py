"""Which cases a person may know of, as a condition that every query of cases carries."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    exists,
    false,
    select,
    true,
)
from sqlalchemy.orm import aliased

from casework.access import Scope
from casework.models import Adviser, Case, CaseEvent, Interest
from casework.rules.advisers import services_of

#: The events that say that an adviser was asked.
ASKED = ("advice_requested", "advice_request_received", "advice_received")


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on Case that holds for the cases in scope."""
    seen = _seen(scope)
    return seen if scope.hidden_from is None else and_(seen, without_interest(scope.hidden_from))


def without_interest(user_id: int) -> ColumnElement[bool]:
    """Return the condition on Case that holds where this person has declared no interest."""
    declared = select(Interest.case_id).where(
        Interest.user_id == user_id, Interest.ended_at.is_(None)
    )
    return Case.id.not_in(declared)


def _seen(scope: Scope) -> ColumnElement[bool]:
    if scope.everything:
        return true()
    services = set(scope.services).union(*(services_of(agency) for agency in scope.agencies))
    if not services:
        return false()
    mine = asked(Adviser.id).where(
        *(Adviser.case_id == Case.id, Adviser.service.in_(services)),
        CaseEvent.case_id == Case.id,
    )
    return exists(mine)


def asked(*columns: SQLColumnExpression[Any]) -> Select[Any]:
    """Return a statement of these columns of the advisers who were asked about a case."""
    later = aliased(CaseEvent)
    return (
        select(*columns)
        .join(CaseEvent, CaseEvent.adviser_id == Adviser.id)
        .where(
            CaseEvent.kind.in_(ASKED),
            # A service that was asked by mistake, and the entry struck out, was never asked.
            ~exists(select(later.id).where(later.corrects_id == CaseEvent.id)),
        )
    )
