"""The forms by which an agenda is built: its cases, their order, their minutes."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_wtf import FlaskForm

from casework.queries.agenda import AgendaLine
from casework.queries.meetings_ahead import MeetingAhead
from casework.queries.prospects import Prospect
from casework.rules.agendas import Typed as Place
from casework.rules.agendas import arranged
from casework.rules.civil_dates import spoken
from casework.rules.panels import QUESTIONS
from casework.web.conflicts import VersionedForm
from casework.web.fields import (
    ChooseOne,
    ChooseSeveral,
    Given,
    LongTextField,
    SelectOne,
    TextField,
    Typed,
    offer,
)
from casework.web.typed import whole_number

#: The most minutes that a case may be given, a day's work.
MOST_MINUTES = 480
MOST_CASES = 999


class AgendaForm(VersionedForm):
    """The order of an agenda and the minutes of each case; `form_for` adds its boxes."""

    lines: Sequence[AgendaLine] = ()

    def order(self) -> list[int]:
        """Return the items' ids in the order that was typed."""
        places = {
            line.item.id: Place(line.number, self[place_of(line)].data or line.number)
            for line in self.lines
        }
        return arranged(places)

    def minutes(self) -> dict[int, int]:
        """Return the minutes that were typed for each item, by its id."""
        return {line.item.id: self[minutes_of(line)].data for line in self.lines}


def place_of(line: AgendaLine) -> str:
    """Return the name of the box for an item's place."""
    return f"place-{line.item.public_id}"


def minutes_of(line: AgendaLine) -> str:
    """Return the name of the box for an item's minutes."""
    return f"minutes-{line.item.public_id}"


def form_for(lines: Sequence[AgendaLine]) -> tuple[type[AgendaForm], dict[str, int]]:
    """Return the form of an agenda with two boxes for each item, and what they hold now."""
    boxes: dict[str, Any] = {"lines": lines}
    held: dict[str, int] = {}
    for line in lines:
        reference = line.case.reference
        boxes[place_of(line)] = Typed(
            f"Place of {reference}", read=whole_number(1, MOST_CASES), width="2"
        )
        boxes[minutes_of(line)] = Typed(
            f"Minutes for {reference}",
            [Given(f"Enter the minutes for {reference}")],
            read=whole_number(1, MOST_MINUTES),
            width="3",
        )
        held |= {place_of(line): line.number, minutes_of(line): line.item.minutes}
    return type("AgendaOfItems", (AgendaForm,), boxes), held


class AddForm(VersionedForm):
    """Cases that wait for a decision, ticked; each is its case and its question."""

    cases = ChooseSeveral("Cases", [Given("Tick at least one case")])

    def offer(self, waiting: Iterable[Prospect]) -> None:
        """Offer these cases."""
        self.cases.choices = offer((key_of(one), one.case.reference) for one in waiting)

    def chosen(self, waiting: Iterable[Prospect]) -> list[tuple[int, str]]:
        """Return the case and question of each that was ticked, in the order of the law."""
        ticked = set(self.cases.data or ())
        return [(one.case.case_id, one.question.key) for one in waiting if key_of(one) in ticked]


def key_of(one: Prospect) -> str:
    """Return what a tick box sends for a case and its question."""
    return f"{one.case.public_id}.{one.question.key}"


class AddCaseForm(VersionedForm):
    """One case, whatever its stage, with the question that is put to the panel."""

    cases = TextField(
        "Case reference",
        [Given("Enter the reference of the case")],
        longest=30,
        description="For example, EHC-000042",
    )
    question = ChooseOne("What is the panel to decide?", [Given("Choose what is to be decided")])

    def __init__(self, *args: Any, questions: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question.choices = offer((key, QUESTIONS[key].words) for key in questions)


class TakeOffForm(VersionedForm):
    """Where a case goes that does not come before this meeting, and why."""

    to = SelectOne("Where does it go?", empty="To no meeting: it is taken off the agenda")
    why = LongTextField(
        "Why?",
        [Given("Say why the case is taken off")],
        longest=500,
        description="Do not name the child or the family",
    )

    def __init__(self, *args: Any, meetings: Sequence[MeetingAhead], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {one.meeting.public_id: one for one in meetings}
        self.to.choices = offer((key, in_words(one)) for key, one in self.meetings.items())


class NoteForm(VersionedForm):
    """What the clerk notes for the panel beside a case."""

    note = LongTextField(
        "Note to the panel",
        longest=1000,
        description="It stands on the agenda that members read and print. Do not name the child, "
        "the family or anybody else",
    )


class CirculateForm(VersionedForm):
    """The one act of sending an agenda round."""


class ProposeForm(FlaskForm):
    """The meeting that an officer puts a case before."""

    meeting = ChooseOne("Which meeting?", [Given("Choose a meeting")])

    def __init__(self, *args: Any, meetings: Sequence[MeetingAhead], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {one.meeting.public_id: one for one in meetings}
        self.meeting.choices = offer((key, in_words(one)) for key, one in self.meetings.items())


def in_words(ahead: MeetingAhead) -> str:
    """Return a meeting as a list of them names it."""
    late = ", agenda circulated already" if ahead.is_circulated else ""
    return f"{spoken(ahead.meeting.on_day)}, {ahead.panel.name}{late}"
