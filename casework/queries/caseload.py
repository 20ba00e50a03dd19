"""The list of cases: one statement for the rows, one for the count, however many there are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, true

from casework.access import Scope
from casework.extensions import db
from casework.models import Case, Person, PersonNameKey, Setting, User
from casework.names import search_key
from casework.queries.scope import in_scope
from casework.rules.book import BOOK
from casework.rules.deadlines import Stand, Standing
from casework.rules.duty import Duty
from casework.rules.errors import BeyondCalendar
from casework.rules.stages import STAGES, WAITING_ON, Stage
from casework.rules.standing_words import in_words
from casework.rules.workdays import WorkingDays

PER_PAGE = 50
#: A reference as people type it, and what they put between the figures of a number.
_REFERENCE = re.compile(r"ehc[\s-]*0*(\d{1,9})", re.ASCII | re.IGNORECASE)
_BETWEEN = re.compile(r"[\s-]+")
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
    #: How the next duty stands today; None where nothing is owed.
    stand: Stand | None = None

    @property
    def stage_words(self) -> str:
        """Return the stage as people say it."""
        return STAGES[Stage(self.stage)].words

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
    """Return what soon means today: `soon_within` working days on, or as many weeks of five days
    past the end of the bank-holiday list."""
    try:
        soon_until = calendar.after(today, soon_within)
    except BeyondCalendar:
        soon_until = today + timedelta(weeks=1) * soon_within / 5
    return Day(today=today, soon_until=soon_until)


def page(scope: Scope, filters: Filters, when: Day, total: int, number: int = 1) -> Page:
    """Return one page of the cases in scope, those that bind and are due first at the top.

    `total` is what `tallies` counted; a number past the last page gives the last.
    """
    number = min(max(number, 1), max(1, -(-total // PER_PAGE)))
    ordered = _ordered(_lines(scope, filters, when), filters)
    rows = db.session.execute(ordered.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).mappings()
    return Page([_line(dict(row), when) for row in rows], total, number)


def every_line(scope: Scope, filters: Filters, when: Day) -> list[CaseLine]:
    """Return all the lines that the filters leave, for a sheet or a print."""
    rows = db.session.execute(_ordered(_lines(scope, filters, when), filters)).mappings()
    return [_line(dict(row), when) for row in rows]


def tallies(scope: Scope, filters: Filters, when: Day) -> Tallies:
    """Return how many cases the filters leave, and how many open ones stand in each way."""
    counted = () if filters.ended or filters.words.strip() else FILTERED
    conditions = _conditions(scope, replace(filters, standing=None), when)
    narrowed = stands(Standing(filters.standing), when) if filters.standing else true()
    columns = [func.count().filter(stands(standing, when)) for standing in counted]
    statement = select(func.count().filter(narrowed), *columns).select_from(Case)
    total, *counts = db.session.execute(statement.where(*conditions)).one()
    return Tallies(total, dict(zip(counted, counts, strict=True)))


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


def _ordered(statement: Select[*tuple[Any, ...]], filters: Filters) -> Select[*tuple[Any, ...]]:
    if filters.ended:
        return statement.order_by(Case.ended_on.desc(), Case.id.desc())
    # A lifted limit is still owed, and comes after those that bind (rules.clocks.next_clock).
    lifted = Case.next_lifted_by.is_not(None)
    return statement.order_by(
        Case.ended_on.is_not(None), Case.next_act_by.is_(None), lifted, Case.next_act_by, Case.id
    )


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


def as_reference(words: str) -> str | None:
    """Return the reference that the words are, however they are typed ("ehc 42"), or None."""
    found = _REFERENCE.fullmatch(words.strip())
    return f"EHC-{int(found[1]):06d}" if found else None


def _matching(words: str) -> list[ColumnElement[bool]]:
    """A reference or number whole, or every word the beginning of one of the child's names."""
    number = _BETWEEN.sub("", words).upper()
    numbers = [Case.reference == as_reference(words), Case.tracker_reference == words.strip()]
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


def _line(row: dict[str, object], when: Day) -> CaseLine:
    line = CaseLine(**row)  # type: ignore[arg-type]
    return replace(line, stand=_stand(line, when))


def _stand(line: CaseLine, when: Day) -> Stand | None:
    """The same four conditions as `stands`, on a line already read."""
    if line.ended_on or line.next_due_on is None or line.next_act_by is None:
        return None
    left = (line.next_due_on - when.today).days
    if line.next_lifted_by:
        standing = Standing.LIFTED
    elif left < 0:
        standing = Standing.OVERDUE
    else:
        standing = Standing.SOON if line.next_act_by <= when.soon_until else Standing.RUNNING
    return Stand(standing, days_left=left) if left >= 0 else Stand(standing, days_late=-left)


def officers() -> Sequence[User]:
    """Return the officers and managers who may hold cases, by name."""
    holding = select(Case.officer_id).distinct()
    statement = select(User).where(
        or_(User.role.in_(("case-officer", "manager")), User.id.in_(holding))
    )
    return db.session.scalars(statement.order_by(User.name)).all()
