"""What was entered in a case's history, and what became of each entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework.extensions import db
from casework.models import Adviser, CaseEvent, CaseEventException, Consultation, User
from casework.queries.clock_lines import service_words
from casework.rules.closures import CLOSURE_GROUNDS, Closure, Verdict, check
from casework.rules.comments import MEETINGS
from casework.rules.consultations import REPLIES
from casework.rules.events import DOUBTS, EVENTS, EXCEPTION_STEPS, OUTCOMES, RECIPIENTS
from casework.rules.exceptions import GROUNDS, REGULATIONS
from casework.rules.history import Happened

#: The words of an outcome, whatever kind of entry has it: no two lists share a key.
_OUTCOMES = (OUTCOMES, REPLIES, MEETINGS)


@dataclass(frozen=True, slots=True)
class EventLine:
    """One entry in a case's history, and what became of it."""

    event: CaseEvent
    words: str
    adviser: Adviser | None
    exception: CaseEventException | None
    entered_by: str | None
    #: The later entry that put this one right, or struck it out.
    corrected_by: CaseEvent | None

    @property
    def stands(self) -> bool:
        """Return whether the entry still counts."""
        return self.corrected_by is None and self.event.kind != "struck_out"

    @property
    def may_be_corrected(self) -> bool:
        """Return whether its day may be put right; what two people agreed can only be struck."""
        event = self.event
        return event.kind not in EXCEPTION_STEPS and event.exception_step is None

    @property
    def adviser_words(self) -> str | None:
        """Return the adviser's service in words, where the entry is about one."""
        return service_words(self.adviser) if self.adviser else None

    @property
    def particulars(self) -> str:
        """Return to whom, from whom or with what answer, in words; nothing where none is."""
        event = self.event
        found = [
            self.adviser_words,
            event.consultation.setting.name if event.consultation else None,
            RECIPIENTS.get(event.recipient or ""),
            next((w[o] for w in _OUTCOMES if (o := event.outcome or "") in w), None),
            _exception_words(self.exception) if self.exception else None,
        ]
        return ": ".join(words for words in found if words)

    @property
    def doubt_words(self) -> str | None:
        """Return the doubt about where the date came from, in words."""
        return DOUBTS.get(self.event.doubt or "")

    @property
    def is_start(self) -> bool:
        """Return whether the case begins with this entry, which can be corrected, not struck."""
        kind = EVENTS[self.event.kind]
        return kind.to is not None and not kind.after


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """One exception that stands: what it lifts, on which ground, and what is in doubt."""

    entry: EventLine
    particulars: CaseEventException
    #: What the setting's recorded closures say of the ground; None for other grounds.
    verdict: Verdict | None

    @property
    def ground_words(self) -> str:
        """Return the ground in words."""
        if self.particulars.ground is None:
            return "No lawful ground could be read from the reason given"
        return GROUNDS[self.particulars.ground].title

    @property
    def citation(self) -> str:
        """Return the provision that lists the ground, with its paragraph where it has one."""
        return REGULATIONS[self.particulars.regulation].cited(self.particulars.ground)

    @property
    def doubts(self) -> list[str]:
        """Return what is not recorded or not checked, in words."""
        kept = self.particulars
        missing = [
            (kept.first_day is None, "The days it covers are not recorded"),
            (not kept.evidence, "No evidence is recorded"),
            (not kept.approver_recorded, "Who approved it is not recorded"),
        ]
        doubt = self.entry.doubt_words
        return ([doubt] if doubt else []) + [words for is_missing, words in missing if is_missing]


def entered(case_id: int) -> Sequence[CaseEvent]:
    """Return everything entered for a case, corrected or not, in order of day; one statement."""
    statement = (
        select(CaseEvent)
        .where(CaseEvent.case_id == case_id)
        .options(
            joinedload(CaseEvent.exception),
            joinedload(CaseEvent.exception_step),
            joinedload(CaseEvent.adviser),
            joinedload(CaseEvent.consultation).joinedload(Consultation.setting),
            joinedload(CaseEvent.entered_by).load_only(User.name),
        )
    )
    return db.session.scalars(statement.order_by(CaseEvent.happened_on, CaseEvent.id)).all()


def as_happened(event: CaseEvent) -> Happened:
    """Return an entry as the rules read it."""
    return Happened(
        id=event.id,
        kind=event.kind,
        on=event.happened_on,
        adviser_id=event.adviser_id,
        recipient=event.recipient,
        outcome=event.outcome,
        corrects_id=event.corrects_id,
        regulation=event.exception.regulation if event.exception else None,
        ground=event.exception.ground if event.exception else None,
        consultation_id=event.consultation_id,
    )


def event_lines(events: Sequence[CaseEvent]) -> list[EventLine]:
    """Return a line for each entry, with the later entry that put it right."""
    correcting = {event.corrects_id: event for event in events if event.corrects_id}
    return [
        EventLine(
            event=event,
            words=EVENTS[event.kind].words,
            adviser=event.adviser,
            exception=event.exception,
            entered_by=event.entered_by.name if event.entered_by else None,
            corrected_by=correcting.get(event.id),
        )
        for event in events
    ]


def exception_lines(lines: Sequence[EventLine], closures: Sequence[Closure]) -> list[ExceptionLine]:
    """Return the exceptions that stand, a closure ground checked against the closures."""
    asked = asked_of_school(lines)
    return [
        ExceptionLine(
            line,
            line.exception,
            check(asked, closures) if line.exception.ground in CLOSURE_GROUNDS else None,
        )
        for line in lines
        if line.stands and line.exception and line.event.kind == "exception_recorded"
    ]


def asked_of_school(lines: Sequence[EventLine]) -> list[date]:
    """Return the days on which the school or setting was asked for advice."""
    return [
        line.event.happened_on
        for line in lines
        if line.stands
        and line.event.kind == "advice_requested"
        and line.adviser
        and line.adviser.service == "school"
    ]


def _exception_words(exception: CaseEventException) -> str:
    ground = GROUNDS[exception.ground].title if exception.ground else "Ground not known"
    return f"{REGULATIONS[exception.regulation].citation}, {ground.lower()}"
