"""What a panel decided is recorded whole, version by version, and never over somebody's head."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from casework.clock import now
from casework.extensions import db
from casework.models import Attendance, AuditEntry, CaseEvent, Interest, PanelDecision, User
from casework.queries import decisions as queries
from casework.services import decisions
from casework.services.audit_trail import Actor, verify
from casework.services.decisions import NewCondition, NewDecision
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from casework.services.events import NewEvent
from tests.factories import (
    decide,
    log,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
    sign,
)
from tests.fixtures.statements import counted

MEETS = date(2026, 11, 18)
NEXT = date(2026, 11, 25)
TODAY = date(2026, 11, 23)
YES = NewDecision(advice="assess", decision="assess", reasons="Both limbs of the test are met.")


class Table:
    """A panel at its table: a clerk, a chair, a deputy, one case, and a meeting to follow."""

    def __init__(self, **panel: Any) -> None:
        self.clerk = make_user("panel-clerk", email="clerk@example.org")
        self.chair = make_user("manager", email="chair@example.org", name="Cleo Chair")
        self.deputy = make_user("manager", email="deputy@example.org", name="Dev Deputy")
        self.panel = make_panel(**panel)
        seat_member(self.panel, self.chair, agency="education", position="chair")
        seat_member(self.panel, self.deputy, agency="education", position="deputy")
        self.meeting = make_meeting(self.panel, MEETS)
        self.next = make_meeting(self.panel, NEXT)
        self.case = make_case(date(2026, 10, 19))
        self.item = put_on_agenda(self.meeting, self.case)

    def record(self, new: NewDecision = YES, **options: Any) -> PanelDecision:
        """Record a decision on the item as the clerk, who has seen its last version."""
        db.session.refresh(self.item)
        given = {"actor": actor(self.clerk), "version": self.item.version} | options
        return decisions.record(today=TODAY, item_id=self.item.id, new=new, **given)

    def interest(self, user: User) -> None:
        """Declare a person's interest in the case."""
        case_id = self.case.id
        kin = Interest(case_id=case_id, user_id=user.id, nature="Kin", declared_at=now())
        db.session.add(kin)
        db.session.commit()


def actor(user: User) -> Actor:
    return Actor(user.id, "web")


def recorded() -> int:
    return db.session.scalar(select(func.count()).select_from(PanelDecision)) or 0


@pytest.fixture
def table(app: Flask) -> Iterator[Table]:
    with app.app_context():
        yield Table()


def refused(table: Table, new: NewDecision, **options: Any) -> dict[str, str]:
    """Return the reasons for which it is refused, once it is sure that nothing was recorded."""
    before, version = recorded(), table.item.version
    with pytest.raises(Refused) as raised:
        table.record(new, **options)
    db.session.refresh(table.item)
    assert (recorded(), table.item.version) == (before, version)
    return raised.value.reasons


def test_a_decision_is_kept_whole_and_is_no_fact_of_the_case_yet(table: Table) -> None:
    events = db.session.query(CaseEvent).count()
    new = replace(
        YES,
        evidence=("School report, version 2",),
        missing="No advice from health",
        conditions=(NewCondition(words="Ask for audiology", owner="Ada", due_on=NEXT),),
        differing_views="The school would have waited",
        cost_discussed="no",
    )
    made = table.record(new)
    held = queries.current_decisions(table.meeting.id)[table.item.id]
    assert held.id == made.id
    assert (held.advice, held.decision, held.decided_on) == ("assess", "assess", MEETS)
    assert [one.words for one in held.evidence] == ["School report, version 2"]
    assert [(one.owner, one.due_on) for one in held.conditions] == [("Ada", NEXT)]
    assert (held.decided_by_id, held.recorded_by_id) == (table.chair.id, table.clerk.id)
    assert db.session.query(CaseEvent).count() == events
    entry = db.session.query(AuditEntry).filter_by(action="recorded decision").one()
    assert (entry.case_id, entry.subject) == (table.case.id, f"agenda item {table.item.id}")
    assert verify().faults == ()


def test_advice_and_decision_may_differ(table: Table) -> None:
    made = table.record(replace(YES, advice="not_assess"))
    assert (made.advice, made.decision) == ("not_assess", "assess")


def test_the_deputy_who_records_is_the_one_who_decides(table: Table) -> None:
    assert table.record(actor=actor(table.deputy)).decided_by_id == table.deputy.id


def test_an_absent_chair_decides_nothing(table: Table) -> None:
    stayed_away = {"attended": "apologies", "position": "chair", "agency": "education"}
    row = {"name": "Cleo Chair", "recorded_at": now()} | stayed_away
    db.session.add(Attendance(meeting_id=table.meeting.id, user_id=table.chair.id, **row))
    db.session.commit()
    assert table.record().decided_by_id == table.deputy.id


def test_a_chair_with_an_interest_leaves_the_case_to_a_deputy(table: Table) -> None:
    table.interest(table.chair)
    assert "deputy" in refused(table, YES, actor=actor(table.chair))["answer"]
    assert table.record().decided_by_id == table.deputy.id


def test_nobody_decides_where_chair_and_deputy_have_an_interest(table: Table) -> None:
    table.interest(table.chair)
    table.interest(table.deputy)
    assert "Nobody who is here may decide" in refused(table, YES)["answer"]


def test_an_interest_that_was_taken_back_keeps_nobody_out(table: Table) -> None:
    table.interest(table.chair)
    db.session.query(Interest).update({"ended_at": now()})
    db.session.commit()
    assert table.record(actor=actor(table.chair)).decided_by_id == table.chair.id


@pytest.mark.parametrize(
    ("new", "field", "words"),
    [
        (NewDecision(reasons="Because."), "answer", "Choose what was decided"),
        (replace(YES, decision="issue"), "answer", "outcome of this question"),
        (replace(YES, advice="nonsense"), "answer", "outcome of this question"),
        (replace(YES, reasons=" "), "reasons", "Give the reasons"),
        (replace(YES, decision=None), "answer", "what the authority decided"),
        (replace(YES, handled="deferred", carried_why="x"), "answer", "has no outcome"),
        (NewDecision(handled="deferred"), "carried_why", "Say why"),
        (NewDecision(handled="not_heard", carried_why="Late"), "carried_to", "later meeting"),
        (replace(YES, conditions=(NewCondition(words="Ask", owner=" "),)), "conditions", "who"),
        (replace(YES, cost_discussed="much"), "cost_discussed", "Choose"),
    ],
)
def test_what_does_not_say_what_a_decision_must_is_refused(
    table: Table, new: NewDecision, field: str, words: str
) -> None:
    assert words in refused(table, new)[field]


def test_a_deferred_case_goes_to_a_later_meeting_with_a_reason(table: Table) -> None:
    new = NewDecision(handled="deferred", carried_why="Audiology is late")
    made = table.record(replace(new, carried_to_id=table.next.id))
    assert (made.handled, made.carried_to_id, made.decided_by_id) == (
        *("deferred", table.next.id),
        None,
    )


def test_a_case_cannot_be_deferred_to_the_same_day_or_to_a_cancelled_meeting(table: Table) -> None:
    new = NewDecision(handled="deferred", carried_why="Late", carried_to_id=table.meeting.id)
    assert "later meeting" in refused(table, new)["carried_to"]
    table.next.cancelled_at = now()
    db.session.commit()
    new = replace(new, carried_to_id=table.next.id)
    assert "later meeting" in refused(table, new)["carried_to"]


def test_nothing_is_recorded_before_the_day_or_at_a_cancelled_meeting(table: Table) -> None:
    table.meeting.on_day = date(2026, 11, 24)
    db.session.commit()
    assert "before it" in refused(table, YES)["answer"]
    table.meeting.cancelled_at = now()
    db.session.commit()
    assert "cancelled" in refused(table, YES)["answer"]


def test_an_item_that_was_taken_off_the_agenda_is_absent(table: Table) -> None:
    table.item.removed_at = now()
    db.session.commit()
    with pytest.raises(Absent):
        table.record()


def test_a_case_that_is_not_ready_needs_the_chairs_reason(table: Table) -> None:
    issue = put_on_agenda(table.meeting, table.case, "issue")
    table.item = issue
    yes = replace(YES, advice="issue", decision="issue")
    assert "Request received" in refused(table, yes)["despite"]
    assert table.record(replace(yes, despite="The tribunal waits")).despite == "The tribunal waits"
    changed = replace(yes, reasons="In other words.")
    assert table.record(changed).despite is None  # its words alone changed


def test_outstanding_advice_speaks_against_deciding_on_it(table: Table) -> None:
    log(table.case, NewEvent(kind="told_will_assess", on=date(2026, 11, 2)))
    asked = NewEvent(kind="advice_requested", on=date(2026, 11, 3), service="camhs")
    log(table.case, asked)
    table.item = put_on_agenda(table.meeting, table.case, "issue")
    yes = replace(YES, advice="issue", decision="issue")
    assert "mental health" in refused(table, yes)["despite"]


def test_a_panel_that_advises_records_advice_and_no_decision(app: Flask) -> None:
    with app.app_context():
        table = Table(decides=False)
        assert "An officer" in refused(table, YES)["answer"]
        made = table.record(replace(YES, decision=None))
        assert (made.advice, made.decision, made.decided_by_id) == ("assess", None, None)


def test_a_second_version_takes_the_place_of_the_first_and_both_stay(table: Table) -> None:
    first = table.record()
    second = table.record(replace(YES, reasons="In other words."))
    assert second.replaces_id == first.id
    assert [one.id for one in queries.versions(table.item.id)] == [second.id, first.id]
    assert queries.current_decisions(table.meeting.id)[table.item.id].id == second.id


def test_the_second_of_two_who_record_one_case_is_told(table: Table) -> None:
    seen = table.item.version
    table.record(actor=actor(table.chair))
    with pytest.raises(ChangedMeanwhile) as raised:
        table.record(replace(YES, reasons="Mine."), version=seen)
    assert [(one.by, one.words) for one in raised.value.changes] == [
        ("Cleo Chair", "recorded decision")
    ]
    assert recorded() == 1


def test_the_same_answer_sent_twice_is_recorded_once(table: Table) -> None:
    seen = table.item.version
    first = table.record(version=seen)
    assert table.record(version=seen).id == first.id
    assert table.record().id == first.id
    assert recorded() == 1


def test_the_same_answer_is_recorded_anew_once_its_taker_has_an_interest(table: Table) -> None:
    assert table.record().decided_by_id == table.chair.id
    table.interest(table.chair)
    assert table.record().decided_by_id == table.deputy.id
    assert recorded() == 2


def test_the_same_answer_sent_twice_at_once_is_recorded_once(app: Flask, table: Table) -> None:
    item_id, version, who = table.item.id, table.item.version, actor(table.clerk)
    db.session.commit()

    def send(_number: int) -> int:
        with app.app_context():
            given = {"item_id": item_id, "version": version, "actor": who}
            return decisions.record(today=TODAY, new=YES, **given).id

    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(send, range(4)))
    assert len(found) == 1
    assert recorded() == 1


def test_a_change_after_signing_needs_its_reason(table: Table) -> None:
    first = table.record()
    sign(table.meeting, first)
    other = replace(YES, reasons="In other words.")
    assert "Say why" in refused(table, other)["change_why"]
    made = table.record(replace(other, change_why="A name was wrong"))
    assert (made.replaces_id, made.change_why) == (first.id, "A name was wrong")


def test_a_case_that_another_meeting_took_over_is_decided_there(table: Table) -> None:
    why = {"carried_why": "Late", "change_why": "A slip", "carried_to_id": table.next.id}
    sign(table.meeting, table.record(NewDecision(handled="deferred", **why)))
    there = put_on_agenda(table.next, table.case, carried_from_id=table.item.id)
    decided = replace(YES, change_why="It was decided after all")
    assert "went to the meeting of 25 November 2026" in refused(table, decided)["answer"]
    there.removed_at = now()
    db.session.commit()
    assert table.record(decided).handled == "decided"


def test_a_second_look_points_to_the_answer_it_looks_at(table: Table) -> None:
    earlier_meeting = make_meeting(table.panel, date(2026, 11, 11))
    earlier = decide(put_on_agenda(earlier_meeting, table.case), "not_assess")
    assert table.record().reconsiders_id is None  # nobody has signed it
    sign(earlier_meeting, earlier)
    made = table.record(replace(YES, reasons="In the light of new advice."))
    assert made.reconsiders_id == earlier.id


def test_a_meetings_decisions_are_read_in_three_statements(app: Flask, table: Table) -> None:
    table.record()
    for _ in range(3):
        decide(put_on_agenda(table.meeting, make_case()))
    meeting_id = table.meeting.id
    db.session.commit()
    with counted(app) as sent:
        assert len(queries.current_decisions(meeting_id)) == 4
    assert len(sent) == 3
