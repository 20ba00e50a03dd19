"""Words that are ready to send: which panel decides, when, and by which day the family must hear.

Nothing is sent from here. A person reads them, changes them and sends them.
"""

from dataclasses import dataclass
from datetime import date

from casework.queries.cases import CaseView
from casework.queries.decisions_of_case import CasePanels, Meeting
from casework.rules.ages import age
from casework.rules.panels import QUESTIONS, Question

#: What each question asks, as a family reads it.
PLAIN = {
    "assess": "whether to carry out an Education, Health and Care (EHC) needs assessment",
    "reassess": "whether to carry out another Education, Health and Care (EHC) needs assessment",
    "issue": "whether an Education, Health and Care (EHC) plan is needed",
    "content": "whether the draft Education, Health and Care (EHC) plan says all that it should",
    "placement": "which school, college or other setting the plan will name",
    "cease": "whether the Education, Health and Care (EHC) plan should continue",
}
#: The age from which a letter is written to the young person themselves, as a first suggestion.
_GROWN = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSay:
    """What there is to tell of one question."""

    question: Question
    #: The panel's name and the day of its meeting; None where an officer decides.
    panel: str | None
    panel_decides: bool
    meets_on: date | None
    #: By when the family must hear; None where the law sets no day.
    by: date | None
    is_late: bool
    #: Whether it is decided already, so that only the letter is to come.
    is_decided: bool

    @property
    def asks(self) -> str:
        """Return what is decided, as a family reads it."""
        return PLAIN[self.question.key]


def first_name(view: CaseView) -> str:
    """Return the child's first name, which is all of it that goes into the words."""
    return next(iter(view.person.forenames.split()), view.case.reference)


def is_grown(view: CaseView) -> bool:
    """Return whether the words are to the young person rather than to a parent or carer."""
    born = view.person.date_of_birth
    return born is not None and age(born, view.today) >= _GROWN


def to_say(view: CaseView, panels: CasePanels) -> ToSay | None:
    """Return what there is to tell the family and the setting; None where nothing is."""
    for due in reversed(panels.steps):
        question = _question_of(due.event.kind)
        if question and due.limit:
            return _said(question, None, due.limit.due.on, view.today, is_decided=True)
    if wait := panels.wait:
        meeting = None if wait.needs_an_officer else panels.meeting
        by = wait.limit.due.on if wait.limit else None
        return _said(wait.question, meeting, by, view.today)
    planned = next((one for one in panels.ahead if not one.is_past), None)
    return _said(planned.question, planned.meeting, None, view.today) if planned else None


def _said(
    question: Question,
    meeting: Meeting | None,
    by: date | None,
    today: date,
    *,
    is_decided: bool = False,
) -> ToSay:
    return ToSay(
        question=question,
        panel=meeting.panel.name if meeting else None,
        panel_decides=meeting is not None and meeting.panel.decides,
        meets_on=meeting.on_day if meeting else None,
        by=by,
        is_late=by is not None and by < today,
        is_decided=is_decided,
    )


def _question_of(event: str) -> Question | None:
    """The question whose answer the event is."""
    return next(
        (row for row in QUESTIONS.values() if event in {one.event for one in row.outcomes}), None
    )
