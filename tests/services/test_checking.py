"""Advice is accepted or sent back, and its lateness explained; each once, and in words if not."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.extensions import db
from casework.models import Advice, AdviceCheck, Adviser, Case, CaseEvent, Deadline, Message
from casework.rules.checking import PLAN_IS_FINAL
from casework.services import checking, events
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from tests.factories import TODAY, event_id, log, make_advice, make_case
from tests.fixtures.services import the_service

DUE = date(2026, 10, 26)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask):
    with app.app_context():
        yield


@pytest.fixture
def case(_in_the_application: None) -> Case:
    """A case of which a therapist was asked on 14 September."""
    service = the_service("speech_and_language")
    found = make_case(date(2026, 9, 7))
    asked = {"service": "speech_and_language", "advice_service_id": service.id}
    log(found, NewEvent(kind="advice_requested", on=date(2026, 9, 14), **asked))
    return found


def adviser() -> Adviser:
    return db.session.scalars(select(Adviser)).one()


def came(case: Case, on: date = date(2026, 10, 20), **details: Any) -> None:
    answer = {"adviser_id": adviser().id, "outcome": "advice"} | details
    log(case, NewEvent(kind="advice_received", on=on, **answer))
    if answer["outcome"] == "advice":
        version = db.session.query(CaseEvent).filter_by(kind="advice_received").count()
        make_advice(adviser(), event_id(case, "advice_received"), version=version)


def given(case: Case, **more: Any) -> dict[str, Any]:
    db.session.refresh(case)
    usual = {"case_id": case.id, "version": case.version, "adviser_id": adviser().id}
    return {"actor": COMMAND_LINE, "today": TODAY} | usual | more


def refused(call: Any, **args: Any) -> str:
    with pytest.raises(Refused) as raised:
        call(**args)
    return str(raised.value)


def test_advice_is_accepted_once(case: Case) -> None:
    came(case)
    checking.accept(**given(case))
    check = db.session.scalars(select(AdviceCheck)).one()
    assert (check.event_id, check.reasons) == (event_id(case, "advice_accepted"), "")
    assert check.advice_id is not None
    words = refused(checking.accept, **given(case))
    assert words == "It was accepted already, on 23 November 2026"


def test_the_first_return_counts_for_timeliness_though_it_was_sent_back(case: Case) -> None:
    came(case, date(2026, 10, 20))
    checking.send_back(**given(case, reasons="No outcomes for her speech"))
    came(case, date(2026, 11, 20))
    row = db.session.scalars(select(Deadline).where(Deadline.adviser_id.is_not(None))).one()
    assert (row.due_on, row.met_on, row.sent_back_on) == (DUE, date(2026, 10, 20), TODAY)


def test_what_is_sent_back_is_told_to_the_mailbox_by_reference_alone(case: Case) -> None:
    came(case)
    checking.send_back(**given(case, reasons="No outcomes for Ida"))
    letter = db.session.scalars(select(Message)).one()
    assert letter.to_address == "speech.and.language.team@example.org"
    assert case.reference in letter.subject + letter.body
    assert not [w for w in ("Ida", "Invented", "outcomes") if w in letter.subject + letter.body]


def test_advice_is_sent_back_with_reasons_and_only_once(case: Case) -> None:
    came(case)
    assert "Enter what is missing" in refused(checking.send_back, **given(case, reasons=" "))
    checking.send_back(**given(case, reasons="No outcomes"))
    words = refused(checking.send_back, **given(case, reasons="No outcomes"))
    assert words == "It was sent back already, on 23 November 2026"
    words = refused(checking.accept, **given(case))
    assert words == "It was sent back on 23 November 2026 and has not come again"
    assert db.session.query(AdviceCheck).count() == 1


def test_accepted_advice_may_be_sent_back_until_the_plan_is_final(case: Case) -> None:
    came(case)
    checking.accept(**given(case))
    checking.send_back(**given(case, reasons="The provision is not quantified"))
    came(case, TODAY)
    log(case, NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    log(case, NewEvent(kind="draft_served", on=date(2026, 10, 21)))
    log(case, NewEvent(kind="final_plan_sent", on=TODAY, recipient="family"))
    assert refused(checking.send_back, **given(case, reasons="More")) == PLAN_IS_FINAL
    assert refused(checking.accept, **given(case)) == PLAN_IS_FINAL


@pytest.mark.parametrize("outcome", [None, "not_known", "no_advice_needed"])
def test_without_advice_there_is_nothing_to_check(case: Case, outcome: str | None) -> None:
    if outcome:
        came(case, outcome=outcome)
    assert refused(checking.accept, **given(case)) == checking.NOTHING
    assert refused(checking.send_back, **given(case, reasons="x")) == checking.NOTHING
    assert db.session.query(AdviceCheck).count() == 0


def test_late_advice_takes_a_cause_which_can_be_changed(case: Case) -> None:
    came(case, date(2026, 11, 2))
    checking.accept(**given(case, cause="capacity", words="Two posts are vacant"))
    row = db.session.scalars(select(Deadline).where(Deadline.adviser_id.is_not(None))).one()
    assert row.late_cause == "capacity"
    checking.explain_lateness(**given(case, cause="asked_late"))
    db.session.expire_all()
    row = db.session.scalars(select(Deadline).where(Deadline.adviser_id.is_not(None))).one()
    assert row.late_cause == "asked_late"
    assert db.session.query(CaseEvent).filter_by(kind="advice_late_because").count() == 2


def test_advice_in_time_has_no_lateness_to_explain_and_no_cause_is_made_up(case: Case) -> None:
    came(case, DUE)
    assert "is not late" in refused(checking.explain_lateness, **given(case, cause="capacity"))
    words = refused(checking.explain_lateness, **given(case, cause="laziness"))
    assert words == "Choose why it was late from the list"
    assert "is not late" in refused(checking.accept, **given(case, cause="capacity"))
    assert db.session.query(AdviceCheck).count() == 0, "nothing is half done"


def test_advice_still_owed_after_its_day_can_be_explained(case: Case) -> None:
    checking.explain_lateness(**given(case, cause="appointment_missed"))
    assert event_id(case, "advice_late_because")


def test_nothing_is_done_over_anothers_head_or_to_another_case(case: Case) -> None:
    came(case)
    old = given(case)
    log(case, NewEvent(kind="considering_notified", on=TODAY))
    with pytest.raises(ChangedMeanwhile):
        checking.accept(**old)
    other = make_case(date(2026, 9, 7))
    with pytest.raises(Absent):
        checking.accept(**given(other))
    assert db.session.query(AdviceCheck).count() == 0


def test_what_is_checked_is_the_newest_version_that_stands(case: Case) -> None:
    came(case)
    came(case, date(2026, 10, 21))
    events.strike_out(
        actor=COMMAND_LINE,
        today=TODAY,
        case_id=case.id,
        version=given(case)["version"],
        event_id=event_id(case, "advice_received"),
        reason="It was about another child",
    )
    checking.accept(**given(case))
    check = db.session.scalars(select(AdviceCheck)).one()
    assert db.session.get_one(Advice, check.advice_id).version == 1
