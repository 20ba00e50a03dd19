"""By when, and why; and how it stands. Pure: facts and a calendar in, answers out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from casework.rules import because
from casework.rules.civil_dates import spoken, spoken_date
from casework.rules.counting import ONE_DAY, last_day
from casework.rules.duty import Combine, Count, Duty, Limb
from casework.rules.errors import BeyondCalendar, Unanswerable
from casework.rules.facts import FACTS
from casework.rules.workdays import WorkingDays


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The answer to "by when": the last day in time, and what goes with it."""

    #: The last day on which the duty is met in time; of a floor, the last day of the window.
    on: date
    #: The working day on or before it; None past the known bank holidays.
    act_by: date | None
    #: Of a floor: the first day on which the next step may lawfully happen.
    earliest: date | None = None
    #: Of "before 15 February": that day, which is too late.
    limit: date | None = None
    #: Of "at least n before": the day that leaves n clear days.
    warn_on: date | None = None
    #: The day the period was counted from; None where it has no start.
    started_on: date | None = None
    because: str


class Standing(StrEnum):
    """How a duty stands on a day."""

    RUNNING = "running"
    SOON = "soon"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"
    LIFTED = "lifted"
    MET_AFTER_LIFTED = "met_after_lifted"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class Stand:
    """A standing, with the days left to the due day or the days past it, never both."""

    standing: Standing
    days_left: int | None = None
    days_late: int | None = None


def due(duty: Duty, given: Mapping[str, date], calendar: WorkingDays) -> Due:
    """Return by when the duty is owed, given the days on which facts happened.

    Facts that the rule does not start from are passed over. Raises Unanswerable, with what to
    write instead, where the rule has no number, its start is not given, or it was not law then;
    BeyondCalendar (an Unanswerable) where it counts working days past the known bank holidays.
    """
    starts = tuple((fact, given[fact]) for fact in duty.starts if fact in given)
    return _due(duty, starts, calendar)


@lru_cache(maxsize=32_768)
def _due(duty: Duty, starts: tuple[tuple[str, date], ...], calendar: WorkingDays) -> Due:
    if duty.count is None:
        raise Unanswerable(
            f"{duty.id} has no number of days in {duty.law}: it is owed as soon as practicable, "
            "and no date can be computed."
        )
    try:
        answer = _counted(duty, dict(starts), calendar)
    except (OverflowError, ValueError) as beyond:
        if isinstance(beyond, Unanswerable):
            raise
        raise Unanswerable(f"{duty.id}: the date is past the calendar's end.") from beyond
    _check_in_force(duty, answer.started_on)
    return answer


def _counted(duty: Duty, given: dict[str, date], calendar: WorkingDays) -> Due:
    if duty.count is Count.BEFORE_FIXED_DAY:
        return _before_fixed_day(duty, given, calendar)
    if duty.limbs:
        return _later_of(duty, given, calendar)
    fact, start = _start(duty, duty.starts, duty.combine, given)
    end, words = _period(duty, duty, fact, start, calendar)
    return _answer(duty, calendar, on=end, started_on=start, words=words)


def _period(
    duty: Duty, limb: Limb | Duty, fact: str, start: date, calendar: WorkingDays
) -> tuple[date, str]:
    """Return the last day of one period, after any roll, and how it was counted."""
    assert limb.count is not None
    days = calendar.for_tribunal if duty.roll == "tribunal" else calendar
    unrolled = last_day(limb.count, limb.amount, start, days)
    works = limb.count is Count.WORKING_DAYS_BEGINNING_WITH
    first = days.on_or_after(start) if works else start
    words = because.period(limb, fact, start, unrolled, first)
    if duty.roll == "none" or (end := days.on_or_after(unrolled)) == unrolled:
        return unrolled, words
    return end, words + because.rolled(unrolled, end)


def _later_of(duty: Duty, given: dict[str, date], calendar: WorkingDays) -> Due:
    ends, started_on = [], date.min
    for limb in duty.limbs:
        if limb.optional and not any(fact in given for fact in limb.starts):
            continue
        fact, start = _start(duty, limb.starts, limb.combine, given)
        ends.append(_period(duty, limb, fact, start, calendar))
        started_on = max(started_on, start)
    on = max(end for end, _ in ends)
    return _answer(duty, calendar, on=on, started_on=started_on, words=because.later_of(ends))


def _before_fixed_day(duty: Duty, given: dict[str, date], calendar: WorkingDays) -> Due:
    assert duty.fixed is not None
    fact, start, year = None, None, duty.fixed_year
    if year is None:
        fact, start = _start(duty, duty.starts, duty.combine, given)
        year = start.year
    limit = date(year, *duty.fixed)
    words = because.before_fixed_day(limit, fact, start)
    return _answer(duty, calendar, on=limit - ONE_DAY, started_on=start, words=words, limit=limit)


def _start(
    duty: Duty, starts: tuple[str, ...], combine: Combine, given: dict[str, date]
) -> tuple[str, date]:
    """Return the start that governs, and its day."""
    known = [(given[fact], fact) for fact in starts if fact in given]
    if not known:
        needed = " or ".join(starts)
        raise Unanswerable(
            f"{duty.id} is counted from {needed}, which is not given: give the day on which "
            f"{' or '.join(FACTS[fact].words for fact in starts)}."
        )
    choose = min if combine == "earliest" else max
    day, fact = choose(known, key=lambda pair: pair[0])
    return fact, day


def _answer(
    duty: Duty,
    calendar: WorkingDays,
    *,
    on: date,
    started_on: date | None,
    words: str,
    limit: date | None = None,
) -> Due:
    earliest = on + ONE_DAY if duty.is_floor else None
    warn_on = on - ONE_DAY if duty.bound == "before" and limit is None else None
    act_by = _act_by(on, calendar)
    if act_by and duty.count is Count.AT_ONCE:
        # A working day before an order would be a day before the duty began.
        act_by = on
    if duty.declared_on and started_on and started_on < duty.declared_on:
        words += because.declared(duty)
    if earliest and duty.ends:
        words += because.floor(earliest)
    if earliest is None or act_by is None:
        words += because.acting_early(on, act_by, calendar.last)
    return Due(
        on=on,
        act_by=act_by,
        earliest=earliest,
        limit=limit,
        warn_on=warn_on,
        started_on=started_on,
        because=words,
    )


def _act_by(on: date, calendar: WorkingDays) -> date | None:
    try:
        return calendar.on_or_before(on)
    except BeyondCalendar:
        return None


def _check_in_force(duty: Duty, started_on: date | None) -> None:
    if started_on is None or duty.governs(started_on):
        return
    until = f" to {spoken_date(duty.valid_until)}" if duty.valid_until else " on"
    raise Unanswerable(
        f"{duty.id} was law from {spoken_date(duty.valid_from)}{until}, and this period starts on "
        f"{spoken(started_on)}: check the date, or use the rule that `casework law` shows for then."
    )


def standing(
    duty: Duty,
    due: Due,
    *,
    ended_on: date | None,
    lifted: bool,
    today: date,
    calendar: WorkingDays,
    soon_within: int = 10,
) -> Stand:
    """Return how the duty stands today.

    `ended_on` is the day of the fact that discharges it; `lifted`, whether an exception lifts it
    (`lifting.lifting`); `soon_within`, the working days before `act_by` that count as soon.
    A limit that is lifted is still owed and never overdue. A floor stands as running until the
    next step, then met or breached; a bar is met once it has run out.
    """
    if duty.is_floor:
        return _standing_of_floor(duty, due, ended_on, today)
    if ended_on is not None:
        late = (ended_on - due.on).days
        if late <= 0:
            return Stand(Standing.MET)
        return Stand(Standing.MET_AFTER_LIFTED if lifted else Standing.MET_LATE, days_late=late)
    left = (due.on - today).days
    if lifted:
        named = Standing.LIFTED
    elif left < 0:
        named = Standing.OVERDUE
    else:
        soon = (due.act_by or due.on) <= soon_until(today, calendar, soon_within)
        named = Standing.SOON if soon else Standing.RUNNING
    return Stand(named, days_left=left) if left >= 0 else Stand(named, days_late=-left)


def soon_until(today: date, calendar: WorkingDays, within: int) -> date:
    """Return the last day to act by that is soon today: `within` working days on.

    Where the known bank holidays end before that, all the days to act by that are left are soon;
    and past them, those within as many weeks of five working days.
    """
    try:
        return calendar.after(today, within)
    except BeyondCalendar:
        reckoned = today + timedelta(days=within * 7 // 5)
        return max(reckoned, calendar.last) if today >= calendar.first else reckoned


def _standing_of_floor(duty: Duty, due: Due, ended_on: date | None, today: date) -> Stand:
    if ended_on is not None:
        return Stand(Standing.BREACHED if ended_on <= due.on else Standing.MET)
    if today <= due.on:
        return Stand(Standing.RUNNING, days_left=(due.on - today).days)
    return Stand(Standing.RUNNING if duty.ends else Standing.MET)
