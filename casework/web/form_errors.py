"""What a service refused, put beside the fields that it is about."""

from collections.abc import Mapping

from flask_wtf import FlaskForm

from casework.access import Permission
from casework.services.errors import Refused
from casework.web.guards import viewer

ASK_A_MANAGER = "If it is true all the same, ask a manager to record it"


def explain(form: FlaskForm, reasons: Mapping[str, str]) -> None:
    """Add each reason to the field it names, or to the first where the form has no such field."""
    names = list(form.data)
    for name, words in reasons.items():
        field = form[name if name in names else names[0]]
        field.errors = [*field.errors, words]


def explain_refused(form: FlaskForm, refused: Refused, **boxes: str) -> bool:
    """Say why, and what to do; `boxes` are the names here of fields that the service calls others.

    A person who may not record an oddity is told who may; returns whether this one may.
    """
    may = refused.is_oddity and viewer().may(Permission.RECORD_ODDITY)
    also = f". {ASK_A_MANAGER}" if refused.is_oddity and not may else ""
    explain(form, {boxes.get(name, name): why + also for name, why in refused.reasons.items()})
    return may
