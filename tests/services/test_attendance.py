"""Who came to a meeting, recorded whole or not at all, on both databases. All are invented."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from casework.extensions import db
from casework.models import AuditEntry, PanelMeeting, User
from casework.queries import attendance as queries
from casework.queries import meetings
from casework.rules.attendance import Guest, Roll
from casework.services import attendance
from casework.services.attendance import NewGuest
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import ChangedMeanwhile, Refused
from tests.factories import make_meeting, make_panel, make_user, seat_member

MET = date(2026, 11, 18)


@dataclass
class Sitting:
    """A meeting of a panel that has a chair, a psychologist and somebody from health."""

    meeting: PanelMeeting
    chair: User
    psychologist: User
    nurse: User

    def save(self, version: int = 1, guests: tuple[NewGuest, ...] = (), **came: str) -> None:
        attendance.save(
            actor=COMMAND_LINE,
            today=MET,
            meeting_id=self.meeting.id,
            version=version,
            attended={getattr(self, name).id: said for name, said in came.items()},
            guests=guests,
        )

    def roll(self) -> Roll:
        members = meetings.members_on(self.meeting.panel_id, self.meeting.on_day)
        return queries.roll(self.meeting, members)


@pytest.fixture
def sitting(app: Flask) -> Iterator[Sitting]:
    with app.app_context():
        panel = make_panel()
        people = [
            make_user("panel-member", email=f"{name}@example.org", name=name)
            for name in ("Chair", "Psychologist", "Nurse")
        ]
        places = (("education", "chair"), ("psychology", "member"), ("health", "member"))
        for person, (agency, position) in zip(people, places, strict=True):
            seat_member(panel, person, agency=agency, position=position)
        yield Sitting(make_meeting(panel, MET), *people)


def test_what_is_saved_is_who_was_there_and_for_whom(sitting: Sitting) -> None:
    guest = NewGuest(name="Sam Stand-in", agency="schools")
    sitting.save(guests=(guest,), chair="present", psychologist="apologies", nurse="present")
    roll = sitting.roll()
    assert [(p.name, p.agency, p.attended) for p in roll.people] == [
        ("Chair", "education", "present"),
        ("Nurse", "health", "present"),
        ("Psychologist", "psychology", "apologies"),
        ("Sam Stand-in", "schools", "present"),
    ]
    assert roll.quorum().is_met
    told = db.session.scalars(select(AuditEntry.action)).all()
    assert told.count("recorded attendance") == 1


def test_whoever_comes_in_a_members_place_counts_and_whoever_watches_does_not(
    sitting: Sitting,
) -> None:
    stand_in = NewGuest(name="Sam", agency="psychology")
    watcher = NewGuest(name="Wim", agency="psychology", came_as=Guest.OBSERVER)
    sitting.save(guests=(watcher,), chair="present", nurse="present", psychologist="absent")
    assert sitting.roll().quorum().missing == ("1 more person",)
    sitting.save(2, (stand_in, watcher), chair="present", nurse="present", psychologist="absent")
    assert sitting.roll().quorum().is_met


def test_a_member_with_an_interest_does_not_count_for_the_case(sitting: Sitting) -> None:
    sitting.save(chair="present", psychologist="present", nurse="present")
    assert sitting.roll().quorum({sitting.nurse.id}).missing == ("Health", "1 more person")
    assert sitting.roll().quorum({sitting.chair.id}).missing == (
        *("the chair or a deputy", "Education", "1 more person"),
    )


def test_the_second_of_two_who_save_is_told_and_nothing_is_overwritten(sitting: Sitting) -> None:
    sitting.save(chair="present")
    with pytest.raises(ChangedMeanwhile) as changed:
        sitting.save(chair="absent", nurse="present")
    assert changed.value.version == 2
    roll = sitting.roll()
    assert [one.name for one in roll.present] == ["Chair"]
    assert len(roll.unsaid) == 2


def test_saving_the_same_again_tells_the_audit_trail_nothing(sitting: Sitting) -> None:
    sitting.save(chair="present")
    sitting.save(2, chair="present")
    told = db.session.scalars(select(AuditEntry.action)).all()
    assert told.count("recorded attendance") == 1


def test_before_the_day_only_apologies_are_taken(sitting: Sitting) -> None:
    sitting.meeting.on_day = date(2026, 11, 25)
    db.session.commit()
    with pytest.raises(Refused, match="only apologies"):
        sitting.save(chair="present")
    sitting.save(chair="apologies")
    assert not sitting.roll().present


def test_somebody_with_no_place_at_the_meeting_is_refused(sitting: Sitting) -> None:
    sitting.psychologist = make_user("dco")
    with pytest.raises(Refused, match="no member"):
        sitting.save(psychologist="present")
    assert not sitting.roll().is_begun


def test_nobody_comes_to_a_meeting_that_was_cancelled(sitting: Sitting) -> None:
    sitting.meeting.cancelled_why = "Snow"
    sitting.meeting.cancelled_at = sitting.meeting.papers_by
    db.session.commit()
    with pytest.raises(Refused, match="cancelled"):
        sitting.save(chair="apologies")


def test_a_member_who_left_stays_where_they_were_present(sitting: Sitting) -> None:
    sitting.save(chair="present", nurse="present")
    for place in meetings.members_on(sitting.meeting.panel_id, MET):
        if place.user_id == sitting.nurse.id:
            place.until_day = date(2026, 11, 1)
    db.session.commit()
    assert [one.name for one in sitting.roll().present] == ["Chair", "Nurse"]
