"""Which of the grounds recorded lift a limit: those its own regulation lists, and no others."""

from collections.abc import Iterable
from datetime import date

from casework.rules.deadlines import Due
from casework.rules.duty import Duty

#: The only days on which the 2020 regulations let a limit go (both included).
CORONAVIRUS_WINDOW = (date(2020, 5, 1), date(2020, 9, 25))


def lifting(duty: Duty, grounds: Iterable[str], due: Due | None = None) -> tuple[str, ...]:
    """Return those of `grounds` that lift this duty's limit, in the order given, none twice.

    The coronavirus ground counts only where its window meets the days on which the limit ran,
    so it needs `due`; without it, it lifts nothing.
    """
    listed = duty.lifted_by
    return tuple(
        dict.fromkeys(
            ground
            for ground in grounds
            if ground in listed and (ground != "XC" or (due is not None and _met_window(due)))
        )
    )


def _met_window(due: Due) -> bool:
    opened, closed = CORONAVIRUS_WINDOW
    return (due.started_on or due.on) <= closed and due.on >= opened
