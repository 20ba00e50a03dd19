"""Which alerts are due and not yet told: each limit that came to a rung, and who is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from casework.extensions import db
from casework.models import Alert, Case, Interest
from casework.queries.limits import runs
from casework.queries.readers import NOBODY
from casework.rules.alerts import ALERTED, CLEARED, CLOCK, NEWS, RETURNING, RUNGS, is_single
from casework.rules.book import BOOK

#: The columns of an alert that is queued, in the order of every statement here.
QUEUED = (
    *("case_id", "clock", "duty", "due_on", "rung", "reached_on", "queued_on", "reader_id"),
    *("in_place_of_id", "way"),
)
_LIMIT = ("case_id", "clock", "duty", "due_on")
#: The rungs that are not on a limit's way to its day and past it.
_BESIDE = tuple(rung.key for rung in RUNGS.values() if not rung.is_owed)
_IN_LAW = tuple(duty for duty in ALERTED if BOOK[duty].kind == "law")
_SINGLE = tuple(
    rung.key for rung in RUNGS.values() if any(is_single(BOOK[duty], rung) for duty in _IN_LAW)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What the statements of one sweep share."""

    day: date
    limits: Subquery
    #: Of casework.queries.rungs.
    reached: CTE
    #: Of casework.queries.readers.
    readers: CTE
    #: Whether the day is not past: an alert dropped for what has ceased to hold is queued anew.
    is_present: bool

    def due(self) -> Select[*tuple[Any, ...]]:
        """Return the highest rung of each running limit, for each reader not told of as much."""
        limit, held = self.reached.c, aliased(Alert)
        as_far = and_(
            *self._is_of(held, limit),
            *(held.rung.not_in(_BESIDE), held.reached_on >= limit.reached_on, self._counts(held)),
        )
        way = case(
            (self._was_before_it_came(limit), "summed"),
            (self._is_news(limit), "single"),
            else_="digest",
        )
        return self._rows(limit, limit.rung, limit.reached_on, way).where(
            limit.reached_on.is_not(None), ~exists(select(held.id).where(as_far))
        )

    def cleared(self) -> Select[*tuple[Any, ...]]:
        """Return the limits that a reader was told of, and that are met, closed or lifted now."""
        limit, told, held = self.limits.c, aliased(Alert), aliased(Alert)
        rung = case(
            (limit.met_on.is_not(None), "met"),
            (limit.closed_on.is_not(None), "closed"),
            (limit.lifted_by.is_not(None), "lifted"),
        )
        on = func.coalesce(limit.met_on, limit.closed_on, literal(self.day, Date))
        before = select(told.id).where(
            *self._is_of(told, limit), told.rung.not_in(_BESIDE), told.message_id.is_not(None)
        )
        since = select(held.id).where(
            *self._is_of(held, limit), held.rung == rung, self._counts(held)
        )
        return self._rows(limit, rung, on, literal("digest")).where(
            limit.clock == CLOCK, rung.is_not(None), exists(before), ~exists(since)
        )

    def again(self) -> Select[*tuple[Any, ...]]:
        """Return the running limits that a reader was told were cleared, and of nothing since."""
        limit, told, later = self.reached.c, aliased(Alert), aliased(Alert)
        since = select(later.id).where(*self._is_of(later, limit), later.id > told.id)
        before = select(told.id).where(
            *self._is_of(told, limit),
            *(told.rung.in_(CLEARED), told.message_id.is_not(None), ~exists(since)),
        )
        on, way = literal(self.day, Date), literal("digest")
        return self._rows(limit, literal("again"), on, way).where(exists(before))

    def unheard(self) -> Select[str]:
        """Return a statement of the references of cases of which something is due, untellable.

        What is stored of the limit cannot be true, or nobody may be told.
        """
        limit, reader = self.reached.c, self.readers.c
        somebody = select(reader.desk).where(_reads(reader, limit), ~_declared(reader, limit))
        return (
            select(Case.reference)
            .join(self.reached, limit.case_id == Case.id)
            .where(or_(limit.reached_on.is_(None), ~exists(somebody)))
            .distinct()
        )

    def _rows(
        self, limit: Any, rung: ColumnElement[Any], on: ColumnElement[Any], way: ColumnElement[Any]
    ) -> Select[*tuple[Any, ...]]:
        """A row, in the order of QUEUED, for each limit and each of its readers."""
        reader = self.readers.c
        return (
            select(
                *(limit[name] for name in _LIMIT),
                *(rung.label("rung"), on.label("reached_on"), literal(self.day, Date)),
                *(reader.reader_id, reader.in_place_of_id, way.label("way")),
            )
            .join(self.readers, _reads(reader, limit))
            .where(~_declared(reader, limit))
        )

    def _is_of(self, alert: Any, limit: Any) -> tuple[ColumnElement[bool], ...]:
        """The conditions that an alert is of this limit, for this reader."""
        return (*_of_limit(alert, limit), alert.reader_id == self.readers.c.reader_id)

    def _counts(self, alert: Any) -> ColumnElement[bool]:
        """The condition that an alert is told, waits, or was dropped for good."""
        if not self.is_present:
            return true()
        dropped = alert.dropped_because
        return or_(dropped.is_(None), dropped.not_in(RETURNING))

    def _was_before_it_came(self, limit: Any) -> ColumnElement[bool]:
        """The condition that a case came from a tracker after its limit had come to the rung."""
        from_tracker = or_(limit.tracker_reference.is_not(None), limit.tracker_status.is_not(None))
        # The moment of keying is the machine's, and the day may be one that was set by hand.
        before = and_(limit.reached_on < limit.keyed_at, limit.reached_on < self.day)
        return and_(from_tracker, before)

    def _is_news(self, limit: Any) -> ColumnElement[bool]:
        """The condition that an email by itself tells of it.

        A case handed on is no news of a limit that somebody else was told of before.
        """
        held = aliased(Alert)
        told = select(held.id).where(
            *_of_limit(held, limit), held.rung == limit.rung, held.queued_on < self.day
        )
        return and_(
            *(limit.duty.in_(_IN_LAW), limit.rung.in_(_SINGLE)),
            *(limit.reached_on >= self.day - NEWS, ~exists(told)),
        )


def unread(limits: Subquery, duties: Sequence[str]) -> Select[str]:
    """Return a statement of the references of cases with a running limit of these rules."""
    limit = limits.c
    concerned = select(limit.case_id).where(runs(limit), limit.duty.in_(duties))
    return select(Case.reference).where(Case.id.in_(concerned))


def references(*statements: Select[str]) -> tuple[str, ...]:
    """Return the references that these statements give, in order, none twice."""
    return tuple(sorted({one for each in statements for one in db.session.scalars(each)}))


def _of_limit(alert: Any, limit: Any) -> tuple[ColumnElement[bool], ...]:
    return tuple(getattr(alert, name) == limit[name] for name in _LIMIT)


def _reads(reader: Any, limit: Any) -> ColumnElement[bool]:
    desk: ColumnElement[int] = reader.desk
    return desk == func.coalesce(limit.officer_id, NOBODY)


def _declared(reader: Any, limit: Any) -> ColumnElement[bool]:
    """The condition that the reader has declared an interest in the case."""
    return exists(
        select(Interest.id).where(
            *(Interest.user_id == reader.reader_id, Interest.case_id == limit.case_id),
            Interest.ended_at.is_(None),
        )
    )
