"""The forms by which advice is drawn and scored."""

from flask_wtf import FlaskForm

from casework.codes import Found
from casework.rules.sampling import QUESTIONS
from casework.web.fields import ChooseOne, Given, LongTextField


class DrawForm(FlaskForm):
    """One press, with nothing to fill in."""


def _asks(key: str) -> ChooseOne:
    question = QUESTIONS[key]
    return ChooseOne(
        question.words,
        [Given("Choose yes, partly or no")],
        description=question.hint,
        choices=Found.choices(),
    )


class ScoreForm(FlaskForm):
    """What is found in one piece of advice: each question, and words where they help."""

    needs_found = _asks("needs_found")
    outcomes_smart = _asks("outcomes_smart")
    provision_specific = _asks("provision_specific")
    child_voice = _asks("child_voice")
    words = LongTextField("What would make it better (optional)", longest=2000)

    @property
    def answers(self) -> dict[str, str]:
        """Return the answer to each question."""
        return {key: self[key].data for key in QUESTIONS}
