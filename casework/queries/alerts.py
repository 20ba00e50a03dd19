"""Which alerts are due and not yet told: each limit that came to a rung, and who is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
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
from casework.models import Alert, Case, Deadline, Interest
from casework.queries.limits import COME, READERS, cases_told_later
from casework.queries.readers import NOBODY
from casework.rules.alerts import ALERTED, CLEARED, NEWS, RETURNING, RUNGS, is_single
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


@dataclass(frozen=True, slots=True)
class Night:
    """The statements of one sweep, over the tables of its transaction (casework.queries.limits)."""

    day: date
    today: date

    @property
    def is_past(self) -> bool:
        """Return whether the day is past: what was dropped since is then not queued anew."""
        return self.day < self.today

    def due(self) -> Select[*tuple[Any, ...]]:
        """Return the highest rung of each running limit, for each reader not told of as much."""
        limit, held = COME.c, aliased(Alert)
        as_far = select(held.id).where(
            *(*_is_of(held, limit), held.reader_id == READERS.c.reader_id),
            *(held.rung.not_in(_BESIDE), held.reached_on >= limit.reached_on, self._counts(held)),
            # What was queued for a day still to come, to rehearse it, holds nothing back.
            held.reached_on <= max(self.day, self.today),
        )
        way = case(
            (self._was_before_it_came(), "summed"), (self._is_news(), "single"), else_="digest"
        )
        rows = self._rows(limit, limit.rung, limit.reached_on, way)
        to_readers = rows.join(READERS, READERS.c.desk == limit.desk)
        found = to_readers.where(limit.reached_on.is_not(None), ~exists(as_far))
        return found if self.is_past else found.where(~_will_be_met(limit, self.day))

    def cleared(self, limits: Subquery) -> Select[*tuple[Any, ...]]:
        """Return the limits that a reader was told of, and that are met, closed or lifted now."""
        limit, told, held = limits.c, aliased(Alert), aliased(Alert)
        rung = case(
            (limit.met_on.is_not(None), "met"),
            (limit.closed_on.is_not(None), "closed"),
            (limit.lifted_by.is_not(None), "lifted"),
        )
        on = func.coalesce(limit.met_on, limit.closed_on, literal(self.day, Date))
        since = select(held.id).where(
            *(*_is_of(held, limit), held.reader_id == told.reader_id),
            *(held.rung == rung, self._counts(held)),
        )
        rows = self._rows(limit, rung, on, literal("digest")).join(told, and_(*_is_of(told, limit)))
        desk = func.coalesce(limit.officer_id, NOBODY)
        return (
            rows.join(READERS, _still_reads(told, desk))
            .where(told.message_id.is_not(None), told.rung.not_in(_BESIDE))
            .where(rung.is_not(None), ~exists(since))
            .distinct()
        )

    def again(self) -> Select[*tuple[Any, ...]]:
        """Return the running limits that a reader was told were cleared, and of nothing since."""
        limit, told, later = COME.c, aliased(Alert), aliased(Alert)
        since = select(later.id).where(
            *(*_is_of(later, limit), later.reader_id == told.reader_id, later.id > told.id)
        )
        on, way = literal(self.day, Date), literal("digest")
        rows = self._rows(limit, literal("again"), on, way).join(told, and_(*_is_of(told, limit)))
        return rows.join(READERS, _still_reads(told, limit.desk)).where(
            *(limit.rung.is_not(None), told.message_id.is_not(None)),
            *(told.rung.in_(CLEARED), ~exists(since)),
        )

    def _rows(
        self, limit: Any, rung: ColumnElement[Any], on: ColumnElement[Any], way: ColumnElement[Any]
    ) -> Select[*tuple[Any, ...]]:
        """A row, in the order of QUEUED, for each limit and each of its readers."""
        return select(
            *(limit[name] for name in _LIMIT),
            *(rung.label("rung"), on.label("reached_on"), literal(self.day, Date)),
            *(READERS.c.reader_id, READERS.c.in_place_of_id, way.label("way")),
        ).where(~_declared(limit.case_id))

    def _counts(self, alert: Any) -> ColumnElement[bool]:
        """The condition that an alert is told, waits, or was dropped for good."""
        if self.is_past:
            return true()
        dropped = alert.dropped_because
        return or_(dropped.is_(None), dropped.not_in(RETURNING))

    def _was_before_it_came(self) -> ColumnElement[bool]:
        """The condition that a case came from a tracker after its limit had come to the rung."""
        limit = COME.c
        # The moment of keying is the machine's, and the day may be one that was set by hand.
        return and_(limit.reached_on < limit.brought_in_at, limit.reached_on < self.day)

    def _is_news(self) -> ColumnElement[bool]:
        """The condition that an email by itself tells of it.

        A case handed on is no news of a limit that somebody else was told of before.
        """
        limit, held = COME.c, aliased(Alert)
        told = select(held.id).where(
            *(*_is_of(held, limit), held.rung == limit.rung, held.queued_on < self.day),
            held.message_id.is_not(None),
        )
        return and_(
            *(limit.rung.in_(_SINGLE), limit.duty.in_(_IN_LAW)),
            *(limit.reached_on >= self.day - NEWS, ~exists(told)),
        )


def unreadable(unknown: Sequence[str]) -> Sequence[str]:
    """Return the references of cases of which what is stored of a limit cannot be true.

    It is of an `unknown` rule, or came to a rung on no day.
    """
    limit = COME.c
    no_day = and_(limit.rung.is_not(None), limit.reached_on.is_(None))
    return _references(or_(limit.duty.in_(unknown), no_day))


def unheard() -> Sequence[str]:
    """Return the references of cases of which something is due, and that nobody may be told."""
    limit = COME.c
    with_interest = select(Interest.case_id).where(Interest.ended_at.is_(None))
    somebody = select(READERS.c.desk).where(READERS.c.desk == limit.desk, ~_declared(limit.case_id))
    nobody = or_(
        limit.desk.not_in(select(READERS.c.desk)),
        and_(limit.case_id.in_(with_interest), ~exists(somebody)),
    )
    return _references(and_(limit.rung.is_not(None), nobody))


def _references(condition: ColumnElement[bool]) -> Sequence[str]:
    concerned = select(COME.c.case_id).where(condition)
    found = select(Case.reference).where(Case.id.in_(concerned)).order_by(Case.reference)
    return db.session.scalars(found).all()


def _is_of(alert: Any, limit: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions that an alert is of this limit."""
    return tuple(getattr(alert, name) == limit[name] for name in _LIMIT)


def _will_be_met(limit: Any, day: date) -> ColumnElement[bool]:
    """The condition that a limit, owed on the day, is met by what is dated after it.

    A draft in the post counts as served some days on: until then nobody need be told to send it.
    """
    ended = select(Deadline.id).where(
        *(getattr(Deadline, name) == limit[name] for name in _LIMIT),
        or_(Deadline.met_on.is_not(None), Deadline.closed_on.is_not(None)),
    )
    return and_(limit.case_id.in_(cases_told_later(day)), exists(ended))


def _still_reads(told: Any, desk: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(READERS.c.desk == desk, READERS.c.reader_id == told.reader_id)


def _declared(case_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The condition that the reader has declared an interest in the case."""
    return exists(
        select(Interest.id).where(
            *(Interest.user_id == READERS.c.reader_id, Interest.case_id == case_id),
            Interest.ended_at.is_(None),
        )
    )
