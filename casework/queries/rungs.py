"""The rung to which each running limit has come: casework.rules.alerts, said as SQL.

The days are worked out once for each rung by the rules themselves, and handed over: no working day
is counted in SQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, or_, select

from casework.queries.limits import RUNG_DAYS, act_day, runs
from casework.queries.readers import NOBODY
from casework.queries.sql_dates import days_after
from casework.rules.alerts import ALERTED, CLOCK, Kind, Plan, Rung, reached_on
from casework.rules.book import BOOK
from casework.rules.deadlines import soon_until
from casework.rules.workdays import WorkingDays

#: The columns of COME, in the order of the statement here.
CAME = (
    *("case_id", "clock", "duty", "due_on", "is_overdue", "is_soon", "desk", "brought_in_at"),
    *("rung", "reached_on"),
)
_DAY = timedelta(days=1)
#: No run of days without a working day is as long.
_GAP = 14 * _DAY


@dataclass
class Ladders:
    """To which rungs the limits of each rule come, and on which days."""

    day: date
    plan: Plan
    calendar: WorkingDays
    #: The working days within which a limit is due soon.
    within: int

    def __post_init__(self) -> None:
        self.soon_until = soon_until(self.day, self.calendar, self.within)
        self._rules: dict[tuple[Rung, ...], list[str]] = {}
        for duty in ALERTED:
            self._rules.setdefault(self.plan.rungs(BOOK[duty]), []).append(duty)
        rungs = {rung for ladder in self._rules for rung in ladder}
        #: The last day of a limit that has come to a rung: its day to act by, or its due day.
        self._last_days = {rung: self._last_day(rung) for rung in rungs}

    def days(self) -> Iterator[dict[str, Any]]:
        """Return the rows of RUNG_DAYS."""
        for rung, last in self._last_days.items():
            day = self.day - _GAP
            while rung.kind in (Kind.SOON, Kind.EVE) and day <= last:
                yield {"rung": rung.key, "day": day, "reached_on": self._reached_on(rung, day)}
                day += _DAY

    def come(self, limits: FromClause) -> Select[*tuple[Any, ...]]:
        """Return the rows of COME, from limits and RUNG_DAYS.

        `reached_on` is None at a rung only where what is stored of the limit cannot be true.
        """
        limit, last = limits.c, max(self.soon_until, *self._last_days.values())
        from_tracker = or_(limit.tracker_reference.is_not(None), limit.tracker_status.is_not(None))
        overdue = limit.due_on < self.day
        near = (
            select(
                *(limit[name] for name in ("case_id", "clock", "duty", "due_on")),
                overdue.label("is_overdue"),
                and_(~overdue, act_day(limit) <= self.soon_until).label("is_soon"),
                func.coalesce(limit.officer_id, NOBODY).label("desk"),
                case((from_tracker, limit.keyed_at)).label("brought_in_at"),
                case((limit.clock == CLOCK, self._rung(limit))).label("rung"),
                act_day(limit).label("act_day"),
            )
            # No due day is further from its day to act by; said apart, since an index has it.
            .where(runs(limit), limit.due_on <= last + _GAP, act_day(limit) <= last)
            .cte("near")
            # Otherwise SQLite works the rung out again wherever it is looked at.
            .prefix_with("MATERIALIZED")
        )
        counted = case((near.c.rung == "eve", near.c.due_on), else_=near.c.act_day)
        ahead = and_(RUNG_DAYS.c.rung == near.c.rung, RUNG_DAYS.c.day == counted)
        on = case(*self._past(near.c), else_=RUNG_DAYS.c.reached_on)
        columns = (near.c[name] for name in CAME[:-1])
        come = or_(near.c.is_overdue, near.c.is_soon, near.c.rung.is_not(None))
        return select(*columns, on).select_from(near).outerjoin(RUNG_DAYS, ahead).where(come)

    def _rung(self, limit: Any) -> ColumnElement[str]:
        """The key of the highest rung that a limit has come to, or null."""
        ladders = (
            (
                limit.duty.in_(duties),
                case(*((self._has_come(rung, limit), rung.key) for rung in reversed(ladder))),
            )
            for ladder, duties in self._rules.items()
        )
        return case(*ladders)

    def _has_come(self, rung: Rung, limit: Any) -> ColumnElement[bool]:
        on = act_day(limit) if rung.kind is Kind.SOON else limit.due_on
        return on <= self._last_days[rung]

    def _past(self, near: Any) -> Iterator[tuple[ColumnElement[bool], ColumnElement[date]]]:
        """When a limit came to the rungs past its due day."""
        for rung in self._last_days:
            if rung.kind in (Kind.BREACHED, Kind.OVER):
                yield near.rung == rung.key, days_after(near.due_on, _days_past(rung))

    def _last_day(self, rung: Rung) -> date:
        if rung.kind in (Kind.BREACHED, Kind.OVER):
            return self.day - _days_past(rung) * _DAY
        days = (self.day + number * _DAY for number in range(rung.amount * 3 + _GAP.days))
        return max(day for day in days if self._reached_on(rung, day) <= self.day)

    def _reached_on(self, rung: Rung, day: date) -> date:
        on = reached_on(rung, act_by=day, due_on=day, calendar=self.calendar)
        assert on is not None
        return on


def _days_past(rung: Rung) -> int:
    return rung.amount * 7 if rung.kind is Kind.OVER else 1
