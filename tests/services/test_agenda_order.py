"""The order of an agenda and its circulation, on both databases. Every child is invented."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.clock import now
from casework.extensions import db
from casework.models import (
    AgendaItem,
    AuditEntry,
    Interest,
    Message,
    PanelCirculation,
    PanelMeeting,
)
from casework.services import agenda, agenda_circulation, agenda_order
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from tests.factories import (
    TODAY,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def meeting() -> PanelMeeting:
    return make_meeting(make_panel())


@pytest.fixture
def items(meeting: PanelMeeting) -> list[AgendaItem]:
    names = ("One", "Two", "Three")
    return [put_on_agenda(meeting, make_case(person={"surname": name})) for name in names]


def arrange(meeting: PanelMeeting, order: list[int], *, version: int = 1, **minutes: int) -> None:
    lengths = {int(number[1:]): length for number, length in minutes.items()}
    act: dict[str, Any] = {"actor": COMMAND_LINE, "meeting_id": meeting.id, "version": version}
    agenda_order.arrange(**act, order=order, minutes=lengths)


def ids(meeting: PanelMeeting) -> list[int]:
    return [item.id for item in agenda.items_at(meeting.id)]


def circulate(meeting: PanelMeeting, **changed: Any) -> int:
    given: dict[str, Any] = {"today": TODAY, "meeting_id": meeting.id, "version": 1}
    return agenda_circulation.circulate(actor=COMMAND_LINE, opens_on=TODAY, **given | changed)


def test_items_are_put_in_order_with_their_minutes(
    meeting: PanelMeeting, items: list[AgendaItem]
) -> None:
    one, two, three = [item.id for item in items]
    arrange(meeting, [three, one, two], **{f"i{two}": 20})
    assert ids(meeting) == [three, one, two]
    assert [item.minutes for item in agenda.items_at(meeting.id)] == [6, 6, 20]
    told = select(AuditEntry).where(AuditEntry.action == "arranged agenda")
    assert len(db.session.scalars(told).all()) == 1


def test_an_item_hidden_from_whoever_arranges_them_keeps_its_place(
    meeting: PanelMeeting, items: list[AgendaItem]
) -> None:
    one, two, three = [item.id for item in items]
    arrange(meeting, [three, one])
    assert ids(meeting) == [three, two, one]


def test_two_clerks_cannot_arrange_one_agenda_unseen(
    meeting: PanelMeeting, items: list[AgendaItem]
) -> None:
    one, two, three = [item.id for item in items]
    arrange(meeting, [two, one, three])
    with pytest.raises(ChangedMeanwhile) as changed:
        arrange(meeting, [three, two, one])
    assert [one.words for one in changed.value.changes] == ["arranged agenda"]
    assert ids(meeting) == [two, one, three]


def test_an_item_of_another_meeting_is_not_arranged_here(
    meeting: PanelMeeting, items: list[AgendaItem]
) -> None:
    other = put_on_agenda(make_meeting(make_panel(name="Other")), make_case())
    with pytest.raises(Absent):
        arrange(meeting, [other.id])
    assert db.session.get_one(PanelMeeting, meeting.id).version == 1


def test_a_note_to_the_panel_is_kept_and_told(
    meeting: PanelMeeting, items: list[AgendaItem]
) -> None:
    act: dict[str, Any] = {"actor": COMMAND_LINE, "meeting_id": meeting.id}
    item_id = items[0].public_id
    agenda_order.set_note(**act, version=1, item_id=item_id, note="Two reports disagree")
    assert items[0].note == "Two reports disagree"
    agenda_order.set_note(**act, version=2, item_id=item_id, note=" ")
    assert items[0].note is None


def test_circulating_tells_each_member_by_itself_and_only_once(
    meeting: PanelMeeting, items: list[AgendaItem]
) -> None:
    people = [make_user("panel-member", email=f"{n}@example.org") for n in range(3)]
    for person in people[:2]:
        seat_member(meeting.panel, person)
    seat_member(meeting.panel, people[2], until_day=date(2026, 11, 1))
    kin = Interest(case_id=items[0].case_id, user_id=people[0].id, nature="Kin", declared_at=now())
    db.session.add(kin)
    db.session.commit()
    assert circulate(meeting) == 2
    sent = db.session.scalars(select(Message).order_by(Message.to_user_id)).all()
    assert [(one.kind, one.to_address) for one in sent] == [
        ("agenda_circulated", "0@example.org"),
        ("agenda_circulated", "1@example.org"),
    ]
    assert ["2 cases" in sent[0].body, "3 cases" in sent[1].body] == [True, True]
    assert not any("EHC-" in one.body + one.subject for one in sent)
    with pytest.raises(Refused, match="circulated already"):
        circulate(meeting, version=2)
    with pytest.raises(ChangedMeanwhile):
        circulate(meeting, version=1)
    assert db.session.query(PanelCirculation).count() == 1


def test_an_agenda_is_not_circulated_with_nobody_to_read_or_nothing_to_hear(
    meeting: PanelMeeting,
) -> None:
    with pytest.raises(Refused, match="no case"):
        circulate(meeting)
    put_on_agenda(meeting, make_case())
    with pytest.raises(Refused, match="Nobody sits"):
        circulate(meeting)
    with pytest.raises(Refused, match="has been"):
        circulate(meeting, today=meeting.on_day + timedelta(1))
    assert db.session.query(Message).count() == 0
    assert db.session.query(PanelCirculation).count() == 0
