"""How long things last, where some are not over yet: the estimate of Kaplan and Meier (1958).

What is still running says that it took at least so long; leaving it out would make everything look
quicker than it is. A few lines, checked against published figures, stand here instead of a library
of statistics: those bring a hundred megabytes and fit models, and this counts and multiplies.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple


class Spell(NamedTuple):
    """One thing that began: how many days it lasted, or has lasted without being over."""

    days: int
    is_done: bool


@dataclass(frozen=True)
class Curve:
    """The share that is not done after each number of days, of those that began.

    `points` are the days on which any was done, in order, each with the share left after it.
    """

    begun: int
    done: int
    points: Sequence[tuple[int, float]]
    #: The longest that any was seen to last, done or not.
    longest: int

    def left_after(self, days: int) -> float:
        """Return the share that is not done after so many days: all of it before the first."""
        if days < 0:
            return 1.0
        return self.by_day[days] if days < len(self.by_day) else self.by_day[-1]

    def done_by(self, share: float) -> int | None:
        """Return the first day by which this share was done, or None where it never came to it."""
        return next((day for day, left in self.points if left <= 1 - share + _EPSILON), None)

    @cached_property
    def by_day(self) -> Sequence[float]:
        """The share left after each day from 0 to the longest."""
        found: list[float] = []
        for (day, left), (until, _) in pairwise([(0, 1.0), *self.points, (self.longest + 1, 0.0)]):
            found += [left] * (until - day)
        return found

    def is_beyond(self, days: int, fewest: int) -> bool:
        """Return whether fewer than so many of those begun are estimated to have lasted longer."""
        return days >= self.longest or self.begun * self.left_after(days) < fewest

    def still_to_go(self, elapsed: int) -> Sequence[float]:
        """Return, for each number of days more from 0, the share then done of what lasted so long.

        What was never seen to end counts as done on the longest day (Efron's correction), so that
        the last is 1. Something that has lasted longest of all is done at once: [1.0].
        """
        share = self.left_after(elapsed)
        if elapsed >= self.longest or share <= 0:
            return [1.0]
        ahead = [1 - left / share for left in self.by_day[max(elapsed, 0) : self.longest]]
        return [*ahead, 1.0]


#: So that a share that is a half but for rounding counts as a half.
_EPSILON = 1e-9


def estimate(spells: Iterable[Spell]) -> Curve:
    """Return the curve of these spells. One that was cut short is at risk on its last day too.

    Raises ValueError where there is none, or one lasted less than no time.
    """
    counted = Counter(spells)
    if not counted or min(counted).days < 0:
        raise ValueError("A curve needs spells, of no days or more.")
    at_risk = begun = counted.total()
    left, points, done = 1.0, [], 0
    for day in sorted({spell.days for spell in counted}):
        ended, cut_short = counted[Spell(day, True)], counted[Spell(day, False)]
        if ended:
            left *= 1 - ended / at_risk
            points.append((day, left))
        done += ended
        at_risk -= ended + cut_short
    return Curve(begun, done, points, longest=max(spell.days for spell in counted))
