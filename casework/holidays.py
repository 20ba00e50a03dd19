"""The bank holidays of England and Wales, from the list that govuk-bank-holidays carries.

The package's own data file is read, so nothing here reaches for the network.
"""

import json
from collections import Counter
from datetime import date
from functools import cache
from importlib.resources import files

from casework.rules.civil_dates import spoken_date
from casework.rules.workdays import WorkingDays

_DIVISION = "england-and-wales"
#: No year since 1978 has had fewer; a year with fewer is not fully published.
_IN_A_FULL_YEAR = 8
_A_YEAR = 365
#: Days before the list's end from which every manager is told, and the system counts as unwell:
#: from then on a limit may fall where no working day can be counted.
_RUNNING_OUT = 60


@cache
def england_and_wales() -> WorkingDays:
    """Return the working days of every year whose bank holidays are fully published."""
    return covering(_published())


def covering(holidays: frozenset[date]) -> WorkingDays:
    """Return the working days of the unbroken run of full years in this list of holidays.

    Raises ValueError if no year of the list is full.
    """
    in_year = Counter(day.year for day in holidays)
    full = sorted(year for year, days in in_year.items() if days >= _IN_A_FULL_YEAR)
    if not full:
        raise ValueError("The list of bank holidays has no full year.")
    last = full[-1]
    first = next(year for year in range(last, full[0] - 1, -1) if year - 1 not in full)
    return WorkingDays(
        holidays=frozenset(day for day in holidays if first <= day.year <= last),
        first=date(first, 1, 1),
        last=date(last, 12, 31),
    )


def horizon_warning(today: date) -> str | None:
    """Return a warning from a year before the list of bank holidays runs out, else None."""
    last = england_and_wales().last
    if (last - today).days > _A_YEAR:
        return None
    return (
        f"Bank holidays are known only to {spoken_date(last)}. Install the newest "
        "govuk-bank-holidays before then: after that day no working day can be counted."
    )


def is_running_out(today: date) -> bool:
    """Return whether so few days of the list are left that limits soon go uncounted."""
    return (england_and_wales().last - today).days <= _RUNNING_OUT


def _published() -> frozenset[date]:
    text = files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text("utf-8")
    return frozenset(
        date.fromisoformat(event["date"]) for event in json.loads(text)[_DIVISION]["events"]
    )
