"""What one panel did in a period, counted by the database in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Subquery, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from casework import database
from casework.extensions import db
from casework.models import Case, CaseEvent, PanelDecision, PanelMeeting
from casework.queries import panel_items
from casework.queries.sittings import in_period, is_held, is_quorate, places, signed_versions
from casework.queries.sql_dates import days_between
from casework.queries.tallies import rate, rates_by
from casework.rules.decided import CARRIED_OUT_BY
from casework.rules.figures import Rate, median
from casework.rules.indicators import Period
from casework.rules.overturning import UNDONE_BY
from casework.rules.panels import QUESTIONS, Handled, Outcome, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Sat:
    """How often a panel sat, and who came."""

    held: int
    quorate: Rate
    attendance: Rate
    #: By agency (casework.rules.panels.PanelAgency).
    by_agency: Mapping[str, Rate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How a panel answered one question. The days are medians, None of nothing."""

    question: Question
    agreed: Rate
    refused: Rate
    #: Of the refusals, those that were undone since.
    overturned: Rate
    #: From the day the case began until the panel.
    days_to_panel: float | None
    #: From the panel until the family was told, or sent what was decided on.
    days_to_notice: float | None

    @property
    def decided(self) -> int:
        """Return how many were decided."""
        return self.agreed.denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class Did:
    """What became of the cases before a panel."""

    decided: int
    deferred: int
    not_heard: int
    circulated: Rate
    answered: list[Answered]


@database.reading()
def sat(panel_id: int, period: Period) -> Sat:
    """Return how often the panel sat in a period, and who came. Three statements."""
    of_panel = PanelMeeting.panel_id == panel_id
    meetings = select(PanelMeeting.on_day.label("placed_on"), is_quorate().label("counts"))
    held = rate(meetings.where(in_period(period), is_held(), of_panel).subquery())
    seats = places(period).where(of_panel).subquery()
    return Sat(
        held=held.denominator,
        quorate=held,
        attendance=rate(seats),
        by_agency=rates_by(seats, seats.c.agency),
    )


@database.reading()
def did(panel_id: int, period: Period) -> Did:
    """Return what became of the cases before the panel in a period. Six statements.

    As signed records hold it: see casework.queries.sittings.signed_versions.
    """
    of_panel = PanelMeeting.panel_id == panel_id
    statement = (
        signed_versions(period, *Handled)
        .with_only_columns(PanelDecision.handled, func.count())
        .where(of_panel)
        .group_by(PanelDecision.handled)
    )
    handled = {row[0]: row[1] for row in db.session.execute(statement)}
    return Did(
        decided=handled.get(Handled.DECIDED, 0),
        deferred=handled.get(Handled.DEFERRED, 0),
        not_heard=handled.get(Handled.NOT_HEARD, 0),
        circulated=rate(panel_items.decided(period).where(of_panel).subquery()),
        answered=_answered(_decided(period).where(of_panel).subquery()),
    )


def _decided(period: Period) -> Any:
    """One row for each decision of the authority: its question, what it was, how long it took."""
    return (
        signed_versions(period, Handled.DECIDED)
        .with_only_columns(
            PanelDecision.question,
            _is_one_of([outcome for outcome in _outcomes() if outcome[1].is_refusal]).label(
                "is_refusal"
            ),
            _is_undone().label("is_undone"),
            days_between(Case.started_on, PanelDecision.decided_on).label("to_panel"),
            days_between(PanelDecision.decided_on, _carried_out_on()).label("to_notice"),
        )
        .join(Case, Case.id == PanelDecision.case_id)
        .where(PanelDecision.decision.is_not(None))
    )


def _answered(decided: Subquery) -> list[Answered]:
    refused = func.count().filter(decided.c.is_refusal)
    undone = func.count().filter(decided.c.is_refusal, decided.c.is_undone)
    rows = db.session.execute(
        select(decided.c.question, func.count(), refused, undone).group_by(decided.c.question)
    ).all()
    counts = {row[0]: row[1:] for row in rows}
    to_panel, to_notice = _medians(decided, "to_panel"), _medians(decided, "to_notice")
    return [
        Answered(
            question=question,
            agreed=Rate(decided_ - refusals, decided_),
            refused=Rate(refusals, decided_),
            overturned=Rate(overturned, refusals),
            days_to_panel=to_panel.get(key),
            days_to_notice=to_notice.get(key),
        )
        for key, question in QUESTIONS.items()
        if key in counts
        for decided_, refusals, overturned in [counts[key]]
    ]


def _medians(decided: Subquery, column: str) -> dict[str, float | None]:
    """The median of a column for each question; what is not known yet is left out."""
    days = decided.c[column]
    tallies: dict[str, list[tuple[int, int]]] = defaultdict(list)
    statement = (
        select(decided.c.question, days, func.count())
        .where(days.is_not(None))
        .group_by(decided.c.question, days)
    )
    for question, number, many in db.session.execute(statement):
        tallies[question].append((number, many))
    return {question: median(tally) for question, tally in tallies.items()}


def _outcomes() -> list[tuple[str, Outcome]]:
    """Every outcome, beside the key of its question."""
    return [(key, outcome) for key, row in QUESTIONS.items() for outcome in row.outcomes]


def _is_one_of(outcomes: list[tuple[str, Outcome]]) -> ColumnElement[bool]:
    return or_(
        false(),
        *(
            and_(PanelDecision.question == key, PanelDecision.decision == outcome.key)
            for key, outcome in outcomes
        ),
    )


def _is_undone() -> ColumnElement[bool]:
    """Whether a step after it undid the decision (casework.rules.overturning)."""
    event = aliased(CaseEvent)
    undone = select(event.id).where(
        event.case_id == PanelDecision.case_id,
        event.happened_on > PanelDecision.decided_on,
        _of_kinds(event, UNDONE_BY),
        _stands(event),
    )
    return exists(undone)


def _carried_out_on() -> ScalarSelect[Any]:
    """The first day of a step by which the decision was carried out, or NULL."""
    event = aliased(CaseEvent)
    return (
        select(func.min(event.happened_on))
        .where(
            event.case_id == PanelDecision.case_id,
            event.happened_on >= PanelDecision.decided_on,
            _of_kinds(event, CARRIED_OUT_BY),
            _stands(event),
        )
        .scalar_subquery()
    )


def _of_kinds(event: Any, kinds: Mapping[str, tuple[str, ...]]) -> ColumnElement[bool]:
    """Whether an event is of the kinds given for what was decided."""
    return or_(
        false(),
        *(
            and_(_is_one_of([(key, outcome)]), event.kind.in_(kinds[outcome.event]))
            for key, outcome in _outcomes()
            if kinds.get(outcome.event)
        ),
    )


def _stands(event: Any) -> ColumnElement[bool]:
    later = aliased(CaseEvent)
    return ~exists(select(later.id).where(later.corrects_id == event.id))
