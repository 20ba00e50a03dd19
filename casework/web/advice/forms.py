"""What an officer says of advice that came: enough or not, and why it was late."""

from casework.rules.lateness import CAUSES
from casework.web.cases.forms import VersionForm
from casework.web.fields import ChooseOne, Given, LongTextField, SelectOne

#: Every cause as a choice, with whose delay it is.
_CAUSES = [(one.key, f"{one.words} ({one.whose.words.lower()})") for one in CAUSES.values()]


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
