"""Two people changing one record: the second is shown both, and chooses."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField
from wtforms.fields import RadioField, SelectField, SelectMultipleField

from casework.rules.civil_dates import spoken_date
from casework.web.fields import Tick, Typed

_UNSEEN = ("csrf_token", "version", "was")


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that both people changed, each to something else."""

    label: str
    theirs: str
    mine: str
    #: The identifier of its box, for a link.
    id: str


class VersionedForm(FlaskForm):
    """A form on a record that others may change: it says which state of it a person saw."""

    #: The version of the record when the page was opened.
    version = HiddenField()
    #: What every box held then, as JSON.
    was = HiddenField()

    def stamp(self, version: int) -> None:
        """Note the record's state as the person now sees it; one already noted stays."""
        if not self.version.data:
            self.version.data = str(version)
            self.was.data = json.dumps(_answers(self))

    @property
    def seen(self) -> int:
        """Return the version that the person saw; 0, which no record has, if it was tampered."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    @property
    def is_changed(self) -> bool:
        """Return whether any box holds something else than when the page was opened."""
        was, mine = self._seen_answers(), _answers(self)
        return any(mine[name] != was.get(name, "") for name in mine)

    def merge(self, theirs: "VersionedForm", version: int) -> list[Difference]:
        """Take over what only the others changed, and return what both did.

        `theirs` is the same form filled from the record as it is now. What only this person
        changed, and what both did, stays as they typed it, to be saved over `version`.
        """
        was, mine, held = self._seen_answers(), _answers(self), _answers(theirs)
        both = []
        for field in _boxes(self):
            name = field.name
            if mine[name] == held[name] or was.get(name) == held[name]:
                continue
            if mine[name] == was.get(name):
                field.data, field.raw_data = theirs[name].data, None
            else:
                both.append(
                    Difference(field.label.text, _words(theirs[name]), _words(field), field.id)
                )
        self.version.data, self.was.data = str(version), json.dumps(held)
        return both

    def _seen_answers(self) -> dict[str, Any]:
        try:
            seen = json.loads(self.was.data or "{}")
        except ValueError:
            return {}
        return seen if isinstance(seen, dict) else {}


def _boxes(form: FlaskForm) -> Iterator[Field]:
    return (field for field in form if field.name not in _UNSEEN)


def _answers(form: FlaskForm) -> dict[str, str]:
    return {field.name: _answer(field) for field in _boxes(form)}


def _answer(field: Field) -> str:
    if field.data in (None, "", False) or field.data == []:
        return ""
    return field.data.isoformat() if hasattr(field.data, "isoformat") else str(field.data)


def _words(field: Field) -> str:
    if isinstance(field, Tick):
        return "Ticked" if field.data else "Not ticked"
    if isinstance(field, SelectMultipleField):
        chosen = [choice.label for choice in field.iter_choices() if choice.selected]
        return "\n".join(chosen) or "Nothing ticked"
    if isinstance(field, SelectField | RadioField):
        labels = {choice.value: choice.label for choice in field.iter_choices()}
        return labels.get(field.data or "", "") or "Nothing chosen"
    if isinstance(field.data, date):
        return spoken_date(field.data)
    if isinstance(field, Typed):
        return field.shown() or "Nothing"
    return _answer(field) or "Nothing"
