"""Which records wait for a signature, and whom that is shown to. All people are invented."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from casework.access import Viewer, seat_of
from casework.clock import now
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import User
from casework.queries import records
from casework.rules.panels import window
from tests.factories import decide, make_user, sign
from tests.fixtures.sittings import MET, Sitting, hold_meeting

#: The first day that is more than two working days after the meeting, which was on a Wednesday.
LATE = MET + timedelta(5)


@pytest.fixture
def held(app: Flask) -> Iterator[Sitting]:
    with app.app_context():
        yield hold_meeting(2)


def waiting(user: User, today: date = LATE, *, every_panel: bool = False) -> list[date]:
    db.session.commit()
    calendar = england_and_wales()
    seat = seat_of(
        Viewer(user_id=user.id, name=user.name, role=user.role),
        window(today, calendar, opens_days=10, closes_days=5),
    )
    found = records.unsigned(seat, calendar.before(today, 2), every_panel=every_panel)
    return [one.on_day for one in found]


def test_a_record_waits_from_the_third_working_day_after_its_meeting(held: Sitting) -> None:
    clerk = make_user("panel-clerk")
    assert waiting(clerk, LATE - timedelta(3), every_panel=True) == []
    assert waiting(clerk, LATE, every_panel=True) == [MET]


def test_it_is_shown_to_the_chair_and_deputies_and_to_no_other_member(held: Sitting) -> None:
    assert waiting(held.people["chair"]) == [MET]
    assert waiting(held.people["deputy"]) == [MET]
    assert waiting(held.people["member"]) == []
    assert waiting(make_user("case-officer")) == []


def test_it_waits_until_every_case_on_it_is_signed(held: Sitting) -> None:
    first, second = (decide(item) for item in held.items)
    sign(held.meeting, first)
    assert waiting(held.people["chair"]) == [MET]
    sign(held.meeting, first, second, version=2)
    assert waiting(held.people["chair"]) == []
    decide(held.items[0], replaces_id=first.id, change_why="A slip")
    assert waiting(held.people["chair"]) == [MET]


def test_a_meeting_that_was_cancelled_or_had_no_case_waits_for_nobody(held: Sitting) -> None:
    held.meeting.cancelled_at = now()
    assert waiting(held.people["chair"]) == []
    held.meeting.cancelled_at = None
    for item in held.items:
        item.removed_at = now()
    assert waiting(held.people["chair"]) == []


def test_a_deputy_still_sees_what_was_left_to_them_when_the_window_has_closed(
    held: Sitting,
) -> None:
    first, second = (decide(item) for item in held.items)
    sign(held.meeting, first)
    later = MET + timedelta(30)
    seat = seat_of(
        Viewer(user_id=held.people["deputy"].id, name="D", role="panel-member"),
        window(later, england_and_wales(), opens_days=10, closes_days=5),
    )
    assert records.visible(seat, held.meeting.id) == {second.item_id}
