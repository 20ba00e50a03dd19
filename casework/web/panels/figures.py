"""What a panel's own page says of its work in a period."""

from datetime import date, timedelta
from typing import Any

from flask import request

from casework import clock
from casework.access import Seat
from casework.queries import panel_figures
from casework.rules.indicators import Period
from casework.web.indicators import tables
from casework.web.indicators.forms import PeriodForm

_A_YEAR = timedelta(days=365)


def figures_of(panel_id: int, seat: Seat) -> dict[str, Any]:
    """Return the figures of a panel for the period asked for, or the last twelve months.

    A member is told how the panel sat. What became of cases is for those who see every meeting:
    small numbers would tell a member of cases that are closed to them.
    """
    today = clock.today()
    form = PeriodForm(request.args, today, last_year(today))
    found: dict[str, Any] = {"period_form": form, "sees_cases": seat.sees_all}
    if not form.validate():
        return found
    period = form.period()
    sat = panel_figures.sat(panel_id, period)
    found |= {"period": period, "sat": sat}
    found["by_agency"] = tables.by_agency(sat.by_agency, "Attendance by agency")
    if seat.sees_all:
        found["did"] = panel_figures.did(panel_id, period)
    return found


def last_year(today: date) -> Period:
    """Return the twelve months up to a day."""
    return Period(today - _A_YEAR + timedelta(days=1), today)
