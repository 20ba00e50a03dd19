"""Figures as the lines of a chart's table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from casework.codes import RequestSource
from casework.queries.indicators import NOT_RECORDED
from casework.rules.advisers import SERVICES
from casework.rules.civil_dates import month_name
from casework.rules.figures import Count, Figure, Rate
from casework.rules.indicators import Indicator, Period
from casework.rules.panels import PanelAgency
from casework.rules.xmr import Better, Chart, Reading, chart


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
    "by_provider": ("By provider", "Provider"),
}
_QUALITY = ("What was found in the advice", "Found")
#: What a variant is called, and the caption and heading of the table that it is in.
_VARIANTS = {
    "excluding_nil_returns": ("Without nil returns", ("With and without nil returns", "Advice")),
    "quorate": (
        "Meetings with a quorum",
        ("Places taken, and meetings with a quorum", "Measure"),
    ),
    "needs_found": ("Needs that affect education", _QUALITY),
    "outcomes_smart": ("SMART outcomes", _QUALITY),
    "provision_specific": ("Provision specific and quantified", _QUALITY),
    "child_voice": ("The child’s voice", _QUALITY),
}
#: How many months a chart goes back: a period is often too short to tell a change by.
_CHARTED = 24


def charted(period: Period, today: date) -> Period:
    """Return the months that a chart shows: 24, up to the period's end, or to today before it."""
    last = max(period.first, min(period.last, today))
    months = 12 * last.year + last.month - _CHARTED
    return Period(date(months // 12, months % 12 + 1, 1), last)


def month_chart(
    found: Mapping[tuple[int, int], Rate], period: Period, indicator: Indicator
) -> Chart:
    """Return the chart of a rate month by month, from the first month of a period with an item.

    A month with none after it is a gap.
    """
    better: Better | None = {True: "higher", False: "lower", None: None}[indicator.higher_is_better]
    counted = [month for month in _months_of(period) if month >= min(found, default=month)]
    return chart([_reading(found, period, *month) for month in counted], better=better)


def _months_of(period: Period) -> list[tuple[int, int]]:
    first = 12 * period.first.year + period.first.month - 1
    last = 12 * period.last.year + period.last.month - 1
    return [(number // 12, number % 12 + 1) for number in range(first, last + 1)]


def _reading(
    found: Mapping[tuple[int, int], Rate], period: Period, year: int, month: int
) -> Reading:
    label = f"{month_name(month)} {year}"
    is_last = (year, month) == (period.last.year, period.last.month)
    if is_last and (period.last + timedelta(days=1)).month == month:
        label += " so far"
    rate = found.get((year, month), Rate(0, 0))
    return Reading(label, rate.percent, _in_words(rate))


def month_counts(found: Mapping[tuple[int, int], Rate]) -> Table:
    """Return a count month by month; a month with no item has no line."""
    counts = {
        f"{month_name(month)} {year}": rate.denominator for (year, month), rate in found.items()
    }
    return Table("Month by month", "Month", _count_bars(counts))


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
    tables: dict[tuple[str, str], dict[str, Rate]] = {}
    for name, other in rate.variants.items():
        words, table = _VARIANTS[name]
        tables.setdefault(table, {"All": rate})[words] = other
    return [Table(*table, _rate_bars(rates)) for table, rates in tables.items()]


def _rate_bars(rates: Mapping[str, Rate]) -> tuple[Bar, ...]:
    return tuple(Bar(label, rate.percent, _in_words(rate)) for label, rate in rates.items())


def _in_words(rate: Rate) -> str:
    if rate.percent is None:
        return "None"
    return f"{rate.percent}% ({rate.numerator:,} of {rate.denominator:,})"


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
