"""What an officer gives for a letter: only what its kind asks for."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField

from casework.queries import letters
from casework.queries.cases import CaseView
from casework.queries.letter_copies import Written
from casework.queries.letter_recipients import to_choose
from casework.rules.civil_dates import spoken_date
from casework.rules.letters import LetterKind
from casework.web.fields import (
    ChooseOne,
    ChooseSeveral,
    DayField,
    Given,
    LongTextField,
    SelectOne,
    offer,
)
from casework.web.kept_forms import load

_REASONS = "Enter the reasons, in words for the family"


class LetterForm(FlaskForm):
    """One letter, of any kind; the boxes that its kind does not ask for are taken out."""

    about = ChooseSeveral("Who is written to", validators=[Given("Choose who is written to")])
    exception = ChooseOne(
        "Which exception the family is told of",
        validators=[Given("Choose which exception the family is told of")],
    )
    limit = SelectOne(
        "Which limit will be missed",
        empty="Choose one",
        validators=[Given("Choose which limit will be missed")],
    )
    expected_on = DayField(
        "Day by which it is expected now",
        description="For example, 27/3/2027",
        future=True,
        offers_today=False,
        validators=[Given("Enter the day by which it is expected now")],
    )
    reasons = LongTextField(
        "Reasons",
        description="The family reads this. Say what the decision rests on. Name nobody else and "
        "give nobody’s address",
        longest=8000,
        validators=[Given(_REASONS)],
    )
    more = LongTextField(
        "Anything to add (optional)",
        description="It stands at the end of the letter, above the signature",
        longest=4000,
    )
    day = DayField("Day of the letter", validators=[Given("Enter the day of the letter")])
    #: What it was made for, signed (casework.web.letters.tokens).
    token = HiddenField()

    def written(
        self, kind: LetterKind, officer: str, post: str, also: tuple[str, ...], why_not_all: str
    ) -> Written:
        """Return what a valid form gives, with what was said on the check screen."""
        given: dict[str, Any] = {
            name: self[name].data or ""
            for name in ("reasons", "more", "limit", "exception")
            if name in self
        }
        if "expected_on" in self:
            given["expected_on"] = self.expected_on.data
        chosen = self.about.data if "about" in self else ()
        return Written(
            kind=kind.key,
            day=self.day.data,
            officer=officer,
            officer_post=post,
            chosen=tuple(chosen or ()),
            also=also,
            why_not_all=why_not_all,
            **given,
        )


def letter_form(view: CaseView, kind: LetterKind, token: str) -> LetterForm:
    """Return the form of a kind of letter for one case, filled as far as the case can."""
    possible = to_choose(view, kind)
    untold = letters.exceptions_to_tell(view) if "exception" in kind.asks else []
    form = load(
        LetterForm,
        data={
            "day": view.today,
            "reasons": letters.reasons_recorded(view, kind),
            "about": [one.key for one in possible],
            "exception": str(untold[0].id) if len(untold) == 1 else None,
        },
    )
    if not form.is_submitted() and not form.token.data:
        form.token.data = token
    for name in {"about", "exception", "limit", "expected_on", "reasons"} - set(kind.asks):
        del form[name]
    if "about" in form:
        form.about.choices = offer((one.key, one.name) for one in possible)
    if "exception" in form:
        form.exception.choices = offer(
            (str(one.id), f"{one.line.ground_words}, {one.line.citation}") for one in untold
        )
    if "limit" in form:
        owed = letters.limits_owed(view)
        form.limit.choices = offer(
            (one.key, f"{one.clock.duty.label}: {spoken_date(one.clock.due.on)}") for one in owed
        )
    return form
