"""The forms of a service that gives advice, and of whom to write to there."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from casework import clock, identifiers
from casework.codes import ContactPart
from casework.queries import advice_services
from casework.rules.advisers import SERVICES
from casework.web.conflicts import VersionedForm
from casework.web.fields import DayField, Given, SelectOne, TextField, Typed, offer
from casework.web.schools.fields import SettingField


def _kinds() -> list[tuple[str, str]]:
    """Each kind of service with its paragraph of regulation 6(1)."""
    return [
        (kind.key, f"{kind.words}, regulation 6(1)({kind.paragraph})")
        for kind in SERVICES.values()
        if kind.key not in ("family", "family_choice")
    ]


class ServiceForm(VersionedForm):
    """A service: its name, what it is in law, whose it is, and from when."""

    name = TextField("Name", [Given("Enter the service’s name")])
    kind = SelectOne(
        "What it is",
        [Given("Choose what kind of service it is")],
        description="It says under which paragraph of the law it is asked, and whether six weeks "
        "are law or guidance for it. It cannot be changed afterwards",
        empty="Choose one",
    )
    provider = TextField(
        "Provider",
        [Given("Enter the organisation that runs it")],
        description="The trust, council or school that runs it. One not named before is added",
    )
    setting = SettingField(
        "School or setting (only for a school’s own advice)",
        description="It is then asked about its own pupils",
    )
    from_day = DayField(
        "Asked from", [Given("Enter the first day on which it may be asked")], future=True
    )

    COLUMNS = ("name", "from_day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.kind:
            self.kind.choices = offer(_kinds())

    def details(self) -> dict[str, Any]:
        """Return what was typed, as columns of AdviceService."""
        found: dict[str, Any] = {name: self[name].data for name in self.COLUMNS}
        found["setting_id"] = self.setting.setting_id
        return found | ({"kind": self.kind.data} if self.kind else {})


class CloseForm(FlaskForm):
    """The last day on which a service is asked, and who answers after it."""

    until_day = DayField(
        "Last day on which it is asked",
        [Given("Enter the last day on which it is asked")],
        future=True,
    )
    replaced_by = SelectOne(
        "Which service takes over",
        description="It sees and answers what this one was asked and has not answered",
        empty="None",
    )

    def offer_all_but(self, public_id: str) -> None:
        """Offer every open service except this one."""
        found = advice_services.choices(clock.today())
        self.replaced_by.choices = offer(choice for choice in found if choice[0] != public_id)


class ContactForm(FlaskForm):
    """Whom to write to at a service, and as what."""

    part = SelectOne(
        "Written to as",
        [Given("Choose as what they are written to")],
        choices=ContactPart.choices(),
        empty="Choose one",
    )
    name = TextField("Name", description="Leave empty for a team mailbox")
    email = Typed(
        "Email address",
        [Given("Enter their email address")],
        read=identifiers.email,
        render_kw={"type": "email"},
    )
    phone = TextField("Telephone (optional)", longest=40)
    from_day = DayField("From", [Given("Enter the first day")], future=True)

    def validate_name(self, field: TextField) -> None:
        """Raise ValidationError for a person without a name: a service must know who it is."""
        if not field.data and self.part.data in (ContactPart.ESCALATION, ContactPart.COVER):
            raise ValidationError("Enter their name")

    def details(self) -> dict[str, Any]:
        """Return what was typed, as columns of ServiceContact."""
        found = {name: self[name].data for name in ("part", "email", "phone", "from_day")}
        return found | {"name": self.name.data or ""}


class EndContactForm(FlaskForm):
    """The last day on which somebody is written to."""

    until_day = DayField("Last day", [Given("Enter the last day")], future=True)
