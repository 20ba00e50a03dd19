"""A decision outside a panel is signed at once, stands as what it is, and is never taken twice."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from casework.access import EVERY_CASE
from casework.clock import set_today
from casework.extensions import db
from casework.models import (
    Case,
    CaseEvent,
    ConditionDone,
    PanelDecision,
    PanelRecord,
    PanelRecordDecision,
)
from casework.queries import cases, decisions_of_case
from casework.queries.decisions_of_case import CasePanels
from casework.services import conditions, deadlines, decided, officer_decisions
from casework.services.audit_trail import COMMAND_LINE, Actor, verify
from casework.services.decisions import NewDecision
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from tests.factories import (
    TODAY,
    decide,
    decide_alone,
    log,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    sign,
)

wed_18_nov = date(2026, 11, 18)
NO = NewDecision(decision="not_assess", reasons="No evidence of need beyond what school can give.")


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask):
    set_today(TODAY)
    with app.app_context():
        yield


@pytest.fixture
def case() -> Case:
    return make_case(date(2026, 10, 19))


def taken(case: Case, new: NewDecision, *, version: int | None = None, **ways: Any):
    db.session.refresh(case)
    given = {"actor": COMMAND_LINE, "question": "assess", "decided_on": TODAY} | ways
    seen = case.version if version is None else version
    return officer_decisions.decide(today=TODAY, case_id=case.id, version=seen, new=new, **given)


def panels(case: Case) -> CasePanels:
    db.session.expire_all()
    view = cases.view(EVERY_CASE, case.public_id, today=TODAY, soon_within=5)
    assert view is not None
    return decisions_of_case.of_case(view)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_it_is_a_signed_officer_decision_and_a_fact_of_the_case(case: Case) -> None:
    manager = make_user("manager", name="Mina Manager")
    made = taken(case, NO, actor=Actor(manager.id, "web"))
    db.session.refresh(case)
    record = db.session.scalars(select(PanelRecord)).one()
    assert (made.capacity, made.item_id, made.decided_by_id) == ("officer", None, manager.id)
    assert (record.meeting_id, record.signed_by_id) == (None, manager.id)
    assert db.session.scalars(select(PanelRecordDecision.decision_id)).one() == made.id
    event = db.session.scalars(select(CaseEvent).order_by(CaseEvent.id.desc())).first()
    assert event is not None
    assert event.decision_id == made.id
    assert case.stage == "assess_declined"
    assert verify().faults == ()
    assert deadlines.rebuild(mend=False).differed == 0
    [one] = panels(case).decisions
    assert (one.taken_by, one.signed_by) == ("By an officer, outside a panel", "Mina Manager")


def test_what_says_too_little_is_refused_and_leaves_nothing(case: Case) -> None:
    for new, field in (
        (NewDecision(reasons="It is so."), "decision"),
        (NewDecision(decision="issue", reasons="It is so."), "answer"),
        (NewDecision(decision="assess"), "reasons"),
    ):
        with pytest.raises(Refused) as refusal:
            taken(case, new)
        assert field in refusal.value.reasons
    with pytest.raises(Refused) as refusal:
        taken(case, NO, decided_on=date(2026, 11, 24))
    assert "decided_on" in refusal.value.reasons
    assert count(PanelDecision) == count(PanelRecord) == 0


def test_a_case_that_is_not_ready_needs_a_reason_which_stays_with_the_entry(case: Case) -> None:
    issue = NewDecision(decision="issue", reasons="All agree.")
    with pytest.raises(Refused) as refusal:
        taken(case, issue, question="issue")
    assert "despite" in refusal.value.reasons
    taken(case, replace(issue, despite="Assessed by the authority they left"), question="issue")
    latest = db.session.scalars(select(CaseEvent).order_by(CaseEvent.id.desc())).first()
    assert latest is not None
    assert latest.oddity == "Assessed by the authority they left"


def test_sent_twice_it_is_taken_once_and_another_person_is_told(case: Case) -> None:
    seen = case.version
    first = taken(case, NO)
    again = taken(case, NO, version=seen)
    assert again.id == first.id
    with pytest.raises(ChangedMeanwhile):
        taken(case, replace(NO, decision="assess"), version=seen)
    assert count(PanelDecision) == 1


def test_a_second_look_points_to_the_first_and_brings_the_case_back(case: Case) -> None:
    first = taken(case, NO, decided_on=wed_18_nov)
    log(case, NewEvent(kind="told_will_not_assess", on=date(2026, 11, 19)))
    second = taken(case, NewDecision(decision="assess", reasons="A report came."))
    db.session.refresh(case)
    assert (case.stage, second.reconsiders_id) == ("assess_agreed", first.id)
    latest, earlier = panels(case).decisions
    assert earlier.overturned == (
        "Overturned by a second look: Decided to assess, 23 November 2026"
    )
    assert panels(case).overturns[latest.event_id].decision.id == first.id  # type: ignore[index]
    assert latest.holds
    assert not earlier.holds
    assert earlier.decision.decision == "not_assess"


def test_a_panel_that_only_advises_leaves_the_decision_to_an_officer(case: Case) -> None:
    meeting = make_meeting(make_panel(decides=False), wed_18_nov)
    advised = decide(put_on_agenda(meeting, case), None, advice="assess")
    sign(meeting, advised)
    decided.make_facts(actor=COMMAND_LINE, decisions=[advised])
    assert panels(case).advice("assess") is not None
    made = taken(case, NewDecision(decision="assess", reasons="As the panel advised."))
    assert (made.advice, made.decision) == ("assess", "assess")
    assert panels(case).advice("assess") is None


def test_a_change_is_a_version_with_a_reason_and_the_first_stays(case: Case) -> None:
    first = taken(case, NO)
    changed = {"case_id": case.id, "decision_id": first.public_id, "decided_on": TODAY}
    new = replace(NO, reasons="Said better.", change_why="A slip")

    def change(said: NewDecision, **ways: Any) -> PanelDecision:
        db.session.refresh(case)
        given = {"actor": COMMAND_LINE, "today": TODAY, "version": case.version} | changed | ways
        return officer_decisions.change(new=said, **given)

    with pytest.raises(Refused, match="Say why"):
        change(replace(new, change_why=None))
    second = change(new)
    assert second.replaces_id == first.id
    assert [one.is_replaced for one in panels(case).decisions] == [False, True]
    with pytest.raises(Absent):
        change(new)  # the first is no longer in force
    log(case, NewEvent(kind="told_will_not_assess", on=TODAY))
    with pytest.raises(Refused, match="second look") as refusal:
        change(replace(new, decision="assess"), decision_id=second.public_id)
    assert "decided_on" in refusal.value.reasons
    assert count(PanelDecision) == 2


def test_a_condition_is_listed_until_it_is_met_and_can_be_taken_back(case: Case) -> None:
    decision = decide_alone(case)
    [condition] = decision.conditions
    where = {"actor": COMMAND_LINE, "case_id": case.id, "condition_id": condition.id}

    def line():
        [(_, found)] = panels(case).conditions
        return found

    assert line().is_overdue(TODAY)
    conditions.mark(**where, done_on=TODAY)
    conditions.mark(**where, done_on=TODAY)
    assert (line().done_on, line().is_overdue(TODAY)) == (TODAY, False)
    assert count(ConditionDone) == 1
    conditions.mark(**where, done_on=None)
    assert line().done_on is None
    with pytest.raises(Absent):
        conditions.mark(**where | {"case_id": case.id + 1}, done_on=TODAY)
    assert verify().faults == ()


def test_the_page_of_a_case_knows_which_panel_decides_and_when(case: Case) -> None:
    assert panels(case).wait.needs_an_officer  # type: ignore[union-attr]
    make_meeting(make_panel(questions="reassess"), date(2026, 11, 24))
    panel = make_panel(name="Weekly panel", questions="assess")
    make_meeting(panel, date(2026, 11, 25), cancelled_at=db.func.now(), cancelled_why="Snow")
    late = make_meeting(panel, date(2026, 12, 2))
    found = panels(case)
    assert found.meeting is not None
    assert found.meeting.id == late.id
    assert found.wait is not None
    assert found.wait.needs_an_officer
    in_time = make_meeting(make_panel(name="Other panel"), date(2026, 11, 26))
    assert panels(case).meeting.id == in_time.id  # type: ignore[union-attr]
    put_on_agenda(late, case)
    found = panels(case)
    assert found.is_on_agenda
    assert found.meeting is not None
    assert found.meeting.id == late.id


def test_a_meeting_whose_record_is_not_signed_says_nothing_of_what_was_decided(case: Case) -> None:
    meeting = make_meeting(make_panel(), wed_18_nov)
    unsigned = decide(put_on_agenda(meeting, case), "not_assess")
    found = panels(case)
    assert found.decisions == []
    assert [one.is_past for one in found.ahead] == [True]
    sign(meeting, unsigned)
    assert panels(case).ahead == []
