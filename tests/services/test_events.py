"""What happens to a case is entered whole, in order, and over nobody's head."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from casework.extensions import db
from casework.models import AdviceCheck, Adviser, CaseEvent, Deadline
from casework.services import events
from casework.services.audit_trail import COMMAND_LINE, verify
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from tests.factories import TODAY, event_id, log, make_case

mon_7_sep = date(2026, 9, 7)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask):
    with app.app_context():
        yield


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_case_goes_from_request_to_final_plan() -> None:
    case = make_case(date(2026, 3, 2))
    log(case, NewEvent(kind="told_will_assess", on=date(2026, 4, 13)))
    log(case, NewEvent(kind="advice_requested", on=date(2026, 4, 14), service="camhs"))
    health = db.session.scalar(select(Adviser.id))
    assert (case.waiting_on, case.advice_due_on) == ("advisers", date(2026, 5, 26))
    answer = {"adviser_id": health, "outcome": "advice"}
    log(case, NewEvent(kind="advice_received", on=date(2026, 5, 20), **answer))
    log(case, NewEvent(kind="decided_to_issue", on=date(2026, 6, 1)))
    log(case, NewEvent(kind="draft_served", on=date(2026, 6, 22)))
    assert case.waiting_on == "family"
    everyone = ("family", "institution", "health_body")
    sent = [NewEvent(kind="final_plan_sent", on=date(2026, 7, 20), recipient=r) for r in everyone]
    log(case, *sent)
    assert (case.stage, case.ended_on, case.next_duty) == ("final", date(2026, 7, 20), None)
    final = db.session.scalar(select(Deadline).where(Deadline.duty == "final_20w"))
    assert final is not None
    assert final.met_on == final.due_on == date(2026, 7, 20)
    assert verify().faults == ()


def test_a_refusal_is_overturned_in_mediation_and_the_case_goes_on_under_the_agreement() -> None:
    case = make_case(date(2026, 3, 2))
    log(case, NewEvent(kind="advice_requested", on=date(2026, 3, 9), service="camhs"))
    health = {"adviser_id": db.session.scalar(select(Adviser.id))}
    log(case, NewEvent(kind="advice_received", on=date(2026, 4, 1), outcome="advice", **health))
    log(case, NewEvent(kind="told_will_not_assess", on=date(2026, 4, 13)))
    assert (case.stage, case.next_duty) == ("refused", None)
    log(case, NewEvent(kind="agreed_to_assess", on=date(2026, 9, 21)))
    assert (case.stage, case.ended_on) == ("assessing", None)
    assert (case.next_duty, case.next_due_on) == ("agreed_assess_notify_2w", date(2026, 10, 5))
    log(case, NewEvent(kind="told_will_assess", on=date(2026, 9, 28)))
    log(case, NewEvent(kind="advice_requested", on=date(2026, 9, 29), **health))
    assert (case.next_duty, case.started_on) == ("agreed_assess_noplan_10w", date(2026, 3, 2))
    assert (case.advice_outstanding, case.advice_due_on) == (1, date(2026, 11, 10))


def test_a_day_in_the_future_is_refused_even_for_a_manager() -> None:
    case = make_case(mon_7_sep)
    tomorrow = NewEvent(kind="told_will_assess", on=date(2026, 11, 24), oddity="It is so")
    with pytest.raises(Refused) as refusal:
        log(case, tomorrow, may_record_oddity=True)
    assert not refusal.value.is_oddity
    assert count(CaseEvent) == 1


def test_a_day_out_of_order_is_refused_and_a_manager_may_record_it_with_a_reason() -> None:
    case = make_case(mon_7_sep)
    early = NewEvent(kind="told_will_assess", on=date(2026, 9, 1), oddity="Told at the meeting")
    with pytest.raises(Refused) as refusal:
        log(case, early)
    assert refusal.value.is_oddity
    log(case, early, may_record_oddity=True)
    assert case.stage == "assessing"


def test_all_the_events_of_one_form_go_in_or_none() -> None:
    case = make_case(mon_7_sep)
    good = NewEvent(kind="told_will_assess", on=date(2026, 10, 1))
    bad = NewEvent(kind="draft_served", on=date(2026, 11, 24))
    with pytest.raises(Refused):
        log(case, good, bad)
    assert count(CaseEvent) == 1
    assert case.version == 1


def test_a_correction_is_a_new_row_and_moves_what_rests_on_the_old_one() -> None:
    case = make_case(mon_7_sep)
    first = event_id(case, "request_received")
    log(case, NewEvent(kind="request_received", on=date(2026, 9, 1), corrects_id=first))
    assert case.next_due_on == date(2026, 10, 13)
    assert count(CaseEvent) == 2


def test_an_entry_struck_out_gives_the_stage_back() -> None:
    case = make_case(mon_7_sep)
    log(case, NewEvent(kind="told_will_not_assess", on=date(2026, 10, 1)))
    assert case.stage == "refused"
    events.strike_out(
        actor=COMMAND_LINE,
        today=TODAY,
        case_id=case.id,
        version=case.version,
        event_id=event_id(case, "told_will_not_assess"),
        reason="Entered on the wrong case",
    )
    db.session.refresh(case)
    assert (case.stage, case.ended_on) == ("received", None)


def test_an_entry_that_a_later_one_rests_on_is_not_struck_out_before_it() -> None:
    case = make_case(mon_7_sep)
    log(case, NewEvent(kind="told_will_assess", on=date(2026, 10, 1)))
    log(case, NewEvent(kind="draft_served", on=date(2026, 11, 2)))
    with pytest.raises(Refused) as refusal:
        events.strike_out(
            actor=COMMAND_LINE,
            today=TODAY,
            case_id=case.id,
            version=case.version,
            event_id=event_id(case, "told_will_assess"),
            reason="Entered on the wrong case",
        )
    assert "Draft plan served on the family” on Monday 2 November 2026" in str(refusal.value)
    assert count(CaseEvent) == 3


def test_the_second_of_two_officers_is_told_what_the_first_did_and_changes_nothing() -> None:
    case = make_case(mon_7_sep)
    seen = case.version
    log(case, NewEvent(kind="considering_notified", on=date(2026, 9, 10)))
    with pytest.raises(ChangedMeanwhile) as conflict:
        log(case, NewEvent(kind="withdrawn", on=date(2026, 9, 11)), version=seen)
    assert [change.words for change in conflict.value.changes] == ["logged event"]
    assert conflict.value.version == case.version
    assert case.stage == "considering"


def test_one_entry_is_not_corrected_twice_over() -> None:
    case = make_case(mon_7_sep)
    first = event_id(case, "request_received")
    log(case, NewEvent(kind="request_received", on=date(2026, 9, 1), corrects_id=first))
    with pytest.raises(Refused):
        log(case, NewEvent(kind="request_received", on=date(2026, 9, 2), corrects_id=first))


def test_striking_out_what_another_has_struck_out_says_who() -> None:
    case = make_case()
    log(case, NewEvent(kind="considering_notified", on=date(2026, 9, 14)))
    seen, entry = case.version, event_id(case, "considering_notified")
    given = {"actor": COMMAND_LINE, "today": TODAY, "case_id": case.id, "event_id": entry}
    events.strike_out(**given, version=seen, reason="A slip")
    with pytest.raises(ChangedMeanwhile) as raised:
        events.strike_out(**given, version=seen, reason="A slip")
    assert [change.words for change in raised.value.changes] == ["struck out event"]
    with pytest.raises(Absent):
        events.strike_out(**given, version=seen + 1, reason="A slip")


def test_what_an_event_brings_is_saved_with_it_or_not_at_all() -> None:
    case = make_case(mon_7_sep)
    log(case, NewEvent(kind="advice_requested", on=date(2026, 9, 14), service="camhs"))
    about = {"adviser_id": db.session.scalar(select(Adviser.id))}
    log(case, NewEvent(kind="advice_received", on=date(2026, 10, 1), outcome="advice", **about))
    back = NewEvent(
        kind="advice_sent_back",
        on=date(2026, 10, 2),
        brings=lambda event_id: [AdviceCheck(event_id=event_id, reasons="No outcomes")],
        **about,
    )
    unordered = NewEvent(kind="final_plan_sent", on=date(2026, 10, 2), recipient="family")
    with pytest.raises(Refused):
        log(case, back, unordered)
    assert count(AdviceCheck) == 0
    log(case, back)
    check = db.session.scalars(select(AdviceCheck)).one()
    assert (check.event_id, check.reasons) == (event_id(case, "advice_sent_back"), "No outcomes")
