"""The form of an account: who it is for, and what it may do."""

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextInput,
)
from wtforms import BooleanField, RadioField, SelectField, StringField, SubmitField
from wtforms.validators import InputRequired

from casework.access import Role
from casework.rules.advisers import SERVICES


class AccountForm(FlaskForm):
    """Who may sign in, in which role; the service checks what only the records can tell."""

    name = StringField(
        "Full name", widget=GovTextInput(), validators=[InputRequired("Enter their full name")]
    )
    email = StringField(
        "Work email address",
        widget=GovTextInput(),
        validators=[InputRequired("Enter their work email address")],
        render_kw={"type": "email", "params": {"spellcheck": False}},
    )
    role = RadioField(
        "Role",
        description="A new role signs them out, and holds from when they sign in again.",
        widget=GovRadioInput(),
        choices=Role.choices(),
        validators=[InputRequired("Choose a role")],
    )
    team = StringField(
        "Team (optional)",
        description="A team that has not been named before is made.",
        widget=GovTextInput(),
    )
    service = SelectField(
        "Service (for a member of a service that gives advice)",
        description="They see the cases in which this service was asked, and no others.",
        widget=GovSelect(),
        choices=[("", "None"), *((key, service.words) for key, service in SERVICES.items())],
    )
    takes_complex_cases = BooleanField("Takes complex cases", widget=GovCheckboxInput())
    submit = SubmitField("Save", widget=GovSubmitInput())

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that casework.services.accounts takes."""
        return {name: value for name, value in self.data.items() if name in _TYPED}


_TYPED = ("name", "email", "role", "team", "service", "takes_complex_cases")
