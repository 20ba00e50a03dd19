"""What is typed when a month's report is issued."""

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import IntegerField, SubmitField
from wtforms.widgets import HiddenInput

from casework.web.fields import Given, LongTextField


class IssueForm(FlaskForm):
    """One version of a month's report; a further one is restated, for a reason."""

    restated_why = LongTextField(
        "Why the report is restated",
        description="For example, the day on which three answers came was put right.",
        validators=[Given("Say why the report is restated")],
    )
    commentary = LongTextField(
        "Commentary",
        description="Why the figures are as they are, and what is done about it. Name no child.",
    )
    #: The version that is issued, so that two people do not issue it at once.
    version = IntegerField(widget=HiddenInput())
    submit = SubmitField("Issue the report", widget=GovSubmitInput())

    def __init__(self, *args: Any, next_version: int, **kwargs: Any) -> None:
        super().__init__(*args, data={"version": next_version}, **kwargs)
        if next_version == 1:
            del self.restated_why
