"""One case, whole: what a page about it shows, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework.access import Scope
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import (
    Adviser,
    AuditEntry,
    Case,
    CaseEvent,
    CaseEventException,
    Contact,
    OfficerAssignment,
    Person,
    Setting,
    User,
)
from casework.queries.scope import in_scope
from casework.rules.advisers import SERVICES
from casework.rules.clocks import Clock, clocks, next_clock, outstanding_advice
from casework.rules.deadlines import Stand, standing
from casework.rules.events import EVENTS
from casework.rules.history import Happened, Standpoint, standing_events, standpoint
from casework.rules.stages import STAGES


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


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One duty on the case, when it is due and how it stands today."""

    clock: Clock
    stand: Stand
    #: Whose clock it is: None for the case's own.
    adviser: Adviser | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Everything that a page about one case shows."""

    case: Case
    person: Person
    setting: Setting | None
    officer: User | None
    contacts: Sequence[Contact]
    officers: Sequence[OfficerAssignment]
    advisers: dict[int, Adviser]
    #: Every entry in order of day, corrected ones too.
    history: list[EventLine]
    clocks: list[ClockLine]
    stands: Standpoint
    next: ClockLine | None

    @property
    def stage_words(self) -> str:
        """Return the stage as people say it."""
        return STAGES[self.stands.stage].words

    @property
    def own_clocks(self) -> list[ClockLine]:
        """Return the case's own limits, without those of its advisers."""
        return [line for line in self.clocks if line.adviser is None]

    @property
    def advice_clocks(self) -> list[ClockLine]:
        """Return one line for each adviser asked."""
        return [line for line in self.clocks if line.adviser is not None]

    @property
    def advice_outstanding(self) -> list[ClockLine]:
        """Return the advisers who have not answered, by the day they are due."""
        waiting = {id(clock) for clock in outstanding_advice(line.clock for line in self.clocks)}
        return [line for line in self.advice_clocks if id(line.clock) in waiting]


def find(scope: Scope, public_id: str) -> Case | None:
    """Return the case by the identifier in its address, or None where absent or not theirs."""
    return db.session.scalar(select(Case).where(Case.public_id == public_id, in_scope(scope)))


def view(scope: Scope, public_id: str, *, today: date, soon_within: int) -> CaseView | None:
    """Return the whole of a case as it stands on `today`, or None where absent or not theirs."""
    case = db.session.scalar(
        select(Case)
        .where(Case.public_id == public_id, in_scope(scope))
        .options(
            joinedload(Case.person).selectinload(Person.contacts),
            joinedload(Case.setting).selectinload(Setting.closures),
            joinedload(Case.officer),
        )
    )
    if case is None:
        return None
    advisers = {
        a.id: a
        for a in db.session.scalars(
            select(Adviser).where(Adviser.case_id == case.id).order_by(Adviser.id)
        )
    }
    entered = _entered(case.id)
    events = standing_events(_as_happened(event) for event in entered)
    found = clocks(
        kind=case.kind,
        detained=case.youth_accommodation,
        advisers={a.id: a.service for a in advisers.values()},
        events=events,
        calendar=england_and_wales(),
    )
    lines = [_clock_line(clock, advisers, today, soon_within) for clock in found]
    following = next_clock(found)
    return CaseView(
        case=case,
        person=case.person,
        setting=case.setting,
        officer=case.officer,
        contacts=[c for c in case.person.contacts if c.ended_on is None],
        officers=db.session.scalars(
            select(OfficerAssignment)
            .where(OfficerAssignment.case_id == case.id)
            .options(joinedload(OfficerAssignment.officer))
            .order_by(OfficerAssignment.id)
        ).all(),
        advisers=advisers,
        history=_history(entered),
        clocks=lines,
        stands=standpoint(events),
        next=next((line for line in lines if line.clock is following), None),
    )


def who_looked(case_id: int, limit: int = 50) -> Sequence[tuple[datetime, str | None, str]]:
    """Return when, who (None off the web) and what of the latest audit entries of a case."""
    statement = (
        select(AuditEntry.at, User.name, AuditEntry.action)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.case_id == case_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [(row.at, row.name, row.action) for row in db.session.execute(statement)]


def other_cases(person_id: int, case_id: int) -> Sequence[Case]:
    """Return the same child's other cases, newest first."""
    return db.session.scalars(
        select(Case)
        .where(Case.person_id == person_id, Case.id != case_id)
        .order_by(Case.started_on.desc())
    ).all()


def _entered(case_id: int) -> Sequence[CaseEvent]:
    statement = (
        select(CaseEvent)
        .where(CaseEvent.case_id == case_id)
        .options(
            joinedload(CaseEvent.exception),
            joinedload(CaseEvent.adviser),
            joinedload(CaseEvent.entered_by),
        )
    )
    return db.session.scalars(statement.order_by(CaseEvent.happened_on, CaseEvent.id)).all()


def _as_happened(event: CaseEvent) -> Happened:
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
    )


def _history(entered: Sequence[CaseEvent]) -> list[EventLine]:
    correcting = {event.corrects_id: event for event in entered if event.corrects_id}
    return [
        EventLine(
            event=event,
            words=EVENTS[event.kind].words,
            adviser=event.adviser,
            exception=event.exception,
            entered_by=event.entered_by.name if event.entered_by else None,
            corrected_by=correcting.get(event.id),
        )
        for event in entered
    ]


def _clock_line(
    clock: Clock, advisers: dict[int, Adviser], today: date, soon_within: int
) -> ClockLine:
    stand = standing(
        clock.duty,
        clock.due,
        ended_on=clock.met_on,
        lifted=bool(clock.lifted_by),
        today=today,
        calendar=england_and_wales(),
        soon_within=soon_within,
    )
    return ClockLine(clock, stand, advisers.get(clock.adviser_id) if clock.adviser_id else None)


def service_words(adviser: Adviser) -> str:
    """Return the adviser's service as people say it, with the name where one is held."""
    words = SERVICES[adviser.service].words
    return f"{words} ({adviser.name})" if adviser.name else words
