"""One case, whole: what a page about it shows, in a fixed number of statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from casework.access import Scope
from casework.codes import Code, RequestRoute, RequestSource, SenType, UpnUnknown
from casework.extensions import db
from casework.identifiers import spaced_nhs_number
from casework.models import (
    Adviser,
    AuditEntry,
    Case,
    Contact,
    OfficerAssignment,
    Person,
    Setting,
    User,
)
from casework.queries import entries
from casework.queries.advice import AdviceLine, advice_lines
from casework.queries.clock_lines import ClockLine, clock_lines
from casework.queries.entries import EventLine, ExceptionLine
from casework.queries.exceptions import Course, courses
from casework.queries.scope import in_scope, is_theirs
from casework.rules.ages import age
from casework.rules.civil_dates import spoken_time
from casework.rules.clocks import family_days_are_over, next_clock
from casework.rules.closures import Closure, Verdict, check
from casework.rules.events import CASE_KINDS, may_happen
from casework.rules.exception_course import State
from casework.rules.history import Happened, Standpoint, standing_events, standpoint
from casework.rules.stages import STAGES, WAITING_ON, Stage

#: The code lists of the child's coded columns that pages show.
_CODES: dict[str, type[Code]] = {
    "primary_need": SenType,
    "secondary_need": SenType,
    "upn_unknown": UpnUnknown,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Everything that a page about one case shows, as it stands on `today`."""

    today: date
    soon_within: int
    case: Case
    person: Person
    setting: Setting | None
    officer: User | None
    advisers: dict[int, Adviser]
    #: Every entry in order of day, corrected ones too.
    history: list[EventLine]
    #: The entries as the rules read them.
    entered: list[Happened]
    clocks: list[ClockLine]
    stands: Standpoint
    #: The day it came to the stage where it is.
    stage_since: date | None
    next: ClockLine | None

    @property
    def name(self) -> str:
        """Return the child's name as given."""
        return f"{self.person.forenames} {self.person.surname}".strip()

    @property
    def age(self) -> int | None:
        """Return the child's age in whole years today; None where the birthday is not recorded."""
        born = self.person.date_of_birth
        return age(born, self.today) if born else None

    @property
    def postcode_is_protected(self) -> bool:
        """Return whether the child's postcode could lead to an address that is protected."""
        return self.person.has_protected_contact

    @property
    def is_open(self) -> bool:
        """Return whether the assessment is still going on."""
        return self.stands.ended_on is None

    @property
    def is_final_begun(self) -> bool:
        """Return whether a final plan was sent to anyone."""
        return any(event.kind == "final_plan_sent" for event in standing_events(self.entered))

    @property
    def stage_words(self) -> str:
        """Return the stage as people say it."""
        return STAGES[self.stands.stage].words

    @property
    def waits_for(self) -> str:
        """Return whom the case waits for, as people say it."""
        own = [line.clock for line in self.own_clocks]
        is_over = self.case.waiting_on == "family" and family_days_are_over(own, self.today)
        return WAITING_ON["authority" if is_over else self.case.waiting_on]

    @property
    def kind_words(self) -> str:
        """Return the kind of case in words."""
        return CASE_KINDS[self.case.kind][0]

    @property
    def source_words(self) -> str:
        """Return who asked, in words."""
        return _words(RequestSource, self.case.source)

    @property
    def came_words(self) -> str:
        """Return how the request came and at what time of day, in words."""
        route = _words(RequestRoute, self.case.route)
        at = self.case.received_time
        return f"{route}, at {spoken_time(at)}" if at else route

    @property
    def nhs_number(self) -> str | None:
        """Return the child's NHS number in groups, as people read it."""
        number = self.person.nhs_number
        return spaced_nhs_number(number) if number else None

    def words_of(self, coded: str) -> str:
        """Return what a coded column of the child says, in words: `coded` is the column's name."""
        return _words(_CODES[coded], getattr(self.person, coded))

    @property
    def own_clocks(self) -> list[ClockLine]:
        """Return the case's own limits, without those of its advisers and of settings consulted."""
        return [line for line in self.clocks if line.whose is None]

    @property
    def consulted(self) -> dict[int, str]:
        """Return the names of the settings consulted, by the id of the consultation."""
        found = (line.event.consultation for line in self.history)
        return {one.id: one.setting.name for one in found if one}

    @property
    def advice(self) -> list[AdviceLine]:
        """Return one line for each adviser asked, outstanding ones first."""
        return advice_lines(list(self.advisers.values()), self.history, self.clocks)

    @property
    def closures(self) -> list[Closure]:
        """Return the first and last days of the setting's recorded closures."""
        closed = self.setting.closures if self.setting else []
        return [(closure.first_day, closure.last_day) for closure in closed]

    @property
    def closure_verdict(self) -> Verdict:
        """Return whether the setting's closures would bear out the ground of a closure."""
        return check(self.asked_of_school, self.closures)

    @property
    def asked_of_school(self) -> list[date]:
        """Return the days on which the school or setting was asked for advice."""
        return entries.asked_of_school(self.history)

    @property
    def exceptions(self) -> list[ExceptionLine]:
        """Return the exceptions that stand, each with its doubts."""
        return entries.exception_lines(self.history, self.closures)

    @property
    def exception_courses(self) -> list[Course]:
        """Return each exception from its proposal to its end, the newest first."""
        return courses(self.history, self.clocks, self.closures, self.today)

    @property
    def proposed_exceptions(self) -> list[Course]:
        """Return the exceptions that wait for a second person to approve them."""
        return [one for one in self.exception_courses if one.state is State.WAITING]

    @property
    def may_happen(self) -> tuple[str, ...]:
        """Return the keys of the events that may be logged now, the likeliest first."""
        likely = may_happen(self.stands.stage)
        if self.stands.stage is not Stage.ASSESSING or not self.advice:
            return likely
        if any(line.is_outstanding for line in self.advice):
            return tuple(dict.fromkeys(("advice_received", *likely)))
        return tuple(sorted(likely, key=lambda kind: kind == "advice_requested"))

    def entry(self, event_id: int) -> EventLine | None:
        """Return the entry that stands with this number, or None."""
        return next((e for e in self.history if e.event.id == event_id and e.stands), None)

    def limit(self, key: str) -> ClockLine | None:
        """Return the limit with this key, or None."""
        return next((line for line in self.clocks if line.key == key), None)

    def limits_beside(self, limit: ClockLine) -> list[ClockLine]:
        """Return the other limits that an exception could lift and none does yet.

        Those of the case itself, and where the limit in hand is one of them, the advisers' too.
        """
        return [
            line
            for line in self.clocks
            if line.key != limit.key
            and line.clock.duty.lifted_under
            and not line.clock.lifted_by
            and line.clock.closed_on is None
            and (line.adviser is None or limit.adviser is None)
        ]

    def clocks_with(self, *events: Happened) -> list[ClockLine]:
        """Return the limits as they would stand with more entries."""
        stand = standing_events([*self.entered, *events])
        when = {"today": self.today, "soon_within": self.soon_within, "settings": self.consulted}
        return clock_lines(self.case, self.advisers, stand, **when)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Around:
    """Who and what stands around a case, for the page about it alone."""

    #: Those to be told now.
    contacts: Sequence[Contact]
    #: Who held the case, in order.
    officers: Sequence[OfficerAssignment]
    #: The same child's other cases that the viewer may know of, newest first.
    others: Sequence[Case]


def find(scope: Scope, public_id: str) -> Case | None:
    """Return the case by the identifier in its address, or None where it is absent or not theirs.

    The two are one answer, so that nobody learns of a case that they may not see.
    """
    return db.session.scalar(select(Case).where(Case.public_id == public_id, in_scope(scope)))


def view(scope: Scope, public_id: str, *, today: date, soon_within: int) -> CaseView | None:
    """Return the whole of a case as it stands on `today`, or None where absent or not theirs.

    A service is shown what was asked of it, and nothing of the others who were asked. Four
    statements, however long its history; five for a service.
    """
    case = _case(scope, public_id)
    if case is None:
        return None
    advisers = {adviser.id: adviser for adviser in _advisers(case.id)}
    history = entries.entered(case.id)
    happened = [entries.as_happened(event) for event in history]
    others = advisers.keys() - _theirs(scope, case.id, advisers)
    events = standing_events(happened)
    asked = {one.id: one.setting.name for e in history if (one := e.consultation)}
    lines = clock_lines(
        case, advisers, events, today=today, soon_within=soon_within, settings=asked
    )
    stands = standpoint(events)
    following = next_clock(line.clock for line in lines) if stands.ended_on is None else None
    return CaseView(
        today=today,
        soon_within=soon_within,
        case=case,
        person=case.person,
        setting=case.setting,
        officer=case.officer,
        advisers={key: one for key, one in advisers.items() if key not in others},
        history=[
            line for line in entries.event_lines(history) if line.event.adviser_id not in others
        ],
        entered=happened,
        clocks=[line for line in lines if line.clock.adviser_id not in others],
        stands=stands,
        stage_since=_stage_since(events),
        next=next((line for line in lines if line.clock is following), None),
    )


def around(scope: Scope, view: CaseView) -> Around:
    """Return what stands around a case. Two statements."""
    case = view.case
    return Around(
        contacts=[contact for contact in view.person.contacts if contact.ended_on is None],
        officers=officers_held(case.id),
        others=other_cases(scope, case.person_id, case.id),
    )


def who_looked(case_id: int, limit: int = 200) -> Sequence[tuple[datetime, str, str]]:
    """Return when, who (or by which way, where nobody was signed in) and what of the latest audit
    entries of a case.
    """
    statement = (
        select(AuditEntry.at, User.name, AuditEntry.origin, AuditEntry.action)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.case_id == case_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [
        (row.at, row.name or f"The {row.origin}", row.action)
        for row in db.session.execute(statement)
    ]


def other_cases(scope: Scope, person_id: int, case_id: int) -> Sequence[Case]:
    """Return the same child's other cases that are in scope, newest first."""
    return db.session.scalars(
        select(Case)
        .where(Case.person_id == person_id, Case.id != case_id, in_scope(scope))
        .order_by(Case.started_on.desc())
    ).all()


def _case(scope: Scope, public_id: str) -> Case | None:
    statement = (
        select(Case)
        .where(Case.public_id == public_id, in_scope(scope))
        .options(
            joinedload(Case.person).selectinload(Person.contacts),
            joinedload(Case.setting).joinedload(Setting.closures),
            joinedload(Case.officer),
        )
    )
    return db.session.scalars(statement).unique().one_or_none()


def _advisers(case_id: int) -> Sequence[Adviser]:
    statement = select(Adviser).where(Adviser.case_id == case_id).order_by(Adviser.id)
    return db.session.scalars(statement).all()


def _theirs(scope: Scope, case_id: int, advisers: Mapping[int, Adviser]) -> Collection[int]:
    """The ids of the advisers that the person is told of: all, or for a service its own."""
    if not scope.services:
        return advisers.keys()
    own = select(Adviser.id).where(Adviser.case_id == case_id, is_theirs(scope))
    return set(db.session.scalars(own))


def officers_held(case_id: int) -> Sequence[OfficerAssignment]:
    """Return who has held the case, in order."""
    statement = (
        select(OfficerAssignment)
        .where(OfficerAssignment.case_id == case_id)
        .options(joinedload(OfficerAssignment.officer).load_only(User.name))
        .order_by(OfficerAssignment.id)
    )
    return db.session.scalars(statement).all()


def _stage_since(events: Sequence[Happened]) -> date | None:
    """The day of the event that brought the case to the stage where it is."""
    stage, since = standpoint(events).stage, None
    for number, event in reversed(list(enumerate(events))):
        since = event.on
        if standpoint(events[:number]).stage is not stage:
            break
    return since


def _words(codes: type[Code], code: str | None) -> str:
    return codes(code).words if code else "Not recorded"
