"""What a person may know of a meeting and its cases: the window, the interest, the seat."""

from datetime import date, timedelta

import pytest
from flask import Flask

from casework.access import Role, Seat, Viewer, seat_of
from casework.clock import now
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import AgendaItem, Interest, PanelMeeting, PanelMember, User
from casework.queries import meetings
from casework.rules.panels import window
from tests.factories import (
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

#: A Wednesday, ten working days before the meeting.
OPENS = date(2026, 11, 11)
MEETS = date(2026, 11, 25)


class Sitting:
    """A meeting with one case, and one health member."""

    def __init__(self) -> None:
        self.member = make_user("panel-member")
        self.panel = make_panel()
        self.place: PanelMember = seat_member(self.panel, self.member)
        self.meeting: PanelMeeting = make_meeting(self.panel, MEETS)
        self.item: AgendaItem = put_on_agenda(self.meeting, make_case())

    def sees(self, today: date, user: User | None = None, role: str = "panel-member") -> bool:
        """Return whether the person sees the case on a day, and the meeting no less."""
        db.session.commit()
        seat = seat_on(today, user or self.member, role)
        seen = meetings.item(seat, self.meeting.id, self.item.public_id) is not None
        found = meetings.find(seat, self.meeting.public_id) is not None
        return seen and found


def seat_on(today: date, user: User, role: str = "panel-member") -> Seat:
    days = window(today, england_and_wales(), opens_days=10, closes_days=5)
    return seat_of(Viewer(user_id=user.id, name=user.name, role=role), days)


@pytest.fixture
def sitting(app: Flask):
    with app.app_context():
        yield Sitting()


def test_a_member_sees_nothing_before_the_papers_are_circulated(sitting: Sitting):
    assert not sitting.sees(MEETS)
    circulate(sitting.meeting)
    assert sitting.sees(MEETS)


def test_papers_circulated_early_open_ten_working_days_before_the_meeting(sitting: Sitting):
    circulate(sitting.meeting)
    assert not sitting.sees(OPENS - timedelta(1))
    assert sitting.sees(OPENS)


def test_a_case_closes_five_working_days_after_its_decision(sitting: Sitting):
    circulate(sitting.meeting)
    decide(sitting.item)
    assert sitting.sees(date(2026, 12, 2))
    assert not sitting.sees(date(2026, 12, 3))


def test_a_case_that_was_never_decided_closes_too(sitting: Sitting):
    circulate(sitting.meeting)
    assert sitting.sees(date(2026, 12, 9))
    assert not sitting.sees(date(2026, 12, 10))


def test_the_chair_sees_the_cases_of_a_meeting_until_its_record_is_signed(sitting: Sitting):
    circulate(sitting.meeting)
    sitting.place.position = "chair"
    made = decide(sitting.item)
    assert sitting.sees(date(2026, 12, 17))
    sign(sitting.meeting, made)
    assert sitting.sees(date(2026, 12, 2))
    assert not sitting.sees(date(2026, 12, 3))


def test_a_case_taken_off_the_agenda_closes_at_once(sitting: Sitting):
    circulate(sitting.meeting)
    sitting.item.removed_at = now()
    assert not sitting.sees(MEETS)


def test_a_meeting_that_is_cancelled_closes_at_once(sitting: Sitting):
    circulate(sitting.meeting)
    sitting.meeting.cancelled_at = now()
    assert not sitting.sees(MEETS)


def test_a_member_who_has_left_sees_nothing_of_later_meetings(sitting: Sitting):
    circulate(sitting.meeting)
    sitting.place.until_day = MEETS - timedelta(1)
    assert not sitting.sees(MEETS)


def test_a_member_who_left_after_the_meeting_sees_it_no_more(sitting: Sitting):
    circulate(sitting.meeting)
    sitting.place.until_day = MEETS
    assert sitting.sees(MEETS)
    assert not sitting.sees(MEETS + timedelta(1))


def test_somebody_who_does_not_sit_on_the_panel_sees_nothing(sitting: Sitting):
    circulate(sitting.meeting)
    stranger = make_user("dco", email="dco@example.org")
    assert not sitting.sees(MEETS, stranger, "dco")


def test_a_declared_interest_hides_the_case_from_member_and_officer_alike(sitting: Sitting):
    circulate(sitting.meeting)
    clerk = make_user("panel-clerk", email="clerk@example.org")
    assert sitting.sees(MEETS, clerk, Role.PANEL_CLERK)
    for person in (clerk, sitting.member):
        db.session.add(
            Interest(
                case_id=sitting.item.case_id, user_id=person.id, nature="Kin", declared_at=now()
            )
        )
    db.session.commit()
    assert not sitting.sees(MEETS)
    assert not sitting.sees(MEETS, clerk, Role.PANEL_CLERK)
    assert meetings.declared(seat_on(MEETS, sitting.member), sitting.meeting.id) == 1
    db.session.query(Interest).update({"ended_at": now()})
    assert sitting.sees(MEETS)
