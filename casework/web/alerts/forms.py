"""Quiet about a case, and who is told in a person's place."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from flask_wtf import FlaskForm

from casework.queries import absences
from casework.web.fields import ChooseOne, DayField, Given, SelectOne, offer
from casework.web.guards import viewer

_UNTIL, _FOR_GOOD = "until", "for good"
_LAST_DAY: Final = "For example, 27/3/2026"


class _UntilForm(FlaskForm):
    """A last day, or none; a subclass says in its own words which is which."""

    how_long: Any
    until_day: Any

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the last day where one is needed."""
        passed = super().validate(extra_validators)
        if self.how_long.data == _UNTIL and not (self.until_day.data or self.until_day.errors):
            self.until_day.errors = [*self.until_day.errors, "Enter the last day"]
            return False
        return bool(passed)

    @property
    def last_day(self) -> date | None:
        """Return the last day; None where it has none."""
        day: date | None = self.until_day.data if self.how_long.data == _UNTIL else None
        return day


class QuietForm(_UntilForm):
    """Until when the alerts of a case are held back."""

    how_long = ChooseOne(
        "How long do you want no alerts of this case?",
        [Given("Choose how long you want no alerts")],
        choices=[(_UNTIL, "Until a day"), (_FOR_GOOD, "Until I ask for them again")],
    )
    until_day = DayField(
        "Last day without alerts", description=_LAST_DAY, future=True, offers_today=False
    )

    @staticmethod
    def of(until_day: date | None) -> dict[str, Any]:
        """Return what the form holds for a pause that stands."""
        return {"how_long": _UNTIL if until_day else _FOR_GOOD, "until_day": until_day}


class CoverForm(_UntilForm):
    """Who is told in whose place, from when and until when."""

    person = SelectOne("Whose alerts?", [Given("Choose whose alerts")])
    cover = SelectOne(
        "Who is told instead?", [Given("Choose who is told instead")], empty="Choose a person"
    )
    how_long = ChooseOne(
        "How long?",
        [Given("Choose how long")],
        choices=[(_UNTIL, "Until a last day, such as for leave"), (_FOR_GOOD, "For good")],
    )
    from_day = DayField("First day", [Given("Enter the first day")], future=True)
    until_day = DayField("Last day", description=_LAST_DAY, future=True, offers_today=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.public_id: one for one in absences.people_of(viewer())}
        self.covers = {one.public_id: one for one in absences.able_to_cover()}
        self.person.choices = offer(self._names(list(self.people.values())))
        self.cover.choices = offer(self._names(list(self.covers.values())))

    def _names(self, people: Sequence[Any]) -> list[tuple[str, str]]:
        me = viewer().user_id
        return [
            (one.public_id, f"{one.name} (you)" if one.id == me else one.name) for one in people
        ]
