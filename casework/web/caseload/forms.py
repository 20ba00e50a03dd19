"""The form that finds a case."""

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import Optional

from casework.web.fields import Given, TextField


class SearchForm(FlaskForm):
    """A name, reference, UPN or NHS number, and which page of what it finds."""

    words = TextField(
        "Find a child or case",
        validators=[Given("Enter a name, reference, UPN or NHS number")],
        description="By name, reference, UPN or NHS number",
    )
    page = IntegerField("Page", validators=[Optional()])
