"""How services answer the requests for advice: the figures of the contributions' dashboard."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Subquery, cast, func, select

from casework import database
from casework.extensions import db
from casework.models import AdviceService, Provider
from casework.queries.contribution_items import asked, fell_due, plans
from casework.rules.advisers import SERVICES
from casework.rules.contributions import DayTally, Fate, Line, Lost, Tally, by_whose
from casework.rules.figures import Rate
from casework.rules.indicators import Period

#: Where it is not recorded which service was asked, its kind stands for it in an address.
OF_KIND = "kind-"
NO_PROVIDER = "none"

#: A service by its id, or None where it is not recorded which; and its kind.
_Key = tuple[int | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """The plans issued in a period, by what they hold of an agency's advice."""

    #: With any advice of the agency, of all that were issued.
    with_any: Rate
    #: With an answer to every request, of those for which any was made.
    with_every: Rate


@database.reading()
def by_service(agency: str, period: Period, late_after: int) -> list[Line]:
    """Return a line for each service that was asked, or whose answer fell due, in a period.

    Asking is late where it came more than `late_after` days after the family was told. Four
    statements.
    """
    due = fell_due(agency, period, late_after)
    numbers = _by_key(due, *_numbers(due))
    new = asked(agency, period, late_after)
    requests = _by_key(new, func.count().label("asked"))
    taken = _taken(due)
    names = _names({key[0] for key in (*numbers, *requests) if key[0] is not None})
    return [
        _line(
            key,
            names.get(key[0]),
            Tally(**numbers.get(key, {}) | requests.get(key, {}), taken=taken[key]),
        )
        for key in {**numbers, **requests}
    ]


@database.reading()
def causes(agency: str, period: Period, late_after: int) -> list[Lost]:
    """Return whose delay it was, of what fell due in a period and was not answered in time."""
    due = fell_due(agency, period, late_after)
    statement = (
        select(due.c.late_cause, func.count(), _total(due.c.days_lost))
        .where(due.c.days_lost > 0)
        .group_by(due.c.late_cause)
    )
    return by_whose({row[0]: (row[1], row[2]) for row in db.session.execute(statement)})


@database.reading()
def plans_issued(agency: str, period: Period) -> Plans:
    """Return how many of the plans issued in a period hold the agency's advice. One statement."""
    issued = plans(agency, period)
    row = db.session.execute(
        select(
            func.count().label("all"),
            *(func.count().filter(issued.c[name]) for name in ("has_any", "was_asked")),
            func.count().filter(issued.c.has_every),
        ).select_from(issued)
    ).one()
    return Plans(with_any=Rate(row[1], row[0]), with_every=Rate(row[3], row[2]))


def _numbers(due: Subquery) -> tuple[ColumnElement[Any], ...]:
    """What a tally counts of what fell due, by its names."""
    item = due.c
    advice_on_time = (item.fate == Fate.ON_TIME.value, ~item.is_nil)
    return (
        func.count().label("fell_due"),
        *(func.count().filter(item.fate == fate.value).label(fate.value) for fate in Fate),
        func.count().filter(item.met_as == "not_known").label("not_known"),
        func.count().filter(item.met_as == "no_advice_needed").label("no_advice_needed"),
        func.count().filter(item.is_sent_back).label("sent_back"),
        func.count().filter(item.is_asked_late).label("asked_late"),
        func.count().filter(item.is_lifted).label("lifted"),
        func.count().filter(*advice_on_time).label("on_time_with_advice"),
        _total(item.days_lost).label("days_lost"),
        func.max(item.wait).label("longest"),
    )


def _by_key(items: Subquery, *numbers: ColumnElement[Any]) -> dict[_Key, dict[str, Any]]:
    key = (items.c.advice_service_id, items.c.service)
    rows = db.session.execute(select(*key, *numbers).group_by(*key))
    names = [number.name for number in numbers]
    return {(row[0], row[1]): dict(zip(names, row[2:], strict=True)) for row in rows}


def _taken(due: Subquery) -> dict[_Key, DayTally]:
    """The days that answers took, told out for each service."""
    key = (due.c.advice_service_id, due.c.service, due.c.taken)
    statement = select(*key, func.count()).where(due.c.taken.is_not(None)).group_by(*key)
    found: dict[_Key, list[tuple[int, int]]] = defaultdict(list)
    for service_id, kind, days, many in db.session.execute(statement):
        found[service_id, kind].append((days, many))
    return defaultdict(tuple, {key: tuple(sorted(days)) for key, days in found.items()})


def _names(service_ids: set[int]) -> dict[int | None, Any]:
    rows = db.session.execute(
        select(
            AdviceService.id,
            *(AdviceService.public_id, AdviceService.name),
            *(Provider.public_id.label("provider_key"), Provider.name.label("provider")),
        )
        .join(Provider, Provider.id == AdviceService.provider_id)
        .where(AdviceService.id.in_(service_ids))
    )
    return {row.id: row for row in rows}


def _line(key: _Key, named: Any, tally: Tally) -> Line:
    if named is None:
        words = f"{SERVICES[key[1]].words}, which service not recorded"
        return Line(
            key=f"{OF_KIND}{key[1]}",
            name=words,
            provider_key=NO_PROVIDER,
            provider=None,
            tally=tally,
        )
    return Line(
        key=named.public_id,
        name=named.name,
        provider_key=named.provider_key,
        provider=named.provider,
        tally=tally,
    )


def _total(days: ColumnElement[int]) -> ColumnElement[int]:
    """A sum of sums is no whole number to PostgreSQL, unless it is told so."""
    return cast(func.coalesce(func.sum(days), 0), Integer)
