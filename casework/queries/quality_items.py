"""Advice drawn for its quality, and what was found in it: one row for each that was scored."""

from typing import Any

from sqlalchemy import Integer, Select, Subquery, and_, cast, exists, null, select
from sqlalchemy.orm import aliased

from casework.codes import Found
from casework.extensions import db
from casework.models import Advice, AdviceSample, AdviceScore, AdviceService, Adviser, CaseEvent
from casework.queries.standing import entries_of
from casework.queries.tallies import rate
from casework.rules.figures import Rate
from casework.rules.indicators import Period

#: What is looked for in advice, as its score names it.
ASPECTS = ("needs_found", "outcomes_smart", "provision_specific", "child_voice")
#: Those that the plan's measure asks for, all of them.
_MEASURED = ("needs_found", "outcomes_smart", "child_voice")


def are_there_scores() -> bool:
    """Return whether anything was scored, without which nothing can be said of quality."""
    return bool(db.session.scalar(select(exists(select(AdviceScore.id)))))


def scored(period: Period) -> Select[*tuple[Any, ...]]:
    """Return the statement of advice scored in a period, by its newest score alone.

    Advice whose entry was struck out, as on the wrong child, does not count.
    """
    later = aliased(AdviceScore)
    is_newest = ~exists(
        select(later.id).where(later.sample_id == AdviceScore.sample_id, later.id > AdviceScore.id)
    )
    found = {name: getattr(AdviceScore, name) == Found.YES for name in ASPECTS}
    return (
        select(
            Advice.case_id,
            AdviceScore.scored_on.label("placed_on"),
            and_(*(found[name] for name in _MEASURED)).label("counts"),
            cast(null(), Integer).label("days"),
            Adviser.service.label("service"),
            AdviceService.name.label("service_name"),
            *(found[name].label(name) for name in ASPECTS),
        )
        .join(AdviceSample, AdviceSample.id == AdviceScore.sample_id)
        .join(Advice, Advice.id == AdviceSample.advice_id)
        .join(Adviser, Adviser.id == Advice.adviser_id)
        .join(AdviceService, AdviceService.id == AdviceSample.service_id)
        .where(
            AdviceScore.scored_on.between(period.first, period.last),
            is_newest,
            Advice.event_id.not_in(_struck_out()),
        )
    )


def quality(items: Subquery) -> Rate:
    """Return how much of the advice had all that the measure asks for, and each aspect beside."""
    whole = rate(items)
    aspects = {name: rate(_aspect(items, name)) for name in ASPECTS}
    return Rate(whole.numerator, whole.denominator, aspects)


def _aspect(items: Subquery, name: str) -> Subquery:
    return select(items.c.placed_on, items.c[name].label("counts")).subquery()


def _struck_out() -> Select[*tuple[Any, ...]]:
    first = Advice.event_id.label("first_id")
    chain = entries_of(select(Advice.event_id, first).join(AdviceSample))
    struck = and_(CaseEvent.id == chain.c.event_id, CaseEvent.kind == "struck_out")
    return select(chain.c.first_id).join(CaseEvent, struck)
