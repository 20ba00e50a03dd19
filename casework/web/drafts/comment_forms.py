"""What the family says of a draft, and what was done about it, as forms."""

import re
from collections.abc import Iterable, Sequence
from secrets import token_urlsafe
from types import new_class
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Regexp, StopValidation
from wtforms.widgets import HiddenInput

from casework.codes import Accepted, ToldBy
from casework.identifiers import NotValid
from casework.queries.comments import CommentLine, Speakers, said_by
from casework.queries.documents import Versions
from casework.rules.comments import MEETINGS
from casework.rules.plan_sections import ALL_SECTIONS
from casework.services.comments import Answer, Said
from casework.web.fields import (
    LARGEST_NUMBER,
    ChooseOne,
    DayField,
    Given,
    LongTextField,
    SelectOne,
    Typed,
    offer,
)

#: How many comments go into one form.
ROWS = range(1, 6)
#: As casework.models.base.public_id makes them.
_KEY = re.compile(r"[A-Za-z0-9_-]{22}\Z", re.ASCII)
#: A draft has no section I (Children and Families Act 2014, s.38(5)).
_OF_A_DRAFT = {key: row for key, row in ALL_SECTIONS.items() if key != "I"}
_BETWEEN = re.compile(r"[\s,;/&+]+|\band\b", re.IGNORECASE)


class OfCase(FlaskForm):
    """A form on a case: the version of the case when the page was opened."""

    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, LARGEST_NUMBER)]
    )


def sections(text: str) -> str:
    """Return the letters of sections as they are kept, "B H1", from what was typed.

    Raises NotValid, naming what is no section of a draft.
    """
    typed = [word.upper() for word in _BETWEEN.split(text) if word]
    unknown = [word for word in typed if word not in _OF_A_DRAFT]
    if unknown:
        raise NotValid(
            f"A draft has no section {unknown[0][:20]}. Enter letters of {', '.join(_OF_A_DRAFT)}, "
            "or leave it empty"
        )
    return " ".join(key for key in _OF_A_DRAFT if key in typed)


class CommentsForm(OfCase):
    """What one person said on one day, in as many comments as it takes."""

    on = DayField("Day it was said", [Given("Enter the day on which it was said")])
    who = ChooseOne("Who said it", [Given("Choose who said it")])
    document = SelectOne(
        "Letter or form it came in (optional)",
        description="A document that is on this case",
        empty="None",
    )
    #: The identifier that the first comment will have.
    key = HiddenField(validators=[Regexp(_KEY, message="Open this page again from the case")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_submitted():
            self.key.data = self.key.data or token_urlsafe(16)

    def said(self, contact_id: int | None, document_id: int | None) -> Said:
        """Return what a valid form says."""
        return Said(
            key=self.key.data or "",
            on=self.on.data,
            contact_id=contact_id,
            document_id=document_id,
            comments=[
                (self[f"sections_{n}"].data or "", self[f"words_{n}"].data) for n in self.given
            ],
        )

    @property
    def given(self) -> list[int]:
        """Return the numbers of the rows that hold a comment."""
        return [n for n in ROWS if self[f"words_{n}"].data]

    @property
    def boxes(self) -> dict[str, str]:
        """Return the box of each comment, by the comments' own order."""
        return {f"words_{n}": f"words_{row}" for n, row in enumerate(self.given, start=1)}

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the form is right: one comment or more, and no sections without one."""
        is_right: bool = super().validate(extra_validators)
        given = [bool(self[f"words_{n}"].data) for n in ROWS]
        for n, is_given in zip(ROWS, given, strict=True):
            is_needed = self[f"sections_{n}"].data or (n == 1 and not any(given))
            box = self[f"words_{n}"]
            if is_needed and not is_given and not box.errors:
                box.errors = [*box.errors, "Enter what was said"]
                is_right = False
        return is_right


def _rows() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for n in ROWS:
        hint = "For example, B F. Leave empty for the whole plan" if n == 1 else ""
        fields[f"sections_{n}"] = Typed(
            f"Sections for comment {n}", read=sections, width="10", description=hint
        )
        fields[f"words_{n}"] = LongTextField(f"Comment {n}", longest=4000)
    return fields


#: With a pair of boxes for each comment.
CommentsRowsForm = new_class(
    "CommentsRowsForm", (CommentsForm,), exec_body=lambda ns: ns.update(_rows())
)


class AnswersForm(OfCase):
    """What was done about comments: only those that are answered are saved."""

    def answers(self, lines: Iterable[CommentLine]) -> list[Answer]:
        """Return what a valid form says was done."""
        return [
            Answer(
                comment_id=line.row.event_id,
                accepted=Accepted(self[f"accepted_{line.row.event_id}"].data),
                words=self[f"words_{line.row.event_id}"].data,
            )
            for line in lines
            if self[f"accepted_{line.row.event_id}"].data
        ]


class _With:
    """Validates that two boxes are filled together."""

    field_flags = {"required": False}  # noqa: RUF012 (WTForms' own form)

    def __init__(self, other: str, message: str) -> None:
        self.other, self.message = other, message

    def __call__(self, form: FlaskForm, field: Any) -> None:
        """Raise StopValidation where the other is filled and this is not."""
        if not field.data and form[self.other].data:
            raise StopValidation(self.message)


def answers_form(lines: Sequence[CommentLine]) -> type[AnswersForm]:
    """Return the form that answers these comments."""
    fields: dict[str, Any] = {}
    for line in lines:
        n = line.row.event_id
        chosen, words = f"accepted_{n}", f"words_{n}"
        fields[chosen] = ChooseOne(
            "What was done",
            [_With(words, "Choose whether the plan was changed")],
            choices=Accepted.choices(),
        )
        fields[words] = LongTextField(
            "In what way, or why not",
            [_With(chosen, "Enter in what way the plan was changed, or why not")],
            description="The family may read this",
            longest=2000,
        )
    return new_class("AnswersOfOneCase", (AnswersForm,), exec_body=lambda ns: ns.update(fields))


def is_sent(line: CommentLine) -> bool:
    """Return whether the form that came answers this comment, whoever answered it meanwhile."""
    return f"accepted_{line.row.event_id}" in request.form


class MeetingAskedForm(OfCase):
    """A family asks to meet an officer about the draft."""

    on = DayField("Day they asked", [Given("Enter the day on which they asked")])
    who = ChooseOne("Who asked", [Given("Choose who asked")])
    words = LongTextField("What it is to be about (optional)", longest=2000)


class MeetingHeldForm(OfCase):
    """A meeting with the family about its draft."""

    on = DayField("Day of the meeting, or on which the family said no", [Given("Enter the day")])
    how = ChooseOne("How it came about", [Given("Choose one")], choices=MEETINGS.items())
    words = LongTextField("Who was there, and what came of it (optional)", longest=4000)


class NothingMoreForm(OfCase):
    """The family confirms that it has nothing more to say of the draft."""

    on = DayField("Day they said so", [Given("Enter the day on which they said so")])
    who = ChooseOne("Who said so", [Given("Choose who said so")])
    by = ChooseOne("How", [Given("Choose how they said so")], choices=ToldBy.choices())
    words = LongTextField("In their words (optional)", longest=2000)


def offer_speakers(field: ChooseOne, among: Speakers) -> Speakers:
    """Offer these people, by their identifiers, as having said it; return them."""
    field.choices = offer((key, said_by(contact)) for key, contact in among.items())
    return among


def offer_documents(form: CommentsForm, held: Sequence[Versions]) -> None:
    """Offer the documents of the case that stand."""
    stand = [one.current for one in held if not one.current.is_withdrawn]
    form.document.choices = offer(
        (one.document.public_id, f"{one.document.title} ({one.kind_words})") for one in stand
    )
