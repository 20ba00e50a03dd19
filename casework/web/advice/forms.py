"""What an officer says of advice that came: enough or not, and why it was late."""

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from casework.rules.lateness import CAUSES
from casework.web.fields import LARGEST_NUMBER, ChooseOne, Given, LongTextField, SelectOne

#: Every cause as a choice, with whose delay it is.
_CAUSES = [(one.key, f"{one.words} ({one.whose.words.lower()})") for one in CAUSES.values()]


class VersionForm(FlaskForm):
    """What every form about a case carries: the case's version when the page was opened."""

    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, LARGEST_NUMBER)]
    )


class CheckForm(VersionForm):
    """Whether the newest advice is enough; on the same page, why it was late."""

    verdict = ChooseOne(
        "Is this advice enough for the plan?",
        choices=[("accept", "Accept it"), ("send_back", "Send it back")],
        validators=[Given("Choose whether you accept it or send it back")],
    )
    reasons = LongTextField(
        "What is missing",
        description="The service reads this. Needed where you send it back",
        longest=4000,
    )
    cause = SelectOne("Why it was late (optional)", choices=_CAUSES, empty="Not known yet")
    words = LongTextField("More about the delay (optional)", longest=1000)


class LateForm(VersionForm):
    """Why advice is late, and so whose delay it was."""

    cause = SelectOne(
        "Why it is late",
        choices=_CAUSES,
        empty="Choose a cause",
        validators=[Given("Choose why it is late")],
    )
    words = LongTextField("More about the delay (optional)", longest=1000)
