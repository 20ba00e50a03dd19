"""A newer version of a template, and why."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from casework.web.fields import LARGEST_NUMBER, Given, LongTextField


class SeenForm(FlaskForm):
    """Which version was in use when the page was opened."""

    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, LARGEST_NUMBER)]
    )


class TemplateForm(SeenForm):
    """A Word document that takes the place of the one in use."""

    file = FileField(
        "The Word document",
        description="Up to 2MB, its name ending in .docx",
        widget=GovFileInput(),
        validators=[FileRequired("Choose the Word document")],
        render_kw={"params": {"attributes": {"accept": ".docx"}}},
    )
    note = LongTextField(
        "What is changed, and why",
        longest=1000,
        validators=[Given("Enter what is changed, and why")],
    )
