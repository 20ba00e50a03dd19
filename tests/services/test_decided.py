"""A signed decision is a fact of its case: entered by the rules that every event keeps."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.clock import now, set_today
from casework.extensions import db
from casework.models import AgendaItem, Case, CaseEvent, Deadline, PanelDecision
from casework.queries import history
from casework.rules.history import standing_events
from casework.services import deadlines, decided, events
from casework.services.audit_trail import COMMAND_LINE, verify
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from tests.factories import (
    TODAY,
    decide,
    event_id,
    log,
    make_case,
    make_meeting,
    make_panel,
    put_on_agenda,
    sign,
)

wed_18_nov = date(2026, 11, 18)
thu_19_nov = date(2026, 11, 19)
mon_9_nov = date(2026, 11, 9)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask):
    set_today(TODAY)
    with app.app_context():
        yield


def an_item(question: str = "assess", started_on: date = date(2026, 10, 19)) -> AgendaItem:
    """Return a case before a panel that met last Wednesday."""
    meeting = make_meeting(make_panel(questions="assess issue content placement"), wed_18_nov)
    return put_on_agenda(meeting, make_case(started_on), question)


def case_of(item: AgendaItem) -> Case:
    case = db.session.get_one(Case, item.case_id)
    db.session.refresh(case)
    return case


def signed(*decisions: PanelDecision) -> None:
    decided.make_facts(actor=COMMAND_LINE, decisions=decisions)
    db.session.commit()


def changed(earlier: PanelDecision, item: AgendaItem, to: str | None, **details: Any):
    given = {"replaces_id": earlier.id, "change_why": "A letter was overlooked"} | details
    return decide(item, to, **given)


def test_the_words_of_a_yes_may_change_though_the_case_has_gone_on() -> None:
    item = an_item()
    first = decide(item, "assess")
    signed(first)
    log(case_of(item), NewEvent(kind="told_will_assess", on=thu_19_nov))
    signed(changed(first, item, "assess", reasons="Said better."))
    assert case_of(item).stage == "assessing"


def stand(case_id: int) -> list[tuple[str, date]]:
    entered = history.entered_events([case_id])[case_id]
    return [(event.kind, event.on) for event in standing_events(entered)]


def test_a_decision_is_entered_on_the_day_it_was_taken_and_ends_no_limit() -> None:
    item = an_item()
    decision = decide(item, "not_assess")
    before = case_of(item).version
    signed(decision)
    case = case_of(item)
    event = db.session.scalars(select(CaseEvent).order_by(CaseEvent.id.desc())).first()
    assert event is not None
    assert (event.kind, event.happened_on) == ("decided_not_to_assess", wed_18_nov)
    assert (event.decision_id, event.note, event.oddity) == (decision.id, None, None)
    assert (case.stage, case.version) == ("assess_declined", before + 1)
    limit = db.session.scalar(select(Deadline).where(Deadline.duty == "assess_decision_6w"))
    assert limit is not None
    assert (limit.met_on, limit.closed_on) == (None, None)
    assert case.next_due_on == date(2026, 11, 30)
    assert verify().faults == ()
    assert deadlines.rebuild(mend=False).differed == 0


def test_whoever_has_the_case_open_is_told_what_was_decided() -> None:
    item = an_item()
    seen = case_of(item).version
    signed(decide(item, "assess"))
    with pytest.raises(ChangedMeanwhile) as told:
        events.log_events(
            actor=COMMAND_LINE,
            today=TODAY,
            case_id=item.case_id,
            version=seen,
            events=[NewEvent(kind="told_will_assess", on=TODAY)],
        )
    assert [change.words for change in told.value.changes] == ["logged event"]


def test_what_was_not_decided_makes_no_fact() -> None:
    item = an_item()
    deferred = decide(item, None, handled="deferred")
    only_advised = decide(item, None, advice="assess")
    signed(deferred, only_advised)
    assert stand(item.case_id) == [("request_received", date(2026, 10, 19))]


def test_a_record_signed_again_enters_nothing_twice() -> None:
    item = an_item()
    decision = decide(item, "assess")
    signed(decision)
    signed(decision)
    assert len(stand(item.case_id)) == 2


def test_a_changed_decision_corrects_the_event_of_the_one_it_replaces() -> None:
    item = an_item()
    first = decide(item, "assess")
    signed(first)
    unsigned = changed(first, item, "assess")
    second = changed(unsigned, item, "not_assess")
    signed(second)
    assert stand(item.case_id)[1:] == [("decided_not_to_assess", wed_18_nov)]
    assert case_of(item).stage == "assess_declined"
    latest = db.session.get_one(CaseEvent, event_id(case_of(item), "decided_not_to_assess"))
    assert latest.corrects_id == event_id(case_of(item), "decided_to_assess")


def test_a_decision_changed_to_deferred_is_struck_out() -> None:
    item = an_item()
    first = decide(item, "assess")
    signed(first)
    signed(changed(first, item, None, handled="deferred"))
    assert len(stand(item.case_id)) == 1
    assert case_of(item).stage == "received"


def test_a_decision_that_the_family_was_told_of_is_not_changed_but_looked_at_again() -> None:
    item = an_item()
    first = decide(item, "not_assess")
    signed(first)
    log(case_of(item), NewEvent(kind="told_will_not_assess", on=thu_19_nov))
    second = changed(first, item, "assess")
    words_of = second.public_id
    before = case_of(item).version
    with pytest.raises(Refused) as refusal:
        signed(second)
    assert "Record a second look instead" in refusal.value.reasons[words_of]
    assert case_of(item).version == before
    with pytest.raises(Refused):
        signed(changed(second, item, None, handled="not_heard"))


def test_the_words_of_a_decision_may_change_after_the_family_was_told() -> None:
    item = an_item()
    first = decide(item, "not_assess")
    signed(first)
    log(case_of(item), NewEvent(kind="told_will_not_assess", on=thu_19_nov))
    signed(changed(first, item, "not_assess", reasons="Said better."))
    assert case_of(item).stage == "refused"
    assert len(stand(item.case_id)) == 3


def test_what_an_officer_entered_before_the_record_was_signed_becomes_the_decision() -> None:
    item = an_item()
    log(case_of(item), NewEvent(kind="decided_to_assess", on=wed_18_nov))
    signed(decide(item, "assess"))
    assert len(stand(item.case_id)) == 2
    assert case_of(item).stage == "assess_agreed"


def test_a_case_that_is_not_ready_is_decided_only_with_the_chairs_reason() -> None:
    item = an_item("issue")
    good = an_item_beside(item)
    decision = decide(item, "issue")
    key = decision.public_id
    with pytest.raises(Refused) as refusal:
        signed(decide(good, "assess"), decision)
    assert refusal.value.reasons.keys() == {key}
    assert "not recorded" in refusal.value.reasons[key]
    assert len(stand(good.case_id)) == 1
    signed(changed(decision, item, "issue", despite="Both stages were heard in one sitting"))
    event = db.session.get_one(CaseEvent, event_id(case_of(item), "decided_to_issue"))
    assert event.oddity == "Both stages were heard in one sitting"


def an_item_beside(item: AgendaItem) -> AgendaItem:
    other = make_case(date(2026, 10, 19), person={"surname": "Other", "forenames": "Odo"})
    return put_on_agenda(item.meeting, other)


def test_what_happened_between_the_meeting_and_the_signature_does_not_undo_the_decision() -> None:
    item = an_item()
    decision = decide(item, "assess")
    log(case_of(item), NewEvent(kind="told_will_assess", on=wed_18_nov))
    log(case_of(item), NewEvent(kind="withdrawn", on=thu_19_nov))
    signed(decision)
    assert ("decided_to_assess", wed_18_nov) in stand(item.case_id)
    assert case_of(item).stage == "withdrawn"


def test_a_case_that_ended_before_the_meeting_is_named() -> None:
    item = an_item()
    decision = decide(item, "assess")
    key = decision.public_id
    log(case_of(item), NewEvent(kind="withdrawn", on=mon_9_nov))
    with pytest.raises(Refused) as refusal:
        signed(decision)
    assert "Withdrawn" in refusal.value.reasons[key]


def test_a_decision_whose_contrary_the_family_was_told_meanwhile_is_named() -> None:
    item = an_item()
    decision = decide(item, "not_assess")
    key = decision.public_id
    log(case_of(item), NewEvent(kind="told_will_assess", on=thu_19_nov))
    with pytest.raises(Refused) as refusal:
        signed(decision)
    assert "The contrary was sent meanwhile" in refusal.value.reasons[key]
    assert len(stand(item.case_id)) == 2


def test_a_decision_of_a_day_to_come_is_refused() -> None:
    item = an_item()
    decision = decide(item, "assess", decided_on=date(2026, 11, 25))
    with pytest.raises(Refused, match="has not come"):
        signed(decision)


def test_a_signed_decision_is_not_corrected_or_struck_out_on_the_case() -> None:
    item = an_item()
    signed(decide(item, "assess"))
    case = case_of(item)
    made = event_id(case, "decided_to_assess")
    with pytest.raises(Refused, match="signed decision"):
        log(case, NewEvent(kind="decided_to_assess", on=mon_9_nov, corrects_id=made))
    with pytest.raises(Refused, match="signed decision"):
        events.strike_out(
            actor=COMMAND_LINE,
            today=TODAY,
            case_id=case.id,
            version=case.version,
            event_id=made,
            reason="Not so",
        )


def test_two_questions_on_one_case_are_entered_in_the_order_of_the_road() -> None:
    item = an_item("placement", date(2026, 7, 6))
    log(case_of(item), NewEvent(kind="told_will_assess", on=date(2026, 8, 10)))
    placement = decide(item, "agree_placement")
    issue = decide(put_on_agenda(item.meeting, case_of(item), "issue"), "issue")
    signed(placement, issue)
    assert {kind for kind, _ in stand(item.case_id)} >= {"decided_to_issue", "placement_agreed"}
    assert case_of(item).stage == "drafting"
    assert sign(item.meeting, placement, issue).signed_at <= now()
