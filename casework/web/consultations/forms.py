"""The forms of a family's request for a setting, and of a setting that is asked."""

from collections.abc import Iterator
from typing import Any

from casework.codes import PlaceKind
from casework.rules.consultations import AGAINST, REASONS, REPLIES
from casework.services.consultations import Chosen, Reply
from casework.web.cases.forms import VersionForm
from casework.web.fields import (
    ChooseOne,
    ChooseSeveral,
    DayField,
    Given,
    LongTextField,
    SelectOne,
    Tick,
    YesNo,
)
from casework.web.form_errors import explain
from casework.web.schools.fields import SettingField

#: How many settings are chosen on one page.
ROWS = 5
_NEW = "Add what is not in the list"


class RequestForm(VersionForm):
    """A setting that the family asks the plan to name."""

    setting = SettingField(
        "Which school, college or other setting",
        validators=[Given("Enter the setting that the family asked for")],
        new="is_new",
    )
    is_new = Tick(_NEW)
    on = DayField("Day they asked", validators=[Given("Enter the day they asked")])
    is_listed = YesNo(
        "Does section 38(3) list its type?",
        description="Leave it empty to go by its type: a maintained school or nursery school, an "
        "academy, a further education college, a non-maintained special school, or one approved "
        "under section 41",
    )
    words = LongTextField(
        "In their words (optional)", longest=4000, description="Why they want this setting"
    )

    @property
    def chosen(self) -> Chosen:
        """Return the setting of a valid form."""
        return Chosen(setting_id=self.setting.setting_id, new_name=self.setting.new_name)


class ChooseForm(VersionForm):
    """Several settings to be asked at once."""

    is_new = Tick(_NEW)
    asks = LongTextField(
        "What they are asked besides (optional)",
        longest=4000,
        description="Everyone who is asked reads this",
    )
    sent_on = DayField(
        "Day they were asked (optional)",
        description="Leave it empty while the letters are still to be sent. Enter T for today",
    )

    def rows(self) -> Iterator[tuple[SettingField, SelectOne]]:
        """Yield the boxes of each row: the setting, and where in it the place is."""
        for number in range(1, ROWS + 1):
            yield self[f"setting_{number}"], self[f"place_{number}"]

    def chosen(self, wanted_by_family: set[int]) -> list[tuple[str, Chosen]]:
        """Return the settings of a valid form, each with the name of its box."""
        return [
            (
                setting.name,
                Chosen(
                    setting_id=setting.setting_id,
                    new_name=setting.new_name,
                    place_kind=place.data,
                    is_family_request=setting.setting_id in wanted_by_family,
                ),
            )
            for setting, place in self.rows()
            if setting.data
        ]


for _number in range(1, ROWS + 1):
    _setting = SettingField(f"Setting {_number}", new="is_new", shares="setting_1")
    setattr(ChooseForm, f"setting_{_number}", _setting)
    _place = SelectOne(f"Where in it ({_number})", choices=PlaceKind.choices(), empty="Not said")
    setattr(ChooseForm, f"place_{_number}", _place)


class SentForm(VersionForm):
    """Chosen settings that were asked on a day."""

    settings = ChooseSeveral("Who was asked", validators=[Given("Tick who was asked")])
    on = DayField("Day they were asked", validators=[Given("Enter the day they were asked")])


class StepForm(VersionForm):
    """One step of a consultation: the day, and a note."""

    on = DayField("Day", validators=[Given("Enter the day")])
    note = LongTextField("Note (optional)", longest=1000)


class WithdrawForm(VersionForm):
    """Why a consultation is withdrawn."""

    on = DayField("Day it was withdrawn", validators=[Given("Enter the day it was withdrawn")])
    note = LongTextField(
        "Why it is withdrawn",
        longest=1000,
        validators=[Given("Enter why it is withdrawn")],
        description="For example, the family has asked for another school",
    )


class ReplyForm(VersionForm):
    """What a setting answered."""

    outcome = ChooseOne(
        "What it answered",
        choices=REPLIES.items(),
        validators=[Given("Choose what the setting answered")],
    )
    reason = SelectOne(
        "On what it relies",
        choices=REASONS.items(),
        empty="Nothing",
        description="Where it does not want to be named",
    )
    on = DayField("Day the answer came", validators=[Given("Enter the day the answer came")])
    words = LongTextField("What it says (optional)", longest=8000)
    document = SelectOne("A document that is on the case already (optional)", empty="None")

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether all is given; a setting that does not want the child says why not."""
        if not super().validate(extra_validators):
            return False
        if self.outcome.data in AGAINST and not self.reason.data:
            explain(self, {"reason": "Choose on what it relies, or that it gives no reason"})
            return False
        return True

    @property
    def reply(self) -> Reply:
        """Return the answer of a valid form."""
        return Reply(
            outcome=self.outcome.data,
            reason=self.reason.data,
            words=self.words.data or "",
            document=self.document.data,
        )
