"""The forms by which a document is added, replaced and withdrawn."""

import re
from secrets import token_urlsafe
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from wtforms import HiddenField
from wtforms.validators import Regexp

from casework import current
from casework.codes import DocumentKind
from casework.documents.kinds import ENDINGS, TAKEN
from casework.services.documents import Sent
from casework.web.fields import DayField, Given, LongTextField, SelectOne, TextField, Tick

#: As casework.models.base.public_id makes them.
_KEY = re.compile(r"[A-Za-z0-9_-]{22}\Z", re.ASCII)


class DocumentForm(FlaskForm):
    """One file, and what it is."""

    file = FileField(
        "The file",
        widget=GovFileInput(),
        validators=[FileRequired("Choose the file")],
        render_kw={"params": {"attributes": {"accept": ",".join(ENDINGS)}}},
    )
    kind = SelectOne(
        "What it is",
        [Given("Choose what it is")],
        choices=DocumentKind.choices(),
        empty="Choose one",
    )
    title = TextField(
        "Title (optional)",
        longest=200,
        description="For example, Speech and language therapist’s report. Left empty, it is "
        "called what it is",
    )
    received_on = DayField(
        "Day received",
        [Given("Enter the day it was received")],
        description="The day it reached the authority. For example, 27/3/2026. Enter T for today",
    )
    is_theirs = Tick("I have looked at it, and it is about this child")
    #: The identifier that the document will have.
    key = HiddenField(validators=[Regexp(_KEY, message="Open this page again from the case")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = current.settings().largest_document
        self.file.description = f"{TAKEN[0].upper()}{TAKEN[1:]}, up to {most}MB"
        if not self.is_submitted():
            self.key.data = token_urlsafe(16)

    def sent(self) -> Sent:
        """Return the file with what was said of it."""
        file = self.file.data
        return Sent(
            public_id=self.key.data or "",
            kind=self.kind.data,
            title=self.title.data or "",
            received_on=self.received_on.data,
            file_name=file.filename or "",
            content=file.read(),
            is_theirs=self.is_theirs.data,
        )


class WithdrawForm(FlaskForm):
    """Why a document is taken back."""

    why = LongTextField(
        "Why it is withdrawn",
        [Given("Enter why it is withdrawn")],
        longest=1000,
        description="For example, it is about another child",
    )
