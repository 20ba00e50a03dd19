"""The forms of a school or other setting."""

from typing import Any

from flask_wtf import FlaskForm

from casework import identifiers
from casework.codes import SettingType
from casework.web.conflicts import VersionedForm
from casework.web.fields import DayField, Given, LongTextField, SelectOne, TextField, Tick, Typed
from casework.web.schools.fields import SettingField


class SettingForm(VersionedForm):
    """A setting's name, kind and numbers. Saving it says that somebody has reviewed it."""

    name = TextField("Name", [Given("Enter the setting’s name")])
    kind = SelectOne("Type", choices=SettingType.choices(), empty="Not known yet")
    urn = Typed("URN", read=identifiers.urn, width="10", description="6 numbers")
    ukprn = Typed("UKPRN", read=identifiers.ukprn, width="10", description="8 numbers")

    address = LongTextField(
        "Address",
        longest=600,
        description="As on an envelope, without the postcode",
    )
    postcode = Typed("Postcode", read=identifiers.postcode, width="10")
    is_section_41 = Tick("Approved under section 41 of the Children and Families Act 2014")
    has_unit = Tick("It has a special unit")
    has_resourced = Tick("It has resourced provision")
    is_closed = Tick("It has closed for good")

    COLUMNS = (
        *("name", "kind", "urn", "ukprn", "address", "postcode"),
        *("is_section_41", "has_unit", "has_resourced"),
    )

    @classmethod
    def held(cls, setting: Any) -> dict[str, Any]:
        """Return what the boxes hold of a setting."""
        return {name: getattr(setting, name) for name in cls.COLUMNS} | {
            "is_closed": not setting.is_open
        }

    def values(self) -> dict[str, Any]:
        """Return what was typed, as columns of Setting."""
        return {
            **{name: self[name].data for name in self.COLUMNS},
            "address": self.address.data or "",
            "is_open": not self.is_closed.data,
        }


class ClosureForm(FlaskForm):
    """The days on which a setting is closed."""

    first_day = DayField(
        "First day closed",
        [Given("Enter the first day it is closed")],
        future=True,
        offers_today=False,
        description="For example, 22/7/2026",
    )
    last_day = DayField(
        "Last day closed",
        [Given("Enter the last day it is closed")],
        future=True,
        offers_today=False,
        description="The day before it opens again. For example, 1/9/2026",
    )
    reason = TextField("Why it is closed", description="For example, summer holiday")


class MergeForm(FlaskForm):
    """The setting that another is the same as."""

    into = SettingField(
        "Which setting is it the same as?", [Given("Enter the setting that it is the same as")]
    )
