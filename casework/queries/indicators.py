"""Figures, counted by the database: never a loop over cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import FromClause, Subquery, extract, func, not_, null, select

from casework import database
from casework.access import Scope
from casework.extensions import db
from casework.models import Case, Person, Setting, User
from casework.queries import informing_items, panel_indicators, quality_items
from casework.queries.indicator_items import items_of
from casework.queries.scope import in_scope
from casework.queries.sql_dates import as_number
from casework.queries.tallies import count, rate, rates_by, tallies
from casework.rules.figures import (
    Ageing,
    Count,
    Figure,
    NotCollected,
    Rate,
    Spread,
    spread,
    weeks,
    with_parts,
)
from casework.rules.indicators import (
    ADVICE_OF,
    INDICATORS,
    OF_INFORMING,
    OF_PANELS,
    OF_SAMPLES,
    Indicator,
    Period,
    Unit,
)

NOT_RECORDED = "not recorded"
PER_PAGE = 50
_FIVE_YEARS = 50_000


@database.reading()
def figures(period: Period, *, leave_out_overturned: bool = False) -> dict[str, Figure]:
    """Return every indicator's figure for a period, by id, in the plan's order.

    With `leave_out_overturned`, plans that followed mediation or an appeal do not count.
    """
    return {
        row.id: figure(row, period, leave_out_overturned=leave_out_overturned)
        for row in INDICATORS.values()
    }


@database.reading()
def figure(indicator: Indicator, period: Period, *, leave_out_overturned: bool = False) -> Figure:
    """Return one indicator's figure for a period."""
    if indicator.id not in collected():
        return NotCollected()
    items = items_of(indicator.id, period, leave_out_overturned=leave_out_overturned).subquery()
    if indicator.id == "requests_received":
        return _requests(items)
    if indicator.id in ADVICE_OF:
        return _advice(items)
    if indicator.id in OF_SAMPLES:
        return quality_items.quality(items)
    if indicator.id in _OF_PANELS:
        return _OF_PANELS[indicator.id](items, period)
    return _BY_UNIT[indicator.unit](items)


@database.reading()
def collected() -> frozenset[str]:
    """Return the ids of what the facts can answer.

    Of panels only once there is one, of the quality of advice once any was scored, and of telling
    people once anybody recorded it.
    """
    found = frozenset(row.id for row in INDICATORS.values() if row.is_collected)
    if not informing_items.are_there_any():
        found -= OF_INFORMING
    if not panel_indicators.are_there_panels():
        found -= OF_PANELS
    return found if quality_items.are_there_scores() else found - OF_SAMPLES


def _advice(items: Subquery) -> Rate:
    """All that fell due; the same without nil returns; by kind of service, and by provider."""
    whole = rate(items)
    without_nil = rate(items, not_(items.c.is_nil))
    found = Rate(whole.numerator, whole.denominator, {"excluding_nil_returns": without_nil})
    found = with_parts(found, "by_service", rates_by(items, items.c.service))
    by_provider = rates_by(items, func.coalesce(items.c.provider, NOT_RECORDED))
    return with_parts(found, "by_provider", _in_order(by_provider))


_Counted = TypeVar("_Counted")


def _in_order(found: Mapping[str, _Counted]) -> dict[str, _Counted]:
    """By name, in one order whatever the database's; what was not recorded last."""
    return {key: found[key] for key in sorted(found, key=lambda k: (k == NOT_RECORDED, k))}


def _spread(items: Subquery) -> Spread:
    statement = select(items.c.days, func.count()).group_by(items.c.days)
    return spread([(row[0], row[1]) for row in db.session.execute(statement)])


def _ageing(items: Subquery) -> Ageing:
    row = db.session.execute(select(func.count(), func.max(items.c.days)).select_from(items)).one()
    return Ageing(row[0], None if row[1] is None else weeks(row[1]))


_OF_PANELS: Mapping[str, Callable[[Subquery, Period], Figure]] = MappingProxyType(
    {"panel_held": panel_indicators.held, "panel_attendance": panel_indicators.attendance}
)
_BY_UNIT: Mapping[Unit, Callable[[Subquery], Figure]] = MappingProxyType(
    {Unit.RATE: rate, Unit.COUNT: count, Unit.SPREAD: _spread, Unit.AGEING: _ageing}
)


def _requests(items: Subquery) -> Count:
    """How many, by source, setting and school year, and of children under five."""
    of_case = items.join(Case, Case.id == items.c.case_id)
    with_setting = of_case.outerjoin(Setting, Setting.id == Case.setting_id)
    age = as_number(items.c.placed_on) - as_number(Person.__table__.c.date_of_birth)
    of_child = of_case.join(Person, Person.id == Case.person_id)
    under_5 = select(func.count()).select_from(of_child).where(age < _FIVE_YEARS)
    return Count(
        count(items).count,
        {
            "by_source": _tally(of_case, Case.source),
            "by_setting": _tally(with_setting, Setting.name),
            "by_school_year": _by_school_year(items),
        },
        {"under_5s": db.session.scalar(under_5) or 0},
    )


def _tally(items: FromClause, key: Any) -> dict[str, int]:
    """How many of each value of the key, what was not recorded last."""
    rows = db.session.execute(select(key, func.count()).select_from(items).group_by(key))
    return _in_order({row[0] or NOT_RECORDED: row[1] for row in rows})


def _by_school_year(items: Subquery) -> dict[str, int]:
    """By school year, September to August: "2025/26"."""
    year, month = (extract(part, items.c.placed_on) for part in ("year", "month"))
    found: dict[str, int] = {}
    statement = select(year, month, func.count()).group_by(year, month).order_by(year, month)
    for of_year, of_month, many in db.session.execute(statement):
        began = int(of_year) - (of_month < 9)
        name = f"{began}/{(began + 1) % 100:02}"
        found[name] = found.get(name, 0) + many
    return found


@database.reading()
def by_month(
    indicator: Indicator, period: Period, *, leave_out_overturned: bool = False
) -> dict[tuple[int, int], Rate]:
    """Return {(year, month): rate} for each month of the period that has an item."""
    items = items_of(indicator.id, period, leave_out_overturned=leave_out_overturned).subquery()
    year, month = (extract(part, items.c.placed_on) for part in ("year", "month"))
    statement = select(year, month, *tallies(items)).group_by(year, month).order_by(year, month)
    return {(int(y), int(m)): Rate(n, d) for y, m, n, d in db.session.execute(statement)}


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindLine:
    """One case behind a figure; `counts` says whether it is in the numerator."""

    public_id: str
    reference: str
    setting: str | None
    officer: str | None
    placed_on: date
    #: None for advice that was not answered.
    days: int | None
    counts: bool
    #: For advice: the kind of service that was asked, and its name where it is known.
    service: str | None = None
    service_name: str | None = None


@dataclass(frozen=True, slots=True)
class BehindPage:
    """One page of the cases behind a figure, which page it is, and how many cases there are."""

    lines: list[BehindLine]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // PER_PAGE))


@database.reading()
def behind(
    indicator: Indicator,
    period: Period,
    scope: Scope,
    *,
    page: int = 1,
    leave_out_overturned: bool = False,
) -> BehindPage:
    """Return a page of the cases in scope behind a figure; past the last, the last.

    Those that do not count come first, the longest first: they are what a reader looks for.
    """
    items = items_of(indicator.id, period, leave_out_overturned=leave_out_overturned).subquery()
    found = (
        select(
            *(Case.public_id, Case.reference, Setting.name.label("setting")),
            *(User.name.label("officer"), items.c.placed_on, items.c.days, items.c.counts),
            *(items.c.get(name, null()).label(name) for name in ("service", "service_name")),
        )
        .select_from(items)
        .join(Case, Case.id == items.c.case_id)
        .outerjoin(Setting, Setting.id == Case.setting_id)
        .outerjoin(User, User.id == Case.officer_id)
        .where(in_scope(scope))
    )
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    ordered = found.order_by(items.c.counts, items.c.days.desc().nulls_first(), Case.id)
    ordered = ordered.order_by(items.c.placed_on)
    number = min(page, max(1, -(-total // PER_PAGE)))
    shown = ordered.limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    lines = [BehindLine(**row) for row in db.session.execute(shown).mappings()]
    return BehindPage(lines, total, number)
