"""The requests for advice behind the contributions' figures, one row for each.

What fell due, and whether it was on time, are the rows of the indicator itself
(casework.queries.indicator_items) with more said of each, so that the two cannot differ.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from casework.models import Adviser, CaseEvent, Deadline
from casework.queries.indicator_items import items_of
from casework.queries.sql_dates import days_between
from casework.rules.advisers import Agency, services_of
from casework.rules.clocks import ANY_ADVICE, SEND_FINAL
from casework.rules.contributions import Fate
from casework.rules.events import NIL_RETURNS
from casework.rules.indicators import ADVICE_OF, INDICATORS, Indicator, Period

#: The indicators that say which plans an agency gave to.
_PLANS_WITH: dict[str, str] = {
    Agency.HEALTH: "plans_with_health",
    Agency.SOCIAL_CARE: "plans_with_social_care",
}


def indicator_of(agency: str) -> Indicator:
    """Return the indicator that times an agency's advice. Raises KeyError where none does."""
    found = {of: indicator for indicator, of in ADVICE_OF.items()}
    return INDICATORS[found[agency]]


def fell_due(agency: str, period: Period, late_after: int) -> Subquery:
    """Return the requests that fell due in a period, as they stood on its last day.

    Columns: those of the indicator's items; which service; the days of asking, start, due, answer
    and sending back; `fate` (casework.rules.contributions.Fate); `days_lost` past the due day;
    `wait` since the start; `is_asked_late`, where the authority took more than `late_after` days
    to ask after it had told the family.
    """
    items = items_of(indicator_of(agency).id, period)
    return _told(items.add_columns(*_of_request(period.last, late_after)), period.last)


def asked(agency: str, period: Period, late_after: int) -> Subquery:
    """Return the requests that were made in a period, with the same columns."""
    asked_on = func.coalesce(Deadline.asked_on, Deadline.started_on)
    in_time = func.coalesce(Deadline.met_on <= Deadline.due_on, literal(False))
    items = (
        select(
            Deadline.case_id,
            Deadline.due_on.label("placed_on"),
            in_time.label("counts"),
            days_between(Deadline.started_on, Deadline.met_on).label("days"),
            Adviser.service.label("service"),
            func.coalesce(Deadline.met_as.in_(NIL_RETURNS), literal(False)).label("is_nil"),
        )
        .join(Adviser, Adviser.id == Deadline.adviser_id)
        .where(
            Deadline.duty.in_(ANY_ADVICE),
            Adviser.service.in_(services_of(agency)),
            asked_on.between(period.first, period.last),
        )
    )
    return _told(items.add_columns(*_of_request(period.last, late_after)), period.last)


def overdue(agency: str, today: date, late_after: int) -> Subquery:
    """Return the requests that are overdue today and still waited for, with the same columns.

    They are those of the indicator "advice_outstanding" that are the agency's.
    """
    items = (
        items_of("advice_outstanding", Period(today, today))
        .join(Adviser, Adviser.id == Deadline.adviser_id)
        .where(Adviser.service.in_(services_of(agency)))
        .add_columns(Adviser.service.label("service"), literal(False).label("is_nil"))
    )
    return _told(items.add_columns(*_of_request(today, late_after)), today)


def plans(agency: str, period: Period) -> Subquery:
    """Return the plans issued in a period and what each had of the agency's advice by that day.

    `has_any`: a contribution, as the indicator counts it where there is one; `was_asked`: the
    agency was asked for advice; `has_every`: all that was asked for, and not withdrawn, was
    answered. A nil return is an answer and no contribution.
    """
    indicator = _PLANS_WITH.get(agency)
    items = items_of(indicator or "plans_20w_inc", period).subquery()
    on, of_case = items.c.placed_on, items.c.case_id
    answered = and_(Deadline.met_on.is_not(None), Deadline.met_on <= on)
    advice = and_(answered, func.coalesce(Deadline.met_as, "").not_in(NIL_RETURNS))
    requests = _requests(agency, of_case, on)
    has_any = items.c.counts if indicator else exists(requests.where(advice))
    return select(
        items.c.case_id,
        items.c.placed_on,
        has_any.label("has_any"),
        exists(requests).label("was_asked"),
        and_(exists(requests), not_(exists(requests.where(not_(answered))))).label("has_every"),
    ).subquery()


def _requests(agency: str, of_case: Any, on: Any) -> Select[int]:
    """The requests of a case that had been made by a day and that had not been closed by then."""
    asked_on = func.coalesce(Deadline.asked_on, Deadline.started_on)
    return (
        select(Deadline.id)
        .join(Adviser, Adviser.id == Deadline.adviser_id)
        .where(
            Deadline.case_id == of_case,
            Deadline.duty.in_(ANY_ADVICE),
            Adviser.service.in_(services_of(agency)),
            asked_on <= on,
            or_(Deadline.closed_on.is_(None), Deadline.closed_on >= on),
        )
    )


def _of_request(day: date, late_after: int) -> tuple[SQLColumnExpression[Any], ...]:
    return (
        Deadline.id.label("deadline_id"),
        Adviser.public_id.label("adviser"),
        Adviser.advice_service_id.label("advice_service_id"),
        func.coalesce(Deadline.asked_on, Deadline.started_on).label("asked_on"),
        *(Deadline.started_on, Deadline.due_on, Deadline.met_on, Deadline.met_as),
        *(Deadline.closed_on, Deadline.sent_back_on, Deadline.lifted_by, Deadline.late_cause),
        _plan_made_on(day).label("plan_on"),
        _is_asked_late(late_after).label("is_asked_late"),
    )


def _told(items: Select[Any], day: date) -> Subquery:
    """The items with what became of each by a day, and how long that took."""
    item = items.subquery().c
    answered = and_(item.met_on.is_not(None), item.met_on <= day)
    closed = and_(item.closed_on.is_not(None), item.closed_on <= day)
    first_closed = and_(closed, or_(item.plan_on.is_(None), item.closed_on <= item.plan_on))
    stopped_on = case((first_closed, item.closed_on), else_=item.plan_on)
    fate = case(
        (and_(answered, item.met_on <= item.due_on), Fate.ON_TIME.value),
        (answered, Fate.LATE.value),
        (stopped_on.is_not(None), Fate.STOPPED.value),
        else_=Fate.OUTSTANDING.value,
    )
    until = case((answered, item.met_on), (stopped_on.is_not(None), stopped_on), else_=day)
    past_due = days_between(item.due_on, until)
    return select(
        *item,
        fate.label("fate"),
        case((answered, item.days), else_=None).label("taken"),
        case((past_due > 0, past_due), else_=0).label("days_lost"),
        days_between(item.started_on, until).label("wait"),
        func.coalesce(item.sent_back_on <= day, literal(False)).label("is_sent_back"),
        # What lifts a limit excuses whoever missed it; on time, there is nothing to excuse.
        and_(item.lifted_by.is_not(None), fate != Fate.ON_TIME.value).label("is_lifted"),
    ).subquery()


def _plan_made_on(day: date) -> ColumnElement[Any]:
    """The day on which the case's final plan was sent, by a day: then nobody waits any more."""
    final = aliased(Deadline)
    return (
        select(func.min(final.met_on))
        .where(final.case_id == Deadline.case_id, final.duty.in_(SEND_FINAL), final.met_on <= day)
        .scalar_subquery()
    )


def _is_asked_late(late_after: int) -> ColumnElement[bool]:
    """Whether the authority asked more than so many days after it had told the family that it
    would assess. Asking anew after an answer is not asking late."""
    told, later = aliased(CaseEvent), aliased(CaseEvent)
    told_on = (
        select(func.max(told.happened_on))
        .where(
            told.case_id == Deadline.case_id,
            told.kind == "told_will_assess",
            told.happened_on <= Deadline.asked_on,
            ~exists(select(later.id).where(later.corrects_id == told.id)),
        )
        .scalar_subquery()
    )
    is_first = Deadline.clock.not_like("adviser-%-%")
    late = days_between(told_on, Deadline.asked_on) > late_after
    return and_(is_first, func.coalesce(late, literal(False)))
