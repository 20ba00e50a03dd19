"""The items that each indicator counts, one row for each: the figure and the list of cases behind
it are read from the same rows, so that they cannot differ.

Every statement gives `case_id`, `placed_on` (the date that puts the item in the period), `counts`
(whether it is in the numerator) and `days` (from the start of its clock until the step was taken,
or until the period's last day for what waits; None for advice that was not answered). Those of
panels are casework.queries.panel_items.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from casework.models import (
    AdviceService,
    Adviser,
    Case,
    CaseEvent,
    CaseEventException,
    Deadline,
    Provider,
)
from casework.queries import informing_items, panel_items, quality_items
from casework.queries.plan_contributions import first_given
from casework.queries.sql_dates import days_between
from casework.queries.standing import stands
from casework.rules.advisers import Agency, services_of
from casework.rules.book import duty
from casework.rules.clocks import (
    ANY_ADVICE,
    COMPLETE_TRANSFER,
    DECIDE_TO_ASSESS,
    SAY_NO_PLAN,
    SEND_FINAL,
)
from casework.rules.endings import ENDINGS, Ending
from casework.rules.events import NIL_RETURNS, OVERTURNED
from casework.rules.indicators import ADVICE_OF, Period
from casework.rules.plan_sections import HEALTH_SECTIONS, SOCIAL_CARE_SECTIONS

Items = Select[*tuple[Any, ...]]

#: The regulations under which an exception to the 20 weeks is recorded.
_TWENTY_WEEKS = tuple({row for d in SEND_FINAL if (row := duty(d).lifted_under)})
_SCHOOLS = "2"


#: The figures from which plans that followed mediation or an appeal may be left out: all of them,
#: since the plans that one has more than another could be few.
_OF_PLANS = (
    *("plans_20w_inc", "plans_20w_exc", "exceptions_share", "weeks_to_plan"),
    *("plans_with_health", "plans_with_social_care"),
)


def items_of(indicator: str, period: Period, *, leave_out_overturned: bool = False) -> Items:
    """Return the statement of an indicator's items. Raises KeyError where it is not collected.

    With `leave_out_overturned`, plans that followed mediation or an appeal do not count.
    """
    items = ITEMS[indicator](period)
    if leave_out_overturned and indicator in _OF_PLANS:
        return items.where(not_(_has_event(tuple(OVERTURNED))))
    return items


def _requests(period: Period) -> Items:
    started = Deadline.started_on.between(period.first, period.last)
    return _items(Deadline.started_on, true()).where(Deadline.duty.in_(DECIDE_TO_ASSESS), started)


def _school_requests(period: Period) -> Items:
    shown = func.coalesce(Case.graduated_approach, literal(False))
    started = Deadline.started_on.between(period.first, period.last)
    return (
        _items(Deadline.started_on, shown)
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.duty.in_(DECIDE_TO_ASSESS), started, Case.source == _SCHOOLS)
    )


def _met(duties: tuple[str, ...]) -> Callable[[Period], Items]:
    """Items placed by the day on which the step was taken."""

    def items(period: Period) -> Items:
        met = Deadline.met_on.between(period.first, period.last)
        in_time = Deadline.met_on <= Deadline.due_on
        return _items(Deadline.met_on, in_time).where(Deadline.duty.in_(duties), met)

    return items


_plans = _met(SEND_FINAL)


def _unexcepted_plans(period: Period) -> Items:
    return _plans(period).where(not_(_is_excepted()))


def _excepted_plans(period: Period) -> Items:
    return _plans(period).with_only_columns(
        *_columns(
            Deadline.met_on, _is_excepted(), days_between(Deadline.started_on, Deadline.met_on)
        )
    )


def _plans_with(agency: Agency, sections: tuple[str, ...]) -> Callable[[Period], Items]:
    """Plans, and whether the agency had contributed by the day on which each was sent."""

    def items(period: Period) -> Items:
        plans = _plans(period)
        fed = first_given(agency, sections, plans.with_only_columns(Deadline.case_id))
        had = func.coalesce(fed.c.given_on <= Deadline.met_on, literal(False))
        taken = days_between(Deadline.started_on, Deadline.met_on)
        return plans.with_only_columns(*_columns(Deadline.met_on, had, taken)).outerjoin(
            fed, fed.c.case_id == Deadline.case_id
        )

    return items


def _advice(agency: str) -> Callable[[Period], Items]:
    """Items placed by the day on which the advice fell due. What was closed by then, with no
    answer, never fell due."""

    def items(period: Period) -> Items:
        in_time = func.coalesce(Deadline.met_on <= Deadline.due_on, literal(False))
        taken = days_between(Deadline.started_on, Deadline.met_on)
        return (
            select(*_columns(Deadline.due_on, in_time, taken))
            .add_columns(
                Adviser.service.label("service"),
                AdviceService.name.label("service_name"),
                Provider.name.label("provider"),
                func.coalesce(Deadline.met_as.in_(NIL_RETURNS), literal(False)).label("is_nil"),
            )
            .join(Adviser, Adviser.id == Deadline.adviser_id)
            .outerjoin(AdviceService, AdviceService.id == Adviser.advice_service_id)
            .outerjoin(Provider, Provider.id == AdviceService.provider_id)
            .where(
                Deadline.duty.in_(ANY_ADVICE),
                Adviser.service.in_(services_of(agency)),
                Deadline.due_on.between(period.first, period.last),
                or_(Deadline.closed_on.is_(None), Deadline.closed_on > Deadline.due_on),
            )
        )

    return items


def _open_past_20_weeks(period: Period) -> Items:
    day = period.last
    return _waiting(day).where(Deadline.duty.in_(SEND_FINAL), _is_open(day))


def _advice_outstanding(period: Period) -> Items:
    day = period.last
    final = aliased(Deadline)
    plan_made = exists(
        select(final.id).where(
            # By the case and its own clock, so that one row is looked at and not every plan.
            *(final.case_id == Deadline.case_id, final.clock == "case"),
            *(final.duty.in_(SEND_FINAL), final.met_on <= day),
        )
    )
    still_owed = or_(Deadline.closed_on.is_(None), Deadline.closed_on > day)
    return _waiting(day).where(
        Deadline.duty.in_(ANY_ADVICE), still_owed, not_(plan_made), _is_open(day)
    )


def _waiting(day: date) -> Items:
    """What fell due before a day and was not done by then."""
    not_met = or_(Deadline.met_on.is_(None), Deadline.met_on > day)
    on = literal(day, Date)
    return select(*_columns(on, true(), days_between(Deadline.started_on, on))).where(
        Deadline.due_on < day, not_met
    )


ITEMS: Mapping[str, Callable[[Period], Items]] = MappingProxyType(
    {
        "requests_received": _requests,
        "decision_6w": _met(DECIDE_TO_ASSESS),
        "no_plan_16w": _met(SAY_NO_PLAN),
        "plans_20w_inc": _plans,
        "plans_20w_exc": _unexcepted_plans,
        "exceptions_share": _excepted_plans,
        "weeks_to_plan": _plans,
        "open_over_20w": _open_past_20_weeks,
        "transfers": _met(COMPLETE_TRANSFER),
        "panel_held": panel_items.held,
        "panel_circulated": panel_items.decided,
        "panel_attendance": panel_items.attended,
        "kept_informed": informing_items.changes_of_stage,
        "graduated_approach": _school_requests,
        **{indicator: _advice(agency) for indicator, agency in ADVICE_OF.items()},
        "advice_outstanding": _advice_outstanding,
        "plans_with_health": _plans_with(Agency.HEALTH, HEALTH_SECTIONS),
        "plans_with_social_care": _plans_with(Agency.SOCIAL_CARE, SOCIAL_CARE_SECTIONS),
        "advice_quality": quality_items.scored,
    }
)


def _items(placed_on: Any, counts: ColumnElement[bool]) -> Items:
    return select(*_columns(placed_on, counts, days_between(Deadline.started_on, placed_on)))


def _columns(placed_on: Any, counts: ColumnElement[bool], days: Any) -> tuple[Any, ...]:
    return (
        Deadline.case_id,
        placed_on.label("placed_on"),
        counts.label("counts"),
        days.label("days"),
    )


def _is_excepted() -> ColumnElement[bool]:
    """Whether an exception to the 20 weeks is recorded and stands, whatever its ground."""
    marked = (
        select(CaseEvent.id)
        .join(CaseEventException, CaseEventException.event_id == CaseEvent.id)
        .where(
            CaseEvent.case_id == Deadline.case_id,
            CaseEvent.kind == "exception_recorded",
            CaseEvent.adviser_id.is_(None),
            CaseEventException.regulation.in_(_TWENTY_WEEKS),
            stands(CaseEvent),
        )
    )
    return exists(marked)


def _has_event(kinds: tuple[str, ...]) -> ColumnElement[bool]:
    of_case = CaseEvent.case_id == Deadline.case_id
    return exists(select(CaseEvent.id).where(of_case, CaseEvent.kind.in_(kinds), stands(CaseEvent)))


def _is_open(day: date) -> ColumnElement[bool]:
    """Whether the assessment had not ended by a day without a plan, by the facts dated up to it."""
    return not_(or_(*(_had_ended(kind, ending, day) for kind, ending in ENDINGS.items())))


def _had_ended(kind: str, ending: Ending, day: date) -> ColumnElement[bool]:
    ended, other = aliased(CaseEvent), aliased(CaseEvent)
    after = or_(
        other.happened_on > ended.happened_on,
        and_(other.happened_on == ended.happened_on, other.id > ended.id),
    )
    gone_on = exists(
        select(other.id).where(
            other.case_id == ended.case_id,
            other.happened_on <= day,
            or_(other.kind.in_(ending.at_any_time), and_(other.kind.in_(ending.later), after)),
            stands(other),
        )
    )
    return exists(
        select(ended.id).where(
            ended.case_id == Deadline.case_id,
            ended.kind == kind,
            ended.happened_on <= day,
            stands(ended),
            not_(gone_on),
        )
    )
