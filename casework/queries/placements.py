"""Open cases that wait for a place, across the team."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from casework.access import Scope
from casework.codes import SenType
from casework.extensions import db
from casework.models import Case, CaseEvent, Deadline, User
from casework.queries.scope import in_scope
from casework.rules.clocks import SEND_FINAL
from casework.rules.consultations import PLACEMENT_DECIDED, Waits, waits
from casework.rules.history import Happened, standing_events
from casework.rules.school_years import PHASE_NOT_KNOWN, PHASES, phase
from casework.rules.stages import Stage

#: The stages at which the plan is written and has no place yet.
_STAGES = (Stage.DRAFTING, Stage.DRAFT_OUT)
_NEED_NOT_KNOWN = "Not recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """One case that waits for a place, and why."""

    case: Case
    why: Waits
    final_by: date | None
    need: str
    phase: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The cases that wait, the first due first, and how many there are by need and phase."""

    lines: Sequence[WaitingLine]

    @property
    def phases(self) -> list[str]:
        """Return the phases that a case is in, in order of age."""
        held = {line.phase for line in self.lines}
        return [words for words in (*PHASES, PHASE_NOT_KNOWN) if words in held]

    @property
    def by_need(self) -> list[tuple[str, list[int], int]]:
        """Return for each need its cases in each of `phases` and in all, the most first."""
        cells = Counter((line.need, line.phase) for line in self.lines)
        needs = Counter(line.need for line in self.lines)
        ordered = sorted(needs, key=lambda need: (-needs[need], need))
        return [(one, [cells[one, p] for p in self.phases], needs[one]) for one in ordered]


def waiting(scope: Scope, today: date, officer_id: int | None = None) -> Waiting:
    """Return the cases in scope that wait for a place; `officer_id` keeps one officer's.

    Two statements, however many.
    """
    cases = _cases(scope, officer_id)
    told = _told([case.id for case, _ in cases])
    lines = [
        WaitingLine(
            case=case,
            why=why,
            final_by=final_by,
            need=_need(case.person.primary_need),
            phase=phase(case.person.date_of_birth, today),
        )
        for case, final_by in cases
        if (why := waits(standing_events(told.get(case.id, ())), final_by, today))
    ]
    return Waiting(sorted(lines, key=lambda line: (line.final_by or date.max, line.case.id)))


def _cases(scope: Scope, officer_id: int | None) -> Sequence[tuple[Case, date | None]]:
    owed = and_(
        Deadline.case_id == Case.id,
        Deadline.duty.in_(SEND_FINAL),
        Deadline.met_on.is_(None),
        Deadline.closed_on.is_(None),
    )
    statement = (
        select(Case, Deadline.due_on)
        .outerjoin(Deadline, owed)
        .where(Case.ended_on.is_(None), Case.stage.in_(_STAGES), in_scope(scope))
        .options(joinedload(Case.person), joinedload(Case.officer).load_only(User.name))
    )
    if officer_id is not None:
        statement = statement.where(Case.officer_id == officer_id)
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def _told(case_ids: Sequence[int]) -> dict[int, list[Happened]]:
    """What is told of a place on each of the cases, and what was struck out."""
    of = CaseEvent
    kinds = or_(of.consultation_id.is_not(None), of.kind.in_((*PLACEMENT_DECIDED, "struck_out")))
    columns = (of.kind, of.happened_on, of.outcome, of.corrects_id, of.consultation_id)
    rows = select(of.case_id, of.id, *columns).where(of.case_id.in_(case_ids), kinds)
    found: dict[int, list[Happened]] = {}
    for case_id, number, kind, on, outcome, corrects, consultation in db.session.execute(
        rows.order_by(of.id)
    ):
        found.setdefault(case_id, []).append(
            Happened(
                id=number,
                kind=kind,
                on=on,
                outcome=outcome,
                corrects_id=corrects,
                consultation_id=consultation,
            )
        )
    return found


def _need(code: str | None) -> str:
    return SenType(code).words if code else _NEED_NOT_KNOWN
