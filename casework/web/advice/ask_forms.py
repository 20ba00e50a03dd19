"""The form by which everyone is asked at once, made for one child; and that of a withdrawal."""

from collections.abc import Sequence
from datetime import date
from types import new_class
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, IntegerField
from wtforms.validators import InputRequired, NumberRange, StopValidation
from wtforms.widgets import HiddenInput

from casework.queries.asking import AskingPage, Line
from casework.queries.cases import CaseView
from casework.rules.advisers import SERVICES
from casework.services.asking import NewRequest
from casework.web.fields import (
    LARGEST_NUMBER,
    DayField,
    Given,
    LongTextField,
    SelectOne,
    TextField,
    Tick,
)
from casework.web.kept_forms import load

#: How many may be named who are not on the list.
NAMED = 3
#: As what somebody is named: paragraph (h) or (f) of regulation 6(1).
NAMED_AS = (
    ("family_choice", "The family asked for them (h)"),
    ("other", "The authority thinks it right (f)"),
)
_POSSIBLE = NumberRange(0, LARGEST_NUMBER, "Open this page again: it was not sent whole")


class _NeededWith:
    """Validates that a box is filled where another, by its name, is filled or ticked."""

    def __init__(self, other: str, message: str) -> None:
        self.other = other
        self.message = message

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Raise StopValidation where the other is there and this is not."""
        if form[self.other].data and not field.data and not field.errors:
            raise StopValidation(self.message)


class AskForm(FlaskForm):
    """What is the same for everyone asked; whom to ask is added for each child."""

    asks: LongTextField
    on: DayField
    #: Shown only where nobody is asked under a paragraph that requires somebody.
    why_not: LongTextField
    #: The case's version when the page was opened.
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), _POSSIBLE])

    @property
    def day(self) -> date:
        """Return the day of a form that was found valid."""
        assert self.on.data is not None, "a valid form has its day"
        day: date = self.on.data
        return day


class WithdrawForm(FlaskForm):
    """Why a request for advice is taken back."""

    reason = LongTextField(
        "Why it is withdrawn",
        description="It is kept with the case. For example, the wrong team was asked",
        longest=1000,
        validators=[Given("Enter why the request is withdrawn")],
    )
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), _POSSIBLE])


def ask_form(view: CaseView, page: AskingPage) -> AskForm:
    """Return the form for one child, ticked as regulation 6(1) requires."""
    fields: dict[str, Any] = {}
    for line in page.lines:
        fields |= _fields_of(line)
    for number in range(NAMED):
        fields |= _fields_of_named(number)
    fields |= _fields_of_all()
    ticked = {f"ask_{line.row.kind}": line.row.is_ticked for line in page.lines}
    school = view.setting.name if view.setting else None
    given = {"on": view.today, "version": view.case.version, "name_school": school}
    form_class = new_class("AskFormOfOneChild", (AskForm,), exec_body=lambda ns: ns.update(fields))
    return load(form_class, data=given | ticked)


def requests_of(form: AskForm, page: AskingPage) -> list[NewRequest]:
    """Return whom a valid form asks, in the order of the page."""
    listed = [_request(form, line) for line in page.lines if form[f"ask_{line.row.kind}"].data]
    named = [
        NewRequest(
            kind=form[f"named_as_{number}"].data,
            name=form[f"named_{number}"].data,
            asks=form.asks.data,
            field=f"named_{number}",
        )
        for number in range(NAMED)
        if form[f"named_{number}"].data
    ]
    return listed + named


def _fields_of_all() -> dict[str, Any]:
    """The fields that everyone asked shares, after the others, as they stand on the page."""
    return {
        "asks": LongTextField(
            "What we would like to know (optional)",
            description="Everyone who is asked reads this",
            longest=4000,
        ),
        "on": DayField("Day they are asked", validators=[Given("Enter the day they are asked")]),
        "why_not": LongTextField("Why nobody is asked", longest=1000),
    }


def _fields_of(line: Line) -> dict[str, Any]:
    kind, ticked = line.row.kind, f"ask_{line.row.kind}"
    fields = {
        ticked: Tick(line.words),
        f"more_{kind}": LongTextField(line.words, longest=2000),
    }
    if len(line.choices) > 1:
        fields[f"service_{kind}"] = SelectOne(
            f"Which service: {line.words}",
            choices=[
                (one.service.public_id, f"{one.service.name} ({one.service.provider.name})")
                for one in line.choices
            ],
            empty="Choose one",
            validators=[_NeededWith(ticked, f"Choose which service: {line.words}")],
        )
    if kind == "school" and not line.choices:
        fields["name_school"] = TextField(
            "Which school or setting, or who in its place",
            validators=[_NeededWith(ticked, "Enter which school or setting, or who, is asked")],
        )
    return fields


def _fields_of_named(number: int) -> dict[str, Any]:
    name, named_as = f"named_{number}", f"named_as_{number}"
    who = "Somebody else" if number == 0 else f"Somebody else ({number + 1})"
    return {
        name: TextField(who, validators=[_NeededWith(named_as, "Enter who is to be asked")]),
        named_as: SelectOne(
            f"Why they are asked ({number + 1})",
            choices=NAMED_AS,
            empty="Choose one",
            validators=[_NeededWith(name, "Choose why they are asked")],
        ),
    }


def _request(form: AskForm, line: Line) -> NewRequest:
    kind = line.row.kind
    chosen = f"service_{kind}"
    service = line.choices[0].service if len(line.choices) == 1 else None
    if chosen in form:
        named = (one.service for one in line.choices)
        service = next(one for one in named if one.public_id == form[chosen].data)
    asks = [form.asks.data, form[f"more_{kind}"].data]
    by_name = "name_school" in form and kind == "school"
    return NewRequest(
        kind=kind,
        advice_service_id=service.id if service else None,
        name=form["name_school"].data if by_name else None,
        asks="\n\n".join(words for words in asks if words) or None,
        field=chosen if chosen in form else f"ask_{kind}",
    )


def untold(requests: Sequence[NewRequest], page: AskingPage) -> list[str]:
    """Return those to whom no email goes, in words: somebody must tell them."""
    mailboxes = {
        one.service.id: one.mailbox for line in page.lines for one in line.choices if one.mailbox
    }
    return [
        request.name or SERVICES[request.kind].words
        for request in requests
        if request.advice_service_id not in mailboxes
    ]
