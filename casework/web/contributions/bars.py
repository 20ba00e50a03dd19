"""The dashboard's figures as what its charts draw."""

from collections.abc import Iterator, Mapping, Sequence

from casework.rules.civil_dates import month_name
from casework.rules.contributions import Lost
from casework.rules.figures import Rate
from casework.rules.indicators import Period
from casework.rules.xmr import Reading


def of_causes(causes: Sequence[Lost]) -> dict[str, float]:
    """Return how long each side's bar is, in a hundred of the longest, by its key."""
    most = max((side.days for side in causes), default=0) or 1
    return {side.key: round(100 * side.days / most, 1) for side in causes}


def readings(found: Mapping[tuple[int, int], Rate], months: Period) -> list[Reading]:
    """Return a reading for each month of the period; one in which nothing fell due has none."""
    return [_reading(year, month, found.get((year, month))) for year, month in _each(months)]


def _reading(year: int, month: int, rate: Rate | None) -> Reading:
    label = f"{month_name(month)} {year}"
    if rate is None or rate.percent is None:
        return Reading(label, None, "Nothing fell due")
    return Reading(label, rate.percent, f"{rate.percent}% ({rate.numerator} of {rate.denominator})")


def _each(months: Period) -> Iterator[tuple[int, int]]:
    first = months.first.year * 12 + months.first.month - 1
    last = months.last.year * 12 + months.last.month - 1
    return ((at // 12, at % 12 + 1) for at in range(first, last + 1))
