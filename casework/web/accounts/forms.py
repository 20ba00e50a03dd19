"""The form of an account: who it is for, and what it may do."""

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import SubmitField

from casework import clock
from casework.access import Role
from casework.queries import advice_services
from casework.web.fields import ChooseOne, Given, SelectOne, TextField, Tick, offer

_TYPED = ("name", "email", "role", "team", "service", "takes_complex_cases")


class AccountForm(FlaskForm):
    """Who may sign in, in which role; the service checks what only the records can tell."""

    name = TextField("Full name", validators=[Given("Enter their full name")])
    email = TextField(
        "Work email address",
        longest=254,
        validators=[Given("Enter their work email address")],
        render_kw={"type": "email"},
    )
    role = ChooseOne(
        "Role",
        description="A new role signs them out, and holds from when they sign in again.",
        choices=Role.choices(),
        validators=[Given("Choose a role")],
    )
    service = SelectOne(
        "Service (for a member of a service that gives advice)",
        description="They see the cases in which this service was asked, and no others.",
        empty="None",
    )
    team = TextField(
        "Team (optional)", longest=100, description="A team that has not been named before is made."
    )
    takes_complex_cases = Tick("Takes complex cases")
    submit = SubmitField("Save", widget=GovSubmitInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.service.choices = offer(advice_services.choices(clock.today()))

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that casework.services.accounts takes."""
        return {name: value for name, value in self.data.items() if name in _TYPED}
