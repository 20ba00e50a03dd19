"""The code that opens a family's page."""

from flask_wtf import FlaskForm

from casework.rules.family_links import CODE_FIGURES
from casework.web.fields import Given, TextField


class CodeForm(FlaskForm):
    """A one-time code, typed as it was read out or written."""

    code = TextField(
        "Your code",
        description=f"It has {CODE_FIGURES} numbers. It is in our letter, or we told you on the "
        "phone",
        validators=[Given("Enter your code")],
    )
