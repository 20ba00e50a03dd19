"""The forms of a panel: its terms of reference, a place on it, a phrase."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask_wtf import FlaskForm

from casework.rules.meetings import OnBankHoliday
from casework.rules.panels import QUESTIONS, PanelAgency, Position
from casework.web.conflicts import VersionedForm
from casework.web.fields import (
    ChooseOne,
    ChooseSeveral,
    DayField,
    Given,
    LongTextField,
    SelectOne,
    TextField,
    Tick,
    TimeField,
    Typed,
    offer,
)
from casework.web.form_errors import explain
from casework.web.typed import whole_number

WEEKDAYS = (
    *(("0", "Monday"), ("1", "Tuesday"), ("2", "Wednesday")),
    *(("3", "Thursday"), ("4", "Friday")),
)
DECIDES = (
    ("yes", "The chair takes the authority’s decision at the meeting"),
    ("no", "The panel advises, and an officer of the authority decides"),
)
A_DAY = timedelta(days=1)


class PanelForm(VersionedForm):
    """A panel's terms of reference."""

    name = TextField("Name", [Given("Enter the panel’s name")], longest=100)
    purpose = LongTextField("What it is for (optional)", longest=2000)
    questions = ChooseSeveral(
        "What it may decide",
        [Given("Choose what the panel may decide")],
        choices=[(question.key, question.words) for question in QUESTIONS.values()],
    )
    decides = ChooseOne("Who decides", [Given("Choose who decides")], choices=DECIDES)
    delegation = LongTextField(
        "Delegation (optional)",
        longest=2000,
        description="The part of the scheme of delegation under which the decision is taken",
    )
    agencies = ChooseSeveral(
        "Agencies without which there is no quorum",
        choices=PanelAgency.choices(),
        description="A chair or a deputy must be there besides",
    )
    least_present = Typed(
        "Least number of people present",
        [Given("Enter the least number of people")],
        read=whole_number(1, 50),
        width="2",
    )
    weekday = SelectOne(
        "Day of the week", [Given("Choose the day it meets")], choices=WEEKDAYS, empty="Choose"
    )
    starts_at = TimeField("Start", [Given("Enter when it starts")])
    minutes = Typed(
        "Length in minutes",
        [Given("Enter how long a meeting is")],
        read=whole_number(15, 720),
        width="3",
        description="For example, 180",
    )
    minutes_per_case = Typed(
        "Minutes for each case",
        [Given("Enter the minutes for each case")],
        read=whole_number(1, 240),
        width="3",
        description="For example, 6",
    )
    place = TextField("Place (optional)", description="A room, or how to join")
    on_bank_holiday = ChooseOne(
        "When the day is a bank holiday",
        [Given("Choose what happens on a bank holiday")],
        choices=OnBankHoliday.choices(),
    )
    papers_days = Typed(
        "Papers are due",
        [Given("Enter how many working days before")],
        read=whole_number(0, 20),
        width="2",
        description="Working days before the meeting",
    )
    papers_at = TimeField("By this time", [Given("Enter the time that papers are due")])
    circulate_days = Typed(
        "The agenda goes out",
        [Given("Enter how many working days before")],
        read=whole_number(0, 20),
        width="2",
        description="Working days before the meeting",
    )
    circulate_at = TimeField("By this time", [Given("Enter the time that the agenda goes out")])
    closed_on = DayField(
        "Day from which it meets no more (optional)",
        future=True,
        offers_today=False,
        description="Leave empty while it goes on. For example, 1/9/2027",
    )

    AS_HELD = (
        *("name", "purpose", "delegation", "least_present", "starts_at", "minutes"),
        *("minutes_per_case", "place", "on_bank_holiday", "papers_days", "papers_at"),
        *("circulate_days", "circulate_at", "closed_on"),
    )
    #: Columns that hold no words where nothing was typed, and never NULL.
    WORDS = ("purpose", "delegation", "place")

    @classmethod
    def held(cls, panel: Any) -> dict[str, Any]:
        """Return a panel's terms, as the form's `data`."""
        return {
            **{name: getattr(panel, name) for name in cls.AS_HELD},
            "questions": [key for key in QUESTIONS if key in panel.question_keys],
            "decides": "yes" if panel.decides else "no",
            "agencies": [agency for agency in PanelAgency if agency in panel.agencies_needed],
            "weekday": str(panel.weekday),
        }

    #: What a new panel begins with; each can be changed before it is saved.
    USUAL = {  # noqa: RUF012 (read only)
        "least_present": 3,
        "minutes": 180,
        "minutes_per_case": 6,
        "on_bank_holiday": "move",
        "papers_days": 4,
        "circulate_days": 3,
    }

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether every field reads and all of them fit together."""
        reads = bool(super().validate(extra_validators))
        objections = dict(self._objections()) if reads else {}
        explain(self, objections)
        return reads and not objections

    def values(self) -> dict[str, Any]:
        """Return what was typed, as columns of Panel."""
        return {
            **{name: self[name].data for name in self.AS_HELD if name in self},
            **{name: self[name].data or "" for name in self.WORDS},
            "questions": " ".join(key for key in QUESTIONS if key in self.questions.data),
            "decides": self.decides.data == "yes",
            "weekday": int(self.weekday.data),
        }

    def _objections(self) -> Iterator[tuple[str, str]]:
        begins = timedelta(hours=self.starts_at.data.hour, minutes=self.starts_at.data.minute)
        if begins + timedelta(minutes=self.minutes.data) > A_DAY:
            yield "minutes", "The meeting would end after midnight"
        if self.minutes_per_case.data > self.minutes.data:
            yield "minutes_per_case", "A case cannot have more minutes than the meeting"
        papers = -self.papers_days.data, self.papers_at.data
        goes_out = -self.circulate_days.data, self.circulate_at.data
        if goes_out < papers:
            yield "circulate_days", "The agenda must go out after its papers are due, not before"
        if goes_out >= (0, self.starts_at.data):
            yield "circulate_days", "The agenda must go out before the meeting starts"


class MemberFields(FlaskForm):
    """For whom a person sits, as what, and between which days."""

    agency = SelectOne(
        "Agency",
        [Given("Choose whom they speak for")],
        choices=PanelAgency.choices(),
        empty="Choose",
        description="Whom they speak for on the panel",
    )
    position = ChooseOne("Position", [Given("Choose a position")], choices=Position.choices())
    from_day = DayField("First day", [Given("Enter the first day")], future=True)
    until_day = DayField(
        "Last day (optional)",
        future=True,
        description="They see no papers after it. Leave empty while there is no end",
    )

    COLUMNS = ("agency", "position", "from_day", "until_day")

    def values(self) -> dict[str, Any]:
        """Return what was typed, as columns of PanelMember."""
        return {name: self[name].data for name in self.COLUMNS}


class NewMemberForm(MemberFields):
    """A place for a person on a panel."""

    user = SelectOne("Person", [Given("Choose a person")], empty="Choose")


class MemberForm(MemberFields, VersionedForm):
    """A place, put right or ended."""

    without_chair = Tick("The panel goes on without a chair for now")

    @classmethod
    def held(cls, member: Any) -> dict[str, Any]:
        """Return what is held of a place, as the form's `data`."""
        return {name: getattr(member, name) for name in cls.COLUMNS}


class PhraseWordsForm(FlaskForm):
    """The words of a reason."""

    words = LongTextField(
        "Words",
        [Given("Enter the words")],
        longest=1000,
        description="Tie them to evidence, and name nobody",
    )


class PhraseForm(PhraseWordsForm):
    """A reason for one question, or for one outcome of it."""

    speaks_for = SelectOne(
        "What it is a reason for", [Given("Choose what it is a reason for")], empty="Choose"
    )

    def offer_questions(self, keys: tuple[str, ...]) -> None:
        """Offer the questions that a panel decides, each with its outcomes."""
        choices: list[tuple[str, str]] = []
        for question in (one for one in QUESTIONS.values() if one.key in keys):
            choices.append((question.key, f"{question.words}: any answer"))
            for outcome in question.outcomes:
                words = f"{question.words}: {outcome.words}"
                choices.append((f"{question.key} {outcome.key}", words))
        self.speaks_for.choices = offer(choices)

    @property
    def question(self) -> str:
        """Return the key of the question."""
        return str(self.speaks_for.data).partition(" ")[0]

    @property
    def outcome(self) -> str | None:
        """Return the key of the outcome that it speaks for, or None for any."""
        return str(self.speaks_for.data).partition(" ")[2] or None
