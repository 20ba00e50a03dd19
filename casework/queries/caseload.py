"""The list of cases: one statement for the rows, one for the count, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from casework.access import Scope
from casework.extensions import db
from casework.models import Case, Person, PersonNameKey, Setting, User
from casework.names import search_key
from casework.queries.scope import in_scope
from casework.rules.deadlines import Standing
from casework.rules.errors import BeyondCalendar
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


@dataclass(frozen=True, slots=True, kw_only=True)
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
    standing: Standing | None = None


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
    """Return what soon means today; past the bank-holiday list nothing but today itself is."""
    try:
        return Day(today=today, soon_until=calendar.after(today, soon_within))
    except BeyondCalendar:
        return Day(today=today, soon_until=today)


def page(scope: Scope, filters: Filters, when: Day, number: int = 1) -> Page:
    """Return one page of the cases in scope, those that bind and are due first at the top."""
    narrowed = _narrowed(scope, filters, when)
    total = db.session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0
    number = min(max(number, 1), max(1, -(-total // PER_PAGE)))
    ordered = _ordered(_lines(scope, filters, when), filters)
    rows = db.session.execute(ordered.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).mappings()
    return Page([_line(dict(row), when) for row in rows], total, number)


def every_line(scope: Scope, filters: Filters, when: Day) -> list[CaseLine]:
    """Return all the lines that the filters leave, for a sheet or a print."""
    rows = db.session.execute(_ordered(_lines(scope, filters, when), filters)).mappings()
    return [_line(dict(row), when) for row in rows]


def counts(scope: Scope, filters: Filters, when: Day) -> dict[Standing, int]:
    """Return how many open cases stand in each way, whatever standing the list is narrowed to."""
    anyway = replace(filters, standing=None, ended=False)
    tallies = [func.count().filter(stands(standing, when)) for standing in FILTERED]
    conditions = _conditions(scope, anyway, when)
    row = db.session.execute(select(*tallies).select_from(Case).where(*conditions)).one()
    return dict(zip(FILTERED, row, strict=True))


def _lines(scope: Scope, filters: Filters, when: Day) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(Case.public_id, Case.reference, Case.stage, Case.is_complex),
            *(Case.started_on, Case.ended_on, Case.next_duty, Case.next_due_on, Case.next_act_by),
            *(Case.next_lifted_by, Case.waiting_on, Case.advice_outstanding, Case.advice_due_on),
            *(Person.surname, Person.forenames, Person.known_as, Person.date_of_birth),
            *(Setting.name.label("setting"), User.name.label("officer")),
        )
        .join(Person, Person.id == Case.person_id)
        .outerjoin(Setting, Setting.id == Case.setting_id)
        .outerjoin(User, User.id == Case.officer_id)
        .where(*_conditions(scope, filters, when))
    )


def _narrowed(scope: Scope, filters: Filters, when: Day) -> Select[int]:
    return select(Case.id).where(*_conditions(scope, filters, when))


def _ordered(statement: Select[*tuple[Any, ...]], filters: Filters) -> Select[*tuple[Any, ...]]:
    if filters.ended:
        return statement.order_by(Case.ended_on.desc(), Case.id.desc())
    return statement.order_by(Case.next_act_by, Case.id)


def _conditions(scope: Scope, filters: Filters, when: Day) -> list[ColumnElement[bool]]:
    found = [in_scope(scope)]
    if filters.words.strip():
        found += _matching(filters.words)
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
        (Case.waiting_on, filters.waiting_on),
    ):
        if value is not None:
            found.append(column == value)
    return found


def _matching(words: str) -> list[ColumnElement[bool]]:
    """A reference or number whole, or every word the beginning of one of the child's names."""
    number = "".join(words.split()).upper()
    numbers = [Case.reference == number, Case.tracker_reference == words.strip()]
    people = select(Person.id).where(or_(Person.upn == number, Person.nhs_number == number))
    numbers.append(Case.person_id.in_(people))
    named = [Case.person_id.in_(_named(word)) for word in search_key(words).split()]
    return [or_(*numbers, and_(*named))] if named else [or_(*numbers)]


def _named(word: str) -> Select[int]:
    # "~" sorts after every letter and figure a key can hold, so this is a prefix by its index.
    key = PersonNameKey.key
    return select(PersonNameKey.person_id).where(key >= word, key < f"{word}~")


def stands(standing: Standing, when: Day) -> ColumnElement[bool]:
    """Return the condition that an open case's next duty stands in this way."""
    lifted = Case.next_lifted_by.is_not(None)
    overdue = Case.next_due_on < when.today
    soon = Case.next_act_by <= when.soon_until
    conditions = {
        Standing.LIFTED: and_(lifted, overdue),
        Standing.OVERDUE: and_(overdue, not_(lifted)),
        Standing.SOON: and_(not_(overdue), soon),
        Standing.RUNNING: and_(not_(overdue), not_(soon)),
    }
    return conditions[standing]


def _line(row: dict[str, object], when: Day) -> CaseLine:
    line = CaseLine(**row)  # type: ignore[arg-type]
    return replace(line, standing=_standing(line, when))


def _standing(line: CaseLine, when: Day) -> Standing | None:
    """The same four conditions as `stands`, on a line already read."""
    if line.next_due_on is None or line.next_act_by is None:
        return None
    if line.next_due_on < when.today:
        return Standing.LIFTED if line.next_lifted_by else Standing.OVERDUE
    return Standing.SOON if line.next_act_by <= when.soon_until else Standing.RUNNING


def officers() -> Sequence[User]:
    """Return the officers and managers who may hold cases, by name."""
    holding = select(Case.officer_id).distinct()
    statement = select(User).where(
        or_(User.role.in_(("case-officer", "manager")), User.id.in_(holding))
    )
    return db.session.scalars(statement.order_by(User.name)).all()
