"""The rules by which a chart shows a special cause, as "Making Data Count" has them.

A point outside the process limits; a run of seven or more on one side of the mean; a trend of six
or more that rise or fall; two of three in a row in the outer third, near one limit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final

RUN: Final = 7
TREND: Final = 6


class Meaning(StrEnum):
    """What a special cause is to those whose figure it is."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEITHER = "neither"


class Side(StrEnum):
    """Which way a point or a run lies."""

    HIGH = "high"
    LOW = "low"

    def meaning(self, better: str | None) -> Meaning:
        """Return what lying this way means, where `better` is "higher", "lower" or None."""
        if better is None:
            return Meaning.NEITHER
        is_better = (self is Side.HIGH) == (better == "higher")
        return Meaning.IMPROVEMENT if is_better else Meaning.CONCERN


class Rule(StrEnum):
    """One rule, in the order in which a table names them."""

    OUTSIDE = "outside"
    RUN = "run"
    TREND = "trend"
    NEAR_LIMIT = "near limit"


_OF_POINT = {
    Rule.OUTSIDE: ("above the upper limit", "below the lower limit"),
    Rule.RUN: ("in a run above the mean", "in a run below the mean"),
    Rule.TREND: ("in a rising trend", "in a falling trend"),
    Rule.NEAR_LIMIT: ("near the upper limit", "near the lower limit"),
}
#: What a signal says after the months that show it, high and low.
_SENTENCES = {
    Rule.OUTSIDE: ("is higher", "is lower"),
    Rule.RUN: ("in a row are above the mean", "in a row are below the mean"),
    Rule.TREND: ("in a row rise", "in a row fall"),
    Rule.NEAR_LIMIT: ("are near the upper limit", "are near the lower limit"),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """A special cause: by which rule, which way, and the places of its points in the chart."""

    rule: Rule
    side: Side
    points: tuple[int, ...]

    @property
    def of_point(self) -> str:
        """Return what the signal says of one of its points, in words."""
        return _OF_POINT[self.rule][self.side is Side.LOW]

    def sentence(self, labels: Sequence[str], better: str | None) -> str:
        """Return what the signal says, given the label of each point."""
        what = _SENTENCES[self.rule][self.side is Side.LOW]
        meaning = self.side.meaning(better)
        end = "." if meaning is Meaning.NEITHER else f": {_WITH_ARTICLE[meaning]}."
        if self.rule is Rule.OUTSIDE:
            return f"{labels[self.points[0]]} {what} than ordinary variation explains{end}"
        months = f"{labels[self.points[0]]} to {labels[self.points[-1]]}"
        return f"{months}: {len(self.points)} months {what}{end}"


_WITH_ARTICLE = {Meaning.IMPROVEMENT: "an improvement", Meaning.CONCERN: "a concern"}

Values = Sequence[Fraction | None]
#: Where each point lies by some measure; None where it lies neither way, or has no value.
_Sides = list[Side | None]


def signals(values: Values, mean: Fraction, lower: Fraction, upper: Fraction) -> tuple[Signal, ...]:
    """Return every special cause, those that began first before the others.

    Where no two values that stand together differ there is no spread to judge any by, and none is
    found.
    """
    if lower == upper:
        return ()
    outside = _sides(values, lower, upper)
    third = (upper - lower) / 6
    beyond = _sides(values, mean - 2 * third, mean + 2 * third)
    near = [side if out is None else None for side, out in zip(beyond, outside, strict=True)]
    found = [
        *_outside(outside),
        *_stretches(Rule.RUN, _sides(values, mean, mean), RUN),
        *_trends(values),
        *_near(values, near),
    ]
    return tuple(sorted(found, key=lambda signal: (signal.points[-1], signal.points[0])))


def _sides(values: Values, lower: Fraction, upper: Fraction) -> _Sides:
    """On which side of a band each value lies; None within it."""
    return [
        None
        if value is None or lower <= value <= upper
        else (Side.HIGH if value > upper else Side.LOW)
        for value in values
    ]


def _outside(sides: _Sides) -> Iterator[Signal]:
    for at, side in enumerate(sides):
        if side is not None:
            yield Signal(Rule.OUTSIDE, side, (at,))


def _stretches(rule: Rule, sides: _Sides, least: int, before: int = 0) -> Iterator[Signal]:
    """Each whole stretch of points that lie one way, where it is long enough.

    `before` is how many points stand before the first of a stretch and belong to it.
    """
    began = 0
    for at in range(1, len(sides) + 1):
        if at < len(sides) and sides[at] == sides[began]:
            continue
        side, points = sides[began], tuple(range(began - before, at))
        if side is not None and len(points) >= least:
            yield Signal(rule, side, points)
        began = at


def _trends(values: Values) -> Iterator[Signal]:
    """Which way each point lies from the one before it, in stretches."""
    steps: _Sides = [None]
    for earlier, later in pairwise(values):
        if earlier is None or later is None or earlier == later:
            steps.append(None)
        else:
            steps.append(Side.HIGH if later > earlier else Side.LOW)
    yield from _stretches(Rule.TREND, steps, TREND, before=1)


def _near(values: Values, sides: _Sides) -> Iterator[Signal]:
    """Points in the outer third by one limit: two or more of three known ones that follow."""
    for side in Side:
        near = {
            at
            for first in range(len(sides) - 2)
            if None not in values[first : first + 3]
            for at in _two_of_three(sides, first, side)
        }
        yield from (Signal(Rule.NEAR_LIMIT, side, group) for group in _together(sorted(near)))


def _two_of_three(sides: _Sides, first: int, side: Side) -> tuple[int, ...]:
    found = tuple(at for at in range(first, first + 3) if sides[at] is side)
    return found if len(found) > 1 else ()


def _together(places: Sequence[int]) -> list[tuple[int, ...]]:
    """Places in groups, none more than two from the next of its group."""
    groups: list[list[int]] = []
    for place in places:
        if groups and place - groups[-1][-1] <= 2:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [tuple(group) for group in groups]
