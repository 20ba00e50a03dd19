"""Why a date is what it is, in words for families and the Ombudsman."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from casework.rules.civil_dates import month_name, spoken, spoken_date
from casework.rules.duty import Count, Duty, Limb
from casework.rules.facts import FACTS

_UNITS: Mapping[Count, str] = MappingProxyType(
    {
        Count.WEEKS_AFTER: "week",
        Count.DAYS_AFTER: "day",
        Count.DAYS_BEGINNING_WITH: "day",
        Count.MONTHS_AFTER: "month",
        Count.MONTHS_BEGINNING_WITH: "month",
        Count.WORKING_DAYS_AFTER: "working day",
        Count.WORKING_DAYS_BEGINNING_WITH: "working day",
        Count.WEEKS_BEFORE: "week",
        Count.MONTHS_BEFORE: "month",
        Count.WORKING_DAYS_BEFORE: "working day",
    }
)
_BEGINNING = {
    Count.DAYS_BEGINNING_WITH,
    Count.MONTHS_BEGINNING_WITH,
    Count.WORKING_DAYS_BEGINNING_WITH,
}
_BEFORE = {Count.WEEKS_BEFORE, Count.MONTHS_BEFORE, Count.WORKING_DAYS_BEFORE}
_MONTHS = {Count.MONTHS_AFTER, Count.MONTHS_BEGINNING_WITH}


def span(count: Count, amount: int) -> str:
    """Return the length of a period in words: "20 weeks", "1 month"."""
    return f"{amount} {_UNITS[count]}{'' if amount == 1 else 's'}"


def limit_in_words(duty: Duty) -> str:
    """Return the row's limit as a phrase: "20 weeks after", "before 15 February"."""
    if duty.count is None:
        return "no number of days"
    if duty.limbs:
        return "the later of " + " and ".join(
            f"{span(limb.count, limb.amount)} {_from(limb.count)}" for limb in duty.limbs
        )
    if duty.fixed:
        month, day = duty.fixed
        return f"before {day} {month_name(month)}{f' {duty.fixed_year}' if duty.fixed_year else ''}"
    if duty.count is Count.AT_ONCE:
        return "at once"
    least = "at least " if duty.bound == "before" or (duty.is_floor and duty.ends) else ""
    return f"{least}{span(duty.count, duty.amount)} {_from(duty.count)}"


def _from(count: Count) -> str:
    if count in _BEGINNING:
        return "beginning with"
    return "before" if count in _BEFORE else "after"


def period(limb: Limb | Duty, fact: str, start: date, end: date, first: date) -> str:
    """Return how a period was counted from its start.

    `end` is its last day before any roll; `first` the first day that counts, where the period
    begins with the start: not the start itself, where only working days count and it is none.
    """
    assert limb.count is not None
    happened, length = FACTS[fact], ""
    if limb.count is Count.AT_ONCE:
        return f"at once: {happened.words} on {spoken(start)}"
    length = span(limb.count, limb.amount)
    if limb.count in _BEFORE:
        return f"at least {length} before {happened.words} on {spoken(start)}"
    if limb.count in _BEGINNING:
        words = f"{length} beginning with the day {happened.words}, {spoken(start)}, " + (
            "which is counted as the first"
            if first == start
            else f"which is not a working day; {spoken(first)} is counted as the first"
        )
    else:
        words = (
            f"{length} after {happened.words} on {spoken(start)}; "
            f"the day {happened.again} is not counted"
        )
    return words + _short_month(limb.count, start, end)


def _short_month(count: Count, start: date, end: date) -> str:
    if count not in _MONTHS or monthrange(end.year, end.month)[1] >= start.day:
        return ""
    return (
        f"; {month_name(end.month)} {end.year} has no day {start.day}, "
        "so the period ends with that month"
    )


def before_fixed_day(limit: date, fact: str | None, start: date | None) -> str:
    """Return the words for a duty that must be done before a fixed day, which is too late."""
    words = f"before {spoken(limit)}, which is itself too late"
    if fact is None or start is None:
        return words
    return f"{words}: the year is that of {FACTS[fact].words} on {spoken(start)}"


def rolled(unrolled: date, end: date) -> str:
    """Return the words for a tribunal act carried to the tribunal's next working day."""
    return (
        f"; {spoken(unrolled)} is not a working day for the tribunal, "
        f"so the time runs to {spoken(end)}"
    )


def declared(duty: Duty) -> str:
    """Return the words for a limit counted from before the judgment that declared it."""
    assert duty.declared_on is not None
    return (
        f"; this is the law as since declared, on {spoken_date(duty.declared_on)}, "
        f"in {duty.declared_in}"
    )


def later_of(limbs: list[tuple[date, str]]) -> str:
    """Return the words for the later of several periods, each with its last day and reason."""
    if len(limbs) == 1:
        return limbs[0][1]
    return "the later of " + " and ".join(f"{spoken(day)} ({words})" for day, words in limbs)


def floor(earliest: date) -> str:
    """Return the words for the first day on which the next step may lawfully happen."""
    return f"; the next step may come from {spoken(earliest)}, not before"


def acting_early(on: date, act_by: date | None, last_known: date) -> str:
    """Return the words for the working day to act by, where it is not the due day itself."""
    if act_by == on:
        return ""
    if act_by is None:
        return (
            "; the working day to act by is not given, because bank holidays are known only to "
            f"{spoken_date(last_known)}"
        )
    return f"; {spoken(on)} is not a working day, so act by {spoken(act_by)}"
