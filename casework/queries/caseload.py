"""The list of cases: one statement for the rows, one for the count, however many there are."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from casework.access import Scope
from casework.extensions import db
from casework.models import Case, CaseEvent, Person, Setting, User
from casework.queries import finding
from casework.queries.scope import in_scope
from casework.queries.waiting import waiting_on
from casework.rules.book import BOOK
from casework.rules.deadlines import Stand, Standing, soon_until
from casework.rules.duty import Duty
from casework.rules.next_steps import ASKED_AT, DECIDING, in_a_line
from casework.rules.stages import STAGES, WAITING_ON, Stage
from casework.rules.standing_words import in_words
from casework.rules.workdays import WorkingDays

PER_PAGE = 50
#: The standings by which a list is filtered, the most urgent first.
FILTERED = (Standing.OVERDUE, Standing.SOON, Standing.RUNNING, Standing.LIFTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to. `ended` asks for the cases whose assessment is over."""

    officer_id: int | None = None
    team_id: int | None = None
    stage: str | None = None
    standing: str | None = None
    setting_id: int | None = None
    waiting_on: str | None = None
    ended: bool = False
    #: A name, reference, UPN or NHS number, as typed.
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What "overdue" and "soon" mean today: `soon_until` is the last act-by day that is soon."""

    today: date
    soon_until: date


@dataclass(frozen=True, slots=True)
class Listed:
    """An officer or a setting that a list may be narrowed to."""

    id: int
    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of the list."""

    public_id: str
    reference: str
    surname: str
    forenames: str
    known_as: str | None
    date_of_birth: date | None
    stage: str
    setting: str | None
    officer: str | None
    is_complex: bool
    started_on: date | None
    ended_on: date | None
    next_duty: str | None
    next_due_on: date | None
    next_act_by: date | None
    next_lifted_by: str | None
    waiting_on: str
    advice_outstanding: int
    advice_due_on: date | None
    #: The latest event that decided how the case goes on, at a stage that still asks for a step.
    decided_kind: str | None
    decided_on: date | None
    #: How the next duty stands today; None where nothing is owed.
    stand: Stand | None = None

    @property
    def stage_words(self) -> str:
        """Return the stage as people say it."""
        return STAGES[Stage(self.stage)].words

    @property
    def step_words(self) -> str | None:
        """Return the step that a decision asks for, with its day; None where none does."""
        return in_a_line(Stage(self.stage), self.decided_kind, self.decided_on)

    @property
    def duty(self) -> Duty | None:
        """Return the row of the law that is due next, or None where nothing is owed."""
        return BOOK[self.next_duty] if self.next_duty else None

    @property
    def stand_words(self) -> str:
        """Return how the next duty stands, in words; nothing where nothing is owed."""
        return in_words(self.stand) if self.stand else ""

    @property
    def waits_for(self) -> str:
        """Return whom the case waits for, as people say it."""
        return WAITING_ON[self.waiting_on]


@dataclass(frozen=True, slots=True)
class Tallies:
    """How many cases there are: in all that the filters leave, and open ones by standing."""

    total: int
    #: Whatever standing the list is narrowed to; empty for a list of ended cases.
    by_standing: dict[Standing, int]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list: its lines, how many there are in all, and which page it is."""

    lines: list[CaseLine]
    total: int
    number: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))


def day(today: date, calendar: WorkingDays, soon_within: int) -> Day:
    """Return what soon means today (casework.rules.deadlines.soon_until)."""
    return Day(today=today, soon_until=soon_until(today, calendar, soon_within))


def search(scope: Scope, words: str, when: Day, number: int = 1) -> Page:
    """Return one page of the cases that the words find, open ones first.

    A first page that is not full is all there is, and nothing is counted.
    """
    found = Filters(words=words)
    first = Page(_page_of_lines(scope, found, when, 1), 0, 1) if number == 1 else None
    if first and len(first.lines) < PER_PAGE:
        return replace(first, total=len(first.lines))
    return page(scope, found, when, tallies(scope, found, when).total, number)


def page(scope: Scope, filters: Filters, when: Day, total: int, number: int = 1) -> Page:
    """Return one page of the cases in scope, those that bind and are due first at the top.

    `total` is what `tallies` counted; a number past the last page gives the last.
    """
    number = min(max(number, 1), max(1, -(-total // PER_PAGE)))
    return Page(_page_of_lines(scope, filters, when, number), total, number)


def every_line(scope: Scope, filters: Filters, when: Day) -> list[CaseLine]:
    """Return all the lines that the filters leave, for a sheet or a print."""
    return _read(_ordered(_lines(scope, filters, when), filters), when)


def tallies(scope: Scope, filters: Filters, when: Day) -> Tallies:
    """Return how many cases the filters leave, and how many open ones stand in each way."""
    counted = () if filters.ended or _is_search(filters) else FILTERED
    conditions = _conditions(scope, replace(filters, standing=None), when)
    narrowed = stands(Standing(filters.standing), when) if filters.standing else true()
    columns = [func.count().filter(stands(standing, when)) for standing in counted]
    statement = select(func.count().filter(narrowed), *columns).select_from(Case)
    total, *counts = db.session.execute(statement.where(*conditions)).one()
    return Tallies(total, dict(zip(counted, counts, strict=True)))


def _page_of_lines(scope: Scope, filters: Filters, when: Day, number: int) -> list[CaseLine]:
    ordered = _ordered(_lines(scope, filters, when), filters)
    return _read(ordered.limit(PER_PAGE).offset((number - 1) * PER_PAGE), when)


def _read(statement: Select[*tuple[Any, ...]], when: Day) -> list[CaseLine]:
    return [_line(row, when) for row in db.session.execute(statement).all()]


def _columns(today: date) -> tuple[Any, ...]:
    """In the order of the fields of CaseLine."""
    return (
        *(Case.public_id, Case.reference),
        *(Person.surname, Person.forenames, Person.known_as, Person.date_of_birth),
        *(Case.stage, Setting.name.label("setting"), User.name.label("officer"), Case.is_complex),
        *(Case.started_on, Case.ended_on, Case.next_duty, Case.next_due_on, Case.next_act_by),
        *(Case.next_lifted_by, waiting_on(today).label("waiting_on")),
        *(Case.advice_outstanding, Case.advice_due_on),
        *(_latest_decision(CaseEvent.kind), _latest_decision(CaseEvent.happened_on)),
    )


def _latest_decision(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """A column of the event that decided last; asked only at the stages where one asks for more."""
    later = aliased(CaseEvent)
    latest = (
        select(column)
        .where(
            CaseEvent.case_id == Case.id,
            CaseEvent.kind.in_(DECIDING),
            ~exists(select(later.id).where(later.corrects_id == CaseEvent.id)),
        )
        .order_by(CaseEvent.happened_on.desc(), CaseEvent.id.desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    return case((Case.stage.in_(tuple(ASKED_AT)), latest))


def _lines(scope: Scope, filters: Filters, when: Day) -> Select[*tuple[Any, ...]]:
    return (
        select(*_columns(when.today))
        .join(Person, Person.id == Case.person_id)
        .outerjoin(Setting, Setting.id == Case.setting_id)
        .outerjoin(User, User.id == Case.officer_id)
        .where(*_conditions(scope, filters, when))
    )


def _ordered(statement: Select[*tuple[Any, ...]], filters: Filters) -> Select[*tuple[Any, ...]]:
    if filters.ended:
        return statement.order_by(Case.ended_on.desc(), Case.id.desc())
    if _is_search(filters):
        statement = statement.order_by(Case.ended_on.is_not(None))
    # A lifted limit is still owed, and comes after those that bind (rules.clocks.next_clock).
    # The index ix_ehc_case_open_in_order has this order.
    lifted = Case.next_lifted_by.is_not(None)
    return statement.order_by(Case.next_act_by.is_(None), lifted, Case.next_act_by, Case.id)


def _is_search(filters: Filters) -> bool:
    return bool(filters.words.strip())


def _conditions(scope: Scope, filters: Filters, when: Day) -> list[ColumnElement[bool]]:
    found = [in_scope(scope)]
    if _is_search(filters):
        found.append(Case.id.in_(finding.cases_for(filters.words)))
    else:
        found.append(Case.ended_on.is_not(None) if filters.ended else Case.ended_on.is_(None))
    if filters.standing:
        found.append(stands(Standing(filters.standing), when))
    if filters.team_id is not None:
        members = select(User.id).where(User.team_id == filters.team_id)
        found.append(Case.officer_id.in_(members))
    for column, value in (
        (Case.officer_id, filters.officer_id),
        (Case.stage, filters.stage),
        (Case.setting_id, filters.setting_id),
        (waiting_on(when.today), filters.waiting_on),
    ):
        if value is not None:
            found.append(column == value)
    return found


def stands(standing: Standing, when: Day) -> ColumnElement[bool]:
    """Return the condition that an open case's next duty stands in this way."""
    owed = and_(Case.ended_on.is_(None), Case.next_due_on.is_not(None))
    lifted = Case.next_lifted_by.is_not(None)
    overdue = Case.next_due_on < when.today
    soon = Case.next_act_by <= when.soon_until
    conditions = {
        Standing.LIFTED: lifted,
        Standing.OVERDUE: and_(not_(lifted), overdue),
        Standing.SOON: and_(not_(lifted), not_(overdue), soon),
        Standing.RUNNING: and_(not_(lifted), not_(overdue), not_(soon)),
    }
    return and_(owed, conditions[standing])


def _line(row: Row[*tuple[Any, ...]], when: Day) -> CaseLine:
    return CaseLine(*(*row, _stand(row, when)))


def _stand(row: Row[*tuple[Any, ...]], when: Day) -> Stand | None:
    """The same four conditions as `stands`, on a row already read."""
    if row.ended_on or row.next_due_on is None or row.next_act_by is None:
        return None
    left = (row.next_due_on - when.today).days
    if row.next_lifted_by:
        standing = Standing.LIFTED
    elif left < 0:
        standing = Standing.OVERDUE
    else:
        standing = Standing.SOON if row.next_act_by <= when.soon_until else Standing.RUNNING
    return Stand(standing, days_left=left) if left >= 0 else Stand(standing, days_late=-left)


def officers() -> list[Listed]:
    """Return the officers and managers who may hold cases, and who holds an open one, by name."""
    holds = exists().where(Case.officer_id == User.id, Case.ended_on.is_(None))
    statement = select(User.id, User.public_id, User.name).where(
        or_(User.role.in_(("case-officer", "manager")), holds)
    )
    return [Listed(*row) for row in db.session.execute(statement.order_by(User.name))]


def settings() -> list[Listed]:
    """Return every setting, by name."""
    statement = select(Setting.id, Setting.public_id, Setting.name).order_by(Setting.name_key)
    return [Listed(*row) for row in db.session.execute(statement)]
