"""Figures as the lines of a chart's table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.codes import RequestSource
from casework.queries.indicators import NOT_RECORDED
from casework.rules.advisers import SERVICES
from casework.rules.civil_dates import month_name
from casework.rules.figures import Count, Figure, Rate
from casework.rules.indicators import Indicator, Period, Unit
from casework.rules.panels import PanelAgency


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: how long its bar is, in a hundred, and its figure in words.

    `length` is None where there is no figure, which is not the same as nought.
    """

    label: str
    length: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """A chart: its caption, what its first column holds, and its lines."""

    caption: str
    heading: str
    bars: tuple[Bar, ...]


_TITLES = {
    "by_service": ("By service", "Service"),
    "by_source": ("By who asked", "Who asked"),
    "by_setting": ("By school or setting", "School or setting"),
    "by_school_year": ("By school year", "School year"),
    "by_agency": ("By agency", "Agency"),
}
#: What a variant is called, the words for the whole beside it, and the table that holds the two.
_VARIANTS = {
    "excluding_nil_returns": ("Without nil returns", "With and without nil returns", "Advice"),
    "quorate": ("Meetings with a quorum", "Places taken, and meetings with a quorum", "Measure"),
}


def months(found: Mapping[tuple[int, int], Rate], indicator: Indicator) -> Table:
    """Return a figure month by month; a month with no item has no line."""
    labels = {f"{month_name(month)} {year}": rate for (year, month), rate in found.items()}
    if indicator.unit is Unit.COUNT:
        counts = {label: rate.denominator for label, rate in labels.items()}
        return Table("Month by month", "Month", _count_bars(counts))
    return Table("Month by month", "Month", _rate_bars(labels))


def by_agency(rates: Mapping[str, Rate], caption: str) -> Table:
    """Return the rates of the agencies that sit on panels, a line each."""
    bars = _rate_bars({_label("by_agency", key): rate for key, rate in rates.items()})
    return Table(caption, "Agency", bars)


def breakdowns(figure: Figure) -> list[Table]:
    """Return a table for each way in which a figure is broken down."""
    match figure:
        case Rate():
            return _variants(figure) + [
                Table(*_TITLES[name], _rate_bars({_label(name, k): r for k, r in rates.items()}))
                for name, rates in figure.parts.items()
                if rates
            ]
        case Count():
            return [
                Table(*_TITLES[name], _count_bars({_label(name, k): n for k, n in counts.items()}))
                for name, counts in figure.parts.items()
                if counts
            ]
        case _:
            return []


def links(today: date) -> list[tuple[str, Period]]:
    """Return the periods most asked for, in words."""
    year = today.year
    began = year if today.month >= 9 else year - 1
    return [
        (f"{year} so far", Period(date(year, 1, 1), today)),
        (str(year - 1), Period(date(year - 1, 1, 1), date(year - 1, 12, 31))),
        ("This school year so far", Period(date(began, 9, 1), today)),
        ("Last school year", Period(date(began - 1, 9, 1), date(began, 8, 31))),
    ]


def _variants(rate: Rate) -> list[Table]:
    return [
        Table(caption, heading, _rate_bars({"All": rate, words: other}))
        for name, other in rate.variants.items()
        for words, caption, heading in [_VARIANTS[name]]
    ]


def _rate_bars(rates: Mapping[str, Rate]) -> tuple[Bar, ...]:
    return tuple(
        Bar(label, rate.percent, f"{rate.percent}% ({rate.numerator:,} of {rate.denominator:,})")
        if rate.percent is not None
        else Bar(label, None, "None")
        for label, rate in rates.items()
    )


def _count_bars(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    most = max(counts.values(), default=0) or 1
    return tuple(
        Bar(label, round(100 * count / most, 1), f"{count:,}") for label, count in counts.items()
    )


def _label(name: str, key: str) -> str:
    if key == NOT_RECORDED:
        return NOT_RECORDED.capitalize()
    if name == "by_service":
        return SERVICES[key].words
    if name == "by_agency":
        return PanelAgency(key).words
    return RequestSource(key).words if name == "by_source" else key
