"""Which cases a panel's agenda finds for itself, on both databases. Every child is invented."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from casework.access import EVERY_CASE, Scope
from casework.clock import now
from casework.extensions import db
from casework.models import Adviser, Case, Interest, PanelMeeting
from casework.queries.candidates import candidates, prospect
from casework.rules.agendas import Need
from casework.services.events import NewEvent
from tests.factories import (
    TODAY,
    decide,
    log,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    sign,
)
from tests.fixtures.statements import counted

MEETS, NEXT = date(2026, 11, 25), date(2026, 12, 2)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def meeting() -> PanelMeeting:
    """Give a meeting on 25 November; its panel meets again a week later."""
    panel = make_panel()
    make_meeting(panel, NEXT)
    return make_meeting(panel, MEETS)


def child(name: str, started_on: date, **details: Any) -> Case:
    return make_case(started_on, person={"surname": name}, **details)


def being_assessed(name: str, *, waits_for_advice: bool) -> Case:
    """Return a case three months old whose assessment was agreed and one service asked."""
    case = child(name, date(2026, 8, 24))
    asked = NewEvent(
        kind="advice_requested", on=date(2026, 9, 21), service="educational_psychology"
    )
    log(
        case,
        NewEvent(kind="decided_to_assess", on=date(2026, 9, 14)),
        NewEvent(kind="told_will_assess", on=date(2026, 9, 16)),
        asked,
    )
    if not waits_for_advice:
        [adviser] = db.session.query(Adviser).filter_by(case_id=case.id)
        answered = NewEvent(kind="advice_received", on=date(2026, 10, 21), adviser_id=adviser.id)
        log(case, replace(answered, outcome="advice"))
    return case


def listed(meeting: PanelMeeting, scope: Scope = EVERY_CASE) -> list[tuple[str, str, bool]]:
    found = candidates(scope, meeting, TODAY)
    return [(one.case.reference, one.question.key, one.is_ready) for one in found.listed]


def test_cases_that_wait_come_in_the_order_that_the_law_needs(meeting: PanelMeeting) -> None:
    later, sooner = child("Later", TODAY - timedelta(14)), child("Sooner", TODAY - timedelta(28))
    again = child("Again", TODAY - timedelta(7), kind="reassessment")
    assessing = being_assessed("Assessing", waits_for_advice=False)
    log(child("Gone", date(2026, 9, 1)), NewEvent(kind="withdrawn", on=TODAY))
    found = candidates(EVERY_CASE, meeting, TODAY)
    assert [(one.case.reference, one.question.key) for one in found.listed] == [
        (again.reference, "reassess"),
        (sooner.reference, "assess"),
        (assessing.reference, "issue"),
        (later.reference, "assess"),
    ]
    assert found.ready.total == 4


def test_a_case_whose_last_day_comes_before_the_next_meeting_must_be_decided(
    meeting: PanelMeeting,
) -> None:
    days = {name: date(2026, 10, 19) + timedelta(n) for name, n in (("A", 0), ("B", 2), ("C", -8))}
    cases = {name: child(name, day) for name, day in days.items()}
    need = {one.case.reference: one.need for one in candidates(EVERY_CASE, meeting, TODAY).listed}
    assert need[cases["A"].reference] is Need.MUST_DECIDE  # due on 30 November
    assert need[cases["B"].reference] is Need.CAN_WAIT  # due on the day of the next meeting
    assert need[cases["C"].reference] is Need.OVERDUE  # due yesterday


def test_the_meeting_of_another_panel_that_may_decide_counts_as_the_next(
    meeting: PanelMeeting,
) -> None:
    case = child("Due 30 November", date(2026, 10, 19))
    other = make_panel(name="Other panel", questions="cease assess")
    make_meeting(other, date(2026, 11, 27))
    [found] = candidates(EVERY_CASE, meeting, TODAY).listed
    assert found.need is Need.CAN_WAIT
    late = make_meeting(make_panel(name="Third", questions="assess"), date(2026, 12, 9))
    [found] = candidates(EVERY_CASE, late, TODAY).listed
    assert (found.need, found.in_time_on) == (Need.TOO_LATE, MEETS)
    assert found.case.reference == case.reference


def test_a_case_that_waits_for_advice_is_not_ready_and_says_for_whose(
    meeting: PanelMeeting,
) -> None:
    case = being_assessed("Waiting", waits_for_advice=True)
    found = candidates(EVERY_CASE, meeting, TODAY)
    assert found.ready.total == 0
    [one] = found.not_ready.listed
    assert (one.case.reference, one.is_ready) == (case.reference, False)
    assert one.objections == ["Advice is outstanding: Educational psychology"]
    assert one.limits.not_asked == ["Health", "Social care"]


def test_a_case_for_which_nobody_was_asked_for_advice_is_not_ready(meeting: PanelMeeting) -> None:
    case = child("Just agreed", TODAY - timedelta(21))
    agreed = TODAY - timedelta(7)
    steps = ("decided_to_assess", "told_will_assess")
    log(case, *(NewEvent(kind=step, on=agreed) for step in steps))
    found = candidates(EVERY_CASE, meeting, TODAY)
    assert (found.ready.total, found.not_ready.total) == (0, 1)
    assert found.listed[0].objections == ["Nobody has been asked for advice"]


def test_a_case_on_another_live_agenda_for_the_question_is_not_offered(
    meeting: PanelMeeting,
) -> None:
    case = child("Placed", TODAY - timedelta(14))
    elsewhere = db.session.query(PanelMeeting).filter_by(on_day=NEXT).one()
    item = put_on_agenda(elsewhere, case)
    assert listed(meeting) == []
    item.removed_at = now()
    db.session.commit()
    assert listed(meeting) == [(case.reference, "assess", True)]


def test_a_case_whose_meeting_was_cancelled_waits_again(meeting: PanelMeeting) -> None:
    case = child("Placed", TODAY - timedelta(14))
    elsewhere = db.session.query(PanelMeeting).filter_by(on_day=NEXT).one()
    put_on_agenda(elsewhere, case)
    elsewhere.cancelled_at = now()
    db.session.commit()
    assert listed(meeting) == [(case.reference, "assess", True)]


def test_a_case_on_which_a_panel_only_advised_waits_for_an_officer(meeting: PanelMeeting) -> None:
    case = child("Advised", TODAY - timedelta(14))
    earlier = make_meeting(meeting.panel, date(2026, 11, 18))
    made = decide(put_on_agenda(earlier, case), decision=None, advice="assess")
    sign(earlier, made)
    assert listed(meeting) == []


def test_a_panel_is_offered_only_what_it_may_decide(meeting: PanelMeeting) -> None:
    child("Request", TODAY - timedelta(14))
    plans = make_meeting(make_panel(name="Plans", questions="issue content"), MEETS)
    assert listed(plans) == []
    assert listed(make_meeting(make_panel(name="Ending", questions="cease"), MEETS)) == []


def test_a_clerk_is_not_offered_a_case_in_which_they_have_an_interest(
    meeting: PanelMeeting,
) -> None:
    case, clerk = child("Kin", TODAY - timedelta(14)), make_user("panel-clerk")
    db.session.add(Interest(case_id=case.id, user_id=clerk.id, nature="Kin", declared_at=now()))
    db.session.commit()
    scope = Scope(everything=True, hidden_from=clerk.id)
    assert listed(meeting, scope) == []
    assert prospect(scope, meeting, case.reference, "assess", TODAY) is None


def test_a_case_is_found_by_its_reference_however_it_is_typed(meeting: PanelMeeting) -> None:
    case = child("Typed", TODAY - timedelta(14))
    for typed in (case.reference, case.reference.lower(), str(case.id)):
        found = prospect(EVERY_CASE, meeting, typed, "issue", TODAY)
        assert found
        assert found.case.case_id == case.id
        assert found.objections == ["The case is at “Request received”"]
    assert prospect(EVERY_CASE, meeting, "nothing", "issue", TODAY) is None


def test_candidates_take_the_same_statements_however_many_they_are(
    app: Flask, meeting: PanelMeeting
) -> None:
    numbers = []
    for _ in range(2):
        for n in range(3):
            child(f"Child {n}", TODAY - timedelta(14))
        db.session.refresh(meeting)
        assert meeting.panel.question_keys
        with counted(app) as sent:
            candidates(EVERY_CASE, meeting, TODAY)
        numbers.append(len(sent))
    assert numbers == [4, 4]
