"""The question asked once where a note looks like a contact detail: it belongs in Contacts."""

from typing import Any

from wtforms.fields import Field
from wtforms.validators import ValidationError

from casework.rules.found_in_text import KINDS, contact_details

KEEP = "Keep it in the note"


class AsksAboutContacts:
    """For a form with a `note` and a Tick named `keep_in_note` (templates/macros/notes.html)."""

    #: Whether the note that was sent looks like a contact detail, and was not ticked to be kept.
    asks_about_contacts = False


class BelongsInContacts:
    """Validates that the note of a form that AsksAboutContacts holds nothing that looks like a
    contact detail, unless it is to be kept: a school's telephone number may well stand in one.
    """

    def __call__(self, form: Any, field: Field) -> None:
        """Raise ValidationError for what looks like a contact detail, unless it is to be kept."""
        seen = contact_details(field.data or "")
        if seen and not form.keep_in_note.data:
            form.asks_about_contacts = True
            kinds = dict.fromkeys(KINDS[hit.kind] for hit in seen)
            raise ValidationError(
                f"This looks like {' and '.join(kinds)}. It belongs in Contacts. Take it out, or "
                f"tick “{KEEP}”"
            )
