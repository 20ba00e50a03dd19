"""That some of those involved were told, in one press."""

from collections.abc import Sequence

from flask_wtf import FlaskForm

from casework.codes import ToldBy
from casework.queries.informing import ChangeLine
from casework.rules.stages import Stage
from casework.services.informing import Pair
from casework.web.fields import ChooseOne, ChooseSeveral, DayField, Given, LongTextField, offer
from casework.web.kept_forms import load

_BETWEEN = "/"


class TellForm(FlaskForm):
    """Who was told, when, how, and what besides the text made ready."""

    told = ChooseSeveral("Who was told", validators=[Given("Tick who was told")])
    on = DayField("Day they were told", [Given("Enter the day on which they were told")])
    how = ChooseOne(
        "How they were told", [Given("Choose how they were told")], choices=ToldBy.choices()
    )
    note = LongTextField(
        "What was told besides (optional)",
        description="Leave empty where it was the text made ready",
        longest=1000,
    )

    @property
    def pairs(self) -> list[Pair]:
        """Return the stage and the party of each that was ticked."""
        found = (value.split(_BETWEEN, 1) for value in self.told.data or ())
        return [(Stage(stage), party) for stage, party in found]


def tell_form(lines: Sequence[ChangeLine]) -> TellForm:
    """Return the form for the changes of one case; whoever was told meanwhile may be sent too."""
    form = load(TellForm)
    form.told.choices = offer(
        (value(line, party.key), party.words) for line in lines for party in line.parties
    )
    return form


def value(line: ChangeLine, party: str) -> str:
    """Return what a tick beside a party of a change sends."""
    return f"{line.change.stage}{_BETWEEN}{party}"
