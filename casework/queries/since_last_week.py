"""What changed on cases in the seven days to today, by the days on which it happened.

Facts are only ever added, so that last week is still there to be counted against.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from casework.access import Scope
from casework.extensions import db
from casework.models import (
    Case,
    CaseEvent,
    CaseEventException,
    Deadline,
    OfficerAssignment,
    Person,
    User,
)
from casework.queries.at_risk import Narrowed, narrowed_to
from casework.queries.standing import stands
from casework.rules.at_risk import OWN_LIMITS, REACHED_BY_STEPS
from casework.rules.book import BOOK
from casework.rules.exceptions import GROUNDS
from casework.rules.stages import STAGES, Stage
from casework.rules.standing_words import days

#: A statement that gives rows of named columns.
Rows = Select[*tuple[Any, ...]]

WEEK = timedelta(weeks=1)
PER_PAGE = 50
_OTHERS = tuple(rule for rule in OWN_LIMITS if rule not in REACHED_BY_STEPS)


class Change(StrEnum):
    """What is counted, in the order of the page."""

    STARTED = "started"
    PLANS_IN_TIME = "plans-in-time"
    PLANS_LATE = "plans-late"
    ENDED = "ended-without-a-plan"
    MET = "limits-met"
    MET_LATE = "limits-met-late"
    OVERDUE = "newly-overdue"
    EXCEPTIONS = "exceptions-approved"
    HANDED_OVER = "handed-over"

    @property
    def words(self) -> str:
        """Return what it is called."""
        return _WORDS[self]


_WORDS = {
    Change.STARTED: "Requests received",
    Change.PLANS_IN_TIME: "Final plans sent in time",
    Change.PLANS_LATE: "Final plans sent late",
    Change.ENDED: "Ended without a plan",
    Change.MET: "Other limits met in time",
    Change.MET_LATE: "Other limits met late",
    Change.OVERDUE: "Limits newly overdue",
    Change.EXCEPTIONS: "Exceptions approved",
    Change.HANDED_OVER: "Cases handed over",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One case in the list of one change."""

    case_id: int
    public_id: str
    reference: str
    surname: str
    forenames: str
    stage: Stage
    officer: str | None
    on_day: date
    #: The limit that it is about, and its day; the ground of an exception.
    duty: str | None
    due_on: date | None
    ground: str | None

    @property
    def stage_words(self) -> str:
        """Return the stage as people say it."""
        return STAGES[self.stage].words

    @property
    def words(self) -> str:
        """Return what changed, in words; nothing where the list's own title says it."""
        if self.ground is not None:
            return (
                GROUNDS[self.ground].title if self.ground in GROUNDS else "No lawful ground named"
            )
        if self.duty is None or self.due_on is None:
            return ""
        late = (self.on_day - self.due_on).days
        return BOOK[self.duty].label + (f", {days(late)} late" if late > 0 else "")


def counts(scope: Scope, narrowed: Narrowed, today: date) -> dict[Change, int]:
    """Return how many of each there were. One statement."""
    conditions = narrowed_to(scope, narrowed)
    each = []
    for change, rows in _ROWS.items():
        found = rows(today).subquery()
        counted = select(literal(change.value), func.count()).select_from(found)
        each.append(counted.join(Case, Case.id == found.c.case_id).where(*conditions))
    numbers = {row[0]: row[1] for row in db.session.execute(union_all(*each))}
    return {change: numbers[change.value] for change in Change}


def page(
    change: Change, scope: Scope, narrowed: Narrowed, today: date, number: int
) -> list[ChangeLine]:
    """Return one page of the cases of one change, the newest first. One statement."""
    found = _ROWS[change](today).subquery()
    statement = (
        select(
            *(Case.id.label("case_id"), Case.public_id, Case.reference, Case.stage),
            *(Person.surname, Person.forenames),
            *(User.name.label("officer"), found.c.on_day, found.c.duty, found.c.due_on),
            found.c.ground,
        )
        .select_from(found)
        .join(Case, Case.id == found.c.case_id)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(User, User.id == Case.officer_id)
        .where(*narrowed_to(scope, narrowed))
        .order_by(found.c.on_day.desc(), Case.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    rows = db.session.execute(statement).mappings()
    return [ChangeLine(**dict(row) | {"stage": Stage(row["stage"])}) for row in rows]


def _row(
    case_id: Any, on_day: Any, duty: Any = None, due_on: Any = None, ground: Any = None
) -> Rows:
    given = {"duty": duty, "due_on": due_on, "ground": ground}
    columns = ((null() if column is None else column).label(name) for name, column in given.items())
    return select(case_id.label("case_id"), on_day.label("on_day"), *columns)


def _in_week(day: Any, today: date) -> ColumnElement[bool]:
    return and_(day > today - WEEK, day <= today)


def _started(today: date) -> Rows:
    return _row(Case.id, Case.started_on).where(_in_week(Case.started_on, today))


def _ended(today: date) -> Rows:
    over = Case.ended_on.is_not(None) & (Case.stage != Stage.FINAL)
    return _row(Case.id, Case.ended_on).where(over, _in_week(Case.ended_on, today))


def _met(rules: tuple[str, ...], *, late: bool) -> Callable[[date], Rows]:
    def rows(today: date) -> Rows:
        is_late = Deadline.met_on > Deadline.due_on
        return _row(Deadline.case_id, Deadline.met_on, Deadline.duty, Deadline.due_on).where(
            *(Deadline.duty.in_(rules), Deadline.clock == "case"),
            *(_in_week(Deadline.met_on, today), is_late if late else ~is_late),
        )

    return rows


def _overdue(today: date) -> Rows:
    """Owed still, and overdue today though not a week ago."""
    return _row(Deadline.case_id, Deadline.due_on, Deadline.duty, Deadline.due_on).where(
        *(Deadline.duty.in_(OWN_LIMITS), Deadline.clock == "case"),
        *(Deadline.met_on.is_(None), Deadline.closed_on.is_(None), Deadline.lifted_by.is_(None)),
        *(Deadline.due_on >= today - WEEK, Deadline.due_on < today),
    )


def _exceptions(today: date) -> Rows:
    ground = func.coalesce(CaseEventException.ground, "")
    return (
        _row(CaseEvent.case_id, CaseEvent.happened_on, ground=ground)
        .join(CaseEventException, CaseEventException.event_id == CaseEvent.id)
        .where(
            CaseEvent.kind == "exception_recorded",
            _in_week(CaseEvent.happened_on, today),
            stands(CaseEvent),
        )
    )


def _handed_over(today: date) -> Rows:
    before = aliased(OfficerAssignment)
    had_another = exists(before.id).where(
        before.case_id == OfficerAssignment.case_id, before.id < OfficerAssignment.id
    )
    return _row(OfficerAssignment.case_id, OfficerAssignment.from_day).where(
        _in_week(OfficerAssignment.from_day, today), had_another
    )


_ROWS: Mapping[Change, Callable[[date], Rows]] = MappingProxyType(
    {
        Change.STARTED: _started,
        Change.PLANS_IN_TIME: _met(REACHED_BY_STEPS, late=False),
        Change.PLANS_LATE: _met(REACHED_BY_STEPS, late=True),
        Change.ENDED: _ended,
        Change.MET: _met(_OTHERS, late=False),
        Change.MET_LATE: _met(_OTHERS, late=True),
        Change.OVERDUE: _overdue,
        Change.EXCEPTIONS: _exceptions,
        Change.HANDED_OVER: _handed_over,
    }
)
