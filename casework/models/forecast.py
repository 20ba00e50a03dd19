"""What is likely to come of an open case, and the history that says so. Answers, not facts."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import Model


class Forecast(Model):
    """When the final plan of one open case is likely. casework.services.forecasts writes it."""

    __tablename__ = "forecast"
    __table_args__ = (CheckConstraint("chance BETWEEN 0 AND 100", name="chance_is_a_percentage"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("ehc_case.id"), primary_key=True)
    worked_out_on: Mapped[date]
    #: The limit of the final plan that it is held against.
    due_on: Mapped[date]
    #: The day by which as many such cases were done as were not.
    likely_on: Mapped[date]
    #: The days by which a quarter, and three quarters, were done.
    early_on: Mapped[date]
    late_on: Mapped[date]
    #: How many of a hundred such cases were done by the limit.
    chance: Mapped[int]
    #: The remaining step that is likely to take longest: a key of casework.rules.forecast.STEPS,
    #: or "advice:" and a key of casework.rules.advisers.SERVICES ("advice:any" for all of them).
    costs_most: Mapped[str] = mapped_column(String(60))
    #: How many days more that step usually takes, from today; 0 where it is the present step and
    #: has lasted longer than history can tell, so that every day here is the earliest it can be.
    costs_days: Mapped[int]
    #: Whether the authority's own history said so, or a stated fallback had to stand in.
    is_own_history: Mapped[bool]


class ForecastCurve(Model):
    """How long one step took in the past: of those begun, the share still not done by each day."""

    __tablename__ = "forecast_curve"

    #: As in Forecast.costs_most.
    step: Mapped[str] = mapped_column(String(60), primary_key=True)
    #: How many were begun, and how many of them are done.
    begun: Mapped[int]
    done: Mapped[int]
    #: JSON: pairs of days since the step began and the share still not done after them.
    curve: Mapped[str] = mapped_column(Text)
    from_day: Mapped[date]
    until_day: Mapped[date]
    is_own_history: Mapped[bool]
