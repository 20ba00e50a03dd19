"""The forms of signing in and of one's own password."""

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import EqualTo, InputRequired

from casework.services.passwords import HINT


def _autocomplete(word: str) -> dict[str, Any]:
    return {"params": {"autocomplete": word}}


class SignInForm(FlaskForm):
    """Who, and their password."""

    email = StringField(
        "Email address",
        widget=GovTextInput(),
        validators=[InputRequired("Enter your email address")],
        render_kw={
            "type": "email",
            "params": {"autocomplete": "username", "spellcheck": False, "inputmode": "email"},
        },
    )
    password = PasswordField(
        "Password",
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter your password")],
        render_kw=_autocomplete("current-password"),
    )
    submit = SubmitField("Sign in", widget=GovSubmitInput())


class ChangePasswordForm(FlaskForm):
    """The present password, and the new one twice."""

    current_password = PasswordField(
        "Present password",
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter your present password")],
        render_kw=_autocomplete("current-password"),
    )
    new_password = PasswordField(
        "New password",
        description=HINT,
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter a new password")],
        render_kw=_autocomplete("new-password"),
    )
    new_password_again = PasswordField(
        "New password again",
        widget=GovPasswordInput(),
        validators=[
            InputRequired("Enter the new password again"),
            EqualTo("new_password", "The two new passwords are not the same"),
        ],
        render_kw=_autocomplete("new-password"),
    )
    submit = SubmitField("Change password", widget=GovSubmitInput())
