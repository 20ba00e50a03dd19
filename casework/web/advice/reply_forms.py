"""The form in which an officer files what a body that does not sign in has answered."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from casework.codes import AdviceRoute
from casework.rules.events import OUTCOMES
from casework.services.returning import REACHED
from casework.web.advice.advice_form import AdviceForm
from casework.web.fields import (
    LARGEST_NUMBER,
    ChooseOne,
    DayField,
    Given,
    LongTextField,
    SelectOne,
    TextField,
)

_ROUTES = [
    (route.value, route.words) for route in (AdviceRoute.EMAIL, AdviceRoute.POST, AdviceRoute.PHONE)
]


class ReplyForm(AdviceForm):
    """A body's answer with its day, and the advice where there is any."""

    outcome = ChooseOne(
        "What they answered",
        choices=[*OUTCOMES.items(), (REACHED, "Only that the request has reached them")],
        default="advice",
        validators=[Given("Choose what they answered")],
    )
    on = DayField(
        "Day it came",
        [Given("Enter the day it came")],
        description="The day it reached the authority, by whatever way, or the day the request "
        "reached them. Enter T for today",
    )
    route = ChooseOne("How it came", choices=_ROUTES, default=AdviceRoute.EMAIL.value)
    document = SelectOne("A document that is on the case already", empty="None")
    note = LongTextField("Note (optional)", longest=4000)
    #: Shown only where the day is out of order and the person may say that it is true.
    oddity = LongTextField("Why this is true all the same", longest=1000)
    #: The case's version when the page was opened.
    version = IntegerField(
        widget=HiddenInput(),
        validators=[
            InputRequired(),
            NumberRange(0, LARGEST_NUMBER, "Open this page again: it was not sent whole"),
        ],
    )
    # Of advice that came by email the author and the day are often not given.
    author = TextField("Who wrote it", longest=200)
    written_on = DayField("Day it was written (optional)")

    @property
    def asks_for_content(self) -> bool:
        """Return whether what was answered is advice, with something in it."""
        return bool(self.outcome.data == "advice")

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether it can be recorded as far as the form alone can tell."""
        is_right = super().validate(extra_validators)
        if self.asks_for_content and not self.author.data and not self.author.errors:
            self.author.errors = ["Enter who wrote it: a name, or the service"]
            return False
        return is_right
