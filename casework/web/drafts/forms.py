"""How and when a draft was sent to the family."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from casework.codes import ServiceRoute
from casework.web.fields import (
    LARGEST_NUMBER,
    ChooseOne,
    DayField,
    Given,
    LongTextField,
    TimeField,
)

#: What was sent, where it is no document on the case.
HERE = "here"
ELSEWHERE = "elsewhere"


class ServeForm(FlaskForm):
    """A draft sent to the family; the day on which it is served follows."""

    what = ChooseOne("What was sent", validators=[Given("Choose what was sent")])
    route = ChooseOne(
        "How it was sent",
        choices=ServiceRoute.choices(),
        validators=[Given("Choose how it was sent")],
    )
    sent_on = DayField("Day it was sent", validators=[Given("Enter the day it was sent")])
    sent_time = TimeField(
        "Time (optional)",
        description="By hand or email after 5pm counts as the next working day",
    )
    changed_because = LongTextField(
        "Why the draft was changed",
        description="The family may read this",
        longest=2000,
    )
    #: Shown only where the day is out of order and the person may say that it is true.
    oddity = LongTextField("Why this is true all the same", longest=1000)
    #: Which plan the page was made from.
    seen = HiddenField()
    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, LARGEST_NUMBER)]
    )
