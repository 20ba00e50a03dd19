"""What health and social care gave to a plan: advice that feeds their sections of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from casework.models import Advice, AdviceReuse, Adviser, CaseEvent
from casework.queries.standing import entries_of, stands
from casework.rules.advisers import Agency, services_of
from casework.rules.events import NIL_RETURNS

Cases = Select[*tuple[Any, ...]]


def first_given(
    agency: Agency, sections: Sequence[str], cases: Select[*tuple[Any, ...]]
) -> Subquery:
    """Return `case_id` and `given_on`, the day on which a case first had a contribution.

    `cases` gives the ids of the cases that are asked about. A contribution is advice returned, or
    existing advice used, that feeds one of these sections of the plan; where nobody said what it
    feeds, as in a tracker, advice of the agency. A nil return is none.
    """
    fed = entries_of(_fed(cases))
    feeds = or_(
        *(_names(fed.c.sections, key) for key in sections),
        and_(
            func.coalesce(fed.c.sections, literal("")) == "",
            Adviser.service.in_(services_of(agency)),
        ),
    )
    given = (
        select(CaseEvent.case_id, func.min(CaseEvent.happened_on).label("given_on"))
        .join(Adviser, Adviser.id == CaseEvent.adviser_id)
        .outerjoin(fed, fed.c.event_id == CaseEvent.id)
        .where(CaseEvent.case_id.in_(cases), _is_advice(), stands(CaseEvent), feeds)
        .group_by(CaseEvent.case_id)
    )
    return given.subquery()


def _fed(cases: Cases) -> Select[*tuple[Any, ...]]:
    """The sections that each entry said its advice feeds."""
    returned = select(Advice.event_id, Advice.sections).where(Advice.case_id.in_(cases))
    reused = (
        select(AdviceReuse.event_id, AdviceReuse.sections)
        .join(CaseEvent, CaseEvent.id == AdviceReuse.event_id)
        .where(CaseEvent.case_id.in_(cases))
    )
    said = union_all(returned, reused).subquery()
    return select(said.c.event_id, said.c.sections)


def _is_advice() -> ColumnElement[bool]:
    is_nil = func.coalesce(CaseEvent.outcome.in_(NIL_RETURNS), literal(False))
    return or_(
        CaseEvent.kind == "advice_reused",
        and_(CaseEvent.kind == "advice_received", not_(is_nil)),
    )


def _names(sections: ColumnElement[str], key: str) -> ColumnElement[bool]:
    """Whether a list of sections, parted by spaces, has one of them."""
    return (literal(" ") + sections + literal(" ")).contains(f" {key} ", autoescape=True)
