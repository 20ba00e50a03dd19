"""The rung to which each running limit has come: casework.rules.alerts, said as SQL.

The days are worked out once for each rung by the rules themselves, and handed over: no working day
is counted in SQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    String,
    Subquery,
    and_,
    case,
    column,
    select,
    values,
)

from casework.queries.limits import act_day, runs
from casework.queries.sql_dates import days_after
from casework.rules.alerts import ALERTED, CLOCK, Kind, Plan, Rung, reached_on
from casework.rules.book import BOOK
from casework.rules.workdays import WorkingDays

#: No run of days without a working day is as long.
_GAP = timedelta(days=14)
_DAY = timedelta(days=1)


def reached(limits: Subquery, day: date, plan: Plan, calendar: WorkingDays) -> CTE:
    """Return the running limits that have come to a rung by a day: the highest, and since when.

    `reached_on` is None only where what is stored of the limit cannot be true.
    """
    ahead = _Ahead(day, plan, calendar)
    limit = limits.c
    come = (
        select(limits, ahead.rung(limits).label("rung"))
        .where(limit.clock == CLOCK, limit.duty.in_(ALERTED), runs(limit))
        .where(act_day(limit) <= max(ahead.last_days.values()))
        .subquery("come")
    )
    days = ahead.days()
    counted = case((come.c.rung == "eve", come.c.due_on), else_=act_day(come.c))
    past = [
        (come.c.rung == rung.key, days_after(come.c.due_on, _days_past(rung)))
        for rung in ahead.rungs
        if rung.kind in (Kind.BREACHED, Kind.OVER)
    ]
    return (
        select(come, case(*past, else_=days.c.reached_on).label("reached_on"))
        .outerjoin(days, and_(days.c.rung == come.c.rung, days.c.day == counted))
        .where(come.c.rung.is_not(None))
        .cte("reached")
    )


@dataclass
class _Ahead:
    """The ladders of all rules, and the days on which limits come to each rung."""

    day: date
    plan: Plan
    calendar: WorkingDays

    def __post_init__(self) -> None:
        self.ladders: dict[tuple[Rung, ...], list[str]] = {}
        for duty in ALERTED:
            self.ladders.setdefault(self.plan.rungs(BOOK[duty]), []).append(duty)
        self.rungs = sorted({r for ladder in self.ladders for r in ladder}, key=lambda r: r.order)
        #: The last day of a limit that has come to a rung: its day to act by, or its due day.
        self.last_days = {rung: self._last_day(rung) for rung in self.rungs}

    def rung(self, limits: FromClause) -> ColumnElement[str]:
        """Return the key of the highest rung that a limit has come to, or null."""
        limit = limits.c
        return case(
            *(
                (
                    limit.duty.in_(duties),
                    case(*((self._has_come(rung, limits), rung.key) for rung in reversed(ladder))),
                )
                for ladder, duties in self.ladders.items()
            )
        )

    def days(self) -> CTE:
        """Return when a limit came to each rung before its due day: `rung`, `day`, `reached_on`."""
        columns = (column("rung", String), column("day", Date), column("reached_on", Date))
        return values(*columns, name="days").data(list(self._days())).cte()

    def _days(self) -> Iterator[tuple[str, date, date]]:
        for rung in self.rungs:
            if rung.kind not in (Kind.SOON, Kind.EVE):
                continue
            for number in range((self.last_days[rung] - self.day + _GAP).days + 1):
                day = self.day - _GAP + number * _DAY
                yield rung.key, day, self._reached_on(rung, day)

    def _has_come(self, rung: Rung, limits: FromClause) -> ColumnElement[bool]:
        on = act_day(limits.c) if rung.kind is Kind.SOON else limits.c.due_on
        return on <= self.last_days[rung]

    def _last_day(self, rung: Rung) -> date:
        if rung.kind in (Kind.BREACHED, Kind.OVER):
            return self.day - timedelta(days=_days_past(rung))
        last = self.day
        # Days off between push it on: no more than a week for each week, and the longest gap.
        for number in range(rung.amount * 3 + _GAP.days):
            if self._reached_on(rung, self.day + number * _DAY) <= self.day:
                last = self.day + number * _DAY
        return last

    def _reached_on(self, rung: Rung, day: date) -> date:
        on = reached_on(rung, act_by=day, due_on=day, calendar=self.calendar)
        assert on is not None
        return on


def _days_past(rung: Rung) -> int:
    return rung.amount * 7 if rung.kind is Kind.OVER else 1
