"""When a final plan is likely, from how long each remaining step took before.

The forecast is of the day on which a final plan would be sent if there is to be one: that a case
may be refused, end without a plan or be withdrawn is not in it. The steps are taken as independent
of each other, and the days of the last year as those to come: a service that slows down now is seen
as its requests run on, and fully only when they end.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, prod

from casework.rules.book import duty as find_duty
from casework.rules.journeys import (
    ADVICE,
    ASK,
    DECIDE,
    DRAFT,
    FAMILY_DAYS,
    FINAL,
    ISSUE,
    REST,
    key_of,
)
from casework.rules.places import Place
from casework.rules.survival import Curve, Spell, estimate

#: The steps of the road in their order, as each stands in a sentence.
STEPS: Mapping[str, str] = {
    DECIDE: "deciding whether to assess",
    ASK: "asking for the advice",
    ADVICE: "gathering the advice",
    ISSUE: "deciding on a plan once the advice is in",
    DRAFT: "writing and serving the draft",
    FINAL: "sending the final plan after the draft",
    REST: "sending the final plan to the last who must have it",
}
#: All services together, for one that has answered too seldom to go by.
ANY_SERVICE = key_of("any")

#: Fewer that are done say too little: with 20, the half-way day is known to about a fifth of them.
LEAST_DONE = 20
#: Where fewer than so many of those begun lasted longer, it is past what history can tell.
FEWEST_LONGER = 5
#: Days of history that are looked back on: a year holds each month once, its holidays with it.
LOOK_BACK = 365

#: The whole time that the law or its guidance leaves to each step; together, the 20 weeks. Where it
#: gives one time to two steps (day 84 to day 110 for deciding on and writing the plan), halves.
IN_LAW: Mapping[str, int] = {
    DECIDE: find_duty("assess_decision_6w").amount * 7,
    ASK: 0,
    ADVICE: find_duty("advice_partner_6w").amount * 7,
    ISSUE: 13,
    DRAFT: 13,
    FINAL: FAMILY_DAYS + find_duty("school_consult_15d").amount,
    REST: 0,
}

#: The days of the steps after the present one are kept as so many equally likely totals.
_POINTS = 50


@dataclass(frozen=True)
class Ahead:
    """What lies ahead of a case at one place of the road, in days from today."""

    #: For each number of days from 0: the share then past the present step; the last is 1.
    present: Sequence[float]
    #: Equally likely totals of the steps after it, in order.
    after: Sequence[int]
    #: The remaining step with most days that could be saved, which those of the family are not, and
    #: how many days more it usually takes: none where it has lasted longer than history can tell.
    #: It then counts as over today, so that every day here is the earliest that it can be.
    costs_most: str
    costs_days: int
    #: Whether the authority's own history of each step said so.
    is_own_history: bool

    def share_within(self, days: int) -> float:
        """Return the share of such cases that are done within so many days from today."""
        present, last = self.present, len(self.present) - 1
        left = [days - more for more in self.after[: bisect_right(self.after, days)]]
        return sum([present[n] if n < last else 1.0 for n in left]) / len(self.after)

    def days_until(self, share: float) -> int:
        """Return the first number of days within which this share of such cases is done."""
        # No sooner than the later steps alone.
        low = self.after[max(0, ceil(share * len(self.after) - _EPSILON) - 1)]
        high = len(self.present) + self.after[-1]
        while low < high:
            middle = (low + high) // 2
            if self.share_within(middle) >= share - _EPSILON:
                high = middle
            else:
                low = middle + 1
        return low


class Forecaster:
    """What history says of each place of the road; each place is worked out once.

    `curves` are by step, as `curves_of` gives them; those of which too few are done do not count.
    """

    def __init__(self, curves: Mapping[str, Curve]) -> None:
        self._own = {step: curve for step, curve in curves.items() if curve.done >= LEAST_DONE}
        self._after = _totals_after({step: self.curve(step) for step in STEPS})
        self._places: dict[Place, Ahead] = {}

    def ahead(self, place: Place) -> Ahead:
        """Return what lies ahead of a case at this place."""
        found = self._places.get(place)
        if found is None:
            found = self._places[place] = self._work_out(place)
        return found

    def curve(self, step: str) -> Curve:
        """Return the curve that stands for a step: its own, that of all services, or the law's."""
        own = self._own.get(step)
        if own is None and is_of_service(step):
            own = self._own.get(ANY_SERVICE)
        return own or in_law(step)

    def has_own(self, step: str) -> bool:
        """Return whether enough of this step are done to go by."""
        return step in self._own

    def _work_out(self, place: Place) -> Ahead:
        waits = {key_of(one.service): one.elapsed for one in place.waits}
        running = waits or {place.step: place.elapsed}
        later = list(STEPS)[list(STEPS).index(place.step) + 1 :]
        ahead = [self._still_to_go(s, days, place.family_days) for s, days in running.items()]
        costs = {step: _middle(one) for step, one in zip(running, ahead, strict=True)}
        costs |= {step: self.curve(step).done_by(0.5) or 0 for step in later}
        beyond = (step for step, days in running.items() if self._is_beyond(step, days))
        family = max(0, FAMILY_DAYS - running.get(FINAL, 0)) if FINAL in costs else 0
        saves = costs | {FINAL: costs[FINAL] - family} if FINAL in costs else costs
        is_beyond = next(beyond, None)
        most = is_beyond or max(saves, key=lambda step: saves[step])
        return Ahead(
            present=_all_done(ahead),
            after=self._after[place.step],
            costs_most=most,
            # A step that most take no time for, as sending the last copy, is not beyond for that.
            costs_days=0 if is_beyond else max(1, costs[most]),
            is_own_history=all(self.has_own(step) for step in (*running, *later)),
        )

    def _still_to_go(self, step: str, elapsed: int, at_least: int) -> Sequence[float]:
        """The share done for each number of days more, of which there are at least so many."""
        before = max(0, at_least - 1)
        is_beyond = self._is_beyond(step, elapsed + before)
        ahead = [1.0] if is_beyond else self.curve(step).still_to_go(elapsed + before)
        return [*([0.0] * before), *ahead]

    def _is_beyond(self, step: str, elapsed: int) -> bool:
        curve = self.curve(step)
        # The law's own time has nobody in it who took longer; a step without any is never over it.
        fewest = FEWEST_LONGER if curve.begun else 0
        return curve.longest > 0 and curve.is_beyond(elapsed, fewest)


_EPSILON = 1e-9


def curves_of(spells: Iterable[tuple[str, Spell]]) -> dict[str, Curve]:
    """Return the curve of each step of which there are spells, and of all services together."""
    found: dict[str, list[Spell]] = defaultdict(list)
    for step, spell in spells:
        found[step].append(spell)
        if is_of_service(step):
            found[ANY_SERVICE].append(spell)
    return {step: estimate(of_step) for step, of_step in found.items()}


def is_of_service(step: str) -> bool:
    """Return whether a step is the wait for one kind of service."""
    return step.startswith(key_of(""))


def in_law(step: str) -> Curve:
    """Return the curve of a step that takes the whole of its time in law, as all of them would."""
    days = IN_LAW[ADVICE if is_of_service(step) else step]
    return Curve(begun=0, done=0, points=[(days, 0.0)], longest=days)


def _all_done(steps: Sequence[Sequence[float]]) -> Sequence[float]:
    """The share past all of these steps, which run side by side, for each number of days."""
    length = max(map(len, steps))
    return [prod(one[day] if day < len(one) else 1.0 for one in steps) for day in range(length)]


def _middle(done: Sequence[float]) -> int:
    return next(day for day, share in enumerate(done) if share >= 0.5 - _EPSILON)


def _totals_after(curves: Mapping[str, Curve]) -> dict[str, Sequence[int]]:
    """For each step, the equally likely totals of the days of all that come after it."""
    found: dict[str, Sequence[int]] = {}
    total: Sequence[float] = [1.0]
    for step in reversed(list(STEPS)):
        found[step] = _equally_likely(total)
        total = _sum(total, _chances(curves[step]))
    return found


def _chances(curve: Curve) -> Mapping[int, float]:
    """The chance of each number of days; what never ended counts as done on the longest."""
    chances: dict[int, float] = defaultdict(float)
    left = 1.0
    for day, share in curve.points:
        chances[day] += left - share
        left = share
    chances[curve.longest] += left
    return chances


def _sum(total: Sequence[float], more: Mapping[int, float]) -> Sequence[float]:
    """The chances of each sum of two independent numbers of days."""
    found = [0.0] * (len(total) + max(more))
    for day, chance in more.items():
        for before, so_far in enumerate(total):
            found[day + before] += chance * so_far
    return found


def _equally_likely(chances: Sequence[float]) -> Sequence[int]:
    by_then = list(accumulate(chances))
    shares = ((place + 0.5) / _POINTS for place in range(_POINTS))
    return [min(bisect_left(by_then, share), len(by_then) - 1) for share in shares]
