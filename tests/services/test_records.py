"""A record is signed whole or not at all, on both databases. All people are invented."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from casework.clock import now
from casework.extensions import db
from casework.models import (
    AgendaItem,
    Attendance,
    AuditEntry,
    Case,
    CaseEvent,
    PanelDecision,
    PanelRecord,
    PanelRecordDecision,
)
from casework.queries import meetings, record_changes, records
from casework.queries.records import Record
from casework.rules.attendance import read
from casework.services import decisions
from casework.services import records as services
from casework.services.audit_trail import Actor
from casework.services.decisions import NewDecision
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from casework.services.signer import Signing
from tests.factories import TODAY, decide, log, make_user
from tests.fixtures.sittings import MET, Sitting, hold_meeting


class Table(Sitting):
    """A meeting last Wednesday with three cases, and all of its panel present."""

    def record(self) -> Record:
        db.session.commit()
        members = meetings.members_on(self.meeting.panel_id, MET)
        return records.as_it_stands(self.meeting, members)

    def sign(self, who: str = "chair", *, may_decide: bool = False, **said: object) -> PanelRecord:
        given = {"seen": self.record().fingerprint} | said
        db.session.rollback()
        return services.sign(
            actor=self.actor(who),
            today=TODAY,
            meeting_id=self.meeting.id,
            may_decide=may_decide,
            signing=Signing(**given),
        )

    def actor(self, who: str) -> Actor:
        return Actor(self.people[who].id, "web")

    def change(self, item: AgendaItem, **said: object) -> PanelDecision:
        db.session.refresh(item)
        given = {"advice": "assess", "decision": "assess", "reasons": "It shows."} | said
        return decisions.record(
            actor=self.actor("chair"),
            today=TODAY,
            item_id=item.id,
            version=item.version,
            new=NewDecision(**given),
        )


@pytest.fixture
def table(app: Flask) -> Iterator[Table]:
    with app.app_context():
        made = Table(**vars(hold_meeting()))
        made.people["manager"] = make_user("manager", name="Mo Manager")
        made.people["clerk"] = make_user("panel-clerk", name="Kit Clerk")
        yield made


def events(item: AgendaItem) -> list[str]:
    found = select(CaseEvent.kind).where(
        CaseEvent.case_id == item.case_id, CaseEvent.decision_id.is_not(None)
    )
    return list(db.session.scalars(found.order_by(CaseEvent.id)))


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def all_counted() -> list[int]:
    tables = (PanelDecision, PanelRecord, PanelRecordDecision, CaseEvent, AgendaItem, AuditEntry)
    return [count(model) for model in tables]


def test_the_chairs_signature_makes_every_decision_a_fact_of_its_case(table: Table) -> None:
    for item in table.items:
        decide(item, decided_by_id=table.people["chair"].id)
    record = table.sign()
    assert (record.version, record.is_quorate) == (1, True)
    assert [one.name for one in read(record.attendance).present] == [
        *("Invented chair", "Invented deputy", "Invented member"),
    ]
    assert [events(item) for item in table.items] == [["decided_to_assess"]] * 3
    assert table.record().is_whole
    told = list(db.session.scalars(select(AuditEntry.action)))
    assert told.count("signed record") == 1
    assert told.count("signed decision") == 3


@pytest.mark.parametrize("who", ["clerk", "manager", "member"])
def test_nobody_signs_but_the_chair_or_a_deputy(table: Table, who: str) -> None:
    for item in table.items:
        decide(item)
    before = all_counted()
    with pytest.raises(Refused, match="signed by the chair or a deputy who was there"):
        table.sign(who, may_decide=who == "manager")
    assert all_counted() == before


def test_a_chair_who_was_not_there_leaves_it_to_the_deputy_who_was(table: Table) -> None:
    for item in table.items:
        decide(item)
    table.meeting.panel.least_present = 2
    table.meeting.panel.agencies = []
    table.came("chair", "apologies")
    with pytest.raises(Refused, match=r"You are not recorded as present.*deputy"):
        table.sign("chair")
    assert table.sign("deputy").signed_by_id == table.people["deputy"].id


def test_what_nobody_recorded_is_asked_for_and_then_goes_on_in_one_act(table: Table) -> None:
    first, second, third = table.items
    decide(first)
    before = all_counted()
    with pytest.raises(Refused) as refused:
        table.sign()
    assert set(refused.value.reasons) == {"why", "to"}
    assert all_counted() == before
    table.sign(why="Time ran out", to_id=table.next.id)
    went = db.session.scalars(select(AgendaItem).filter_by(meeting_id=table.next.id)).all()
    assert [one.carried_from_id for one in went] == [second.id, third.id]
    line = table.record().lines[1]
    assert line.decision
    assert (line.decision.handled, line.decision.carried_why) == ("not_heard", "Time ran out")
    assert table.record().is_whole
    assert events(second) == []


def test_what_was_deferred_goes_to_the_meeting_that_was_chosen_for_it(table: Table) -> None:
    for item in table.items[1:]:
        decide(item)
    deferred = {"advice": None, "decision": None, "carried_to_id": table.next.id}
    decide(table.items[0], handled="deferred", carried_why="More advice", **deferred)
    table.sign()
    [went] = db.session.scalars(select(AgendaItem).filter_by(meeting_id=table.next.id)).all()
    assert went.carried_from_id == table.items[0].id


def test_a_case_deferred_to_a_meeting_that_was_cancelled_stops_the_signature(table: Table) -> None:
    for item in table.items[1:]:
        decide(item)
    deferred = {"advice": None, "decision": None, "carried_to_id": table.next.id}
    decide(table.items[0], handled="deferred", carried_why="More advice", **deferred)
    table.next.cancelled_at = now()
    before = all_counted()
    with pytest.raises(Refused) as refused:
        table.sign()
    assert list(refused.value.reasons) == [table.items[0].public_id]
    assert "was cancelled" in refused.value.reasons[table.items[0].public_id]
    assert all_counted() == before


def test_nothing_is_signed_while_one_decision_cannot_be_a_fact(table: Table) -> None:
    for item in table.items:
        decide(item)
    withdrawn = NewEvent(kind="withdrawn", on=date(2026, 11, 16))
    log(db.session.get_one(Case, table.items[1].case_id), withdrawn)
    before = all_counted()
    with pytest.raises(Refused) as refused:
        table.sign()
    assert list(refused.value.reasons) == [table.items[1].public_id]
    assert all_counted() == before
    assert not table.record().versions


def test_attendance_is_recorded_before_anything_is_signed(table: Table) -> None:
    for item in table.items:
        decide(item)
    member = table.people["member"].id
    db.session.query(Attendance).filter_by(user_id=member).delete()
    with pytest.raises(Refused, match="Nothing is said of Invented member"):
        table.sign()
    db.session.query(Attendance).delete()
    with pytest.raises(Refused, match="Record first who came"):
        table.sign()
    assert not table.record().versions


def test_without_a_quorum_nothing_is_signed_as_the_panels(table: Table) -> None:
    for item in table.items:
        decide(item)
    table.came("member", "absent")
    before = all_counted()
    with pytest.raises(Refused) as refused:
        table.sign()
    assert set(refused.value.reasons) == {"without_quorum"}
    with pytest.raises(Refused, match="Only a manager"):
        table.sign(without_quorum="officer")
    assert all_counted() == before


def test_without_a_quorum_the_cases_can_go_to_a_meeting_that_has_one(table: Table) -> None:
    for item in table.items:
        decide(item)
    table.came("member", "absent")
    record = table.sign(without_quorum="defer", to_id=table.next.id)
    assert not record.is_quorate
    assert [events(item) for item in table.items] == [[], [], []]
    lines = table.record().lines
    assert {line.decision.handled for line in lines if line.decision} == {"deferred"}
    assert "Missing: Health" in (lines[0].decision.carried_why or "" if lines[0].decision else "")
    assert db.session.query(AgendaItem).filter_by(meeting_id=table.next.id).count() == 3


def test_without_a_quorum_a_manager_takes_the_decisions_as_an_officer(table: Table) -> None:
    for item in table.items:
        decide(item)
    table.came("member", "absent")
    record = table.sign("chair", without_quorum="leave")
    assert not record.is_quorate
    assert [events(item) for item in table.items] == [[], [], []]
    assert len(table.record().unsigned) == 3
    taken = table.sign("manager", may_decide=True, without_quorum="officer")
    assert (taken.version, taken.is_quorate) == (2, False)
    for line in table.record().lines:
        assert line.decision
        assert line.decision.capacity == "officer"
        assert line.decision.decided_on == TODAY
        assert line.decision.decided_by_id == table.people["manager"].id
        assert line.signed_by == taken
    assert [events(item) for item in table.items] == [["decided_to_assess"]] * 3


def test_where_neither_chair_nor_deputy_came_a_manager_signs(table: Table) -> None:
    for item in table.items[1:]:
        decide(item)
    for who in ("chair", "deputy"):
        table.came(who, "absent")
    table.sign(
        *("manager",),
        may_decide=True,
        without_quorum="defer",
        why="No chair",
        to_id=table.next.id,
    )
    assert table.record().is_whole


def test_an_interest_can_leave_one_case_without_a_quorum(table: Table) -> None:
    for item in table.items:
        decide(item)
    table.declare("member", table.items[0])
    record = table.record()
    assert [line.lacks_quorum for line in record.lines] == [True, False, False]
    with pytest.raises(Refused) as refused:
        table.sign()
    assert record.lines[0].case.reference in refused.value.reasons["without_quorum"]
    signed = table.sign(without_quorum="defer", to_id=table.next.id)
    assert signed.is_quorate
    assert [events(item) for item in table.items] == [
        *([], ["decided_to_assess"], ["decided_to_assess"]),
    ]


def test_the_chair_leaves_a_case_of_their_own_to_the_deputy(table: Table) -> None:
    table.meeting.panel.least_present = 2
    table.meeting.panel.agencies = []
    for item in table.items:
        decide(item)
    table.declare("chair", table.items[0])
    first = table.sign("chair")
    assert events(table.items[0]) == []
    assert [line.item.id for line in table.record().unsigned] == [table.items[0].id]
    second = table.sign("deputy")
    assert events(table.items[0]) == ["decided_to_assess"]
    assert [line.signed_by for line in table.record().lines] == [second, first, first]
    assert table.record().is_whole


def test_a_decision_of_somebody_with_an_interest_is_not_signed_by_another(table: Table) -> None:
    table.meeting.panel.least_present = 2
    table.meeting.panel.agencies = []
    for item in table.items:
        decide(item, decided_by_id=table.people["chair"].id)
    table.declare("chair", table.items[2])
    before = all_counted()
    with pytest.raises(Refused) as refused:
        table.sign("deputy")
    assert list(refused.value.reasons) == [table.items[2].public_id]
    assert all_counted() == before


def test_a_decision_of_somebody_who_was_not_there_is_not_signed(table: Table) -> None:
    table.meeting.panel.least_present = 2
    table.meeting.panel.agencies = []
    for item, who in zip(table.items, ("deputy", "chair", "deputy"), strict=True):
        decide(item, decided_by_id=table.people[who].id)
    table.came("chair", "apologies")
    before = all_counted()
    with pytest.raises(Refused, match="not recorded as present") as refused:
        table.sign("deputy")
    assert list(refused.value.reasons) == [table.items[1].public_id]
    assert all_counted() == before
    table.change(table.items[1])
    assert table.record().lines[1].decision.decided_by_id == table.people["deputy"].id
    table.sign("deputy")
    assert [events(item) for item in table.items] == [["decided_to_assess"]] * 3


def test_a_change_after_signing_needs_a_reason_and_the_signature_again(table: Table) -> None:
    for item in table.items:
        decide(item, decided_by_id=table.people["chair"].id)
    table.sign()
    change = {"advice": "not_assess", "decision": "not_assess", "reasons": "It does not."}
    with pytest.raises(Refused, match="Say why it is changed"):
        table.change(table.items[0], **change)
    table.change(table.items[0], **change, change_why="A slip of the clerk")
    record = table.record()
    assert [line.is_changed for line in record.lines] == [True, False, False]
    assert "“Assess” became “Do not assess”" in record_changes.pending(record.lines[0])
    assert events(table.items[0]) == ["decided_to_assess"]
    with pytest.raises(Refused) as refused:
        table.sign()
    assert set(refused.value.reasons) == {"change_why"}
    second = table.sign(change_why="The clerk had ticked the wrong box")
    assert events(table.items[0]) == ["decided_to_assess", "decided_not_to_assess"]
    earlier, later = (records.as_signed(table.meeting, n) for n in (1, 2))
    assert earlier
    assert later
    assert [line.decision.decision for line in earlier.lines if line.decision] == ["assess"] * 3
    [changed] = record_changes.between(earlier, later)
    assert changed.line
    assert changed.line.item.id == table.items[0].id
    assert changed.why == "A slip of the clerk"
    assert later.version == second
    assert records.as_signed(table.meeting, 3) is None


def test_a_change_of_attendance_after_signing_needs_the_signature_again(table: Table) -> None:
    for item in table.items:
        decide(item)
    table.sign()
    with pytest.raises(Refused, match="nothing here that you can sign"):
        table.sign()
    table.meeting.panel.least_present = 2
    table.came("deputy", "absent")
    assert table.record().is_attendance_changed
    table.sign(change_why="The deputy had left before the first case")
    earlier, later = (records.as_signed(table.meeting, n) for n in (1, 2))
    assert later
    [changed] = record_changes.between(earlier, later)
    assert changed.words.startswith("Invented deputy: “Present")
    assert [events(item) for item in table.items] == [["decided_to_assess"]] * 3


def test_people_in_another_order_are_no_change_of_attendance(table: Table) -> None:
    for item in table.items:
        decide(item)
    table.sign()
    table.people["deputy"].name = "Zoe Deputy"
    place = next(
        p
        for p in meetings.members_on(table.meeting.panel_id, MET)
        if p.user_id == table.people["member"].id
    )
    place.position = "deputy"
    assert table.record().roll.people[1].name == "Invented member"
    assert table.record().is_whole


def test_whoever_signs_what_changed_since_they_looked_is_told(table: Table) -> None:
    for item in table.items:
        decide(item)
    seen = table.record().fingerprint
    table.change(table.items[0], decision="not_assess", advice="not_assess")
    before = all_counted()
    with pytest.raises(ChangedMeanwhile):
        table.sign(seen=seen)
    assert all_counted() == before


def test_of_two_who_sign_at_once_one_wins_and_the_other_is_told(app: Flask, table: Table) -> None:
    for item in table.items:
        decide(item)
    seen, meeting_id = table.record().fingerprint, table.meeting.id
    actors = [table.actor("chair"), table.actor("deputy")]
    db.session.rollback()
    both = Barrier(2)

    def sign(actor: Actor) -> str:
        with app.app_context():
            both.wait()
            try:
                services.sign(
                    actor=actor,
                    today=TODAY,
                    meeting_id=meeting_id,
                    may_decide=False,
                    signing=Signing(seen=seen),
                )
            except ChangedMeanwhile:
                return "told"
            return "signed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sign, actors)) == ["signed", "told"]
    assert count(PanelRecord) == 1
    assert [events(item) for item in table.items] == [["decided_to_assess"]] * 3


def test_a_record_is_not_signed_before_its_meeting_nor_for_one_cancelled(table: Table) -> None:
    for item in table.items:
        decide(item)
    table.meeting.on_day = date(2026, 11, 25)
    with pytest.raises(Refused, match="Sign it after that"):
        table.sign()
    table.meeting.on_day, table.meeting.cancelled_at = MET, now()
    with pytest.raises(Refused, match="cancelled"):
        table.sign()
