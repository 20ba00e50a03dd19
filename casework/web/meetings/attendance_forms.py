"""The form on which the attendance of a meeting is recorded: a line for each person."""

from collections.abc import Iterator
from typing import Any

from wtforms import Field

from casework.rules.attendance import Guest, Person, Roll
from casework.rules.panels import Attended, PanelAgency
from casework.services.attendance import NewGuest
from casework.web.conflicts import VersionedForm
from casework.web.fields import ChooseOne, SelectOne, TextField

#: How many empty lines there are for those who are no members.
EMPTY_LINES = 3
#: What the button sends by which whoever has no answer yet is present.
EVERYBODY_ELSE = "everybody_else"


class AttendanceForm(VersionedForm):
    """Who came. Its lines are made for one meeting, by `form_for`."""

    accounts: tuple[Person, ...] = ()
    guest_lines: int = 0

    @property
    def lines(self) -> list[tuple[Person, Field]]:
        """Return each person who has an account, with their answer."""
        return [(one, self[f"came_{one.user_id}"]) for one in self.accounts]

    @property
    def guests(self) -> Iterator[tuple[Field, Field, Field]]:
        """Yield the boxes of each line for somebody who is no member: name, agency, as what."""
        for n in range(self.guest_lines):
            yield self[f"guest_{n}_name"], self[f"guest_{n}_agency"], self[f"guest_{n}_as"]

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether every line is whole: somebody who is named speaks for someone."""
        valid: bool = super().validate(extra_validators)
        for name, agency, came_as in self.guests:
            if name.data and not agency.data:
                agency.errors = [*agency.errors, f"Choose for whom {name.data} came"]
            if name.data and not came_as.data:
                came_as.errors = [*came_as.errors, f"Choose as what {name.data} came"]
            if agency.data and not name.data:
                name.errors = [*name.errors, "Enter their name, or choose nobody"]
        return valid and not self.errors

    def attended(self, others: str | None = None) -> dict[int, str]:
        """Return whether each account came, by id; `others` is said of those with no answer."""
        found = {one.user_id: field.data or others for one, field in self.lines}
        return {user_id: came for user_id, came in found.items() if user_id and came}

    def new_guests(self) -> list[NewGuest]:
        """Return those who came and are no members."""
        return [
            NewGuest(name=name.data, agency=agency.data, came_as=came_as.data)
            for name, agency, came_as in self.guests
            if name.data
        ]


def form_for(roll: Roll) -> tuple[type[AttendanceForm], dict[str, Any]]:
    """Return the form for this meeting, and what it holds to begin with."""
    accounts = tuple(one for one in roll.people if one.user_id)
    guests = [one for one in roll.people if not one.user_id]
    fields: dict[str, Any] = {
        f"came_{one.user_id}": ChooseOne(one.name, choices=Attended.choices()) for one in accounts
    }
    held: dict[str, Any] = {f"came_{one.user_id}": one.attended for one in accounts}
    for n in range(len(guests) + EMPTY_LINES):
        fields |= _guest_fields(n)
    for n, guest in enumerate(guests):
        values = {"name": guest.name, "agency": guest.agency, "as": guest.position}
        held |= {f"guest_{n}_{name}": value for name, value in values.items()}
    own = {"accounts": accounts, "guest_lines": len(guests) + EMPTY_LINES}
    return type("MeetingAttendanceForm", (AttendanceForm,), fields | own), held


def _guest_fields(n: int) -> dict[str, Field]:
    return {
        f"guest_{n}_name": TextField("Name"),
        f"guest_{n}_agency": SelectOne("Agency", choices=PanelAgency.choices(), empty="Choose"),
        f"guest_{n}_as": SelectOne("Came", choices=Guest.choices(), empty="Choose"),
    }
