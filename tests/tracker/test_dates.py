"""Days as people type them: every form reads back, and only what is no day is refused."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.tracker.cells import UnworkedFormula
from casework.tracker.dates import EPOCH_1900, EPOCH_1904, NotADay, read_day

THIRD_OF_APRIL = date(2025, 4, 3)
MONTHS = "January February March April May June July August September October November December"


def month(day: date) -> str:
    return MONTHS.split()[day.month - 1]


def ordinal(number: int) -> str:
    if number in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def full_width(text: str) -> str:
    return "".join(chr(ord(x) + 0xFEE0) if x.isdigit() else x for x in text)


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FORMS: dict[str, Callable[[date], str]] = {
    "slashes": lambda d: f"{d.day:02}/{d.month:02}/{d.year}",
    "no noughts": lambda d: f"{d.day}/{d.month}/{d.year}",
    "stops": lambda d: f"{d.day}.{d.month}.{d.year}",
    "hyphens": lambda d: f"{d.day}-{d.month}-{d.year}",
    "a long dash": lambda d: f"{d.day}\u2013{d.month}\u2013{d.year}",
    "spaces": lambda d: f"{d.day:02} {d.month:02} {d.year}",
    "backslashes": lambda d: f"{d.day}\\{d.month}\\{d.year}",
    "month's name": lambda d: f"{d.day} {month(d)} {d.year}",
    "short month": lambda d: f"{d.day:02}-{month(d)[:3]}-{d.year}",
    "short month in capitals": lambda d: f"{d.day}{month(d)[:3].upper()}{d.year}",
    "month with a stop": lambda d: f"{d.day} {month(d)[:3]}. {d.year}",
    "ordinal": lambda d: f"{ordinal(d.day)} {month(d)} {d.year}",
    "ordinal of": lambda d: f"the {ordinal(d.day)} of {month(d)}, {d.year}".removeprefix("the "),
    "weekday": lambda d: f"{WEEKDAYS[d.weekday()]}, {d.day} {month(d)} {d.year}",
    "short weekday": lambda d: f"{WEEKDAYS[d.weekday()][:3]} {d.day}/{d.month}/{d.year}",
    "month first by name": lambda d: f"{month(d)} {d.day}, {d.year}",
    "ISO": lambda d: d.isoformat(),
    "ISO with a time": lambda d: f"{d.isoformat()}T00:00:00",
    "ISO by slashes": lambda d: d.isoformat().replace("-", "/"),
    "ISO week": lambda d: "{}-W{:02}-{}".format(*d.isocalendar()),
    "year first": lambda d: f"{d.year:04}{d.month:02}{d.day:02}",
    "figures alone": lambda d: f"{d.day:02}{d.month:02}{d.year}",
    "a time after": lambda d: f"{d.day}/{d.month}/{d.year} 23:59:59",
    "half past after": lambda d: f"{d.day} {month(d)[:3]} {d.year} at 9.30am",
    "full-width figures": lambda d: full_width(f"{d.day}/{d.month}/{d.year}"),
    "spaces about": lambda d: f" \u00a0{d.day}/{d.month}/{d.year}\t",
    "a stop at the end": lambda d: f"{d.day}.{d.month}.{d.year}.",
}
SHORT_FORMS: dict[str, Callable[[date], str]] = {
    "stops": lambda d: f"{d.day}.{d.month}.{d.year % 100:02}",
    "slashes": lambda d: f"{d.day:02}/{d.month:02}/{d.year % 100:02}",
    "short month": lambda d: f"{d.day}-{month(d)[:3]}-{d.year % 100:02}",
    "ordinal": lambda d: f"{ordinal(d.day)} {month(d)[:3]} {d.year % 100:02}",
    "an apostrophe": lambda d: f"{d.day} {month(d)[:3]} \u2019{d.year % 100:02}",
    "figures alone": lambda d: f"{d.day:02}{d.month:02}{d.year % 100:02}",
    "run together": lambda d: f"{d.day}{month(d)[:3].lower()}{d.year % 100:02}",
}


@pytest.mark.parametrize("form", FORMS)
@given(day=st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_reads_back_however_it_is_typed(form: str, day: date) -> None:
    assert read_day(FORMS[form](day)) == day


@pytest.mark.parametrize("form", SHORT_FORMS)
@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_year_of_two_figures_is_in_this_century(form: str, day: date) -> None:
    assert read_day(SHORT_FORMS[form](day)) == day


@given(day=st.dates(date(1980, 1, 1), date(2099, 12, 31)), hour=st.floats(0, 0.999))
def test_a_serial_number_counts_from_the_workbooks_own_day(day: date, hour: float) -> None:
    for epoch in (EPOCH_1900, EPOCH_1904):
        serial = (day - epoch).days
        assert read_day(serial, epoch) == day
        assert read_day(serial + hour, epoch) == day
        assert read_day(str(serial), epoch) == day


def test_the_two_counts_are_four_years_and_a_day_apart() -> None:
    assert read_day(43862) == date(2020, 2, 1)
    assert read_day(43862 - 1462, EPOCH_1904) == date(2020, 2, 1)


@pytest.mark.parametrize("number", [20250403, 3042025, 130425])
def test_a_day_typed_as_figures_may_have_become_a_number(number: int) -> None:
    assert read_day(number) == {20250403: THIRD_OF_APRIL, 3042025: THIRD_OF_APRIL}.get(
        number, date(2025, 4, 13)
    )


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (THIRD_OF_APRIL, THIRD_OF_APRIL),
        (datetime.fromisoformat("2025-04-03T23:59:59"), THIRD_OF_APRIL),
        ("2025-04-02T23:30:00Z", THIRD_OF_APRIL),  # half past midnight, summer time in London
        ("2025-01-02T23:30:00Z", date(2025, 1, 2)),
        ("2025-04-03T00:30:00+01:00", THIRD_OF_APRIL),
        ("03/04/2025", THIRD_OF_APRIL),  # never 4 March
        ("29.2.24", date(2024, 2, 29)),
        ("1-Sept-2025", date(2025, 9, 1)),
        ("3.8.95", date(2095, 8, 3)),
    ],
)
def test_a_day_is_read(cell: datetime | date | str, day: date) -> None:
    assert read_day(cell) == day


@pytest.mark.parametrize("cell", [None, "", " ", "\u00a0", "\u200b", "\t\n"])
def test_an_empty_cell_is_no_day_and_no_mistake(cell: str | None) -> None:
    assert read_day(cell) is None


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("31/02/2024", "31 February 2024 is not a day that exists"),
        ("29/2/2025", "29 February 2025 is not a day that exists"),
        ("31 Apr 25", "31 April 2025 is not a day that exists"),
        ("0/4/2025", "0 April 2025 is not a day"),
        ("3/0/2025", "3 month 0 2025 is not a day"),
        ("04/13/2025", "has no month 13: the day comes first"),
        ("3/4/0026", "has the year 0026"),
        ("3/4/2999", "has the year 2999"),
        ("3/4/202", "is not a date"),
        ("n/a", "“n/a” is not a date"),
        ("tbc", "“tbc” is not a date"),
        ("see notes 3/4/25", "is not a date"),
        ("April 2025", "has no day of the month"),
        ("04/2025", "has no day of the month"),
        ("3 April", "has no year"),
        ("3.4", "has no year"),
        ("2025-W60-1", "is not a day that exists"),
        ("2025-04-03T23:59:60Z", "is not a day that exists"),
        ("#VALUE!", "is not a date"),
        ("x" * 40_000, "…” is not a date"),
        ("1" * 40_000, "…” is not a date"),
        (2025, "2025 is a number, not a date"),
        (3.4, "3.4 is a number"),
        (-5, "is a number"),
        (10**12, "is a number"),
        (float("nan"), "is a number"),
        (float("inf"), "is a number"),
        (True, "“TRUE” is not a date"),
        (time(0, 0), "is a time, not a day"),
        (timedelta(hours=3), "is a time, not a day"),
        (datetime.fromisoformat("1899-12-31"), "has the year 1899"),
        (UnworkedFormula("=TODAY()"), "formula has no result"),
    ],
)
def test_what_is_no_day_is_refused_with_what_to_write(cell: object, said: str) -> None:
    with pytest.raises(NotADay, match=said.replace("(", r"\(")) as refusal:
        read_day(cell)  # type: ignore[arg-type]
    assert len(str(refusal.value)) < 200


@given(st.text(max_size=30) | st.floats() | st.integers())
def test_any_cell_is_a_day_or_is_refused(cell: str | float) -> None:
    try:
        day = read_day(cell)
    except NotADay:
        return
    assert day is None or 1900 <= day.year <= 2199
