"""The forms about one case. Each kind of event asks only for what it needs."""

from datetime import date

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, ValidationError
from wtforms.widgets import HiddenInput

from casework.rules.events import OUTCOMES, RECIPIENTS
from casework.web.contact_prompt import KEEP, AsksAboutContacts, BelongsInContacts
from casework.web.fields import (
    LARGEST_NUMBER,
    ChooseOne,
    ChooseSeveral,
    DayField,
    Given,
    LongTextField,
    SelectOne,
    Tick,
)

NO_INSTITUTION = "none"
#: Who a final plan is sent to, and what is ticked where it names no school to send it to.
SENT_TO = (
    *RECIPIENTS.items(),
    (NO_INSTITUTION, "No school: the plan names only a type of school"),
)

_POSSIBLE = NumberRange(0, LARGEST_NUMBER, "Open this page again: it was not sent whole")


class VersionForm(FlaskForm):
    """What every form that changes a case carries: its version when the page was opened."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), _POSSIBLE])


class EventForm(AsksAboutContacts, FlaskForm):
    """What every event has: its day and, where there is something to add, a note."""

    on = DayField("When it happened", validators=[Given("Enter the day it happened")])
    note = LongTextField("Note (optional)", longest=4000, validators=[BelongsInContacts()])
    #: Shown only where the day is out of order and the person may say that it is true.
    oddity = LongTextField("Why this is true all the same", longest=1000)
    #: Shown only where the note looks like a contact detail.
    keep_in_note = Tick(KEEP)
    #: The case's version when the page was opened.
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), _POSSIBLE])

    @property
    def day(self) -> date:
        """Return the day of a form that was found valid."""
        assert self.on.data is not None, "a valid form has its day"
        day: date = self.on.data
        return day


class DraftServedForm(EventForm):
    """The day on which a draft counts as served, which for one in the post may lie ahead."""

    on = DayField(
        "Day on which it counts as served",
        description="For example, 27/3/2026. Posted, it is the second working day after, unless "
        "it is shown to have come on another",
        future=True,
        validators=[Given("Enter the day on which it counts as served")],
    )


class AdviserForm(EventForm):
    """Something that one adviser did."""

    adviser = ChooseOne("Which adviser", validators=[Given("Choose the adviser")])


class AdviceReceivedForm(AdviserForm):
    """How one adviser answered."""

    outcome = ChooseOne(
        "What they answered",
        choices=OUTCOMES.items(),
        default="advice",
        validators=[Given("Choose what they answered")],
    )


class FinalPlanForm(EventForm):
    """To whom the final plan was sent, on one day."""

    recipients = ChooseSeveral(
        "Who it was sent to",
        description="Tick everyone it was sent to on the same day",
        choices=SENT_TO,
        validators=[Given("Choose who the final plan was sent to")],
    )

    def validate_recipients(self, field: ChooseSeveral) -> None:
        """Raise ValidationError where a school was both sent the plan and not named in it."""
        if {"institution", NO_INSTITUTION} <= set(field.data or ()):
            raise ValidationError("Choose the school, or that the plan names none, but not both")


class ExceptionParticulars:
    """What an exception rests on: its ground, its days, its evidence."""

    ground = ChooseOne("Ground", validators=[Given("Choose the ground that the law lists")])
    first_day = DayField(
        "First day of the circumstances",
        description="For example, 27/3/2026. Leave empty if not known",
    )
    last_day = DayField(
        "Last day of the circumstances",
        description="It may be in the future. Leave empty if not known",
        future=True,
    )
    evidence = LongTextField(
        "Evidence",
        description="What shows it, and where it is kept",
        longest=2000,
    )
    reason = LongTextField(
        "Reason",
        description="Why it was impractical to keep the time limit",
        longest=2000,
        validators=[Given("Enter why it was impractical to keep the time limit")],
    )

    #: The least length of an absence, in days, by the ground that asks for one.
    _LEAST = {"X4": 28, "X6": 14}  # noqa: RUF012 (a constant)

    def validate_last_day(self, field: DayField) -> None:
        """Raise ValidationError where the days run backwards, or are too few for the ground."""
        if field.data is None or self.first_day.data is None:
            return
        length = (field.data - self.first_day.data).days + 1
        if length < 1:
            raise ValidationError("The last day must be the same as or after the first day")
        # Taken out where nobody may say what it is.
        ground = self.ground.data if self.ground else None
        least = self._LEAST.get(ground or "", 0)
        if length < least:
            raise ValidationError(
                f"This ground needs an absence of at least {least // 7} weeks, and these days "
                f"make {length} days. Check them, or choose another ground"
            )


class ExceptionForm(ExceptionParticulars, EventForm):
    """An exception that was recorded by itself, as it is put right."""

    on = DayField(
        "When it was decided that the exception applies",
        validators=[Given("Enter the day it was decided that the exception applies")],
    )


class StrikeOutForm(AsksAboutContacts, FlaskForm):
    """Why an entry should not be there."""

    note = LongTextField(
        "Why it should not be there",
        longest=1000,
        validators=[Given("Enter why the entry should not be there"), BelongsInContacts()],
    )
    keep_in_note = Tick(KEEP)
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), _POSSIBLE])


class HandOverForm(FlaskForm):
    """To whom a case goes."""

    officer = SelectOne(
        "New case officer",
        empty="Choose an officer",
        validators=[Given("Choose the officer who takes the case")],
    )


#: The form of each kind of event that needs more than its day.
FORMS: dict[str, type[EventForm]] = {
    "advice_request_received": AdviserForm,
    "advice_received": AdviceReceivedForm,
    "advice_chased": AdviserForm,
    "final_plan_sent": FinalPlanForm,
}
