"""The forms about one case of a meeting, beside its decision: a view, an interest."""

from typing import Any

from flask_wtf import FlaskForm

from casework.queries.meetings import MeetingView
from casework.queries.panel_cases import PanelCase
from casework.web.fields import ChooseOne, Given, LongTextField, SelectOne, offer


class ViewForm(FlaskForm):
    """What a member thinks of the case before the meeting."""

    leans_to = ChooseOne("Which way do you lean?")
    words = LongTextField("What do you want the panel to know?", longest=4000)

    @classmethod
    def held(cls, case: PanelCase, user_id: int) -> dict[str, Any]:
        """Return the view that the person has given, as the form shows it."""
        own = next((view for view in case.views if view.user_id == user_id), None)
        return {"leans_to": own.leans_to, "words": own.words} if own else {}

    def offer_choices(self, case: PanelCase) -> None:
        """Offer the answers to the case's question."""
        self.leans_to.choices = offer([(one.key, one.words) for one in case.question.outcomes])


class InterestForm(FlaskForm):
    """Who has an interest in the case, and what it is."""

    person = SelectOne(
        "Whose interest is it?", empty="Choose a person", validators=[Given("Choose a person")]
    )
    nature = LongTextField(
        "What is the interest?",
        longest=1000,
        description="For example, you know the family or work at the school. Say no more of the "
        "child than is needed. The chair and the clerk can read it.",
        validators=[Given("Say what the interest is")],
    )

    def offer_people(self, meeting: MeetingView, own: tuple[str, str], *, runs: bool) -> None:
        """Offer the person themself; to the clerk and the chair, the meeting's members too."""
        others = [(str(one.user_id), one.user.name) for one in meeting.members]
        names = {own[0]: f"{own[1]} (you)"} | {k: v for k, v in others if runs and k != own[0]}
        self.person.choices = offer(names.items())


class TakeBackForm(FlaskForm):
    """Why an interest no longer stands."""

    why = LongTextField(
        "Why does it no longer stand?",
        longest=1000,
        validators=[Given("Say why the interest no longer stands")],
    )
