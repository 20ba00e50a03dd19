"""Which entries of a case still count: none that a later one puts right or strikes out."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, exists, not_, select
from sqlalchemy.orm import aliased

from casework.models import CaseEvent


def stands(event: Any) -> ColumnElement[bool]:
    """Return the condition that no later entry puts this one right or strikes it out."""
    later = aliased(CaseEvent)
    return not_(exists(select(later.id).where(later.corrects_id == event.id)))


def struck_out(event: Any) -> ColumnElement[bool]:
    """Return the condition that this entry was taken back, and not only put right."""
    later = aliased(CaseEvent)
    taken_back = select(later.id).where(later.corrects_id == event.id, later.kind == "struck_out")
    return exists(taken_back)


def entries_of(particulars: Select[*tuple[Any, ...]]) -> CTE:
    """Return the particulars of events with every later entry that puts those events right.

    `particulars` gives an `event_id` with whatever came with that event. What comes back gives the
    same for each entry of the chain, so that it is found by the one that stands.
    """
    chain = particulars.cte(recursive=True)
    again = [column for column in chain.c if column.name != "event_id"]
    later = (
        select(CaseEvent.id.label("event_id"), *again)
        .select_from(chain)
        .join(CaseEvent, CaseEvent.corrects_id == chain.c.event_id)
    )
    return chain.union_all(later)
