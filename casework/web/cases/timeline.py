"""Where everything stands in the drawing of a case: days become places, and nothing is drawn.

Across, places are percentages, so that the drawing fits any width without scaling its words;
down, they are pixels.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from casework.queries.cases import CaseView
from casework.queries.clock_lines import ClockLine
from casework.queries.entries import EventLine
from casework.rules.civil_dates import month_name, spoken_date

#: Dots nearer than this many percent go below one another.
_APART = 7.0
#: The share of the width left free at either end, in percent.
_ENDS = 2.0
_LANE, _TOP, _ROW, _MOST_MONTHS = 26, 16, 46, 6


@dataclass(frozen=True, slots=True)
class Dot:
    """What happened on one day, by the number that the entries bear."""

    number: int
    day: date
    x: float
    y: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One limit: from the day it is counted from to the day it is due, and what ran over."""

    line: ClockLine
    x: float
    width: float
    due_x: float
    over_width: float
    y: int

    @property
    def is_law(self) -> bool:
        """Return whether it is a limit in law, and not a target."""
        return self.line.clock.duty.kind == "law"


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month."""

    words: str
    x: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing, and the same in words."""

    dots: list[Dot]
    bars: list[Bar]
    ticks: list[Tick]
    #: None once the case is over.
    today_x: float | None
    axis_y: int
    height: int
    said: str

    def number_of(self, entry: EventLine) -> int | None:
        """Return the number of an entry's dot; None for one that no longer stands."""
        if not entry.stands:
            return None
        return next(dot.number for dot in self.dots if dot.day == entry.event.happened_on)


def draw(view: CaseView) -> Timeline | None:
    """Return the drawing of a case, or None where no limit runs on it."""
    limits = view.own_clocks
    if not limits:
        return None
    scale = _Scale(*_span(view, limits))
    dots = list(_dots(view.history, scale))
    top = max((dot.y for dot in dots), default=0) + _LANE - 8
    bars = [_bar(line, view, scale, top + _ROW * row) for row, line in enumerate(limits)]
    axis_y = top + _ROW * len(bars) + 20
    return Timeline(
        dots=dots,
        bars=bars,
        ticks=list(_ticks(scale)),
        today_x=scale.x(view.today) if view.is_open else None,
        axis_y=axis_y,
        height=axis_y + 24,
        said=_said(limits),
    )


class _Scale:
    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self._days = max((last - first).days, 1)

    def x(self, day: date) -> float:
        share = (day - self.first).days / self._days
        return round(_ENDS + share * (100 - 2 * _ENDS), 2)


def _span(view: CaseView, limits: Sequence[ClockLine]) -> tuple[date, date]:
    days = [line.event.happened_on for line in view.history if line.stands]
    days += [view.today] if view.is_open else []
    for line in limits:
        clock = line.clock
        days += [clock.due.started_on or clock.due.on, clock.due.on]
        days += [day for day in (clock.met_on, clock.closed_on) if day]
    return min(days), max(days)


def _dots(history: Sequence[EventLine], scale: _Scale) -> Iterator[Dot]:
    lanes: list[float] = []
    standing = (line for line in history if line.stands)
    by_day = groupby(standing, key=lambda line: line.event.happened_on)
    for number, (day, _) in enumerate(by_day, start=1):
        x = scale.x(day)
        lane = next((n for n, taken in enumerate(lanes) if x - taken >= _APART), len(lanes))
        lanes[lane : lane + 1] = [x]
        yield Dot(number, day, x, _TOP + _LANE * lane)


def _bar(line: ClockLine, view: CaseView, scale: _Scale, y: int) -> Bar:
    clock = line.clock
    start, due = scale.x(clock.due.started_on or clock.due.on), scale.x(clock.due.on)
    ended = clock.met_on or clock.closed_on or (view.today if view.is_open else clock.due.on)
    runs_over = not clock.duty.is_floor and clock.closed_on is None and ended > clock.due.on
    over = round(scale.x(ended) - due, 2) if runs_over else 0.0
    return Bar(line, start, round(max(due - start, 0.4), 2), due, over, y)


def _ticks(scale: _Scale) -> Iterator[Tick]:
    firsts = list(_first_days(scale.first, scale.last))
    step = -(-len(firsts) // _MOST_MONTHS) or 1
    for first in firsts[::step]:
        yield Tick(f"{month_name(first.month)[:3]} {first.year % 100:02d}", scale.x(first))


def _first_days(first: date, last: date) -> Iterator[date]:
    """The first day of each month after the span begins and before it ends."""
    month = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _said(limits: Sequence[ClockLine]) -> str:
    steps = (
        f"{line.clock.duty.label}, due {spoken_date(line.clock.due.on)}: {line.words}."
        for line in limits
    )
    return " ".join([*steps, "Each numbered dot is a day in “What happened”, below."])
