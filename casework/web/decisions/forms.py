"""What a decision says, as a form: who took it is not asked, but recorded."""

from collections.abc import Iterable
from datetime import date

from flask_wtf import FlaskForm
from wtforms import Form
from wtforms.fields import FieldList, FormField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from casework.queries.cases import CaseView
from casework.rules.civil_dates import spoken_date
from casework.rules.panels import Question
from casework.services.decisions import COST, NewCondition, NewDecision
from casework.web.fields import (
    LARGEST_NUMBER,
    ChooseOne,
    ChooseSeveral,
    DayField,
    Given,
    LongTextField,
    TextField,
    offer,
)

#: The most conditions of one decision.
MOST_CONDITIONS = 20


class ConditionFields(Form):
    """Who must do what by when; a row left empty is no condition."""

    words = TextField("What must be done", longest=1000)
    owner = TextField("Who must do it", longest=200)
    due_on = DayField(
        "By when",
        description="For example, 27/3/2026. Leave empty if there is no day",
        future=True,
        offers_today=False,
    )


class DecisionForm(FlaskForm):
    """A decision that an officer takes for the authority, outside a panel."""

    decision = ChooseOne("Decision", validators=[Given("Choose what you decide")])
    decided_on = DayField(
        "The day it was decided", validators=[Given("Enter the day it was decided")]
    )
    reasons = LongTextField(
        "Reasons",
        description="Say which evidence shows it. The family is told these reasons",
        validators=[Given("Give the reasons for the decision")],
    )
    evidence = ChooseSeveral("Evidence that the reasons rest on", validators=[Optional()])
    missing = LongTextField("Evidence that was missing (optional)", longest=2000)
    despite = LongTextField("Why it is decided now all the same", longest=1000)
    differing_views = LongTextField("Views that differed (optional)", longest=2000)
    cost_discussed = ChooseOne(
        "Was cost discussed?",
        description="What is suitable is settled first. The answer is kept to show that",
        choices=COST.items(),
        default="no",
    )
    conditions = FieldList(FormField(ConditionFields), min_entries=1, max_entries=MOST_CONDITIONS)
    #: The case's version when the page was opened.
    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, LARGEST_NUMBER)]
    )

    @property
    def day(self) -> date:
        """Return the day of a form that was found valid."""
        assert self.decided_on.data is not None, "a valid form has its day"
        day: date = self.decided_on.data
        return day

    def offer(self, question: Question, view: CaseView, kept: Iterable[str] = ()) -> None:
        """Offer the outcomes of the question, and as evidence the advice on the case.

        `kept` is what an earlier version rests on, which stays to be ticked.
        """
        self.decision.choices = offer((one.key, one.words) for one in question.outcomes)
        words = dict.fromkeys([*kept, *evidence_of(view)])
        self.evidence.choices = offer((one, one) for one in words)

    def described(self) -> NewDecision:
        """Return the decision that a valid form describes."""
        return NewDecision(
            decision=self.decision.data,
            reasons=self.reasons.data or "",
            evidence=tuple(self.evidence.data or ()),
            missing=self.missing.data,
            despite=self.despite.data,
            differing_views=self.differing_views.data,
            cost_discussed=self.cost_discussed.data,
            change_why=self.change_why.data if isinstance(self, ChangeForm) else None,
            conditions=[
                NewCondition(
                    words=row.words.data or "", owner=row.owner.data or "", due_on=row.due_on.data
                )
                for row in (entry.form for entry in self.conditions)
                if row.words.data or row.owner.data or row.due_on.data
            ],
        )


class ChangeForm(DecisionForm):
    """A new version of an officer's decision, and why."""

    change_why = LongTextField(
        "Why the decision is changed",
        longest=1000,
        validators=[Given("Say why the decision is changed")],
    )


def evidence_of(view: CaseView) -> list[str]:
    """Return the advice that came in, each in words that name it by its day."""
    return [
        f"Advice: {line.words}, received {spoken_date(line.answered_on)}"
        for line in view.advice
        if line.answered_on
    ]
