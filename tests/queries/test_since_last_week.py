"""What changed in seven days: counted in one statement, each count the list that it leads to."""

from datetime import date, timedelta

import pytest
from flask import Flask

from casework.access import EVERY_CASE
from casework.models import Case
from casework.queries import since_last_week
from casework.queries.at_risk import Narrowed
from casework.queries.since_last_week import Change
from casework.services import cases
from casework.services.audit_trail import COMMAND_LINE
from casework.services.events import NewEvent
from tests.factories import TODAY, event_id, log, make_case, make_user

ALL = Narrowed()


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask):
    with app.app_context():
        yield


def days_ago(number: int) -> date:
    return TODAY - timedelta(days=number)


def lines(change: Change) -> list[tuple[str, str]]:
    found = since_last_week.page(change, EVERY_CASE, ALL, TODAY, 1)
    assert since_last_week.counts(EVERY_CASE, ALL, TODAY)[change] == len(found)
    return [(line.reference, line.words) for line in found]


def test_a_week_is_the_seven_days_to_today() -> None:
    make_case(days_ago(7))
    sixth, today = make_case(days_ago(6)), make_case(TODAY)
    assert lines(Change.STARTED) == [(today.reference, ""), (sixth.reference, "")]


def send_final(case: Case, on: date) -> None:
    log(case, NewEvent(kind="told_will_assess", on=case.started_on))  # type: ignore[arg-type]
    log(case, NewEvent(kind="draft_served", on=on - timedelta(days=20)))
    for recipient in ("family", "institution", "health_body"):
        log(case, NewEvent(kind="final_plan_sent", on=on, recipient=recipient))


def test_final_plans_are_counted_in_time_and_late() -> None:
    in_time, late = make_case(days_ago(140)), make_case(days_ago(143))
    send_final(in_time, TODAY)
    send_final(late, TODAY)
    send_final(make_case(days_ago(200)), days_ago(7))
    assert lines(Change.PLANS_IN_TIME) == [(in_time.reference, "Send the final plan")]
    assert lines(Change.PLANS_LATE) == [(late.reference, "Send the final plan, 3 days late")]
    assert lines(Change.ENDED) == []


def test_other_limits_are_counted_when_they_are_met_and_when_they_are_newly_overdue() -> None:
    met, late, overdue = make_case(days_ago(42)), make_case(days_ago(44)), make_case(days_ago(49))
    make_case(days_ago(50))  # overdue a week ago already
    for case in (met, late):
        log(case, NewEvent(kind="told_will_assess", on=TODAY))
    decide = "Decide whether to assess, and say so"
    assert lines(Change.MET) == [(met.reference, decide)]
    assert lines(Change.MET_LATE) == [(late.reference, f"{decide}, 2 days late")]
    assert lines(Change.OVERDUE) == [(overdue.reference, decide)]


def test_a_case_withdrawn_ended_without_a_plan() -> None:
    case = make_case(days_ago(30))
    log(case, NewEvent(kind="withdrawn", on=days_ago(1)))
    assert lines(Change.ENDED) == [(case.reference, "")]


def test_a_case_handed_over_is_counted_and_one_that_was_only_opened_is_not() -> None:
    one, two = make_user(email="one@example.org"), make_user(email="two@example.org")
    case = make_case(officer_id=one.id)
    make_case(officer_id=one.id)
    cases.hand_over(actor=COMMAND_LINE, today=TODAY, case_id=case.id, officer_id=two.id)
    assert lines(Change.HANDED_OVER) == [(case.reference, "")]


def test_an_exception_is_counted_with_its_ground_unless_it_was_struck_out() -> None:
    case, struck = make_case(days_ago(30)), make_case(days_ago(30))
    excused = {"regulation": "13(3)", "ground": "X3", "reason": "Illness in the family"}
    for one in (case, struck):
        log(one, NewEvent(kind="exception_recorded", on=days_ago(2), exception=excused))

    number = event_id(struck, "exception_recorded")
    log(struck, NewEvent(kind="struck_out", on=TODAY, corrects_id=number, note="A slip"))
    ((reference, words),) = lines(Change.EXCEPTIONS)
    assert (reference, bool(words)) == (case.reference, True)
