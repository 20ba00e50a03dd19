"""The form of advice: rows of need, outcome and provision, or a document, or both."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from secrets import token_urlsafe
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from wtforms import HiddenField
from wtforms.validators import Regexp

from casework import current
from casework.codes import DocumentKind
from casework.documents.kinds import ENDINGS, TAKEN
from casework.rules.advisers import Agency
from casework.rules.plan_sections import (
    NEED_SECTIONS,
    PLAN_SECTIONS,
    PROVISION_SECTIONS,
    USUALLY_FEEDS,
    fed,
)
from casework.services.advice_versions import NewAdvice, NewEntry
from casework.services.documents import Sent
from casework.web.fields import (
    ChooseSeveral,
    DayField,
    Given,
    LongTextField,
    SelectOne,
    TextField,
    Tick,
)

#: How many needs one version holds, and how many rows are there before anybody adds one.
ROWS = 24
ROWS_SHOWN = 6
#: As casework.models.base.public_id makes them.
_KEY = re.compile(r"[A-Za-z0-9_-]{22}\Z", re.ASCII)
_SECTIONS = [(key, f"{key}: {section.words}") for key, section in PLAN_SECTIONS.items()]
_IN_A_ROW = (
    *("need_section", "need", "outcome", "provision_section", "provision"),
    *("by_whom", "how_often"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """The boxes of one need."""

    number: int
    need_section: Any
    need: Any
    outcome: Any
    provision_section: Any
    provision: Any
    by_whom: Any
    how_often: Any

    @property
    def boxes(self) -> tuple[Any, ...]:
        """Return the boxes in the order in which they are filled in."""
        return tuple(getattr(self, name) for name in _IN_A_ROW)

    @property
    def is_filled(self) -> bool:
        """Return whether anything is typed or chosen in it."""
        return any(box.data for box in self.boxes)

    @property
    def is_open(self) -> bool:
        """Return whether it is shown open: the first, and those with anything in them."""
        return self.number == 1 or self.is_filled or any(box.errors for box in self.boxes)


class AdviceForm(FlaskForm):
    """One version of advice. Beside the fields written here it has `need_1`, `outcome_1` … ."""

    summary = LongTextField("Summary (optional)", longest=8000)
    child_voice = LongTextField(
        "What the child or young person says (optional)",
        longest=4000,
        description="In their own words where you can, or how you know",
    )
    file = FileField(
        "A document that holds the advice (optional)",
        widget=GovFileInput(),
        render_kw={"params": {"attributes": {"accept": ",".join(ENDINGS)}}},
    )
    is_theirs = Tick("I have looked at it, and it is about this child")
    sections = ChooseSeveral(
        "Parts of the plan that a document speaks to",
        choices=_SECTIONS,
        description="Only for a document. Needs that you write above go to the parts you chose "
        "for them",
    )
    author = TextField("Who wrote it", [Given("Enter who wrote the advice")], longest=200)
    author_post = TextField(
        "Their post (optional)", longest=200, description="For example, speech therapist"
    )
    written_on = DayField("Day it was written", [Given("Enter the day it was written")])
    #: The identifier that the version will have, and that its document will have.
    key = HiddenField(validators=[Regexp(_KEY, message="Open this page again")])
    file_key = HiddenField(validators=[Regexp(_KEY, message="Open this page again")])

    def prepare(self, agency: Agency) -> None:
        """Draw the identifiers and tick what such advice usually feeds, as the form is opened."""
        most = current.settings().largest_document
        self.file.description = f"{TAKEN[0].upper()}{TAKEN[1:]}, up to {most}MB"
        for field in (self.key, self.file_key):
            field.data = field.data or token_urlsafe(16)
        if not self.is_submitted() and not self.sections.data:
            self.sections.data = list(USUALLY_FEEDS[agency])

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether it can be recorded as far as the form alone can tell."""
        is_right = super().validate(extra_validators)
        before = len(self.errors)
        if self.asks_for_content:
            self._check_rows()
        return is_right and len(self.errors) == before

    @property
    def asks_for_content(self) -> bool:
        """Return whether what was answered is advice, with something in it."""
        return True

    def rows(self) -> Iterator[Row]:
        """Yield the boxes of each need."""
        for n in range(1, ROWS + 1):
            yield Row(n, *(self[f"{name}_{n}"] for name in _IN_A_ROW))

    def shown_rows(self, *, one_more: bool = False) -> list[Row]:
        """Return the rows to show: six, or those that are filled; and one more where asked."""
        rows = list(self.rows())
        filled = max((row.number for row in rows if row.is_open), default=0)
        shown = self._rows_sent()
        return rows[: max(filled, ROWS_SHOWN, shown) + (1 if one_more else 0)]

    def advice(self, kind: DocumentKind, today: date) -> NewAdvice:
        """Return the advice that a valid form describes; `kind` is what its document is."""
        sent = self._sent(kind, today)
        entries = tuple(self._entries())
        said = [(one.need_section, one.outcome, one.provision_section) for one in entries]
        return NewAdvice(
            public_id=self.key.data or "",
            author=self.author.data or "",
            author_post=self.author_post.data or "",
            written_on=self.written_on.data,
            child_voice=self.child_voice.data or "",
            summary=self.summary.data or "",
            sections=fed(self.sections.data or (), said, has_document=sent is not None),
            entries=entries,
            sent=sent,
        )

    def _rows_sent(self) -> int:
        """How many rows the page had that was sent: a row that was added stays."""
        given = [name for name in self._formdata_names() if name.startswith("need_")]
        numbers = [name.removeprefix("need_") for name in given]
        return max((int(n) for n in numbers if n.isdigit()), default=0)

    def _formdata_names(self) -> Sequence[str]:
        rows = list(self.rows())
        return [row.need.name for row in rows if row.need.raw_data]

    def _check_rows(self) -> None:
        for row in self.rows():
            if not row.is_filled:
                continue
            if not row.need.data:
                row.need.errors = [*row.need.errors, f"Need {row.number}: say what the need is"]
            if not row.need_section.data:
                row.need_section.errors = [f"Need {row.number}: choose the kind of need"]
            has_provision = row.provision.data or row.by_whom.data or row.how_often.data
            if has_provision and not row.provision.data:
                row.provision.errors = [
                    *row.provision.errors,
                    f"Need {row.number}: say what the provision is",
                ]
            if has_provision and not row.provision_section.data:
                row.provision_section.errors = [f"Need {row.number}: choose the kind of provision"]

    def _entries(self) -> Iterator[NewEntry]:
        for row in self.rows():
            if row.need.data:
                yield NewEntry(
                    need_section=row.need_section.data,
                    need=row.need.data,
                    outcome=row.outcome.data or "",
                    provision_section=row.provision_section.data if row.provision.data else None,
                    provision=row.provision.data or "",
                    by_whom=row.by_whom.data or "",
                    how_often=row.how_often.data or "",
                )

    def _sent(self, kind: DocumentKind, today: date) -> Sent | None:
        file = self.file.data
        if not file or not file.filename:
            return None
        return Sent(
            public_id=self.file_key.data or "",
            kind=kind.value,
            title="",
            received_on=today,
            file_name=file.filename,
            content=file.read(),
            is_theirs=self.is_theirs.data,
        )


def _named(keys: Sequence[str]) -> list[tuple[str, str]]:
    return [(key, f"{PLAN_SECTIONS[key].words} ({key})") for key in keys]


for _n in range(1, ROWS + 1):
    setattr(
        AdviceForm,
        f"need_section_{_n}",
        SelectOne(f"Kind of need {_n}", choices=_named(NEED_SECTIONS), empty="Choose one"),
    )
    setattr(AdviceForm, f"need_{_n}", LongTextField(f"Need {_n}", longest=4000))
    setattr(AdviceForm, f"outcome_{_n}", LongTextField(f"Outcome {_n}", longest=4000))
    setattr(
        AdviceForm,
        f"provision_section_{_n}",
        SelectOne(
            f"Kind of provision {_n}", choices=_named(PROVISION_SECTIONS), empty="Choose one"
        ),
    )
    setattr(AdviceForm, f"provision_{_n}", LongTextField(f"Provision {_n}", longest=4000))
    setattr(AdviceForm, f"by_whom_{_n}", TextField(f"By whom {_n}", longest=200))
    setattr(AdviceForm, f"how_often_{_n}", TextField(f"How often and how long {_n}", longest=200))
