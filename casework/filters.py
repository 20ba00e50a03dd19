"""How templates write days, instants and numbers of things: the way GOV.UK writes them."""

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from flask import Flask

from casework.rules.civil_dates import LONDON, spoken, spoken_date, spoken_time


def init_app(app: Flask) -> None:
    """Let templates write `{{ case.started_on | day }}`."""
    app.jinja_env.filters.update(
        day=day,
        weekday=weekday,
        typed=typed,
        moment=moment,
        clock_time=clock_time,
        counted=counted,
        lower_first=lower_first,
        upper_first=upper_first,
        file_size=file_size,
        one_decimal=one_decimal,
    )


def day(value: date | None, otherwise: str = "Not recorded") -> str:
    """Return "2 March 2026", or the other words where there is no day."""
    return spoken_date(value) if value else otherwise


def typed(value: date) -> str:
    """Return a day as a person types it into a box: "2/3/2026"."""
    return f"{value.day}/{value.month}/{value.year}"


def weekday(value: date | None, otherwise: str = "Not recorded") -> str:
    """Return "Monday 2 March 2026", or the other words where there is no day."""
    return spoken(value) if value else otherwise


def moment(instant: datetime | None) -> str:
    """Return an instant by London's clock: "23 November 2026 at 2:05pm"; "Never" for None."""
    if instant is None:
        return "Never"
    here = instant.astimezone(LONDON)
    return f"{spoken_date(here.date())} at {spoken_time(here.time())}"


def clock_time(value: time) -> str:
    """Return a time of day: "9:30am"."""
    return spoken_time(value)


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 case", "1,204 cases"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def file_size(octets: int) -> str:
    """Return how large a file is, in the decimal units that people's machines show: "2.4 MB"."""
    if octets < 1000:
        return f"{octets} bytes"
    return f"{octets / 1000:,.0f} kB" if octets < 950_000 else f"{octets / 1_000_000:,.1f} MB"


def upper_first(words: str) -> str:
    """Return the words as they begin a sentence: "Every day at 5:45am"."""
    return words[:1].upper() + words[1:]


def lower_first(words: str) -> str:
    """Return the words as they follow others in a sentence: "send the final plan"."""
    return words[:1].lower() + words[1:]


def one_decimal(value: float) -> str:
    """Return a number to one decimal place, rounded half up: "78.3"."""
    return f"{Decimal(str(value)).quantize(Decimal('0.1'), ROUND_HALF_UP):,}"
