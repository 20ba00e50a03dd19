"""The form by which email that was held is released."""

from datetime import timedelta
from typing import Any

from flask_wtf import FlaskForm

from casework.web.fields import ChooseOne, Given, LongTextField

#: What may be left out: how long it has waited, in hours, and the words.
_AGES = {
    "all": (None, "Send all of it"),
    "24": (24, "Leave out what is more than 24 hours old"),
    "1": (1, "Leave out what is more than an hour old"),
}


class ReleaseForm(FlaskForm):
    """What goes, and why the rest does not."""

    what = ChooseOne(
        "What is to be sent?",
        [Given("Choose what is to be sent")],
        choices=[(key, words) for key, (_, words) in _AGES.items()],
    )
    why = LongTextField(
        "If you leave some out, why",
        longest=500,
        description="It is kept in the audit trail. Email that is left out is never sent",
    )

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        hours = _AGES[self.what.data][0]
        return {
            "drop_older": timedelta(hours=hours) if hours else None,
            "why": self.why.data or "",
        }
