"""The forms of a meeting's day: added, moved, cancelled, set ahead."""

from datetime import timedelta
from typing import Any

from flask_wtf import FlaskForm

from casework.web.conflicts import VersionedForm
from casework.web.fields import (
    DayField,
    Given,
    LongTextField,
    SelectOne,
    TextField,
    TimeField,
    Typed,
)
from casework.web.form_errors import explain
from casework.web.typed import whole_number

_FOR_MEMBERS = "Members read it on the panel’s page: name no child"


class MeetingForm(FlaskForm):
    """When and where a meeting is held."""

    on_day = DayField(
        "Day",
        [Given("Enter the day of the meeting")],
        future=True,
        offers_today=False,
        description="For example, 2/12/2026",
    )
    starts_at = TimeField("Start", [Given("Enter when it starts")])
    minutes = Typed(
        "Length in minutes",
        [Given("Enter how long the meeting is")],
        read=whole_number(15, 720),
        width="3",
    )
    place = TextField("Place (optional)", description="A room, or how to join")

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether every field reads, and the meeting ends on its day."""
        if not super().validate(extra_validators):
            return False
        at = self.starts_at.data
        begins = timedelta(hours=at.hour, minutes=at.minute)
        if begins + timedelta(minutes=self.minutes.data) > timedelta(days=1):
            explain(self, {"minutes": "The meeting would end after midnight"})
            return False
        return True

    def values(self) -> dict[str, Any]:
        """Return what was typed, as columns of PanelMeeting."""
        return {
            **{name: self[name].data for name in ("on_day", "starts_at", "minutes")},
            "place": self.place.data or "",
        }


class MoveForm(MeetingForm, VersionedForm):
    """Another day, time or place for a meeting, and why."""

    why = LongTextField(
        "Why it is moved", [Given("Enter why it is moved")], longest=500, description=_FOR_MEMBERS
    )

    @staticmethod
    def held(meeting: Any) -> dict[str, Any]:
        """Return when and where a meeting is held, as the form's `data`."""
        names = ("on_day", "starts_at", "minutes", "place")
        return {name: getattr(meeting, name) for name in names}


class CancelForm(VersionedForm):
    """Why a meeting is cancelled, and where its cases go."""

    to = SelectOne("Meeting that its cases go to", empty="Choose a meeting")
    why = LongTextField(
        "Why it is cancelled",
        [Given("Enter why it is cancelled")],
        longest=500,
        description=_FOR_MEMBERS,
    )


class AheadForm(FlaskForm):
    """Up to which day the regular meetings are set."""

    until = DayField(
        "Set the meetings up to this day",
        [Given("Enter the last day")],
        future=True,
        offers_today=False,
        description="For example, 31/7/2027. Meetings that are there already stay as they are",
    )
