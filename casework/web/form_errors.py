"""What a service refused, put beside the fields that it is about."""

from collections.abc import Mapping

from flask_wtf import FlaskForm


def explain(form: FlaskForm, reasons: Mapping[str, str]) -> None:
    """Add each reason to the field it names, or to the first where the form has no such field."""
    names = list(form.data)
    for name, words in reasons.items():
        field = form[name if name in names else names[0]]
        field.errors = [*field.errors, words]
