"""Where the parts of an XmR chart stand in its drawing (templates/macros/xmr.html)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, log10
from typing import Final

from casework.rules.special_cause import Meaning
from casework.rules.xmr import Chart, Point

#: The drawing's size, and the frame in it that the points stand in, in its own units. It is no
#: wider than the narrowest screen, so that its letters are never drawn small.
WIDTH: Final = 320
HEIGHT: Final = 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 36, 312, 8, 176


@dataclass(frozen=True, slots=True)
class Line:
    """A line right across the frame, at a height."""

    y: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One point: its middle, and its shape, which says as much as its colour."""

    x: float
    y: float
    shape: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart's drawing. `mean`, `lower` and `upper` are None where there are no limits."""

    ticks: tuple[Line, ...]
    mean: Line | None
    lower: Line | None
    upper: Line | None
    target: Line | None
    #: The stretches of months with a value: the points of a line each, as an SVG has them.
    paths: tuple[str, ...]
    marks: tuple[Mark, ...]
    first: str
    last: str

    @property
    def key(self) -> dict[str, str]:
        """Return what each shape that the drawing has says, in the order of its key."""
        used = {mark.shape for mark in self.marks}
        return {shape: words for shape, words in SHAPES.items() if shape in used}


#: What each shape says.
SHAPES: Final = {
    "ordinary": "Ordinary variation",
    Meaning.IMPROVEMENT.value: "Improvement",
    Meaning.CONCERN.value: "Concern",
    Meaning.NEITHER.value: "Change",
}


def drawing(chart: Chart, target: float | None = None) -> Drawing:
    """Return where a chart's lines and points stand, with the line of a target if it has one."""
    least, greatest = _extent(chart, target)
    steps = _steps(least, greatest)
    top = max(steps[-1], greatest)

    def height(value: float) -> float:
        return _rounded(_BOTTOM - (value - least) / (top - least) * (_BOTTOM - _TOP))

    def across(at: int) -> float:
        gaps = max(1, len(chart.points) - 1)
        return _rounded(_LEFT + 8 + at / gaps * (_RIGHT - _LEFT - 16))

    spots = [
        None if point.value is None else Mark(across(at), height(point.value), _shape(point))
        for at, point in enumerate(chart.points)
    ]
    limits = chart.limits
    return Drawing(
        ticks=tuple(Line(height(step), f"{step:g}") for step in steps),
        mean=Line(height(limits.mean)) if limits else None,
        lower=Line(height(limits.shown_lower)) if limits else None,
        upper=Line(height(limits.shown_upper)) if limits else None,
        target=None if target is None else Line(height(target)),
        paths=_paths(spots),
        marks=tuple(spot for spot in spots if spot),
        first=chart.points[0].label if chart.points else "",
        last=chart.points[-1].label if len(chart.points) > 1 else "",
    )


def _extent(chart: Chart, target: float | None) -> tuple[float, float]:
    """The least and greatest value that the frame holds: the whole of what can be, where known."""
    held = [point.value for point in chart.points if point.value is not None]
    if chart.limits:
        held += [chart.limits.shown_lower, chart.limits.shown_upper]
    held += [] if target is None else [target]
    bounds = chart.bounds
    least = bounds.least if bounds.least is not None else min(held, default=0)
    greatest = bounds.greatest if bounds.greatest is not None else max(held, default=1)
    return least, max(greatest, least + 1)


def _steps(least: float, greatest: float) -> tuple[float, ...]:
    """Two to five round numbers from the least to past the greatest."""
    rough = (greatest - least) / 4
    size = 10 ** ceil(log10(rough) - 1)
    step = next(size * many for many in (1, 2, 2.5, 5, 10) if size * many >= rough)
    return tuple(least + step * n for n in range(ceil(round((greatest - least) / step, 6)) + 1))


def _paths(spots: Sequence[Mark | None]) -> tuple[str, ...]:
    pairs = [f"{a.x},{a.y} {b.x},{b.y}" if a and b else None for a, b in pairwise(spots)]
    stretches: list[str] = []
    is_open = False
    for pair in pairs:
        if pair is None:
            is_open = False
        elif is_open:
            stretches[-1] += " " + pair.split()[1]
        else:
            stretches.append(pair)
            is_open = True
    return tuple(stretches)


def _shape(point: Point) -> str:
    return point.meaning.value if point.meaning else "ordinary"


def _rounded(number: float) -> float:
    return round(number, 1)
