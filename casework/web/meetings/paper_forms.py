"""The form on which a clerk chooses the papers of one case."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField

from casework.queries.papers import Choice
from casework.rules.civil_dates import spoken_date
from casework.web.fields import ChooseSeveral, LongTextField, offer


class PapersForm(FlaskForm):
    """Which documents are papers. What others chose since the page was opened stays."""

    chosen = ChooseSeveral("Papers for this case")
    why = LongTextField(
        "Why a paper is taken out",
        longest=1000,
        description="Needed only if you take one out. It shows in the pack",
    )
    #: What was chosen when the page was opened: only what this person changed is done.
    was = HiddenField()

    def offer(self, choices: Sequence[Choice], *, usual: bool) -> None:
        """Offer the documents that may be chosen; with `usual`, tick what a panel always reads."""
        able = [c for c in choices if c.objection is None or c.is_chosen]
        self.chosen.choices = offer((c.version.document.public_id, _words(c)) for c in able)
        if not self.is_submitted():
            ticked = [c for c in able if c.is_chosen or (usual and c.is_usual)]
            self.chosen.data = [c.version.document.public_id for c in ticked]
            held = [c.version.document.public_id for c in able if c.is_chosen]
            self.was.data = " ".join(held)

    def changes(self) -> dict[str, list[str]]:
        """Return what this person changed: what to `add` and what to `take_out`, by public id."""
        was, now = (self.was.data or "").split(), list(self.chosen.data or ())
        return {
            "add": [key for key in now if key not in was],
            "take_out": [key for key in was if key not in now],
        }


def _words(choice: Choice) -> str:
    version: Any = choice.version
    document = version.document
    pages = f"{document.pages} page{'' if document.pages == 1 else 's'}"
    words = f"{document.title}, version {version.number} ({version.kind_words}, {pages}, received "
    late = f". {choice.objection}" if choice.objection else ""
    return f"{words}{spoken_date(document.received_on)}){late}"
