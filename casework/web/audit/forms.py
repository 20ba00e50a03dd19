"""What the audit trail is narrowed by."""

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextInput
from wtforms import DateField, SelectField, StringField, SubmitField
from wtforms.validators import Optional

from casework.queries.audit_entries import Wanted


def _day(label: str) -> Any:
    return DateField(
        label, widget=GovTextInput(), validators=[Optional()], render_kw={"type": "date"}
    )


class TrailForm(FlaskForm):
    """Asked for by address, so that what was found can be found again."""

    class Meta:
        """It changes nothing, so it needs no token."""

        csrf = False

    person = SelectField("Person", widget=GovSelect(), validate_choice=False)
    reference = StringField(
        "Case reference", description="Such as EHC-000042", widget=GovTextInput()
    )
    action = SelectField("What was done", widget=GovSelect(), validate_choice=False)
    from_day = _day("From")
    to_day = _day("To")
    submit = SubmitField("Show", widget=GovSubmitInput())

    def wanted(self, before: int | None) -> Wanted:
        """Return which entries were asked for; a field left empty asks for all."""
        person = self.person.data or ""
        return Wanted(
            person_id=int(person) if person.isascii() and person.isdecimal() else None,
            reference=self.reference.data or None,
            action=self.action.data or None,
            from_day=self.from_day.data,
            to_day=self.to_day.data,
            before=before,
        )
