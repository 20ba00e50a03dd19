"""The form of one section of a plan."""

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from casework.queries.plan_advice import Sources
from casework.queries.plans import SectionLine
from casework.rules.plan_content import Section
from casework.rules.plan_from_advice import with_rows
from casework.rules.plan_sections import ROW_SECTIONS
from casework.web.fields import LARGEST_NUMBER, DayField, Given, LongTextField, TextField
from casework.web.plan.rows import RowsField

#: What buttons of the form do to a row; the row's id follows.
_MOVES = {"up": -1, "down": 1}


def _number() -> IntegerField:
    return IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, LARGEST_NUMBER)]
    )


class SectionForm(FlaskForm):
    """A section as it is typed: free words, and rows where the law is structured."""

    words = LongTextField("Words", longest=20_000)
    rows = RowsField("Rows")
    #: The version that the person had before them: nought where there was none.
    number = _number()

    def section(self, key: str) -> Section:
        """Return the section that the form describes; `key` is its letter."""
        items = self.rows.written if key in ROW_SECTIONS else ()
        return Section(key=key, words=self.words.data or "", items=items)

    def seen(self) -> int:
        """Return the number of the version that the person had before them."""
        return self.number.data or 0

    def explain(self, reasons: Iterable[tuple[str, str]]) -> None:
        """Say what is wrong with boxes: the id of each in the page, with what to do."""
        for box, words in reasons:
            if box == self.words.id:
                self.words.errors = [*self.words.errors, words]
            else:
                self.rows.explain(box, words)

    def do(self, key: str, sources: Sources) -> str:
        """Do to the form what the button that sent it says; return what that was, or "".

        "add", "up:ID", "down:ID", "remove:ID", "bring" (the ticked rows of advice) or "list".
        """
        done, _, row = request.form.get("do", "").partition(":")
        if done == "add":
            self.rows.add()
        elif done in _MOVES:
            self.rows.move(row, _MOVES[done])
        elif done == "remove":
            self.rows.remove(row)
        elif done == "bring":
            self._bring(key, sources)
        elif done == "list":
            new = [line for line in sources.received if line not in (self.words.data or "")]
            self._say("\n".join(filter(None, (self.words.data, *new))))
        else:
            return ""
        return done

    def _bring(self, key: str, sources: Sources) -> None:
        ticked = [int(n) for n in request.form.getlist("bring") if n.isascii() and n.isdigit()]
        found = [entry for number in ticked[:200] if (entry := sources.entry(number))]
        rows = with_rows({}, [(entry, key) for entry in found])
        if key in rows:
            self.rows.add_items(rows[key].items)

    def _say(self, words: str) -> None:
        self.words.data, self.words.raw_data = words, None


def filled(line: SectionLine, content: Section) -> dict[str, Any]:
    """Return what the form of a section holds when it is opened with this content."""
    return {"words": content.words, "rows": content.items, "number": line.number}


class FromAdviceForm(FlaskForm):
    """Rows of accepted advice, ticked to be brought into the plan."""

    rows = SelectMultipleField("Rows", choices=(), validate_choice=False)


class AgreementForm(FlaskForm):
    """That the commissioning body agreed section G as it stands."""

    agreed_by = TextField(
        "Who agreed it for the commissioning body",
        [Given("Enter who agreed it")],
        description="Their name and post, as they put it",
    )
    on = DayField("Day on which they agreed", [Given("Enter the day on which they agreed")])
    #: Shown only where the day is out of order and the person may say that it is true.
    oddity = LongTextField("Why this is true all the same", longest=1000)
    #: The version of section G that is on the page.
    number = _number()
    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, LARGEST_NUMBER)]
    )
