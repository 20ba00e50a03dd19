"""Past cases for a backtest of the forecasts: their roads, and when their limits were overdue."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from casework.extensions import db
from casework.models import Case, Deadline
from casework.queries.forecasts import roads
from casework.rules.backtest import Trial
from casework.rules.clocks import CONSULTED
from casework.rules.journeys import FIRST, KINDS, Journey


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Every road that was walked, and the cases among them whose limit is past."""

    journeys: Sequence[Journey]
    trials: Sequence[Trial]
    #: Cases left out: an exception lifted the limit, or it was not the only one.
    left_out: int


def held_back(today: date) -> HeldBack:
    """Return the past cases as of a day. Four statements."""
    overdue, every = _overdue(), list(roads(date.min))
    past = [
        road
        for road in every
        if road.journey.kind in FIRST and road.limits and road.limits[0].due_on < today
    ]
    plain = [road for road in past if len(road.limits) == 1 and not road.limits[0].is_lifted]
    trials = [
        Trial(road.journey, road.limits[0].due_on, overdue.get(road.case_id, ())) for road in plain
    ]
    return HeldBack([road.journey for road in every], trials, len(past) - len(plain))


def _overdue() -> dict[int, list[tuple[date, date | None]]]:
    """From when until when each case's limits were overdue, whoever owed them, by its id."""
    ended = func.coalesce(Deadline.met_on, Deadline.closed_on)
    statement = (
        select(Deadline.case_id, Deadline.due_on, ended)
        .join(Case, Case.id == Deadline.case_id)
        .where(
            *(Case.kind.in_(KINDS), Deadline.duty != CONSULTED),
            *(Deadline.earliest_on.is_(None), Deadline.lifted_by.is_(None)),
            or_(ended.is_(None), ended > Deadline.due_on),
        )
    )
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for case_id, due_on, until in db.session.execute(statement):
        found[case_id].append((due_on, until))
    return found
