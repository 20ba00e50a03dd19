"""Which cases a person may know of, as a condition that every query of cases carries."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    exists,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from casework.access import Scope
from casework.extensions import db
from casework.models import AdviceService, Adviser, Case, CaseEvent, Interest
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
    if scope.nothing:
        return false()
    mine = asked(Adviser.id).where(
        *(Adviser.case_id == Case.id, is_theirs(scope)),
        CaseEvent.case_id == Case.id,
    )
    return exists(mine)


def is_theirs(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on Adviser that holds for those the scope answers for.

    Every one; those of its agencies' kinds; or those of its services, and of services that they
    have taken over from.
    """
    if scope.everything:
        return true()
    kinds = {kind for agency in scope.agencies for kind in services_of(agency)}
    theirs = [Adviser.service.in_(kinds)] if kinds else []
    if scope.services:
        theirs.append(Adviser.advice_service_id.in_(taken_over_by(scope.services)))
    return or_(false(), *theirs)


def taken_over_by(service_ids: Collection[int]) -> Select[int]:
    """Return a statement of the ids of these services and of all that they have replaced."""
    answers = (
        select(AdviceService.id)
        .where(AdviceService.id.in_(service_ids))
        .cte("answers", recursive=True)
    )
    replaced = select(AdviceService.id).where(AdviceService.replaced_by_id == answers.c.id)
    return select(answers.union(replaced).c.id)


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


def answering() -> dict[int, int]:
    """Return, for every service by its id, the id of the one that answers for it now. One
    statement."""
    rows = db.session.execute(select(AdviceService.id, AdviceService.replaced_by_id)).all()
    replaced = {service_id: heir for service_id, heir in rows if heir is not None}
    found = {}
    for service_id, _ in rows:
        now, seen = service_id, {service_id}
        while (heir := replaced.get(now)) is not None and heir not in seen:
            now = heir
            seen.add(heir)
        found[service_id] = now
    return found
