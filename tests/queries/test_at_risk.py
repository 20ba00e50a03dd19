"""The cases that can still be in time and those that are late: which is where, in what order."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask

from casework.access import EVERY_CASE, Scope
from casework.clock import now
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Case, CaseEvent, Consultation, Deadline, Forecast, Interest, Person
from casework.queries import at_risk, at_risk_lines
from casework.queries.at_risk import Narrowed, Side
from casework.queries.at_risk_lines import RiskLine
from casework.rules.at_risk import Prospect
from casework.rules.weeks_left import Way, weeks_left
from casework.services import people
from casework.services.events import NewEvent
from tests.factories import TODAY, log, make_case, make_user

ALL = Narrowed()


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask):
    with app.app_context():
        yield


def found(side: Side, narrowed: Narrowed = ALL, scope: Scope = EVERY_CASE) -> list[RiskLine]:
    return at_risk_lines.lists(scope, narrowed, TODAY, 0)[side]


def references(side: Side, narrowed: Narrowed = ALL, scope: Scope = EVERY_CASE) -> list[str]:
    return [line.reference for line in found(side, narrowed, scope)]


def weeks_ago(number: int) -> date:
    return TODAY - timedelta(weeks=number)


def likely(case: Case, on: date) -> None:
    spread = {"early_on": on, "late_on": on, "chance": 20}
    costs = {"costs_most": "advice:camhs", "costs_days": 30, "is_own_history": True}
    days = {"worked_out_on": TODAY, "due_on": case.started_on + timedelta(weeks=20)}  # type: ignore[operator]
    db.session.add(Forecast(case_id=case.id, likely_on=on, **days, **spread, **costs))
    db.session.commit()


def except_from_20_weeks(case: Case) -> None:
    excused = {"regulation": "13(3)", "ground": "X3", "reason": "Illness in the family"}
    log(case, NewEvent(kind="exception_recorded", on=weeks_ago(3), exception=excused))


def test_a_case_is_held_to_the_limit_of_its_final_plan_whatever_it_missed_on_the_way() -> None:
    on_its_last_day = make_case(weeks_ago(20))
    over_by_a_day = make_case(weeks_ago(20) - timedelta(days=1))
    assert references(Side.IN_TIME) == [on_its_last_day.reference]
    assert references(Side.LATE) == [over_by_a_day.reference]
    assert [line.days_left for line in (*found(Side.IN_TIME), *found(Side.LATE))] == [0, -1]


def test_first_come_those_likely_to_be_late_whose_steps_still_fit_and_last_those_that_cannot() -> (
    None
):
    too_late, in_hand, saveable = make_case(weeks_ago(19)), make_case(weeks_ago(12)), make_case()
    likely(saveable, TODAY + timedelta(weeks=30))
    likely(too_late, TODAY + timedelta(weeks=30))
    assert [(line.reference, line.prospect) for line in found(Side.IN_TIME)] == [
        (saveable.reference, Prospect.SAVEABLE),
        (in_hand.reference, Prospect.IN_HAND),
        (too_late.reference, Prospect.TOO_LATE),
    ]


def test_the_oldest_late_case_comes_first_and_those_with_an_exception_last() -> None:
    excused, newer, older = (
        make_case(weeks_ago(40)),
        make_case(weeks_ago(22)),
        make_case(weeks_ago(30)),
    )
    except_from_20_weeks(excused)
    assert references(Side.LATE) == [older.reference, newer.reference, excused.reference]
    assert [line.is_lifted for line in found(Side.LATE)] == [False, False, True]
    assert at_risk.tallies(EVERY_CASE, ALL, TODAY).lifted == 1


def test_a_case_that_is_to_have_no_plan_is_held_to_the_day_by_which_its_family_is_told() -> None:
    case = make_case(weeks_ago(10))
    log(case, NewEvent(kind="told_will_assess", on=weeks_ago(6)))
    log(case, NewEvent(kind="decided_not_to_issue", on=weeks_ago(1)))
    (line,) = found(Side.IN_TIME)
    assert line.due_on == weeks_ago(10) + timedelta(weeks=16)
    assert [step.words for step in line.steps] == ["Decide whether to issue a plan, and say if not"]


def test_a_reassessment_is_held_to_its_decision_until_its_fourteen_weeks_run() -> None:
    case = make_case(TODAY - timedelta(days=3), kind="reassessment")
    assert found(Side.IN_TIME)[0].prospect is Prospect.IN_HAND
    log(case, NewEvent(kind="told_will_assess", on=TODAY))
    assert found(Side.IN_TIME)[0].due_on == TODAY + timedelta(weeks=14)


def test_an_ended_case_is_on_neither_list() -> None:
    log(make_case(weeks_ago(30)), NewEvent(kind="withdrawn", on=weeks_ago(2)))
    assert references(Side.IN_TIME) == references(Side.LATE) == []


def test_the_lists_are_narrowed_by_team_officer_and_stage_and_never_past_an_interest() -> None:
    officer = make_user()
    mine, nobodys = make_case(officer_id=officer.id), make_case()
    log(mine, NewEvent(kind="considering_notified", on=TODAY))
    assert references(Side.IN_TIME, Narrowed(officer_id=officer.id)) == [mine.reference]
    assert references(Side.IN_TIME, Narrowed(is_nobodys=True)) == [nobodys.reference]
    assert references(Side.IN_TIME, Narrowed(stage="considering")) == [mine.reference]
    assert references(Side.IN_TIME, Narrowed(team_id=1)) == []
    assert at_risk.held_by_nobody(EVERY_CASE, TODAY) == 1
    declared = Interest(case_id=mine.id, user_id=officer.id, nature="A niece", declared_at=now())
    db.session.add(declared)
    db.session.commit()
    hidden = Scope(everything=True, hidden_from=officer.id)
    assert references(Side.IN_TIME, scope=hidden) == [nobodys.reference]


def test_the_tallies_are_the_lists_by_age() -> None:
    for number in range(0, 60, 3):
        make_case(weeks_ago(number))
    tallies = at_risk.tallies(EVERY_CASE, ALL, TODAY)
    assert tallies.in_time == len(found(Side.IN_TIME)) == 7
    assert tallies.late == len(found(Side.LATE)) == 13
    assert [(one.in_time, one.late) for one in tallies.weeks] == [
        *((2, 0), (2, 0), (2, 0), (1, 0)),
        *((0, 2), (0, 9), (0, 2)),
    ]
    assert tallies.too_late == sum(
        line.prospect is Prospect.TOO_LATE for line in found(Side.IN_TIME)
    )


def test_a_page_past_the_first_goes_on_where_it_ended() -> None:
    for number in range(at_risk.PER_PAGE + 3):
        make_case(TODAY - timedelta(days=number))
    pages = [[one.reference for one in _numbered(number)[Side.IN_TIME]] for number in (1, 2)]
    assert [len(page) for page in pages] == [at_risk.PER_PAGE, 3]
    assert pages[0] + pages[1] == references(Side.IN_TIME)


def _numbered(number: int) -> dict[Side, list[RiskLine]]:
    numbers = {Side.IN_TIME: number, Side.LATE: 1}
    return at_risk_lines.lists(EVERY_CASE, ALL, TODAY, 0, numbers)


def test_a_line_names_the_last_day_of_each_step_and_whose_advice_is_late() -> None:
    case = make_case(weeks_ago(8))
    log(case, NewEvent(kind="advice_requested", on=weeks_ago(7), service="camhs"))
    (line,) = found(Side.IN_TIME)
    final = weeks_ago(8) + timedelta(weeks=20)
    assert [(step.words, step.by) for step in line.steps] == [
        ("Decide whether to assess, and say so", weeks_ago(2)),
        ("Decide whether to issue a plan, and say if not", final - timedelta(weeks=4)),
        ("Serve the draft on the family", final - timedelta(days=30)),
        ("Ask the settings that the plan may name", final - timedelta(days=15)),
        ("Send the final plan to everyone who must have it", final),
    ]
    assert line.late_advice == [("Child and adolescent mental health (CAMHS)", 7)]
    assert line.action == "Decide whether to assess, and tell the family"
    assert line.last_on == weeks_ago(7)


#: Days from today: of the limit, of the draft and of asking a setting.
LIMITS = (0, 1, 13, 14, 15, 16, 29, 30, 31)
SERVED = (None, -20, -2, -1, 0, 2, 3, 14)
ASKED = (None, -16, -1, 0)


def test_what_cannot_be_in_time_any_more_is_the_same_in_the_database_as_in_the_rules() -> None:
    """Of each limit, with a draft served before, in the post or not at all, and settings asked."""
    child = people.add_person({"surname": "Invented", "forenames": "Ida"})
    setting = people.setting_named("Invented School")
    db.session.flush()
    for number, (limit, served, asked) in enumerate(product(LIMITS, SERVED, ASKED), start=1):
        _make(number, child, setting.id, limit, served, asked)
    db.session.commit()
    lines = found(Side.IN_TIME)
    assert len(lines) == len(LIMITS) * len(SERVED) * len(ASKED)
    for line in lines:
        days = {event.kind: event.on for event in line.events}
        way = weeks_left(
            today=TODAY,
            final_by=line.due_on,
            calendar=england_and_wales(),
            served_on=days.get("draft_served"),
            consulted_on=days.get("consultation_sent"),
        ).way
        assert (line.prospect is Prospect.TOO_LATE) == (way is Way.TOO_LATE), (days, line.due_on)


def _make(
    number: int, child: Person, setting_id: int, limit: int, served: int | None, asked: int | None
) -> None:
    """A case that is being drafted, as its deadlines and events have it, without its story."""
    given = {"reference": f"EHC-{number:06}", "kind": "request", "keyed_at": now()}
    case = Case(person_id=child.id, stage="drafting", started_on=weeks_ago(16), **given)
    db.session.add(case)
    db.session.flush()
    runs = {"case_id": case.id, "clock": "case", "started_on": TODAY}
    db.session.add(Deadline(duty="final_20w", due_on=TODAY + timedelta(limit), **runs))
    if served is not None:
        on = TODAY + timedelta(served)
        runs |= {"duty": "reps_15d_min", "started_on": on, "due_on": on + timedelta(14)}
        db.session.add(Deadline(**runs))
        _happened(case, "draft_served", on)
    if asked is not None:
        consultation = Consultation(case_id=case.id, setting_id=setting_id, made_at=now())
        db.session.add(consultation)
        db.session.flush()
        on = TODAY + timedelta(asked)
        _happened(case, "consultation_sent", on, consultation_id=consultation.id)


def _happened(case: Case, kind: str, on: date, **more: Any) -> None:
    db.session.add(CaseEvent(case_id=case.id, kind=kind, happened_on=on, entered_at=now(), **more))
