"""When a panel meets: a slot each week, carried past bank holidays, and what is due before it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from casework.codes import Code
from casework.rules.civil_dates import LONDON, spoken
from casework.rules.panels import slots
from casework.rules.workdays import WorkingDays

_A_WEEK = timedelta(days=7)


class OnBankHoliday(Code):
    """What becomes of a meeting whose day is a bank holiday."""

    MOVE = "move", "It moves to the next working day"
    CANCEL = "cancel", "It is cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """What becomes of the meeting of one week: the day it is held on, or why it is not held."""

    #: The Monday of the week.
    week: date
    on_day: date
    #: The panel's own day that week, where the meeting moved from it; `why` says why.
    moved_from: date | None = None
    is_cancelled: bool = False
    why: str | None = None


def week_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def planned(
    first: date,
    last: date,
    *,
    weekday: int,
    on_bank_holiday: str,
    calendar: WorkingDays,
    settled: Collection[date] = (),
    taken: Collection[date] = (),
) -> list[Slot]:
    """Return what becomes of each week's slot from `first` to `last`, in order.

    `settled` are the weeks (their Mondays) that have their meeting already, `taken` the days on
    which this panel meets already: it never meets twice on a day, so that a meeting on the slot's
    own day stands for it. Raises BeyondCalendar past the known bank holidays.
    """
    days = set(taken)
    found = []
    for day in slots(first, last, weekday):
        if week_of(day) in settled or day in days:
            continue
        slot = _settled(day, on_bank_holiday, calendar, days)
        if not slot.is_cancelled:
            days.add(slot.on_day)
        found.append(slot)
    return found


def due_before(on_day: date, days: int, at: time, calendar: WorkingDays) -> datetime:
    """Return the moment so many working days before a meeting, at a time by London's clock.

    With no days it is on the day of the meeting. Raises BeyondCalendar.
    """
    return datetime.combine(calendar.before(on_day, days), at, LONDON)


def _settled(day: date, on_bank_holiday: str, calendar: WorkingDays, taken: set[date]) -> Slot:
    week = week_of(day)
    if calendar.is_working_day(day):
        return Slot(week=week, on_day=day)
    why = f"{spoken(day)} is a bank holiday"
    if on_bank_holiday == OnBankHoliday.CANCEL:
        return Slot(week=week, on_day=day, is_cancelled=True, why=why)
    free = _next_free(day, calendar, taken)
    if free is None:
        why += ", and no working day is free before the next meeting"
        return Slot(week=week, on_day=day, is_cancelled=True, why=why)
    return Slot(week=week, on_day=free, moved_from=day, why=why)


def _next_free(day: date, calendar: WorkingDays, taken: set[date]) -> date | None:
    """The next working day without a meeting that comes before the next week's slot, or None."""
    found = calendar.after(day, 1)
    while found in taken:
        found = calendar.after(found, 1)
    return found if found < day + _A_WEEK else None
