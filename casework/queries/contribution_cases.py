"""The cases behind a figure of the contributions' dashboard, and the list of what is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    func,
    or_,
    select,
    true,
)

from casework import database
from casework.access import Scope
from casework.extensions import db
from casework.models import AdviceService, Case, Provider, ServiceContact, User
from casework.queries import contribution_items as items
from casework.queries.contributions import NO_PROVIDER, OF_KIND
from casework.queries.scope import answering, in_scope
from casework.rules.contributions import NOT_RECORDED, Fate
from casework.rules.indicators import Period
from casework.rules.lateness import CAUSES

PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which requests are wanted: a figure's, all or one line's, or those of one cause or side."""

    figure: str = "fell_due"
    service: str | None = None
    provider: str | None = None
    #: A key of casework.rules.lateness.CAUSES, a Whose, or "not_recorded".
    cause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """One request for advice: references and days, and never a name of a child."""

    public_id: str
    reference: str
    adviser: str
    service: str
    provider: str | None
    officer: str | None
    asked_on: date
    due_on: date
    met_on: date | None
    met_as: str | None
    sent_back_on: date | None
    lifted_by: str | None
    late_cause: str | None
    fate: str
    wait: int
    days_lost: int
    service_id: int | None = None
    #: Whom to write to when the team does not answer: the contact, then who stands in for them.
    contacts: tuple[ServiceContact, ...] = ()

    def stands(self, day: date) -> str:
        """Return what had become of the request by a day, as a table says it."""
        if self.fate == Fate.OUTSTANDING and self.due_on > day:
            return "Not due yet"
        return Fate(self.fate).words


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One plan that was issued, and what it holds of the agency's advice."""

    public_id: str
    reference: str
    officer: str | None
    placed_on: date
    has_any: bool
    was_asked: bool
    has_every: bool


@dataclass(frozen=True, slots=True)
class Behind:
    """A page of lines; `total` is how many there are, `seen` how many of them the reader may open.

    Whoever has declared an interest in a case is not shown it, and the figure holds it all the
    same.
    """

    lines: list[Any]
    total: int
    seen: int
    number: int = 1

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.seen // PER_PAGE))


@database.reading()
def behind(
    agency: str,
    period: Period,
    wanted: Asked,
    scope: Scope,
    *,
    late_after: int,
    page: int | None = 1,
) -> Behind:
    """Return a page of the requests behind a figure, those that lost the most days first.

    Without a page, all of them. Past the last page, the last. Raises KeyError for a figure that
    there is not.
    """
    make = items.asked if wanted.figure == "asked" else items.fell_due
    found = make(agency, period, late_after)
    conditions = [_figure(wanted.figure, found), *_narrowed(wanted, found)]
    ordered = (found.c.days_lost.desc(), found.c.due_on, found.c.deadline_id)
    return _page(_requests(found), conditions, ordered, scope, page, RequestLine)


@database.reading()
def plans_behind(
    agency: str, period: Period, figure: str, scope: Scope, *, page: int | None = 1
) -> Behind:
    """Return a page of the plans behind a figure, those without first. Raises KeyError."""
    found = items.plans(agency, period)
    column = {"plans_any": found.c.has_any, "plans_every": found.c.has_every}[figure]
    conditions = [found.c.was_asked] if figure == "plans_every" else []
    statement = (
        select(
            *(Case.public_id, Case.reference, User.name.label("officer"), found.c.placed_on),
            *(found.c.has_any, found.c.was_asked, found.c.has_every),
        )
        .select_from(found)
        .join(Case, Case.id == found.c.case_id)
        .outerjoin(User, User.id == Case.officer_id)
    )
    ordered = (column, found.c.placed_on, Case.id)
    return _page(statement, conditions, ordered, scope, page, PlanLine)


@database.reading()
def overdue(agency: str, today: date, scope: Scope, *, late_after: int) -> Behind:
    """Return all that is overdue today, the oldest first, with whom to write to in force today.

    What is lifted is not overdue, and comes last. Four statements.
    """
    found = items.overdue(agency, today, late_after)
    ordered = (found.c.lifted_by.is_not(None), found.c.due_on, found.c.deadline_id)
    page = _page(_requests(found), [], ordered, scope, None, RequestLine)
    answers = answering()
    contacts = _contacts(set(answers.values()), today)
    lines = [
        replace(line, contacts=contacts.get(answers.get(line.service_id or 0, 0), ()))
        for line in page.lines
    ]
    return Behind(lines, page.total, page.seen)


def _requests(found: Subquery) -> Select[Any]:
    return (
        select(
            *(Case.public_id, Case.reference, found.c.adviser),
            func.coalesce(AdviceService.name, found.c.service).label("service"),
            *(Provider.name.label("provider"), User.name.label("officer")),
            *(found.c.asked_on, found.c.due_on, found.c.met_on, found.c.met_as),
            *(found.c.sent_back_on, found.c.lifted_by, found.c.late_cause, found.c.fate),
            *(found.c.wait, found.c.days_lost, found.c.advice_service_id.label("service_id")),
        )
        .select_from(found)
        .join(Case, Case.id == found.c.case_id)
        .outerjoin(AdviceService, AdviceService.id == found.c.advice_service_id)
        .outerjoin(Provider, Provider.id == AdviceService.provider_id)
        .outerjoin(User, User.id == Case.officer_id)
    )


def _page(
    statement: Select[Any],
    conditions: Sequence[ColumnElement[bool]],
    ordered: Sequence[SQLColumnExpression[Any]],
    scope: Scope,
    page: int | None,
    line: type[Any],
) -> Behind:
    """The total is of all that the figure counts; the lines are only those in scope."""
    statement = statement.where(*conditions)
    counts = statement.with_only_columns(func.count(), func.count().filter(in_scope(scope)))
    total, seen = db.session.execute(counts).one()
    shown = statement.where(in_scope(scope)).order_by(*ordered)
    number = min(page or 1, max(1, -(-seen // PER_PAGE)))
    if page is not None:
        shown = shown.limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    lines = [line(**row) for row in db.session.execute(shown).mappings()]
    return Behind(lines, total, seen, number)


def _figure(figure: str, found: Subquery) -> ColumnElement[bool]:
    """What a figure counts of the requests. Raises KeyError where there is no such figure."""
    item = found.c
    return {
        "asked": true(),
        "fell_due": true(),
        **{fate.value: item.fate == fate.value for fate in Fate},
        "not_known": item.met_as == "not_known",
        "no_advice_needed": item.met_as == "no_advice_needed",
        "sent_back": item.is_sent_back,
        "asked_late": item.is_asked_late,
        "lifted": item.is_lifted,
        "lost": item.days_lost > 0,
    }[figure]


def _narrowed(wanted: Asked, found: Subquery) -> list[ColumnElement[bool]]:
    return [
        *([_of_service(wanted.service, found)] if wanted.service else []),
        *([_of_provider(wanted.provider)] if wanted.provider else []),
        *([_for_cause(wanted.cause, found)] if wanted.cause else []),
    ]


def _of_service(key: str, found: Subquery) -> ColumnElement[bool]:
    if not key.startswith(OF_KIND):
        return AdviceService.public_id == key
    not_recorded = found.c.advice_service_id.is_(None)
    return and_(not_recorded, found.c.service == key.removeprefix(OF_KIND))


def _of_provider(key: str) -> ColumnElement[bool]:
    return Provider.id.is_(None) if key == NO_PROVIDER else Provider.public_id == key


def _for_cause(key: str, found: Subquery) -> ColumnElement[bool]:
    cause = found.c.late_cause
    if key == NOT_RECORDED:
        return or_(cause.is_(None), cause.not_in(CAUSES))
    return cause.in_([row.key for row in CAUSES.values() if key in (row.key, row.whose)])


def _contacts(service_ids: set[int], day: date) -> dict[int, tuple[ServiceContact, ...]]:
    rows = db.session.scalars(
        select(ServiceContact)
        .where(
            ServiceContact.service_id.in_(service_ids),
            ServiceContact.part.in_(("escalation", "cover")),
            ServiceContact.from_day <= day,
            or_(ServiceContact.until_day.is_(None), ServiceContact.until_day >= day),
        )
        .order_by(ServiceContact.part.desc(), ServiceContact.id)
    )
    found: dict[int, tuple[ServiceContact, ...]] = {}
    for row in rows:
        found[row.service_id] = (*found.get(row.service_id, ()), row)
    return found
