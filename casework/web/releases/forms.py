"""Asking to read the other lead's advice on a case, and answering such a request."""

from flask_wtf import FlaskForm

from casework.web.fields import ChooseOne, Given, LongTextField


class AskForm(FlaskForm):
    """Why one lead needs to read what the other keeps."""

    reason = LongTextField(
        "Why you need to read it",
        description="Whoever answers for it reads this. Do not write more of the child than needed",
        longest=1000,
        validators=[Given("Enter why you need to read it")],
    )


class AnswerForm(FlaskForm):
    """Whether the other lead may read it."""

    answer = ChooseOne(
        "May they read it?",
        choices=[("grant", "Yes, let them read it"), ("refuse", "No")],
        validators=[Given("Choose whether they may read it")],
    )
    why = LongTextField(
        "Why not", description="Needed where you refuse. Whoever asked reads this", longest=1000
    )
