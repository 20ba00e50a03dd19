"""What forecasts of final plans are made of: the roads of cases, and how they were forecast."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from casework.extensions import db
from casework.models import Adviser, Case, CaseEvent, Deadline, Forecast, ForecastCurve
from casework.rules.clocks import ANY_ADVICE
from casework.rules.forecast import Forecaster
from casework.rules.journeys import FINALS, KINDS, MILESTONES, Asked, Journey
from casework.rules.outlook import Outlook, headline
from casework.rules.survival import Curve

#: The milestones in the order in which `_milestones` selects them.
MILESTONE_DAYS = ("decided", "agreed", "planned", "issued", "draft", "last_draft", "sent_first")
#: Places after the point that a share is kept with: one in a million.
_PLACES = 6


class Limit(NamedTuple):
    """A limit of a case's final plan."""

    due_on: date
    met_on: date | None
    closed_on: date | None
    is_lifted: bool

    @property
    def is_owed(self) -> bool:
        """Return whether the plan is still owed under it."""
        return self.met_on is None and self.closed_on is None


@dataclass(frozen=True, slots=True)
class Road:
    """One case's road, with the limits of its final plan."""

    case_id: int
    reference: str
    is_open: bool
    journey: Journey
    limits: Sequence[Limit]

    @property
    def limit(self) -> Limit | None:
        """Return the limit that the final plan is owed by: one that binds, before one lifted."""
        owed = (one for one in self.limits if one.is_owed)
        return min(owed, key=lambda one: (one.is_lifted, one.due_on), default=None)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The forecast of one case as the last refresh left it."""

    told: Outlook
    worked_out_on: date
    is_lifted: bool

    @property
    def words(self) -> str:
        """Return the forecast in a line, as of the day on which it was worked out."""
        return headline(self.told, self.worked_out_on, is_lifted=self.is_lifted)


def roads(since: date) -> Iterator[Road]:
    """Yield the road of each case that was open on the day or began later. Three statements."""
    walked = _walked(since)
    asked, limits = _asked(walked), _limits(walked)
    for row in db.session.execute(_milestones(walked)):
        case_id, reference, kind, started, ended, *days = row
        finals = limits.get(case_id, ())
        sent = min((one.met_on for one in finals if one.met_on), default=None)
        stopped, waits = None if sent else ended, tuple(asked.get(case_id, ()))
        milestones = dict(zip(MILESTONE_DAYS, days, strict=True))
        journey = Journey(kind, started, sent=sent, stopped=stopped, asked=waits, **milestones)
        yield Road(case_id, reference, ended is None, journey, finals)


def of_cases(case_ids: Collection[int]) -> dict[int, Foreseen]:
    """Return the kept forecast of each of these cases that has one, by its id. One statement."""
    kept = [getattr(Forecast, name) for name in Outlook.__slots__]
    statement = (
        select(Forecast.case_id, Forecast.worked_out_on, is_lifted(), *kept)
        .join(Case, Case.id == Forecast.case_id)
        .where(Forecast.case_id.in_(case_ids), Case.ended_on.is_(None))
    )
    found = {}
    for case_id, on, lifted, *values in db.session.execute(statement):
        told = Outlook(**dict(zip(Outlook.__slots__, values, strict=True)))
        found[case_id] = Foreseen(told, worked_out_on=on, is_lifted=lifted)
    return found


def is_lifted() -> ColumnElement[bool]:
    """Return the condition that an exception lifts the limit that a Forecast is held against."""
    return exists().where(
        *(Deadline.case_id == Forecast.case_id, Deadline.duty.in_(FINALS)),
        *(Deadline.due_on == Forecast.due_on, Deadline.lifted_by.is_not(None)),
        *(Deadline.met_on.is_(None), Deadline.closed_on.is_(None)),
    )


def curves() -> dict[str, Curve]:
    """Return the curve of each step as the last refresh left it, by the step. One statement."""
    return {step: _read(begun, done, points) for step, begun, done, points in _kept_curves()}


def forecaster() -> Forecaster:
    """Return what history says, as the last refresh left it. One statement.

    It is made once for what is kept, not for each page.
    """
    return _forecaster(_kept_curves())


_Kept = tuple[tuple[str, int, int, str], ...]


def _kept_curves() -> _Kept:
    columns = (ForecastCurve.step, ForecastCurve.begun, ForecastCurve.done, ForecastCurve.curve)
    rows = db.session.execute(select(*columns).order_by(ForecastCurve.step))
    return tuple((step, begun, done, points) for step, begun, done, points in rows)


@lru_cache(maxsize=4)
def _forecaster(kept: _Kept) -> Forecaster:
    return Forecaster({step: _read(begun, done, points) for step, begun, done, points in kept})


def written(curve: Curve) -> str:
    """Return a curve's points as they are kept: JSON, the last one on the longest day seen."""
    points = list(curve.points)
    if not points or points[-1][0] < curve.longest:
        points.append((curve.longest, curve.left_after(curve.longest)))
    return json.dumps([[day, round(left, _PLACES)] for day, left in points])


def _read(begun: int, done: int, points: str) -> Curve:
    read = [(int(day), float(left)) for day, left in json.loads(points)]
    return Curve(begun, done, read, longest=read[-1][0])


def _walked(since: date) -> ColumnElement[bool]:
    """The condition on Case that holds for the roads that are walked, or were since a day."""
    return and_(
        *(Case.kind.in_(KINDS), Case.started_on.is_not(None)),
        or_(Case.ended_on.is_(None), Case.ended_on >= since),
    )


def _milestones(walked: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The milestones of each case, in the order of the fields of Journey."""
    day, kinds = CaseEvent.happened_on, {kind for of in MILESTONES.values() for kind in of}
    first = {name: func.min(case((CaseEvent.kind.in_(of), day))) for name, of in MILESTONES.items()}
    last_draft = func.max(case((CaseEvent.kind.in_(MILESTONES["draft"]), day)))
    later = aliased(CaseEvent)
    stands = ~exists(select(later.id).where(later.corrects_id == CaseEvent.id))
    return (
        select(
            *(Case.id, Case.reference, Case.kind, Case.started_on, Case.ended_on),
            *((first | {"last_draft": last_draft})[name] for name in MILESTONE_DAYS),
        )
        .outerjoin(CaseEvent, and_(CaseEvent.case_id == Case.id, CaseEvent.kind.in_(kinds), stands))
        .where(walked)
        .group_by(Case.id)
        .order_by(Case.id)
    )


def _asked(walked: ColumnElement[bool]) -> dict[int, list[Asked]]:
    """The requests for advice of each case, by its id."""
    asked_on = func.coalesce(Deadline.asked_on, Deadline.started_on)
    statement = (
        select(Deadline.case_id, Adviser.service, asked_on, Deadline.met_on, Deadline.closed_on)
        .join(Adviser, Adviser.id == Deadline.adviser_id)
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.duty.in_(ANY_ADVICE), walked)
        .order_by(Deadline.id)
    )
    found: dict[int, list[Asked]] = defaultdict(list)
    for case_id, *asked in db.session.execute(statement):
        found[case_id].append(Asked._make(asked))
    return found


def _limits(walked: ColumnElement[bool]) -> dict[int, list[Limit]]:
    """The limits of the final plan of each case, by its id."""
    statement = (
        select(
            *(Deadline.case_id, Deadline.due_on, Deadline.met_on, Deadline.closed_on),
            Deadline.lifted_by.is_not(None),
        )
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.duty.in_(FINALS), walked)
    )
    found: dict[int, list[Limit]] = defaultdict(list)
    for case_id, *limit in db.session.execute(statement):
        found[case_id].append(Limit._make(limit))
    return found
