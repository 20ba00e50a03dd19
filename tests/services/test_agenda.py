"""Cases that come before a meeting, on both databases. Every child is invented."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.clock import now
from casework.extensions import db
from casework.models import AgendaItem, AuditEntry, Case, PanelMeeting
from casework.services import agenda, meeting_versions
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from tests.factories import (
    circulate,
    decide,
    make_case,
    make_meeting,
    make_panel,
    put_on_agenda,
    sign,
)

NEXT = date(2026, 12, 2)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def carried(items: list[AgendaItem], to: int) -> list[AgendaItem]:
    return agenda.carry_over(actor=COMMAND_LINE, items=items, to_meeting_id=to, why="Ran out")


def test_a_case_carried_over_stands_last_and_says_where_it_came_from() -> None:
    panel = make_panel()
    first, then = make_meeting(panel), make_meeting(panel, NEXT)
    put_on_agenda(then, make_case(person={"surname": "There"}))
    item = put_on_agenda(first, make_case(), note="Bring the report", minutes=9)
    [made] = carried([item], then.id)
    assert (made.place, made.minutes, made.note) == (2, 9, "Bring the report")
    assert made.carried_from_id == item.id
    assert item.removed_at is None
    assert db.session.get_one(PanelMeeting, then.id).version == 2
    told = select(AuditEntry.case_id).where(AuditEntry.action == "carried case over")
    assert db.session.scalars(told).all() == [item.case_id]


def test_a_case_that_is_there_already_is_not_put_there_twice() -> None:
    panel = make_panel()
    first, then, case = make_meeting(panel), make_meeting(panel, NEXT), make_case()
    item, there = put_on_agenda(first, case), put_on_agenda(then, case)
    assert carried([item], then.id) == [there]
    assert there.carried_from_id == item.id


def test_nothing_is_carried_to_a_meeting_that_can_take_no_case() -> None:
    panel, other = make_panel(), make_panel(name="Other panel", questions="cease")
    item = put_on_agenda(make_meeting(panel), make_case())
    cancelled = make_meeting(panel, NEXT, cancelled_at=now(), cancelled_why="Snow")
    signed, elsewhere = make_meeting(panel, date(2026, 12, 9)), make_meeting(other, NEXT)
    sign(signed)
    for meeting, words in ((cancelled, "cancelled"), (signed, "signed"), (elsewhere, "not decide")):
        with pytest.raises(Refused, match=words):
            carried([item], meeting.id)
    with pytest.raises(Absent):
        carried([item], 999)


def test_the_second_to_change_a_meeting_is_told_what_the_first_did() -> None:
    panel = make_panel()
    first, then = make_meeting(panel), make_meeting(panel, NEXT)
    items = [put_on_agenda(first, make_case(person={"surname": name})) for name in ("One", "Two")]
    carried(items, then.id)
    db.session.commit()
    with pytest.raises(ChangedMeanwhile) as changed:
        meeting_versions.claim(then.id, 1)
    assert [(one.words, one.by) for one in changed.value.changes] == [
        ("carried case over", "the command line")
    ]
    meeting_versions.claim(then.id, changed.value.version)


def child(name: str, **details: Any) -> Case:
    return make_case(person={"surname": name}, **details)


def add(meeting: PanelMeeting, *cases: Case, version: int = 1, **options: Any) -> list[AgendaItem]:
    chosen = [(case.id, "assess") for case in cases]
    act: dict[str, Any] = {"actor": COMMAND_LINE, "meeting_id": meeting.id, "version": version}
    return agenda.add(**act, cases=chosen, **options)


def on_agenda(meeting: PanelMeeting) -> list[tuple[int, int]]:
    return [(item.place, item.case_id) for item in agenda.items_at(meeting.id)]


def test_several_cases_are_added_in_one_act_with_the_panel_s_minutes_each() -> None:
    meeting = make_meeting(make_panel(minutes_per_case=8))
    one, two = child("One"), child("Two")
    made = add(meeting, two, one)
    assert on_agenda(meeting) == [(1, two.id), (2, one.id)]
    assert [item.minutes for item in made] == [8, 8]
    told = select(AuditEntry.case_id).where(AuditEntry.action == "put case on agenda")
    assert db.session.scalars(told).all() == [two.id, one.id]


def test_a_case_on_another_agenda_for_the_question_stops_the_whole_act() -> None:
    panel = make_panel()
    meeting, then = make_meeting(panel), make_meeting(panel, NEXT)
    placed, free = child("Placed"), child("Free")
    put_on_agenda(then, placed)
    with pytest.raises(Refused, match=f"{placed.reference} is on an agenda already"):
        add(meeting, free, placed)
    assert on_agenda(meeting) == []
    assert db.session.get_one(PanelMeeting, meeting.id).version == 1


def test_a_case_at_another_stage_comes_only_when_that_is_meant() -> None:
    meeting, case = make_meeting(make_panel()), child("Again", kind="reassessment")
    with pytest.raises(Refused, match="is not a question of this kind of case"):
        add(meeting, case)
    add(meeting, case, despite_stage=True)
    assert on_agenda(meeting) == [(1, case.id)]


def test_a_second_clerk_adds_nothing_to_an_agenda_they_have_not_seen() -> None:
    meeting = make_meeting(make_panel())
    add(meeting, child("One"))
    with pytest.raises(ChangedMeanwhile) as changed:
        add(meeting, child("Two"))
    assert [one.words for one in changed.value.changes] == ["put case on agenda"]
    assert len(on_agenda(meeting)) == 1


def test_nothing_is_added_to_a_meeting_whose_record_is_signed() -> None:
    meeting = make_meeting(make_panel())
    sign(meeting)
    with pytest.raises(Refused, match="signed"):
        add(meeting, child("One"))


def test_an_officer_proposes_a_case_until_the_agenda_is_circulated() -> None:
    meeting, case, late = make_meeting(make_panel()), child("One"), child("Late")
    act: dict[str, Any] = {"actor": COMMAND_LINE, "meeting_id": meeting.id, "question": "assess"}
    agenda.propose(**act, case_id=case.id)
    with pytest.raises(Refused, match="on an agenda already"):
        agenda.propose(**act, case_id=case.id)
    circulate(meeting)
    with pytest.raises(Refused, match="circulated"):
        agenda.propose(**act, case_id=late.id)
    assert on_agenda(meeting) == [(1, case.id)]


def test_a_case_is_taken_off_with_a_reason_and_may_come_back() -> None:
    meeting, case = make_meeting(make_panel()), child("One")
    [item] = add(meeting, case)
    act: dict[str, Any] = {
        "actor": COMMAND_LINE,
        "meeting_id": meeting.id,
        "item_id": item.public_id,
    }
    with pytest.raises(Refused, match="Say why"):
        agenda.take_off(**act, version=2, why="  ")
    agenda.take_off(**act, version=2, why="The family asked to wait")
    assert on_agenda(meeting) == []
    assert item.removed_why == "The family asked to wait"
    with pytest.raises(Absent):
        agenda.take_off(**act, version=3, why="Again")
    add(meeting, case, version=3)
    assert len(on_agenda(meeting)) == 1


def test_a_case_that_was_recorded_stays_on_the_agenda() -> None:
    meeting = make_meeting(make_panel())
    item = put_on_agenda(meeting, child("One"))
    decide(item)
    act: dict[str, Any] = {
        "actor": COMMAND_LINE,
        "meeting_id": meeting.id,
        "item_id": item.public_id,
    }
    with pytest.raises(Refused, match="recorded"):
        agenda.take_off(**act, version=1, why="A slip")


def test_a_case_is_deferred_to_a_later_meeting_and_no_earlier_one() -> None:
    panel = make_panel()
    meeting, then = make_meeting(panel), make_meeting(panel, NEXT)
    item = put_on_agenda(meeting, child("One"))
    act: dict[str, Any] = {"actor": COMMAND_LINE, "version": 1, "why": "The report is not in"}
    there = agenda.defer(
        **act, meeting_id=meeting.id, item_id=item.public_id, to_meeting_id=then.id
    )
    assert (there.meeting_id, there.carried_from_id) == (then.id, item.id)
    assert item.removed_why == "Deferred to Wednesday 2 December 2026: The report is not in"
    assert on_agenda(meeting) == []
    with pytest.raises(Refused, match="later meeting"):
        agenda.defer(
            **act | {"version": 2},
            meeting_id=then.id,
            item_id=there.public_id,
            to_meeting_id=meeting.id,
        )
    assert len(on_agenda(then)) == 1
