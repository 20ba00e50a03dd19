"""A meeting moved or cancelled from its page; no case is lost. Every child is invented."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.extensions import db
from casework.models import AgendaItem, Message, PanelMeeting
from tests.factories import (
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
    sign,
)
from tests.fixtures.forms import boxes, send_again, send_form
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded

WED, NEXT_WED = date(2026, 11, 25), date(2026, 12, 2)


@pytest.fixture
def clerk(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a clerk is signed in."""
    return sign_in("panel-clerk")


@pytest.fixture
def meeting(app: Flask) -> str:
    """Hold a meeting, and one a week later; give the first one's address."""
    with app.app_context():
        panel = make_panel()
        seat_member(panel, make_user("panel-member"))
        make_meeting(panel, NEXT_WED)
        return f"/meetings/{make_meeting(panel, WED).public_id}"


def held(day: date = WED) -> PanelMeeting:
    return db.session.scalars(select(PanelMeeting).where(PanelMeeting.on_day == day)).one()


def put_on(received_on: date) -> str:
    """Put a case on the first meeting's agenda; give its reference."""
    case = make_case(received_on)
    put_on_agenda(held(), case)
    return case.reference


def test_a_meeting_is_moved_and_the_calendar_says_so(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    answer = send_form(clerk, f"{meeting}/move", on_day="27/11/2026", why="The room is flooded")
    assert answer.status_code == 303
    page = clerk.get(answer.location).text
    assert "The meeting is moved to Friday 27 November 2026." in page
    assert "Moved from Wednesday 25 November 2026: The room is flooded" in page
    with app.app_context():
        assert db.session.scalars(select(Message.kind)).all() == ["meeting_moved"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"why": ""}, "Enter why it is moved"),
        ({"on_day": "31/2/2026"}, "31/2/2026"),
        ({"on_day": "25/12/2026"}, "is not a working day"),
        ({"on_day": "2/12/2026"}, "meets on that day already"),
        ({"on_day": "25/11/2026"}, "where and when it is held already"),
        ({"minutes": "0"}, "whole number from 15"),
    ],
)
def test_a_move_that_will_not_do_is_refused_kept_and_moves_nothing(
    app: Flask, clerk: FlaskClient, meeting: str, typed: dict[str, str], words: str
) -> None:
    sent = {"on_day": "27/11/2026", "why": "Flooded"} | typed
    answer = send_form(clerk, f"{meeting}/move", **sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert {name: [value] for name, value in sent.items()}.items() <= boxes(answer).items()
    with app.app_context():
        assert held().version == 1
        assert db.session.scalars(select(Message)).all() == []


def test_a_move_past_a_cases_last_day_is_shown_before_it_is_done(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    with app.app_context():
        reference = put_on(date(2026, 10, 15))  # six weeks: 26 November
        other = put_on(date(2026, 11, 20))
    path = f"{meeting}/move"
    asked = send_form(clerk, path, on_day="30/11/2026", why="Flooded")
    assert asked.status_code == 200
    assert "An officer decision is needed for 1 case" in asked.text
    assert "Thursday 26 November 2026" in asked.text
    assert reference in asked.text
    assert other not in asked.text
    with app.app_context():
        assert held().on_day == WED
    # A day typed since is shown again; only what was shown is done.
    again = send_again(clerk, asked, path, on_day="1/12/2026")
    assert again.status_code == 200
    assert send_again(clerk, again, path).status_code == 303
    with app.app_context():
        assert held(date(2026, 12, 1)).moved_from == WED
        assert len(db.session.scalars(select(AgendaItem)).all()) == 2


def test_two_clerks_who_move_one_meeting_are_shown_both(
    app: Flask, clerk: FlaskClient, sign_in: SignIn, meeting: str
) -> None:
    path = f"{meeting}/move"
    page = clerk.get(path)
    send_form(sign_in("manager"), path, on_day="27/11/2026", why="Flooded")
    conflict = send_again(clerk, page, path, place="Room 9", why="No chairs")
    assert conflict.status_code == 409
    assert boxes(conflict)["on_day"] == ["27/11/2026"]
    assert "moved meeting" in conflict.text
    assert send_again(clerk, conflict, path).status_code == 303
    with app.app_context():
        assert held(date(2026, 11, 27)).place == "Room 9"


def test_a_cancelled_meetings_cases_go_to_the_next_unless_another_is_chosen(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    with app.app_context():
        put_on(date(2026, 11, 20))
        following = held(NEXT_WED).public_id
    page = clerk.get(f"{meeting}/cancel")
    assert "1 case is on its agenda" in page.text
    assert boxes(page)["to"] == [following]
    answer = send_again(clerk, page, f"{meeting}/cancel", why="The chair is ill")
    assert answer.status_code == 303
    page = clerk.get(answer.location).text
    assert "Its case is now before the meeting of Wednesday 2 December 2026." in page
    assert "Cancelled: The chair is ill" in page
    with app.app_context():
        assert [item.meeting_id for item in db.session.scalars(select(AgendaItem))] == [
            held().id,
            held(NEXT_WED).id,
        ]
        assert db.session.scalars(select(Message.kind)).all() == ["meeting_cancelled"]
    assert clerk.get(f"{meeting}/cancel").status_code == 200
    assert "was cancelled already" in send_form(clerk, f"{meeting}/cancel", why="Again").text


def test_cases_that_the_next_meeting_is_too_late_for_are_shown_first(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    with app.app_context():
        reference = put_on(date(2026, 10, 15))
    path = f"{meeting}/cancel"
    asked = send_form(clerk, path, why="The chair is ill")
    assert asked.status_code == 200
    assert "An officer decision is needed for 1 case" in asked.text
    assert reference in asked.text
    assert send_again(clerk, asked, path).status_code == 303
    with app.app_context():
        assert held().cancelled_at is not None


def test_a_meeting_whose_cases_have_nowhere_to_go_is_not_cancelled(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    with app.app_context():
        put_on(date(2026, 11, 20))
        db.session.delete(held(NEXT_WED))
        db.session.commit()
    page = clerk.get(f"{meeting}/cancel").text
    assert "no other meeting can take it" in page
    answer = send_form(clerk, f"{meeting}/cancel", why="The chair is ill")
    assert answer.status_code == 422
    assert "Choose the meeting that its cases go to" in answer.text
    with app.app_context():
        assert held().cancelled_at is None


def test_a_signed_meeting_is_neither_moved_nor_cancelled(
    app: Flask, clerk: FlaskClient, meeting: str
) -> None:
    with app.app_context():
        sign(held())
    moved = send_form(clerk, f"{meeting}/move", on_day="27/11/2026", why="Flooded")
    cancelled = send_form(clerk, f"{meeting}/cancel", why="Flooded")
    for answer in (moved, cancelled):
        assert answer.status_code == 422
        assert "The record of this meeting is signed" in answer.text


def test_a_clerk_who_cancels_while_another_moves_is_shown_both(
    app: Flask, clerk: FlaskClient, sign_in: SignIn, meeting: str
) -> None:
    page = clerk.get(f"{meeting}/cancel")
    send_form(sign_in("manager"), f"{meeting}/move", on_day="27/11/2026", why="Flooded")
    conflict = send_again(clerk, page, f"{meeting}/cancel", why="The chair is ill")
    assert conflict.status_code == 409
    assert boxes(conflict)["why"] == ["The chair is ill"]
    assert send_again(clerk, conflict, f"{meeting}/cancel").status_code == 303
