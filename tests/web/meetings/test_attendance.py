"""Attendance on one page, in one save, by those who run the meeting. All are invented."""

from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.extensions import db
from casework.models import Attendance, PanelMember, User
from tests.factories import circulate, make_meeting, make_panel, make_user, seat_member
from tests.fixtures.forms import boxes, send_again, send_form
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded


@dataclass
class Met:
    """A meeting last Wednesday, its address, and the ids of its chair and of a member."""

    path: str
    chair: int
    member: int
    clerk: FlaskClient


@pytest.fixture
def met(app: Flask, sign_in: SignIn) -> Met:
    sign_in("panel-member", name="Meena Member")
    with app.app_context():
        panel = make_panel()
        chair = make_user("dco", name="Cal <Chair>")
        member = db.session.scalars(select(User).where(User.role == "panel-member")).one()
        seat_member(panel, chair, agency="education", position="chair")
        seat_member(panel, member)
        meeting = make_meeting(panel, date(2026, 11, 18))
        circulate(meeting)
        path, ids = f"/meetings/{meeting.public_id}/attendance", (chair.id, member.id)
    return Met(path, *ids, sign_in("panel-clerk"))


def came(app: Flask) -> dict[str, str]:
    with app.app_context():
        rows = db.session.scalars(select(Attendance).order_by(Attendance.id))
        return {f"{row.name}, {row.agency}, {row.position}": row.attended for row in rows}


def test_everyone_and_who_came_for_whom_is_one_save(app: Flask, met: Met) -> None:
    page = met.clerk.get(met.path).text
    assert "No attendance is recorded yet" in page
    assert "Cal &lt;Chair&gt;" in page
    answer = send_form(
        met.clerk,
        met.path,
        **{f"came_{met.chair}": "present", f"came_{met.member}": "apologies"},
        guest_0_name="Sam Stand-in",
        guest_0_agency="health",
        guest_0_as="in_place",
    )
    assert answer.status_code == 303
    assert came(app) == {
        "Cal <Chair>, education, chair": "present",
        "Meena Member, health, member": "apologies",
        "Sam Stand-in, health, in_place": "present",
    }
    page = met.clerk.get(met.path).text
    assert "There is no quorum" in page
    assert "Missing: 1 more person." in page


def test_one_button_says_that_everybody_else_was_present(app: Flask, met: Met) -> None:
    given = {f"came_{met.member}": "absent", "everybody_else": "1"}
    assert send_form(met.clerk, met.path, **given).status_code == 303
    assert list(came(app).values()) == ["present", "absent"]
    assert "everybody else was present" not in met.clerk.get(met.path).text


def test_half_a_line_is_refused_and_what_was_typed_stays(app: Flask, met: Met) -> None:
    answer = send_form(met.clerk, met.path, guest_1_name="Sam", **{f"came_{met.chair}": "present"})
    assert answer.status_code == 422
    assert "Choose for whom Sam came" in answer.text
    assert boxes(answer)["guest_1_name"] == ["Sam"]
    assert not came(app)


def test_the_second_clerk_sees_both_and_chooses(app: Flask, met: Met) -> None:
    opened = met.clerk.get(met.path)
    send_form(met.clerk, met.path, **{f"came_{met.chair}": "present"})
    conflict = send_again(met.clerk, opened, met.path, **{f"came_{met.chair}": "absent"})
    assert conflict.status_code == 409
    assert "Someone else saved first" in conflict.text
    assert list(came(app).values()) == ["present"]
    assert send_again(met.clerk, conflict, met.path).status_code == 303
    assert list(came(app).values()) == ["absent"]


def test_what_only_the_first_clerk_changed_is_kept_by_the_second(app: Flask, met: Met) -> None:
    opened = met.clerk.get(met.path)
    guest = {"guest_0_name": "Wim", "guest_0_agency": "health", "guest_0_as": "observer"}
    send_form(met.clerk, met.path, **guest)
    conflict = send_again(met.clerk, opened, met.path, **{f"came_{met.chair}": "absent"})
    assert conflict.status_code == 409
    assert send_again(met.clerk, conflict, met.path).status_code == 303
    assert set(came(app).values()) == {"absent", "present"}


def test_a_member_reads_it_and_changes_nothing(app: Flask, sign_in: SignIn, met: Met) -> None:
    member = sign_in(email="panel-member@example.org")
    page = member.get(met.path)
    assert page.status_code == 200
    assert "Not recorded" in page.text
    assert "everybody else" not in page.text
    token = boxes(member.get("/account"))["csrf_token"][0]
    answer = member.post(met.path, data={"csrf_token": token, f"came_{met.member}": "present"})
    assert answer.status_code == 403
    assert not came(app)


def test_a_chair_who_is_no_clerk_records_it(app: Flask, sign_in: SignIn, met: Met) -> None:
    with app.app_context():
        place = db.session.scalars(select(PanelMember).filter_by(user_id=met.member)).one()
        place.position = "deputy"
        db.session.commit()
    member = sign_in(email="panel-member@example.org")
    given = {f"came_{met.member}": "present"}
    assert send_form(member, met.path, **given).status_code == 303
    assert list(came(app).values()) == ["present"]
