"""Figures: what an indicator comes to, as people read it and as JSON.

Percentages and weeks have one decimal place, rounded half up, worked out in whole numbers so that
no figure hangs on how a computer holds a fraction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

#: Days in the 52 weeks past which a plan is very late.
YEAR_OF_WEEKS: Final = 364

JsonObject: TypeAlias = dict[str, Any]


def one_decimal(numerator: int, denominator: int) -> float:
    """Return the quotient to one decimal place, rounded half up. Both are nought or more."""
    return (20 * numerator + denominator) // (2 * denominator) / 10


def percent(numerator: int, denominator: int) -> float | None:
    """Return how many in a hundred, or None of nothing."""
    return one_decimal(100 * numerator, denominator) if denominator else None


def weeks(days: int) -> float:
    """Return a number of days in weeks."""
    return one_decimal(days, 7)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many. `variants` are the same of other items, by name."""

    numerator: int
    denominator: int
    variants: Mapping[str, "Rate"] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, "Rate"]] = field(default_factory=dict)

    @property
    def percent(self) -> float | None:
        """Return the rate in a hundred, or None of nothing."""
        return percent(self.numerator, self.denominator)

    def as_json(self) -> JsonObject:
        """Return the rate as the figures' JSON has it, breakdowns beside it by name."""
        return {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "percent": self.percent,
            **{name: rate.as_json() for name, rate in self.variants.items()},
            **{name: _parts_json(rates) for name, rates in self.parts.items()},
        }


@dataclass(frozen=True, slots=True)
class Count:
    """How many; `parts` are how many of each, and `among` how many are of one sort."""

    count: int
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    among: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> JsonObject:
        """Return the count as the figures' JSON has it, breakdowns beside it by name."""
        parts = {name: dict(counts) for name, counts in self.parts.items()}
        return {"count": self.count, **self.among, **parts}


@dataclass(frozen=True, slots=True)
class Spread:
    """How long, in weeks: the mean, the median, and how many took over 52. None of nothing."""

    count: int
    mean: float | None
    median: float | None
    over_52: int

    def as_json(self) -> JsonObject:
        """Return the spread as the figures' JSON has it."""
        return {"mean": self.mean, "median": self.median, "over_52": self.over_52}


@dataclass(frozen=True, slots=True)
class Ageing:
    """How many are waiting, and how many weeks the oldest has. None where none waits."""

    count: int
    oldest_weeks: float | None

    def as_json(self) -> JsonObject:
        """Return the count as the figures' JSON has it."""
        return {"count": self.count, "oldest_weeks": self.oldest_weeks}


@dataclass(frozen=True, slots=True)
class NotCollected:
    """What the facts recorded cannot answer yet."""

    def as_json(self) -> JsonObject:
        """Return the words that stand for a figure."""
        return {"status": "not collected"}


Figure: TypeAlias = Rate | Count | Spread | Ageing | NotCollected


def spread(tally: Sequence[tuple[int, int]]) -> Spread:
    """Return the spread of a tally: (days, how many took so long), each number of days once."""
    tally = sorted(tally)
    count = sum(many for _, many in tally)
    if not count:
        return Spread(0, None, None, 0)
    total = sum(days * many for days, many in tally)
    middle = _nth(tally, (count - 1) // 2) + _nth(tally, count // 2)
    over = sum(many for days, many in tally if days > YEAR_OF_WEEKS)
    return Spread(count, one_decimal(total, 7 * count), one_decimal(middle, 14), over)


def median(tally: Sequence[tuple[int, int]]) -> float | None:
    """Return the median of a tally: (number, how often), each number once. None of nothing."""
    tally = sorted(tally)
    count = sum(many for _, many in tally)
    if not count:
        return None
    return one_decimal(_nth(tally, (count - 1) // 2) + _nth(tally, count // 2), 2)


def nearest_rank(tally: Sequence[tuple[int, int]], in_a_hundred: int) -> int | None:
    """Return the least number that so many in a hundred of a tally reach or stay under.

    The percentile by nearest rank: always one of the numbers themselves. None of nothing.
    """
    tally = sorted(tally)
    count = sum(many for _, many in tally)
    return _nth(tally, -(-in_a_hundred * count // 100) - 1) if count else None


def with_parts(rate: Rate, name: str, parts: Mapping[str, Rate]) -> Rate:
    """Return the rate with a breakdown beside it."""
    return replace(rate, parts={**rate.parts, name: parts})


def _nth(tally: Sequence[tuple[int, int]], place: int) -> int:
    """The days at a place of the tally told out one by one, counted from nought."""
    for days, many in tally:
        if place < many:
            return days
        place -= many
    raise IndexError(place)


def _parts_json(rates: Mapping[str, Rate]) -> JsonObject:
    return {name: rate.as_json() for name, rate in rates.items()}
