"""Meetings added, moved and cancelled by hand, on both databases. Every person is invented."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import AgendaItem, AuditEntry, Message, Panel, PanelMeeting
from casework.queries import meeting_changes as queries
from casework.rules.panels import window
from casework.services import meeting_changes, meetings
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Absent, ChangedMeanwhile, Refused
from tests.factories import (
    TODAY,
    circulate,
    decide,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
    sign,
)

WED, NEXT_WED = date(2026, 11, 25), date(2026, 12, 2)
BY = {"actor": COMMAND_LINE}


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def panel() -> Panel:
    panel = make_panel()
    seat_member(panel, make_user("panel-member", email="in@example.org"))
    left = seat_member(panel, make_user("dco", email="left@example.org"))
    left.until_day = TODAY
    db.session.commit()
    return panel


@pytest.fixture
def meeting(panel: Panel) -> PanelMeeting:
    return make_meeting(panel, WED, place="Room 1")


def move(meeting: PanelMeeting, version: int = 0, **details: Any) -> None:
    held = {n: getattr(meeting, n) for n in ("on_day", "starts_at", "minutes", "place")}
    meeting_changes.move_meeting(
        **BY,
        today=TODAY,
        meeting_id=meeting.id,
        version=version or meeting.version,
        details=held | details,
        why="The room is flooded",
    )


def cancel(meeting: PanelMeeting, to: PanelMeeting | None = None) -> int:
    return meeting_changes.cancel_meeting(
        **BY,
        meeting_id=meeting.id,
        version=meeting.version,
        why="The chair is ill",
        to=to.public_id if to else None,
    )


def letters() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def test_a_meeting_is_added_with_what_is_due_before_it(panel: Panel) -> None:
    details = {"on_day": date(2026, 12, 4), "starts_at": time(14), "minutes": 60, "place": ""}
    meeting_changes.add_meeting(**BY, today=TODAY, panel_id=panel.id, details=details)
    [made] = db.session.scalars(select(PanelMeeting))
    assert (made.week, made.on_day) == (None, date(2026, 12, 4))
    assert made.papers_by == datetime(2026, 11, 30, 17, tzinfo=UTC)
    assert meetings.generate(**BY, panel_id=panel.id, first=TODAY, until=date(2026, 12, 6)) == 2


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (WED, "meets on that day already"),
        (date(2026, 11, 20), "today or later"),
        (date(2026, 11, 28), "Saturday 28 November 2026 is not a working day"),
        (date(2026, 12, 25), "not a working day"),
        (date(2029, 1, 10), "known only to Sunday 31 December 2028"),
        (date(2027, 7, 1), "meets no more from Thursday 1 July 2027"),
    ],
)
def test_a_day_that_will_not_do_is_refused(
    panel: Panel, meeting: PanelMeeting, day: date, words: str
) -> None:
    if day == date(2027, 7, 1):
        panel.closed_on = day
        db.session.commit()
    details = {"on_day": day, "starts_at": time(14), "minutes": 60, "place": ""}
    with pytest.raises(Refused) as refused:
        meeting_changes.add_meeting(**BY, today=TODAY, panel_id=panel.id, details=details)
    assert words in refused.value.reasons["on_day"]
    db.session.rollback()
    other = make_meeting(panel, date(2026, 12, 1))
    with pytest.raises(Refused) as refused:
        move(other, on_day=day)
    assert words in refused.value.reasons["on_day"]
    db.session.rollback()
    assert letters() == []
    assert meeting.on_day == WED


def test_a_moved_meeting_keeps_its_cases_and_tells_who_sits(
    panel: Panel, meeting: PanelMeeting
) -> None:
    item = put_on_agenda(meeting, make_case())
    move(meeting, on_day=date(2026, 11, 27), starts_at=time(13), place="Room 2")
    assert (meeting.on_day, meeting.moved_from) == (date(2026, 11, 27), WED)
    assert meeting.moved_why == "The room is flooded"
    assert meeting.papers_by == datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert item.meeting_id == meeting.id
    [letter] = letters()
    assert letter.to_address == "in@example.org"
    assert "has moved to Friday 27 November 2026" in letter.subject
    assert "at 1:00pm, Room 2" in letter.body
    assert f"/panels/{panel.public_id}" in letter.body
    assert "flooded" not in letter.body
    told = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()
    assert told == "moved meeting"


def test_a_meeting_moved_twice_says_where_it_was_first_and_tells_each_move(
    meeting: PanelMeeting,
) -> None:
    move(meeting, on_day=date(2026, 11, 27))
    move(meeting, on_day=date(2026, 11, 30))
    assert meeting.moved_from == WED
    move(meeting, on_day=WED)
    assert meeting.moved_from is None
    assert len(letters()) == 3
    move(meeting, place="Room 9")
    assert (meeting.moved_from, meeting.moved_why) == (None, "The room is flooded")


def test_a_move_to_where_it_is_already_is_refused(meeting: PanelMeeting) -> None:
    with pytest.raises(Refused):
        move(meeting)


def test_the_second_to_change_a_meeting_is_told(meeting: PanelMeeting) -> None:
    move(meeting, version=1, place="Room 2")
    with pytest.raises(ChangedMeanwhile):
        move(meeting, version=1, place="Room 3")
    assert db.session.get_one(PanelMeeting, meeting.id).place == "Room 2"
    assert len(letters()) == 1


def test_cases_of_a_cancelled_meeting_go_to_the_one_chosen(
    panel: Panel, meeting: PanelMeeting
) -> None:
    later = make_meeting(panel, NEXT_WED)
    items = [put_on_agenda(meeting, make_case()), put_on_agenda(meeting, make_case())]
    gone = put_on_agenda(meeting, make_case())
    gone.removed_at = datetime(2026, 11, 20, tzinfo=UTC)
    db.session.commit()
    assert cancel(meeting, later) == 2
    assert meeting.cancelled_at is not None
    assert meeting.cancelled_why == "The chair is ill"
    there = db.session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == later.id)).all()
    assert [one.carried_from_id for one in there] == [one.id for one in items]
    [letter] = letters()
    assert letter.kind == "meeting_cancelled"
    acts = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert acts[-3:] == ["cancelled meeting", "carried case over", "carried case over"]


def test_a_meeting_with_cases_is_not_cancelled_without_somewhere_for_them(
    panel: Panel, meeting: PanelMeeting
) -> None:
    put_on_agenda(meeting, make_case())
    signed = make_meeting(panel, NEXT_WED)
    sign(signed)
    for to in (None, meeting, signed):
        with pytest.raises(Refused):
            cancel(meeting, to)
        db.session.rollback()
    assert db.session.get_one(PanelMeeting, meeting.id).cancelled_at is None
    assert letters() == []


def test_an_empty_meeting_is_cancelled_and_not_made_anew(panel: Panel) -> None:
    ahead = {**BY, "panel_id": panel.id, "first": TODAY, "until": NEXT_WED}
    meetings.generate(**ahead)
    meeting = db.session.scalars(select(PanelMeeting).order_by(PanelMeeting.on_day)).first()
    assert meeting is not None
    assert cancel(meeting) == 0
    assert meetings.generate(**ahead) == 0
    with pytest.raises(Refused):
        cancel(meeting)


def test_a_meeting_that_decided_or_was_signed_is_neither_moved_nor_cancelled(
    panel: Panel, meeting: PanelMeeting
) -> None:
    later = make_meeting(panel, NEXT_WED)
    made = decide(put_on_agenda(meeting, make_case()))
    for words in ("Decisions are recorded", "is signed"):
        with pytest.raises(Refused, match=words):
            move(meeting, on_day=date(2026, 11, 27))
        db.session.rollback()
        with pytest.raises(Refused, match=words):
            cancel(meeting, later)
        db.session.rollback()
        if words != "is signed":
            sign(meeting, made)
    with pytest.raises(Absent):
        meeting_changes.cancel_meeting(**BY, meeting_id=999, version=1, why="x", to=None)


def test_cases_that_another_day_is_too_late_for_are_named(
    panel: Panel, meeting: PanelMeeting
) -> None:
    from casework.access import Role, Viewer, seat_of

    soon = make_case(date(2026, 10, 20))  # six weeks: 1 December
    item = put_on_agenda(meeting, soon)
    put_on_agenda(meeting, make_case(date(2026, 11, 20), person={"surname": "Two"}))
    clerk = Viewer(user_id=make_user("panel-clerk").id, name="C", role=Role.PANEL_CLERK)
    seat = seat_of(clerk, window(TODAY, england_and_wales(), opens_days=10, closes_days=5))
    assert queries.too_late(seat, meeting.id, date(2026, 12, 1)) == []
    [late] = queries.too_late(seat, meeting.id, NEXT_WED)
    assert (late.reference, late.last_day) == (soon.reference, date(2026, 12, 1))
    assert late.question.key == item.question


def test_cases_can_go_to_meetings_to_come_that_decide_what_they_ask(
    panel: Panel, meeting: PanelMeeting
) -> None:
    put_on_agenda(meeting, make_case())
    same = make_meeting(panel, NEXT_WED)
    circulate(same)
    other = make_meeting(make_panel(name="Other", questions="assess"), date(2026, 11, 26))
    make_meeting(make_panel(name="Plans", questions="issue"), date(2026, 11, 26))
    make_meeting(panel, date(2026, 11, 18))
    sign(make_meeting(panel, date(2026, 12, 9)))
    make_meeting(panel, date(2026, 12, 16), cancelled_at=datetime(2026, 11, 1, tzinfo=UTC))
    found = queries.receiving(meeting, TODAY)
    assert [one.public_id for one in found] == [other.public_id, same.public_id]
    assert [one.is_next for one in found] == [False, True]
    assert found[1].words == (
        "Wednesday 2 December 2026, Invented panel (agenda circulated: they would come late)"
    )
    assert queries.how_many_cases(meeting.id) == 1
    assert queries.receiving(meeting, TODAY + timedelta(60)) == []
