"""The forms of a case's child, contacts and details."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from casework.codes import RequestSource
from casework.queries import schools
from casework.queries.cases import CaseView
from casework.rules.ages import age
from casework.web.conflicts import VersionedForm
from casework.web.fields import DayField, Given, SelectOne
from casework.web.people.fields import (
    CASE,
    CHILD,
    CONTACT,
    OLDEST,
    PROTECTED,
    CaseFields,
    ChildFields,
    ContactFields,
    Objection,
    case_values,
    child_objections,
    child_values,
    contact_objections,
    contact_values,
    explain,
    held,
)


class ChildForm(ChildFields, VersionedForm):
    """What is held of the child."""

    #: The day the case began, which the child was born before.
    started_on: date | None = None

    @staticmethod
    def held(view: CaseView) -> dict[str, Any]:
        """Return what is held, as the form's `data`."""
        return dict(held(view.person, CHILD))

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether every field reads and all of them fit together."""
        reads = bool(super().validate(extra_validators))
        return explain(self, self._objections()) and reads

    def values(self) -> dict[str, Any]:
        """Return what was typed, as columns of Person."""
        return child_values(self)

    def _objections(self) -> Iterator[Objection]:
        yield from child_objections(self)
        born = self.date_of_birth.data
        if born and self.started_on and born > self.started_on:
            yield "date_of_birth", "The date of birth must be on or before the day the case began"
        elif born and self.started_on and age(born, self.started_on) > OLDEST:
            yield (
                "date_of_birth",
                f"They would be {age(born, self.started_on)} on the day the case began. "
                f"A plan is for people up to {OLDEST}: check the date of birth",
            )


class ContactForm(ContactFields, VersionedForm):
    """Someone to be told about the child."""

    @staticmethod
    def held(contact: Any) -> dict[str, Any]:
        """Return what is held of a contact, as the form's `data`."""
        return dict(held(contact, CONTACT))

    def hide_protected(self) -> None:
        """Leave out what is protected, and with it every way to change or unprotect it."""
        for name in (*PROTECTED, "address_is_protected"):
            del self[name]

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether every field reads and all of them fit together."""
        reads = bool(super().validate(extra_validators))
        return explain(self, contact_objections(self)) and reads

    def values(self) -> dict[str, Any]:
        """Return what was typed, as columns of Contact."""
        return contact_values(self)


class EndContactForm(VersionedForm):
    """From which day someone is no longer to be told."""

    ended_on = DayField(
        "Day from which they are no longer a contact",
        [Given("Enter the day from which they are no longer a contact")],
    )


class DetailsForm(CaseFields, VersionedForm):
    """What the case is about, and how the request came."""

    source = SelectOne("Who asked?", choices=RequestSource.choices(), empty="Not recorded")

    @staticmethod
    def held(view: CaseView) -> dict[str, Any]:
        """Return what is held, as the form's `data`."""
        setting = schools.label_of(view.setting) if view.setting else None
        typed = held(view.case, (*CASE, "graduated_approach", "source"))
        return {**typed, "setting": setting}

    def values(self) -> dict[str, Any]:
        """Return what was typed, as columns of Case."""
        return case_values(self) | {"source": self.source.data}
