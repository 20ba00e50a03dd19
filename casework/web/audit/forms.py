"""What the audit trail is narrowed by."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from werkzeug.datastructures import MultiDict
from wtforms import SubmitField
from wtforms.fields.choices import SelectChoice

from casework.queries.audit_entries import Wanted
from casework.web.fields import DayField, SelectOne, TextField


class TrailForm(FlaskForm):
    """Asked for by address, so that what was found can be found again."""

    class Meta:
        """It changes nothing, so it needs no token."""

        csrf = False

    person = SelectOne("Person", empty="Anyone")
    reference = TextField("Case reference", longest=20, description="For example, EHC-000042")
    action = SelectOne("What was done", empty="Anything")
    # A day that is fixed to rehearse does not fix the trail, whose instants are true.
    from_day = DayField("From", future=True)
    to_day = DayField("To", future=True)
    submit = SubmitField("Show", widget=GovSubmitInput())

    def __init__(
        self,
        asked: "MultiDict[str, str]",
        *,
        people: Iterable[tuple[int, str]],
        actions: Iterable[str],
    ) -> None:
        super().__init__(asked)
        self.person.choices = [SelectChoice(str(number), name) for number, name in people]
        self.action.choices = [SelectChoice(action, action.capitalize()) for action in actions]

    def wanted(self, before: int | None) -> Wanted:
        """Return which entries were asked for; a field left empty asks for all."""
        return Wanted(
            person_id=int(self.person.data) if self.person.data else None,
            reference=self.reference.data,
            action=self.action.data,
            from_day=self.from_day.data,
            to_day=self.to_day.data,
            before=before,
        )
