"""Open cases by age as bars: those in time, and after them those that are late."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.queries.at_risk import Weeks


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the chart; the lengths are in a hundred of the longest bar."""

    weeks: Weeks
    in_time: float
    late: float


def bars(weeks: Sequence[Weeks]) -> list[Bar]:
    """Return a bar for each band of age."""
    most = max((one.total for one in weeks), default=0) or 1
    return [
        Bar(one, round(100 * one.in_time / most, 1), round(100 * one.late / most, 1))
        for one in weeks
    ]
