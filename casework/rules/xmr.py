"""XmR charts: does a figure vary as it always does, or has something changed?

An individuals and moving range chart, made as NHS England's "Making Data Count" makes it, after
D. J. Wheeler, "Understanding Variation". The process limits are the mean and 2.66 mean moving
ranges on either side of it; a moving range past 3.267 mean moving ranges is itself unusual.

A month with no value is a gap: it has no moving range to either side, and no run goes across it,
since nobody knows where its point would have stood. No moving range is left out of the mean for
being large. Sums are worked out in fractions of what is shown, so that a reader who works a chart
out by hand from its table comes to the same limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from casework.rules.special_cause import Meaning, Rule, Side, Signal, signals

#: 3 / 1.128 and 3.267, the constants for ranges of two (Shewhart's d2 and D4), as Wheeler rounds.
LIMIT_RANGES: Final = Fraction("2.66")
RANGE_RANGES: Final = Fraction("3.267")
#: With fewer values than these there are no limits, or limits that are only provisional.
FEWEST: Final = 3
FEWEST_FIRM: Final = 12

Better: TypeAlias = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a chart is made of: a month, its value, and that value in words.

    `value` is None in a month that has none. Without `words` the value is said as it stands.
    """

    label: str
    value: float | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest that a value can be; None where nothing bounds it."""

    least: float | None
    greatest: float | None

    def cut(self, value: float) -> float:
        """Return the value, or the bound that it passes."""
        if self.least is not None:
            value = max(value, self.least)
        return value if self.greatest is None else min(value, self.greatest)


PERCENTAGE: Final = Bounds(0, 100)
NOUGHT_OR_MORE: Final = Bounds(0, None)


@dataclass(frozen=True, slots=True)
class Limits:
    """The mean, the process limits about it, and the mean moving range with its own limit.

    `lower` and `upper` are true; `shown_lower` and `shown_upper` are cut to what can be.
    """

    mean: float
    lower: float
    upper: float
    shown_lower: float
    shown_upper: float
    mean_range: float
    range_upper: float


@dataclass(frozen=True, slots=True)
class Point:
    """A reading on the chart, the special causes that it is part of, and what they mean."""

    label: str
    value: float | None
    value_words: str
    signals: tuple[Signal, ...] = ()
    better: Better | None = None

    @property
    def is_special(self) -> bool:
        """Return whether ordinary variation does not explain the point."""
        return bool(self.signals)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules that mark the point."""
        return tuple(rule for rule in Rule if any(s.rule is rule for s in self.signals))

    @property
    def side(self) -> Side | None:
        """Return which way the point lies, None where it is not special.

        A trend may cross the mean; every other rule says on which side of it the point is.
        """
        by_level = [s for s in self.signals if s.rule is not Rule.TREND] or self.signals
        return by_level[-1].side if by_level else None

    @property
    def meaning(self) -> Meaning | None:
        """Return what the point means, None where it is not special."""
        return self.side.meaning(self.better) if self.side else None

    @property
    def words(self) -> str:
        """Return the special cause as a table says it, or "No"."""
        if self.meaning is None:
            return "No"
        found = ", ".join(dict.fromkeys(signal.of_point for signal in self.signals))
        if self.meaning is Meaning.NEITHER:
            return found[0].upper() + found[1:]
        return f"{self.meaning.capitalize()}: {found}"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart. `limits` is None where there are too few values for any."""

    points: tuple[Point, ...]
    limits: Limits | None
    signals: tuple[Signal, ...]
    better: Better | None
    bounds: Bounds

    @property
    def values(self) -> int:
        """Return how many points have a value."""
        return sum(point.value is not None for point in self.points)

    @property
    def is_provisional(self) -> bool:
        """Return whether there are limits, but of too few values to lean on."""
        return self.limits is not None and self.values < FEWEST_FIRM

    @property
    def words(self) -> tuple[str, ...]:
        """Return what the chart says, in sentences, the newest sign of change first."""
        if self.limits is None:
            return ("There are too few months to tell a change from ordinary variation.",)
        labels = [point.label for point in self.points]
        found = tuple(signal.sentence(labels, self.better) for signal in reversed(self.signals))
        found = found or ("No sign of change: ordinary variation.",)
        if not self.is_provisional:
            return found
        few = f"The limits are provisional: there are {self.values} values, fewer than 12."
        return (*found, few)


def chart(
    readings: Sequence[Reading],
    *,
    better: Better | None = None,
    bounds: Bounds = PERCENTAGE,
) -> Chart:
    """Return the chart of readings in order of time. `better` says which way is an improvement."""
    values = [None if r.value is None else Fraction(str(r.value)) for r in readings]
    exact = _limits(values)
    found = signals(values, *exact[:3]) if exact else ()
    return Chart(
        tuple(_point(at, reading, found, better) for at, reading in enumerate(readings)),
        _shown(exact, bounds) if exact else None,
        found,
        better,
        bounds,
    )


_Exact: TypeAlias = tuple[Fraction, Fraction, Fraction, Fraction]


def moving_ranges(values: Sequence[Fraction | None]) -> list[Fraction]:
    """Return how far each value is from the one before it, where both are known."""
    return [
        abs(later - earlier)
        for earlier, later in pairwise(values)
        if earlier is not None and later is not None
    ]


def _limits(values: Sequence[Fraction | None]) -> _Exact | None:
    """The mean, the lower and the upper limit, and the mean moving range."""
    known = [value for value in values if value is not None]
    ranges = moving_ranges(values)
    if len(known) < FEWEST or not ranges:
        return None
    mean = sum(known) / Fraction(len(known))
    mean_range = sum(ranges) / Fraction(len(ranges))
    reach = LIMIT_RANGES * mean_range
    return mean, mean - reach, mean + reach, mean_range


def _shown(exact: _Exact, bounds: Bounds) -> Limits:
    mean, lower, upper, mean_range = (float(number) for number in exact)
    return Limits(
        mean=mean,
        lower=lower,
        upper=upper,
        shown_lower=bounds.cut(lower),
        shown_upper=bounds.cut(upper),
        mean_range=mean_range,
        range_upper=float(exact[3] * RANGE_RANGES),
    )


def _point(at: int, reading: Reading, found: Sequence[Signal], better: Better | None) -> Point:
    words = reading.words or ("" if reading.value is None else f"{reading.value:g}")
    of_point = tuple(signal for signal in found if at in signal.points)
    return Point(reading.label, reading.value, words, of_point, better)
