"""Small numbers kept from those who may not see cases: 1 to 5 of anything could be known children.

A number is also kept back where it could be worked out from others that are shown. What is kept
back is None in its figure; nought is shown, since it is nobody. Breakdowns are left out whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from casework.rules.figures import Ageing, Count, Figure, NotCollected, Rate, Spread
from casework.rules.indicators import Period

SMALL: Final = range(1, 6)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as an outsider may see it: None is a number that is kept back."""

    numerator: int | None = None
    denominator: int | None = None
    percent: float | None = None
    count: int | None = None
    oldest_weeks: float | None = None
    mean: float | None = None
    median: float | None = None
    over_52: int | None = None


def quarters(today: date, how_many: int = 8) -> list[Period]:
    """Return the last whole quarters of the calendar year, the newest first.

    Spans that overlap would give small numbers away by subtraction, so only these are offered.
    """
    first = date(today.year, today.month - (today.month - 1) % 3, 1)
    found: list[Period] = []
    while len(found) < how_many:
        last = first - timedelta(days=1)
        first = date(last.year, last.month - 2, 1)
        found.append(Period(first, last))
    return found


def suppressed(figures: Mapping[str, Figure]) -> dict[str, Shown | NotCollected]:
    """Return the figures as an outsider may see them, by id."""
    shown: dict[str, Any] = {name: _alone(figure) for name, figure in figures.items()}
    if _plans_give_away(figures):
        shown["plans_20w_exc"] = shown["exceptions_share"] = Shown()
    if _late_give_away(figures):
        shown["weeks_to_plan"] = replace(shown["weeks_to_plan"], over_52=None)
    if _schools_give_away(figures):
        shown["graduated_approach"] = Shown()
    return shown


def _is_small(*numbers: int) -> bool:
    return any(number in SMALL for number in numbers)


def _alone(figure: Figure) -> Shown | NotCollected:
    match figure:
        case NotCollected():
            return figure
        case Rate():
            return _rate(figure)
        case Count():
            return Shown() if _is_small(figure.count) else Shown(count=figure.count)
        case Ageing():
            if _is_small(figure.count):
                return Shown()
            return Shown(count=figure.count, oldest_weeks=figure.oldest_weeks)
        case Spread():
            if _is_small(figure.count):
                return Shown()
            over = figure.over_52
            shown = Shown(count=figure.count, mean=figure.mean, median=figure.median, over_52=over)
            is_kept = _is_small(over, figure.count - over)
            return replace(shown, over_52=None) if is_kept else shown


def _rate(rate: Rate) -> Shown:
    if _is_small(rate.denominator):
        return Shown()
    if _is_small(rate.numerator, rate.denominator - rate.numerator):
        return Shown(denominator=rate.denominator)
    return Shown(numerator=rate.numerator, denominator=rate.denominator, percent=rate.percent)


def _plans_give_away(figures: Mapping[str, Figure]) -> bool:
    """Whether taking the plans without exceptions from all plans would leave a small number."""
    every, unexcepted = figures["plans_20w_inc"], figures["plans_20w_exc"]
    if not (isinstance(every, Rate) and isinstance(unexcepted, Rate)):
        return True
    excepted = every.denominator - unexcepted.denominator
    in_time = every.numerator - unexcepted.numerator
    return _is_small(excepted, in_time, excepted - in_time)


def _late_give_away(figures: Mapping[str, Figure]) -> bool:
    """Whether taking the plans over 52 weeks from the late ones would leave a small number."""
    every, taken = figures["plans_20w_inc"], figures["weeks_to_plan"]
    if not (isinstance(every, Rate) and isinstance(taken, Spread)):
        return True
    return _is_small(every.denominator - every.numerator - taken.over_52)


def _schools_give_away(figures: Mapping[str, Figure]) -> bool:
    """Whether taking schools' requests from all requests would leave a small number."""
    every, schools = figures["requests_received"], figures["graduated_approach"]
    if not (isinstance(every, Count) and isinstance(schools, Rate)):
        return True
    return _is_small(every.count - schools.denominator)
