"""For which period the figures are asked."""

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from werkzeug.datastructures import MultiDict
from wtforms import SubmitField

from casework.rules.civil_dates import month_name
from casework.rules.indicators import Period
from casework.rules.suppression import quarters
from casework.web.fields import DayField, Given, SelectOne


class PeriodForm(FlaskForm):
    """Any period, first and last day included. Asked for by address."""

    class Meta:
        """It changes nothing, so it needs no token."""

        csrf = False

    first = DayField(
        "First day", name="from", future=True, validators=[Given("Enter the first day")]
    )
    last = DayField("Last day", name="to", future=True, validators=[Given("Enter the last day")])
    submit = SubmitField("Show", widget=GovSubmitInput())

    def __init__(
        self, asked: "MultiDict[str, str]", today: date, default: Period | None = None
    ) -> None:
        default = default or this_year(today)
        is_asked = bool({"from", "to"} & asked.keys())
        super().__init__(asked if is_asked else None, data=vars_of(default))

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a period that ends before it begins."""
        if not super().validate(extra_validators):
            return False
        try:
            self.period()
        except ValueError as error:
            self.last.errors = [*self.last.errors, str(error)]
            return False
        return True

    def period(self) -> Period:
        """Return the period asked for. Raises ValueError where it ends before it begins."""
        first, last = self.first.data, self.last.data
        if first is None or last is None:
            raise ValueError("Enter the first and the last day")
        return Period(first, last)


class QuarterForm(FlaskForm):
    """One whole quarter, for those from whom small numbers are kept."""

    class Meta:
        """It changes nothing, so it needs no token."""

        csrf = False

    quarter = SelectOne("Quarter", validators=[Given("Choose a quarter")])
    submit = SubmitField("Show", widget=GovSubmitInput())

    def __init__(self, asked: "MultiDict[str, str]", today: date) -> None:
        self._offered = {in_address(period): period for period in quarters(today)}
        newest = next(iter(self._offered))
        super().__init__(asked if "quarter" in asked else None, data={"quarter": newest})
        self.quarter.choices = [(key, in_words(p)) for key, p in self._offered.items()]

    def period(self) -> Period:
        """Return the quarter asked for, once it has been validated."""
        return self._offered[self.quarter.data]


def this_year(today: date) -> Period:
    """Return the calendar year so far, by which the SEN2 return and the DfE's figures count."""
    return Period(date(today.year, 1, 1), today)


def vars_of(period: Period) -> dict[str, date]:
    """Return a period as the form's data."""
    return {"first": period.first, "last": period.last}


def in_address(period: Period) -> str:
    """Return a quarter as an address holds it: "2026-3"."""
    return f"{period.first.year}-{(period.first.month + 2) // 3}"


def in_words(period: Period) -> str:
    """Return a quarter as people say it: "July to September 2026"."""
    first, last = period.first, period.last
    return f"{month_name(first.month)} to {month_name(last.month)} {last.year}"
