"""What the two lists of open cases in time and past their limit say of each case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from casework.access import Scope
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Case, Person, User
from casework.queries import forecasts, history
from casework.queries.at_risk import Narrowed, Side, chosen
from casework.queries.case_limits import Asked, CaseLimits, limits_of
from casework.queries.forecasts import Foreseen
from casework.rules.at_risk import (
    ON_THE_WAY,
    OWN_LIMITS,
    REACHED_BY_STEPS,
    TELL,
    TO_A_PLAN,
    Prospect,
)
from casework.rules.book import BOOK
from casework.rules.consultations import first_asked
from casework.rules.history import Happened, draft_with_the_family, standing_events
from casework.rules.next_steps import DECIDING, in_a_line
from casework.rules.outlook import chance_words
from casework.rules.stages import STAGES, Stage
from casework.rules.weeks_left import Step, single_step, weeks_left


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLine:
    """One case of either list."""

    today: date
    case_id: int
    public_id: str
    reference: str
    surname: str
    forenames: str
    stage: Stage
    officer: str | None
    is_complex: bool
    started_on: date
    #: The limit at the end of its road, and its rule.
    due_on: date
    duty: str
    is_lifted: bool
    prospect: Prospect
    #: None where no forecast was made of it.
    foreseen: Foreseen | None
    limits: CaseLimits
    #: What happened and stands, in order of day.
    events: Sequence[Happened]

    @property
    def stage_words(self) -> str:
        """Return the stage as people say it."""
        return STAGES[self.stage].words

    @property
    def weeks(self) -> int:
        """Return the whole weeks since the request."""
        return (self.today - self.started_on).days // 7

    @property
    def days_left(self) -> int:
        """Return the days until its limit; below nought past it."""
        return (self.due_on - self.today).days

    @property
    def last_on(self) -> date:
        """Return the newest day on which anything happened."""
        return max((e.on for e in self.events), default=self.started_on)

    @property
    def late_advice(self) -> list[Asked]:
        """Return the services whose advice is late, the longest late first."""
        return [one for one in self.limits.missing if one.due_on < self.today]

    @property
    def action(self) -> str:
        """Return the one thing that moves the case."""
        decided = next((e for e in reversed(self.events) if e.kind in DECIDING), None)
        step = in_a_line(self.stage, decided.kind, decided.on) if decided else None
        owed = [one for one in self.limits.owed if one.duty.id in OWN_LIMITS]
        first = min(owed, key=lambda one: one.due_on, default=None)
        return step or (first.duty.label if first else BOOK[self.duty].label)

    @property
    def chance_words(self) -> str:
        """Return how likely it is to be in time, in a sentence; nothing without a forecast."""
        return chance_words(self.foreseen.told) if self.foreseen else ""

    @property
    def steps(self) -> list[Step]:
        """Return the steps still to be taken, each with its last safe day."""
        calendar = england_and_wales()
        found = [
            single_step(one.duty.label, one.due_on, calendar)
            for one in self.limits.owed
            if one.duty.id in ON_THE_WAY and one.due_on < self.due_on
        ]
        if self.stage not in TO_A_PLAN or self.duty not in REACHED_BY_STEPS:
            return [*found, single_step(BOOK[self.duty].label, self.due_on, calendar)]
        left = weeks_left(
            today=self.today,
            final_by=self.due_on,
            calendar=calendar,
            served_on=draft_with_the_family(self.events),
            consulted_on=first_asked(self.events),
        )
        return [*found, *left.steps]


def page(side: Side, scope: Scope, narrowed: Narrowed, today: date, number: int) -> list[RiskLine]:
    """Return the lines of one page of a list. Four statements."""
    return _lines(side, scope, narrowed, today, number)


def every_line(side: Side, scope: Scope, narrowed: Narrowed, today: date) -> list[RiskLine]:
    """Return all the lines of a list, for a sheet. Four statements."""
    return _lines(side, scope, narrowed, today, None)


def _lines(
    side: Side, scope: Scope, narrowed: Narrowed, today: date, number: int | None
) -> list[RiskLine]:
    found = chosen(side, scope, narrowed, today, number)
    statement = (
        select(
            *(Case.id, Case.public_id, Case.reference, Person.surname, Person.forenames),
            *(Case.stage, User.name.label("officer"), Case.is_complex, Case.started_on),
            *(found.c.due_on, found.c.duty, found.c.is_lifted, found.c.prospect),
        )
        .select_from(found)
        .join(Case, Case.id == found.c.case_id)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(User, User.id == Case.officer_id)
        .order_by(found.c.first, found.c.due_on, Case.id)
    )
    rows = db.session.execute(statement).all()
    ids = [row.id for row in rows]
    limits, entered, foreseen = limits_of(ids), history.entered_events(ids), forecasts.of_cases(ids)
    return [
        _line(row, today, limits[row.id], standing_events(entered[row.id]), foreseen.get(row.id))
        for row in rows
    ]


def _line(
    row: Row[*tuple[Any, ...]],
    today: date,
    limits: CaseLimits,
    events: Sequence[Happened],
    foreseen: Foreseen | None,
) -> RiskLine:
    return RiskLine(
        today=today,
        case_id=row.id,
        public_id=row.public_id,
        reference=row.reference,
        surname=row.surname,
        forenames=row.forenames,
        stage=Stage(row.stage),
        officer=row.officer,
        is_complex=row.is_complex,
        started_on=row.started_on,
        due_on=row.due_on,
        duty=row.duty,
        is_lifted=bool(row.is_lifted),
        prospect=tuple(Prospect)[row.prospect],
        # What is said of 20 weeks says nothing of a case that is to have no plan.
        foreseen=None if Stage(row.stage) in TELL else foreseen,
        limits=limits,
        events=events,
    )
