"""`casework indicators`: the figures of a period, as a table or as data."""

import json
from collections.abc import Mapping
from datetime import date, datetime

import click

from casework import current
from casework.cli.application import migrated_application
from casework.queries import indicators as queries
from casework.rules.figures import Ageing, Count, Figure, NotCollected, Rate, Spread
from casework.rules.indicators import INDICATORS, Period

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command
@click.option("--from", "first", type=_DAY, required=True, help="First day, as 2025-01-01.")
@click.option("--to", "last", type=_DAY, required=True, help="Last day, as 2025-12-31.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def indicators(first: datetime, last: datetime, as_json: bool) -> None:
    """Count the indicators of a period, first and last day included."""
    try:
        period = Period(first.date(), last.date())
    except ValueError as error:
        raise click.UsageError(f"{error}.") from error
    with migrated_application():
        found = queries.figures(
            period, leave_out_overturned=current.settings().leave_out_overturned
        )
    if as_json:
        click.echo(json.dumps(document(period, found), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_table(period, found)))


def document(period: Period, found: Mapping[str, Figure]) -> dict[str, object]:
    """Return the figures of a period as one JSON document."""
    return {
        "period": {"from": period.first.isoformat(), "to": period.last.isoformat()},
        "indicators": {name: figure.as_json() for name, figure in found.items()},
    }


def _table(period: Period, found: Mapping[str, Figure]) -> list[str]:
    titles = {name: INDICATORS[name].title for name in found}
    width = max(map(len, titles.values())) + 2
    lines = [f"{_spoken(period.first)} to {_spoken(period.last)}", ""]
    lines += [f"{titles[name]:<{width}}{_in_words(found[name])}" for name in found]
    return lines


def _spoken(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _in_words(figure: Figure) -> str:
    match figure:
        case Rate():
            share = "none" if figure.percent is None else f"{figure.percent}%"
            return f"{share:>7}  {figure.numerator:,} of {figure.denominator:,}"
        case Count():
            return f"{figure.count:>7,}"
        case Spread(mean=None):
            return f"{'none':>7}"
        case Spread():
            return f"{figure.mean:>7}  mean, {figure.median} median, {figure.over_52:,} over 52"
        case Ageing(oldest_weeks=None):
            return f"{figure.count:>7,}"
        case Ageing():
            return f"{figure.count:>7,}  the oldest {figure.oldest_weeks} weeks"
        case NotCollected():
            return f"{'–':>7}  not collected yet"
