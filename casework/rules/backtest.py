"""How forecasts would have told late cases from those in time, had they been made then.

Each past case is looked at some weeks before its limit, by what had happened by that day and by
history as it stood on the Monday before. What was entered late or put right counts as if it had
been entered on its day. Whether it was late is known on the limit's day: a case that had ended by
then without a final plan is neither.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from casework.rules.forecast import LOOK_BACK, STEPS, Forecaster, curves_of
from casework.rules.journeys import Journey, spells
from casework.rules.places import place_of

#: Weeks before the limit at which each case is looked at.
WEEKS = (16, 12, 8, 6, 4, 2)
_YEAR = timedelta(days=LOOK_BACK)


class Trial(NamedTuple):
    """A case whose limit is past, with the days between which any of its limits was overdue."""

    journey: Journey
    due_on: date
    overdue: Sequence[tuple[date, date | None]]

    @property
    def was_late(self) -> bool | None:
        """Return whether the final plan was late, or None where none was to come by the limit."""
        known = self.journey.known_by(self.due_on)
        if known.sent:
            return False
        return True if place_of(known, self.due_on) else None


class Call(NamedTuple):
    """What was known of one case so many weeks before its limit, and what came of it."""

    weeks: int
    due_on: date
    was_late: bool
    #: The forecast's chance that it would be late, from 0 to 1.
    risk: float
    #: The step that it was at, by its place among STEPS.
    step: int
    was_overdue: bool


def calls(
    trials: Sequence[Trial],
    journeys: Sequence[Journey],
    progress: Callable[[int], None] = lambda _done: None,
) -> Iterator[Call]:
    """Yield what was to be known of each case, by day. `progress` is told of looks that are done.

    Nothing is said before there is a year of history to go by.
    """
    looks = sorted(_looks(trials), key=lambda look: look[0])
    journeys = sorted(journeys, key=lambda one: one.started)
    first = journeys[0].started + _YEAR if journeys else date.max
    monday, known = None, Forecaster({})
    for day, weeks, trial, was_late in looks:
        progress(1)
        place = place_of(trial.journey.known_by(day), day)
        if place is None or day < first or day < trial.journey.started:
            continue
        if monday != (week := day - timedelta(days=day.weekday())):
            monday, known = week, _learned(journeys, week)
        yield Call(
            weeks=weeks,
            due_on=trial.due_on,
            was_late=was_late,
            risk=1 - known.ahead(place).share_within((trial.due_on - day).days),
            step=list(STEPS).index(place.step),
            was_overdue=any(a < day and (b is None or b > day) for a, b in trial.overdue),
        )


def looks_at(trials: Sequence[Trial]) -> int:
    """Return how many looks `calls` takes at these cases."""
    return sum(1 for _ in _looks(trials))


def _looks(trials: Sequence[Trial]) -> Iterator[tuple[date, int, Trial, bool]]:
    for trial in trials:
        was_late = trial.was_late
        if was_late is not None:
            for weeks in WEEKS:
                yield trial.due_on - timedelta(weeks=weeks), weeks, trial, was_late


def _learned(journeys: Sequence[Journey], by: date) -> Forecaster:
    """History as it stood on a day: of each road, only what had happened by then."""
    since = by - _YEAR
    begun = journeys[: bisect_left(journeys, by + timedelta(days=1), key=lambda one: one.started)]
    walked = (one for one in begun if (one.sent or one.stopped or by) >= since)
    return Forecaster(curves_of(s for one in walked for s in spells(one.known_by(by), since, by)))
