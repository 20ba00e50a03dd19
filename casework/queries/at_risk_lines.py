"""What the two lists of open cases in time and past their limit say of each case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, Row, select

from casework.access import Scope
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Case, Person, User
from casework.queries import approvals, forecasts, situations
from casework.queries.at_risk import Narrowed, Side, chosen
from casework.queries.forecasts import Foreseen
from casework.queries.situations import Known, situation
from casework.rules.advisers import SERVICES
from casework.rules.at_risk import (
    ON_THE_WAY,
    REACHED_BY_STEPS,
    TELL,
    TO_A_PLAN,
    Prospect,
)
from casework.rules.book import BOOK
from casework.rules.consultations import first_asked
from casework.rules.history import Happened, draft_with_the_family, standing_events
from casework.rules.next_action import next_action
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
    #: The limit due next, which may be one on the way.
    next_duty: str | None
    known: Known
    #: What happened and stands, in order of day.
    events: Sequence[Happened]
    #: Whether an exception to one of its limits waits for whoever looks to approve it.
    may_approve: bool

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
    def late_advice(self) -> list[tuple[str, int]]:
        """Return the services whose advice is late, each with its days, the longest late first."""
        return [
            (SERVICES[one.service].words, (self.today - one.due_on).days)
            for one in self.known.advice_late(self.today)
        ]

    @property
    def action(self) -> str:
        """Return the one thing that moves the case."""
        return next_action(
            situation(
                self.known,
                self.events,
                today=self.today,
                stage=self.stage,
                due=self.next_duty,
                may_approve=self.may_approve,
            )
        )

    @property
    def chance_words(self) -> str:
        """Return how likely it is to be in time, in a sentence; nothing without a forecast, or
        where an exception lifts the limit."""
        if self.foreseen is None or self.foreseen.is_lifted:
            return ""
        return chance_words(self.foreseen.told)

    @property
    def steps(self) -> list[Step]:
        """Return the steps still to be taken, each with its last safe day."""
        calendar = england_and_wales()
        found = [
            single_step(BOOK[one.duty].label, one.due_on, calendar)
            for one in self.known.owed
            if one.duty in ON_THE_WAY and one.due_on < self.due_on
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


def lists(
    scope: Scope,
    narrowed: Narrowed,
    today: date,
    approver_id: int,
    numbers: Mapping[Side, int] | None = None,
) -> dict[Side, list[RiskLine]]:
    """Return both lists: of each the page of this number, or all of it. Six statements.

    `approver_id` is who looks, whose approval an exception may wait for.
    """
    rows = {
        side: _rows(chosen(side, scope, narrowed, today, numbers[side] if numbers else None))
        for side in Side
    }
    ids = [row.id for of_side in rows.values() for row in of_side]
    known, foreseen = situations.known(ids), forecasts.of_cases(ids)
    proposed = {case_id for case_id, _ in approvals.waiting(Case.id.in_(ids), approver_id)}
    return {
        side: [
            _line(row, today, known[row.id], foreseen.get(row.id), row.id in proposed)
            for row in of_side
        ]
        for side, of_side in rows.items()
    }


def _rows(found: CTE) -> Sequence[Row[*tuple[Any, ...]]]:
    statement = (
        select(
            *(Case.id, Case.public_id, Case.reference, Person.surname, Person.forenames),
            *(Case.stage, User.name.label("officer"), Case.is_complex, Case.started_on),
            *(found.c.due_on, found.c.duty, found.c.is_lifted, found.c.prospect, Case.next_duty),
        )
        .select_from(found)
        .join(Case, Case.id == found.c.case_id)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(User, User.id == Case.officer_id)
        .order_by(found.c.first, found.c.due_on, Case.id)
    )
    return db.session.execute(statement).all()


def _line(
    row: Row[*tuple[Any, ...]],
    today: date,
    known: Known,
    foreseen: Foreseen | None,
    may_approve: bool,
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
        next_duty=row.next_duty,
        known=known,
        events=standing_events(known.events),
        may_approve=may_approve,
    )
