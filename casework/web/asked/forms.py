"""The forms by which a service answers a request for advice."""

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import HiddenInput

from casework import identifiers
from casework.rules.events import NIL_RETURNS, OUTCOMES
from casework.rules.lateness import CANNOT_IN_TIME, CAUSES
from casework.services.identity import Told
from casework.web.advice.advice_form import AdviceForm
from casework.web.fields import (
    LARGEST_NUMBER,
    ChooseOne,
    DayField,
    Given,
    LongTextField,
    SelectOne,
    Typed,
)


class SeenForm(FlaskForm):
    """A form on a request: it says which entry about it was the newest that the person saw."""

    seen = IntegerField(
        widget=HiddenInput(),
        default=0,
        validators=[Optional(), NumberRange(0, LARGEST_NUMBER, "Open this page again")],
    )


class ReceivedForm(FlaskForm):
    """The day on which the request reached the service."""

    on = DayField("Another day", [Given("Enter the day it reached you")])


class AnswerForm(SeenForm):
    """A nil return, which is an answer."""

    outcome = ChooseOne(
        "Your answer",
        choices=[(key, OUTCOMES[key]) for key in NIL_RETURNS],
        validators=[Given("Choose your answer")],
    )
    words = LongTextField("Anything the case officer should know (optional)", longest=2000)


class ExpectForm(FlaskForm):
    """Why a service cannot be in time, and when it expects to answer."""

    cause = SelectOne(
        "Reason",
        choices=[(key, CAUSES[key].words) for key in CANNOT_IN_TIME],
        empty="Choose the reason",
        validators=[Given("Choose the reason")],
    )
    expected_on = DayField(
        "Day you expect to answer",
        [Given("Enter the day you expect to answer")],
        future=True,
        offers_today=False,
        description="For example, 14/12/2026",
    )
    words = LongTextField("What happened (optional)", longest=2000)


class ReturnForm(AdviceForm, SeenForm):
    """Advice, with what shows that it is about the child who was asked about."""

    born = DayField(
        "The child’s date of birth",
        [Given("Enter the child’s date of birth, from your own papers")],
        offers_today=False,
        description="From your own papers, not from this page. For example, 31/3/2018",
    )
    nhs_number = Typed(
        "Their NHS number, if you hold it",
        read=identifiers.nhs_number,
        width="10",
        description="For example, 943 476 5919",
    )

    def told(self) -> Told:
        """Return what the person says of the child."""
        return Told(self.born.data, self.nhs_number.data)
