"""For which days the dashboard is asked: the quarter so far, unless others are given."""

from datetime import date, timedelta

from flask import request

from casework import clock
from casework.rules.indicators import Period
from casework.web.indicators.forms import PeriodForm


def asked() -> tuple[PeriodForm, Period | None]:
    """Return the form and the period, None where it cannot be read.

    What has not fallen due yet is not counted, so a period ends today at the latest.
    """
    today = clock.today()
    form = PeriodForm(request.args, today, quarter_so_far(today))
    if not form.validate():
        return form, None
    period = form.period()
    if period.first > today:
        form.first.errors = [*form.first.errors, "The first day must be today or in the past"]
        return form, None
    return form, Period(period.first, min(period.last, today))


def offered(today: date) -> list[tuple[str, Period]]:
    """Return the periods most asked for, in words."""
    quarter, month, year = quarter_so_far(today), month_of(today), _year_of(today)
    return [
        ("This quarter", quarter),
        ("Last quarter", _quarter_of(quarter.first - timedelta(days=1))),
        ("This month", Period(month.first, today)),
        ("Last month", month_of(month.first - timedelta(days=1))),
        ("This year", Period(year.first, today)),
        ("Last year", _year_of(year.first - timedelta(days=1))),
    ]


def quarter_so_far(today: date) -> Period:
    """Return the quarter of the calendar year up to today."""
    return Period(_quarter_of(today).first, today)


def month_of(day: date) -> Period:
    """Return the whole month of the calendar that a day is in."""
    return Period(day.replace(day=1), _last_of_month(day))


def months_before(last: date, how_many: int) -> Period:
    """Return so many months of the calendar, the last of them that of a day, up to the day."""
    months = last.year * 12 + last.month - how_many
    return Period(date(months // 12, months % 12 + 1, 1), last)


def _quarter_of(day: date) -> Period:
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    return Period(first, _last_of_month(first.replace(month=first.month + 2)))


def _year_of(day: date) -> Period:
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
