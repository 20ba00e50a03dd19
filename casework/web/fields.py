"""The fields that forms share: each reads what people type, and keeps it when it will not do.

A field that cannot read what was typed says what to do and shows the text as it was typed. What
was left empty is None, so that a form's `data` goes into a record as it stands.
"""

from collections.abc import Callable, Iterable
from datetime import date, time
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms.fields import BooleanField, Field, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import Choice, SelectChoice
from wtforms.validators import StopValidation

from casework import clock, names
from casework.codes import Code
from casework.identifiers import NotValid
from casework.web import typed

Choices = Iterable[tuple[str, str]]
#: The largest number that a row or a version has in either database.
LARGEST_NUMBER = 2**31 - 1


class Given:
    """Validates that something was given; `message` says what to enter or choose."""

    field_flags = {"required": True}  # noqa: RUF012 (WTForms' own form)

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: object, field: Field) -> None:
        """Raise StopValidation where there is nothing, or where it could not be read."""
        if field.errors:
            raise StopValidation
        if field.data in (None, "", []):
            raise StopValidation(self.message)


class Typed(Field):
    """A box whose text `read` turns into the value that is kept; an empty one is None.

    `read` raises NotValid with words that say what to do.
    """

    widget = GovTextInput()
    data: Any

    def __init__(
        self,
        label: str,
        *args: Any,
        read: Callable[[str], Any] = names.tidy,
        width: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, *args, **kwargs)
        self.read = read
        self.width = width

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.shown()

    def shown(self) -> str:
        """Return the kept value as a person would type it."""
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed into `data`. Raises NotValid, which WTForms shows.

        What is held already is not refused again: a tracker may have brought it in.
        """
        if not valuelist or (valuelist[0] and valuelist[0] == self.shown()):
            return
        self.data = None
        text = names.tidy(valuelist[0], lines=isinstance(self.widget, GovTextArea))
        if text:
            self.data = self.read(text)

    def __call__(self, **kwargs: Any) -> Any:
        """Return the box as HTML, as wide as what goes into it."""
        params = {"autocomplete": "off", "spellcheck": False} | kwargs.pop("params", {})
        if self.width:
            params["classes"] = f"govuk-input--width-{self.width} {params.get('classes', '')}"
        return super().__call__(params=params, **kwargs)


class TextField(Typed):
    """One line of words, at most `longest` characters."""

    def __init__(self, label: str, *args: Any, longest: int = 200, **kwargs: Any) -> None:
        super().__init__(label, *args, read=typed.no_longer_than(longest, label), **kwargs)


class LongTextField(TextField):
    """Several lines of words, at most `longest` characters; a line break counts as one."""

    widget = GovTextArea()

    def __init__(self, label: str, *args: Any, longest: int = 4000, **kwargs: Any) -> None:
        super().__init__(label, *args, longest=longest, **kwargs)


class DayField(Typed):
    """A day in one box: 27/3/2026, 27 3 26, 270326 or 27 March 2026; T is today.

    One box takes the fewest keys, is read out whole, and takes a day pasted from a letter. A day
    after today is refused unless `future`; a Today button stands beside it if `offers_today`.
    """

    def __init__(
        self,
        label: str,
        *args: Any,
        future: bool = False,
        offers_today: bool = True,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("description", "For example, 27/3/2026. Enter T for today")
        super().__init__(label, *args, read=self.read_day, width="10", **kwargs)
        self.future = future
        self.offers_today = offers_today

    def read_day(self, text: str) -> date:
        """Return the day that was typed. Raises NotValid."""
        today = clock.today()
        day = typed.day(text, today)
        if day > today and not self.future:
            raise NotValid(f"{self.label.text} must be today or in the past")
        return day

    def shown(self) -> str:
        """Return the day as 27/3/2026."""
        return f"{self.data.day}/{self.data.month}/{self.data.year}" if self.data else ""

    def __call__(self, **kwargs: Any) -> Any:
        """Return the box; our script puts a Today button beside it, with the day it would enter."""
        today = clock.today()
        if self.offers_today:
            kwargs["data-today"] = f"{today.day}/{today.month}/{today.year}"
        return super().__call__(**kwargs)


class TimeField(Typed):
    """A time of day in one box: 14:30, 1430, 2.30pm or 9am."""

    def __init__(self, label: str, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("description", "For example, 14:30 or 2.30pm")
        super().__init__(label, *args, read=typed.time_of_day, width="5", **kwargs)

    def shown(self) -> str:
        """Return the time as 14:30."""
        return self.data.strftime("%H:%M") if isinstance(self.data, time) else ""


class _Group:
    """For widgets of GOV.UK groups: no hint where a field has none, and its label as legend
    even where a template says how the legend looks."""

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        """Return the component's parameters."""
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)  # type: ignore[misc]
        if not field.description:
            params.pop("hint", None)
        if "fieldset" in params:
            params["fieldset"].setdefault("legend", {}).setdefault("text", field.label.text)
        return params


class _Radios(_Group, GovRadioInput):
    pass


class _Checkbox(_Group, GovCheckboxInput):
    pass


class _Checkboxes(_Group, GovCheckboxesInput):
    pass


def _or_none(value: Any) -> Any:
    return None if value in (None, "") else value


def offer(choices: Choices) -> list[SelectChoice]:
    """Return (value, label) pairs as a field takes them, for choices known only at a request."""
    return [SelectChoice(value, label) for value, label in choices]


class _OneOf:
    """For a choice of one: what was not offered is refused, and nothing chosen is None."""

    def pre_validate(self, _form: object) -> None:
        """Raise StopValidation for a value that the form does not offer."""
        offered = {choice.value for choice in self.iter_choices()}  # type: ignore[attr-defined]
        if self.data is not None and self.data not in offered:  # type: ignore[attr-defined]
            raise StopValidation("Choose an answer from the list")


class SelectOne(_OneOf, SelectField):
    """A list to choose one from; `empty` is what it says while nothing is chosen."""

    widget = GovSelect()

    def __init__(
        self, label: str, *args: Any, choices: Choices = (), empty: str = "", **kwargs: Any
    ) -> None:
        self.empty = empty
        super().__init__(label, *args, coerce=_or_none, choices=offer(choices), **kwargs)

    def iter_choices(self) -> list[Choice]:
        """Return the empty choice, then the others, as WTForms does."""
        return [Choice("", self.empty, self.data is None, {}), *super().iter_choices()]


class ChooseOne(_OneOf, RadioField):
    """Radio buttons to choose one from."""

    widget = _Radios()

    def __init__(self, label: str, *args: Any, choices: Choices = (), **kwargs: Any) -> None:
        super().__init__(label, *args, coerce=_or_none, choices=offer(choices), **kwargs)


class ChooseSeveral(SelectMultipleField):
    """Checkboxes to choose any number from; `data` is a list."""

    widget = _Checkboxes()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take each answer once, however often it was sent."""
        super().process_formdata(list(dict.fromkeys(valuelist)))

    def __init__(self, label: str, *args: Any, choices: Choices = (), **kwargs: Any) -> None:
        super().__init__(label, *args, choices=offer(choices), **kwargs)

    def pre_validate(self, _form: object) -> None:
        """Raise StopValidation for a value that the form does not offer."""
        if not set(self.data or ()) <= {choice.value for choice in self.iter_choices()}:
            raise StopValidation("Choose answers from the list")


class Tick(BooleanField):
    """One checkbox: True or False, never None."""

    widget = _Checkbox()


class YesNo(ChooseOne):
    """Yes, No, or neither chosen yet: True, False or None."""

    WORDS = (("yes", "Yes"), ("no", "No"))

    def __init__(self, label: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(label, *args, choices=self.WORDS, **kwargs)

    def process_data(self, value: Any) -> None:
        """Take True, False or None from a record."""
        super().process_data({True: "yes", False: "no"}.get(value, value))

    @property
    def answer(self) -> bool | None:
        """Return the answer as a record holds it."""
        return None if self.data is None else self.data == "yes"

    def __call__(self, **kwargs: Any) -> Any:
        """Return the two answers on one line."""
        params = {"classes": "govuk-radios--inline"} | kwargs.pop("params", {})
        return super().__call__(params=params, **kwargs)


def code_choices(codes: type[Code]) -> list[tuple[str, str]]:
    """Return a code list as choices, with the code beside its words where people say it aloud."""
    return [
        (value, f"{words} ({value})" if value.isupper() and len(value) > 1 else words)
        for value, words in codes.choices()
    ]
