"""What section I says and who signs the final plan; on which day it was sent, and to whom."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SubmitField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from casework.codes import PlaceKind
from casework.queries import final_plans, schools
from casework.services.final_plans import Naming
from casework.web.fields import (
    LARGEST_NUMBER,
    ChooseOne,
    ChooseSeveral,
    DayField,
    Given,
    LongTextField,
    TextField,
)
from casework.web.schools.fields import SettingField

#: What section I names, where it is none of the settings that are offered.
ANOTHER = "another"
TYPE_ONLY = "type"
#: The person about whom the plan is, as the one who is sent it.
YOUNG_PERSON = "young-person"
#: The family, where nobody of it is recorded.
FAMILY = "family"


class SignForm(FlaskForm):
    """Section I, and the signature."""

    names = ChooseOne("What section I names", [Given("Choose what section I names")])
    another = SettingField(
        "Another school or setting",
        description="Only if you chose another: its name or URN, as it is in the list of schools",
    )
    setting_type = TextField(
        "Type of school or other institution",
        description="For example, Special school. Left empty, it is the type in the list of "
        "schools. For a type only, enter it here",
    )
    place_kind = ChooseOne(
        "Where in it the place is",
        choices=PlaceKind.choices(),
        description="Left empty, it is the part that was asked, or else the school itself",
    )
    why_type_only = LongTextField(
        "Why none is named",
        description="Only for a type of school: for example, which were asked and what they said",
        longest=1000,
    )
    because = LongTextField(
        "Why the plan is signed again",
        description="The plan that was signed before is kept as it is",
        longest=1000,
    )
    post = TextField(
        "Your post",
        [Given("Enter your post")],
        longest=100,
        description="As you sign: for example, Head of SEND casework",
    )
    preview = SubmitField()
    #: Which plan the page was made from.
    seen = HiddenField()
    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, LARGEST_NUMBER)]
    )

    #: Which part of each setting was asked, by the identifier that the first question offers.
    parts: Mapping[str, str | None] = MappingProxyType({})

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the setting where another was chosen, and for the type where none is known."""
        fits = bool(super().validate(extra_validators))
        if self.names.data == ANOTHER and not (self.another.setting_id or self.another.errors):
            self.another.errors = ["Enter the name or URN of the school or setting"]
            fits = False
        if self.names.data == TYPE_ONLY and not self.why_type_only.data:
            self.why_type_only.errors = ["Enter why no school or other institution is named"]
            fits = False
        if self.names.data and fits and not self.naming().setting_type:
            words = "Enter the type of school or other institution"
            self.setting_type.errors = [*self.setting_type.errors, words]
            fits = False
        return fits

    def naming(self) -> Naming:
        """Return section I as a valid form describes it."""
        if self.names.data == TYPE_ONLY:
            return Naming(
                setting_id=None,
                setting_type=self.setting_type.data or "",
                why_type_only=self.why_type_only.data or "",
            )
        if self.names.data == ANOTHER:
            assert self.another.setting_id, "a valid form has its setting"
            setting = schools.by_id(self.another.setting_id)
        else:
            found = schools.find(self.names.data)
            assert found, "what is offered is held"
            setting = found
        return Naming(
            setting_id=setting.id,
            setting_type=self.setting_type.data or final_plans.type_words(setting),
            place_kind=self.place_kind.data or self.parts.get(self.names.data) or PlaceKind.SCHOOL,
        )


class SendForm(FlaskForm):
    """To whom the signed plan was sent, and on which day."""

    to = ChooseSeveral("Who was sent it", validators=[Given("Choose who was sent it")])
    on = DayField("Day it was sent", validators=[Given("Enter the day it was sent")])
    why_not_all = LongTextField(
        "Why somebody with parental responsibility is not sent it",
        description="Only if you leave one of them out",
        longest=1000,
    )
    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, LARGEST_NUMBER)]
    )
