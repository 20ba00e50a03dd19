"""What a panel's own page says of it equals a slow count, on both databases."""

from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.extensions import db
from casework.models import (
    AgendaItem,
    Case,
    Panel,
    PanelDecision,
    PanelMeeting,
    PanelRecordDecision,
)
from casework.queries import history
from casework.queries.panel_figures import Answered, did, sat
from casework.rules.decided import CARRIED_OUT_BY
from casework.rules.figures import Rate
from casework.rules.history import standing_events
from casework.rules.indicators import Period
from casework.rules.overturning import overturned_by
from casework.rules.panels import QUESTIONS
from casework.services.events import NewEvent
from tests.factories import (
    TODAY,
    decide,
    log,
    make_case,
    make_meeting,
    make_panel,
    put_on_agenda,
    sign,
)
from tests.fixtures.statements import counted

HALF_A_YEAR = Period(TODAY - timedelta(weeks=27), TODAY)
MET = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def did_of(panel: Panel, period: Period = HALF_A_YEAR) -> Any:
    db.session.rollback()
    return did(panel.id, period)


def answered_of(panel: Panel) -> Answered:
    (line,) = did_of(panel).answered
    return line


def test_the_days_run_from_the_request_to_the_panel_and_from_the_panel_to_the_letter() -> None:
    panel = make_panel()
    case, other = make_case(date(2026, 9, 7)), make_case(date(2026, 9, 10))
    meeting = make_meeting(panel, MET)
    sign(meeting, *(decide(put_on_agenda(meeting, one)) for one in (case, other)))
    line = answered_of(panel)
    assert (line.days_to_panel, line.days_to_notice) == (21.5, None)
    log(case, NewEvent(kind="told_will_assess", on=date(2026, 10, 5)))
    line = answered_of(panel)
    assert (line.days_to_panel, line.days_to_notice) == (21.5, 5)
    assert (line.agreed, line.refused, line.overturned) == (Rate(2, 2), Rate(0, 2), Rate(0, 0))


@pytest.mark.parametrize("undone_by", ["ordered_to_assess", "agreed_to_assess", "told_will_assess"])
def test_a_refusal_that_was_undone_since_is_counted_among_the_refusals(undone_by: str) -> None:
    panel = make_panel()
    case = make_case(date(2026, 9, 7))
    meeting = make_meeting(panel, MET)
    sign(meeting, decide(put_on_agenda(meeting, case), "not_assess"))
    log(case, NewEvent(kind="told_will_not_assess", on=date(2026, 10, 5)))
    assert answered_of(panel).overturned == Rate(0, 1)
    log(case, NewEvent(kind=undone_by, on=date(2026, 11, 2)))
    assert answered_of(panel).overturned == Rate(1, 1)
    assert answered_of(panel).refused == Rate(1, 1)


def test_what_another_panel_did_is_not_counted() -> None:
    panel, other = make_panel(), make_panel(name="Another panel")
    meeting = make_meeting(other, MET)
    sign(meeting, decide(put_on_agenda(meeting, make_case())))
    assert (did_of(panel).decided, did_of(other).decided) == (0, 1)
    assert did_of(panel).answered == []
    db.session.rollback()
    assert (sat(panel.id, HALF_A_YEAR).held, sat(other.id, HALF_A_YEAR).held) == (0, 1)


def _slow(panel: Panel) -> dict[str, dict[str, Any]]:
    """Count one decision after another, of the versions that stand."""
    of_panel = (
        select(PanelDecision)
        .join(AgendaItem, AgendaItem.id == PanelDecision.item_id)
        .join(PanelMeeting, PanelMeeting.id == AgendaItem.meeting_id)
        .join(PanelRecordDecision, PanelRecordDecision.decision_id == PanelDecision.id)
        .where(PanelMeeting.panel_id == panel.id, PanelDecision.capacity == "panel")
        .order_by(PanelDecision.id)
    )
    latest = {one.item_id: one for one in db.session.scalars(of_panel)}
    found: dict[str, dict[str, Any]] = {}
    for one in latest.values():
        if one.handled != "decided":
            continue
        outcome = QUESTIONS[one.question].outcome(one.decision)
        events = standing_events(history.entered_events([one.case_id])[one.case_id])
        (own,) = (e for e in events if (e.kind, e.on) == (outcome.event, one.decided_on))
        told = [e.on for e in events if e.kind in CARRIED_OUT_BY[outcome.event] and e.on >= own.on]
        blank: dict[str, Any] = {"refused": [], "undone": [], "panel": [], "notice": []}
        line = found.setdefault(one.question, blank)
        line["refused"].append(outcome.is_refusal)
        if outcome.is_refusal:
            line["undone"].append(overturned_by(own, events) is not None)
        started = db.session.get_one(Case, one.case_id).started_on
        line["panel"].append((one.decided_on - started).days)
        if told:
            line["notice"].append((min(told) - one.decided_on).days)
    return found


@pytest.mark.usefixtures("loaded")
def test_the_figures_of_both_panels_equal_a_slow_count_of_the_demonstration() -> None:
    undone = 0
    for panel in db.session.scalars(select(Panel)).all():
        slow = _slow(panel)
        answered = did_of(panel).answered
        assert {line.question.key for line in answered} == set(slow)
        for line in answered:
            expected = slow[line.question.key]
            refusals = sum(expected["refused"])
            assert line.refused == Rate(refusals, len(expected["refused"]))
            assert line.overturned == Rate(sum(expected["undone"]), refusals)
            assert line.days_to_panel == pytest.approx(median(expected["panel"]))
            if expected["notice"]:
                assert line.days_to_notice == pytest.approx(median(expected["notice"]))
            undone += sum(expected["undone"])
    assert undone >= 2


def test_they_take_as_many_statements_whatever_was_decided(app: Flask) -> None:
    panel = make_panel()

    def ask() -> int:
        number = panel.id
        db.session.rollback()
        with counted(app) as statements:
            did(number, HALF_A_YEAR)
            sat(number, HALF_A_YEAR)
        return len(statements)

    few = ask()
    for week in range(4):
        meeting = make_meeting(panel, MET - timedelta(weeks=week))
        sign(meeting, *(decide(put_on_agenda(meeting, make_case())) for _ in range(3)))
    assert ask() == few == 9
