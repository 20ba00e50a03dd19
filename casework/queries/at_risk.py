"""Open cases in time and past their limit: a page of each, and how many there are by age.

One statement for a page, whatever the caseload; what the lines say besides is read for the lines
of the page alone (`at_risk_lines`).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from casework.access import Scope
from casework.extensions import db
from casework.models import Case, CaseEvent, Deadline, Forecast, Team, User
from casework.queries.scope import in_scope
from casework.queries.sql_dates import days_between
from casework.queries.standing import stands
from casework.rules.at_risk import BANDS, REACHED_BY_STEPS, SEND_PLAN, TELL, TO_A_PLAN, Prospect
from casework.rules.clocks import FAMILY_DAYS
from casework.rules.weeks_left import FAMILY, SETTING

#: A statement that gives rows of named columns.
Rows = Select[*tuple[Any, ...]]

PER_PAGE = 20
#: Prospects in the order of the list.
_ORDER = tuple(Prospect)
_SAVEABLE, _IN_HAND, _TOO_LATE = range(len(_ORDER))
# Made once: to make one takes longer than a page's lines take to be read.
_DRAFT, _ASKED, _LET_OFF = aliased(Deadline), aliased(CaseEvent), aliased(CaseEvent)


class Side(StrEnum):
    """The two lists that the meeting weighs against each other."""

    IN_TIME = "in-time"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What the lists are narrowed to; with `is_nobodys`, to cases that no officer holds."""

    team_id: int | None = None
    officer_id: int | None = None
    is_nobodys: bool = False
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Weeks:
    """How many open cases of one band of age are in time, and how many are late."""

    band: str
    in_time: int
    late: int

    @property
    def total(self) -> int:
        """Return how many there are of both."""
        return self.in_time + self.late


@dataclass(frozen=True, slots=True)
class Tallies:
    """How many cases are on each list, how many of them stand out, and all of them by age."""

    weeks: tuple[Weeks, ...]
    #: Of those in time: likely to be late though the steps fit, and no longer to be saved.
    saveable: int
    too_late: int
    #: Of those that are late: under an exception that lifts the limit.
    lifted: int

    @property
    def in_time(self) -> int:
        """Return how many are in time."""
        return sum(one.in_time for one in self.weeks)

    @property
    def late(self) -> int:
        """Return how many are late."""
        return sum(one.late for one in self.weeks)

    def of(self, side: Side) -> int:
        """Return how many are on one of the lists."""
        return self.in_time if side is Side.IN_TIME else self.late


def tallies(scope: Scope, narrowed: Narrowed, today: date) -> Tallies:
    """Return how many cases there are. One statement."""
    found = _standing(scope, narrowed, today)
    is_in_time = found.c.due_on >= today
    numbers = (
        func.count().filter(is_in_time),
        func.count().filter(~is_in_time),
        func.count().filter(and_(is_in_time, found.c.prospect == _SAVEABLE)),
        func.count().filter(and_(is_in_time, found.c.prospect == _TOO_LATE)),
        func.count().filter(and_(~is_in_time, found.c.is_lifted == 1)),
    )
    rows = {
        band: numbers
        for band, *numbers in db.session.execute(
            select(found.c.band, *numbers).group_by(found.c.band)
        )
    }
    none = [0] * len(numbers)
    weeks = tuple(Weeks(band.words, *rows.get(n, none)[:2]) for n, band in enumerate(BANDS))
    saveable, too_late, lifted = (sum(row[n] for row in rows.values()) for n in (2, 3, 4))
    return Tallies(weeks, saveable, too_late, lifted)


def chosen(
    side: Side,
    scope: Scope,
    narrowed: Narrowed,
    today: date,
    number: int | None = None,
) -> CTE:
    """Return the cases of one list in its order, with what orders them: a page, or all of them.

    In time: those likely to be late whose steps still fit, then the others, then those whose steps
    no longer fit; the first due first. Late: the longest over first, those with an exception last.
    """
    if side is Side.IN_TIME:
        found = _standing(scope, narrowed, today)
        prospect, first = found.c.prospect, found.c.prospect
        is_here = found.c.due_on >= today
    else:
        found = _limits(scope, narrowed)
        # A case past its limit has no prospect of keeping it.
        prospect, first = literal(_TOO_LATE).label("prospect"), found.c.is_lifted
        is_here = found.c.due_on < today
    limit = (found.c.case_id, found.c.due_on, found.c.duty, found.c.is_lifted)
    statement = select(*limit, prospect, first.label("first")).where(is_here)
    statement = statement.order_by(first, found.c.due_on, found.c.case_id)
    if number is not None:
        statement = statement.limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    return statement.cte("chosen")


def teams() -> list[tuple[int, str]]:
    """Return the teams by name: id and name."""
    rows = db.session.execute(select(Team.id, Team.name).order_by(Team.name))
    return [(row[0], row[1]) for row in rows]


def held_by_nobody(scope: Scope, today: date) -> int:
    """Return how many open cases on the two lists nobody holds."""
    return sum(one.total for one in tallies(scope, Narrowed(is_nobodys=True), today).weeks)


def narrowed_to(scope: Scope, narrowed: Narrowed) -> list[ColumnElement[bool]]:
    """Return the conditions on Case that keep what is in scope and what was asked for."""
    found = [in_scope(scope)]
    if narrowed.team_id is not None:
        found.append(Case.officer_id.in_(select(User.id).where(User.team_id == narrowed.team_id)))
    if narrowed.officer_id is not None:
        found.append(Case.officer_id == narrowed.officer_id)
    if narrowed.is_nobodys:
        found.append(Case.officer_id.is_(None))
    if narrowed.stage is not None:
        found.append(Case.stage == narrowed.stage)
    return found


def _limits(scope: Scope, narrowed: Narrowed) -> CTE:
    """One row for each open case: the limit at the end of its road, and how old it is."""
    ends = or_(
        and_(Case.stage.not_in(tuple(TELL)), Deadline.duty.in_(SEND_PLAN)),
        *(and_(Case.stage == stage, Deadline.duty.in_(rules)) for stage, rules in TELL.items()),
    )
    lifted = case((Deadline.lifted_by.is_(None), 0), else_=1)
    return (
        select(
            Deadline.case_id,
            # A case twice overturned has two: the first that binds is the one that it is held to.
            func.min(Deadline.due_on).label("due_on"),
            func.min(Deadline.duty).label("duty"),
            func.min(lifted).label("is_lifted"),
        )
        .join(Case, Case.id == Deadline.case_id)
        .where(
            *(Deadline.clock == "case", Deadline.met_on.is_(None), Deadline.closed_on.is_(None)),
            *(Case.ended_on.is_(None), ends, *narrowed_to(scope, narrowed)),
        )
        .group_by(Deadline.case_id)
        .cte("limits")
    )


def _standing(scope: Scope, narrowed: Narrowed, today: date) -> CTE:
    """The same with the band of its age and its prospect."""
    limits = _limits(scope, narrowed)
    draft, asked = _DRAFT, _asked(limits, today)
    prospect = _prospect(limits, draft.started_on, asked.c.asked_on, today)
    of_draft = and_(
        draft.case_id == limits.c.case_id, draft.clock == "case", draft.duty.in_(FAMILY_DAYS)
    )
    return (
        select(*limits.c, _band(today), prospect.label("prospect"))
        .select_from(limits)
        .join(Case, Case.id == limits.c.case_id)
        .outerjoin(Forecast, Forecast.case_id == limits.c.case_id)
        .outerjoin(draft, of_draft)
        .outerjoin(asked, asked.c.case_id == limits.c.case_id)
        .cte("standing")
    )


def _band(today: date) -> ColumnElement[int]:
    after = [(n, day) for n, band in enumerate(BANDS) if (day := band.after(today))]
    return case(*((Case.started_on > day, n) for n, day in after), else_=len(BANDS) - 1).label(
        "band"
    )


def _prospect(limits: CTE, served_on: Any, asked_on: Any, today: date) -> ColumnElement[int]:
    """The place of the prospect in the list: what `rules.weeks_left` says of one case, of all."""
    due_on = limits.c.due_on
    takes_steps = and_(Case.stage.in_(TO_A_PLAN), limits.c.duty.in_(REACHED_BY_STEPS))
    too_late = and_(
        due_on < _far(today),
        or_(
            and_(served_on.is_(None), due_on < today + FAMILY),
            and_(asked_on.is_(None), due_on < today + SETTING),
            days_between(served_on, due_on) < FAMILY.days,
            days_between(asked_on, due_on) < SETTING.days,
        ),
    )
    return case(
        (and_(takes_steps, too_late), _TOO_LATE),
        (and_(Case.stage.not_in(tuple(TELL)), Forecast.likely_on > due_on), _SAVEABLE),
        else_=_IN_HAND,
    )


def _asked(limits: CTE, today: date) -> CTE:
    """The day on which each case first asked a setting that was not let off since; of the cases
    alone that could be too late."""
    asked, let_off = _ASKED, _LET_OFF
    withdrawn = exists(literal(1)).where(
        let_off.consultation_id == asked.consultation_id,
        let_off.kind == "consultation_withdrawn",
        stands(let_off),
    )
    return (
        select(asked.case_id, func.min(asked.happened_on).label("asked_on"))
        .join(limits, limits.c.case_id == asked.case_id)
        .where(
            *(limits.c.due_on >= today, limits.c.due_on < _far(today)),
            *(asked.kind == "consultation_sent", stands(asked), ~withdrawn),
        )
        .group_by(asked.case_id)
        .cte("asked")
    )


def _far(today: date) -> date:
    """The first limit that nothing makes too late: even a draft still in the post has its days."""
    return today + FAMILY + SETTING
