"""The panels' calendar as each person sees it, and meetings set by hand. All are invented."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.access import Role, Viewer, seat_of
from casework.clock import now
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Interest, Panel, PanelMeeting, User
from casework.queries import meeting_days
from casework.rules.panels import window
from tests.factories import (
    TODAY,
    circulate,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
    sign,
)
from tests.fixtures.forms import boxes, send_form
from tests.fixtures.people import SignIn
from tests.fixtures.statements import counted

pytestmark = pytest.mark.embedded

WED, NEXT_WED = date(2026, 11, 25), date(2026, 12, 2)


@pytest.fixture
def clerk(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a clerk is signed in."""
    return sign_in("panel-clerk")


@pytest.fixture
def panel(app: Flask) -> str:
    """Hold a panel with two meetings to come; give the address of its page."""
    due = datetime(2026, 11, 30, 17, tzinfo=UTC)
    with app.app_context():
        panel = make_panel()
        make_meeting(panel, WED, circulate_by=datetime(2026, 11, 20, 12, tzinfo=UTC))
        make_meeting(panel, NEXT_WED, papers_by=due, circulate_by=datetime(2099, 1, 1, tzinfo=UTC))
        return f"/panels/{panel.public_id}"


def meeting_on(day: date) -> PanelMeeting:
    return db.session.scalars(select(PanelMeeting).where(PanelMeeting.on_day == day)).one()


def test_a_clerk_sees_each_panels_next_meetings_and_how_they_stand(
    app: Flask, clerk: FlaskClient, panel: str
) -> None:
    with app.app_context():
        put_on_agenda(meeting_on(WED), make_case(date(2026, 10, 15)))  # six weeks: 26 November
        put_on_agenda(meeting_on(WED), make_case(date(2026, 11, 20), person={"surname": "Two"}))
        circulate(meeting_on(NEXT_WED))
        sign(make_meeting(db.session.scalars(select(Panel)).one(), date(2026, 11, 18)))
    page = clerk.get("/panels").text
    assert "Agenda late" in page
    assert "2 cases" in page
    assert "1 must be decided here" in page
    assert "30 November 2026 at 5:00pm" in page
    assert "Agenda circulated" in page
    assert "Meetings held" in page
    assert "Record signed" in page
    assert "Invented, Ida" not in page


def test_a_case_in_which_the_clerk_has_an_interest_is_not_counted(
    app: Flask, clerk: FlaskClient, panel: str
) -> None:
    with app.app_context():
        case = make_case()
        put_on_agenda(meeting_on(WED), case)
        person = db.session.scalars(select(User.id).where(User.role == "panel-clerk")).one()
        db.session.add(Interest(case_id=case.id, user_id=person, nature="Kin", declared_at=now()))
        db.session.commit()
    assert "1 case" not in clerk.get("/panels").text


def test_a_member_sees_the_days_of_their_panels_and_opens_what_is_open(
    app: Flask, sign_in: SignIn, panel: str
) -> None:
    member = sign_in("panel-member")
    with app.app_context():
        person = db.session.scalars(select(User).where(User.role == "panel-member")).one()
        seat_member(db.session.scalars(select(Panel)).one(), person)
        other = make_meeting(make_panel(name="Other panel"), date(2026, 11, 26))
        for meeting in (meeting_on(WED), meeting_on(NEXT_WED), other):
            put_on_agenda(meeting, make_case())
        circulate(meeting_on(WED))
        opened, shut = (f"/meetings/{meeting_on(day).public_id}" for day in (WED, NEXT_WED))
    for path in ("/panels", panel, f"{panel}/meetings"):
        page = member.get(path).text
        assert "Wednesday 2 December 2026" in page
        assert opened in page
        assert shut not in page
        assert "Other panel" not in page
        assert page.count("1 case") == 1
        assert "Shown when the agenda is circulated" in page
        assert "/move" not in page
    assert member.get(opened).status_code == 200
    assert member.get(shut).status_code == 404


def test_a_panel_with_no_meetings_says_what_to_do(app: Flask, clerk: FlaskClient) -> None:
    assert "Ask a manager to set one up" in clerk.get("/panels").text
    with app.app_context():
        make_panel()
        make_panel(name="Old panel", closed_on=date(2026, 1, 1))
    page = clerk.get("/panels").text
    assert "Set its meetings ahead" in page
    assert "It has met no more since 1 January 2026" in page


def test_the_calendar_says_why_a_meeting_was_moved_or_cancelled(
    app: Flask, clerk: FlaskClient, panel: str
) -> None:
    with app.app_context():
        moved, cancelled = meeting_on(WED), meeting_on(NEXT_WED)
        moved.moved_from, moved.moved_why = date(2026, 11, 24), "The room is flooded"
        cancelled.cancelled_at, cancelled.cancelled_why = now(), "The chair is ill"
        db.session.commit()
        move = [f"/meetings/{one.public_id}/move" for one in (moved, cancelled)]
    page = clerk.get(f"{panel}/meetings").text
    assert "Moved from Tuesday 24 November 2026: The room is flooded" in page
    assert "Cancelled: The chair is ill" in page
    assert [one in page for one in move] == [True, False]


def test_a_meeting_is_added_by_hand(app: Flask, clerk: FlaskClient, panel: str) -> None:
    path = f"{panel}/meetings/new"
    answer = send_form(clerk, path, on_day="4/12/2026", place="Room 3")
    assert answer.location == f"{panel}/meetings"
    assert "Friday 4 December 2026" in clerk.get(answer.location).text
    for typed, words in (
        ({"on_day": "2/12/2026"}, "meets on that day already"),
        ({"on_day": "5/12/2026"}, "is not a working day"),
        ({"on_day": ""}, "Enter the day of the meeting"),
        ({"on_day": "7/12/2026", "starts_at": "23:00"}, "end after midnight"),
    ):
        answer = send_form(clerk, path, place="Room 4", **typed)
        assert answer.status_code == 422
        assert words in answer.text
        assert boxes(answer)["place"] == ["Room 4"]
        assert boxes(answer)["on_day"] == [typed["on_day"]]


def test_meetings_are_set_further_ahead(app: Flask, clerk: FlaskClient, panel: str) -> None:
    path = f"{panel}/meetings/ahead"
    assert boxes(clerk.get(path))["until"] == ["24/5/2027"]
    send_form(clerk, path, until="9/12/2026")
    assert "1 meeting is added" in clerk.get(f"{panel}/meetings").text
    send_form(clerk, path, until="9/12/2026")
    assert "Nothing was missing" in clerk.get(f"{panel}/meetings").text
    beyond = send_form(clerk, path, until="1/3/2029")
    assert beyond.status_code == 422
    assert "Bank holidays are known only to 31 December 2028" in beyond.text


@pytest.mark.parametrize("ask", ["ahead", "held", "calendar"])
def test_the_calendar_takes_as_many_statements_for_many_meetings_as_for_one(
    app: Flask, panel: str, ask: str
) -> None:
    asked: dict[str, Callable[[], object]] = {
        "ahead": lambda: meeting_days.ahead(seat),
        "held": lambda: meeting_days.held(seat),
        "calendar": lambda: meeting_days.calendar(seat, first_id),
    }

    def how_many() -> int:
        db.session.remove()
        with counted(app) as sent:
            asked[ask]()
        return len(sent)

    with app.app_context():
        viewer = Viewer(user_id=make_user("panel-clerk").id, name="C", role=Role.PANEL_CLERK)
        seat = seat_of(viewer, window(TODAY, england_and_wales(), opens_days=10, closes_days=5))
        first = db.session.scalars(select(Panel)).one()
        first_id = first.id
        put_on_agenda(meeting_on(WED), make_case())
        make_meeting(first, date(2026, 11, 18))
        few = how_many()
        panels = db.session.get_one(Panel, first_id), make_panel(name="Other")
        for week, panel_ in product(range(2, 8), panels):
            put_on_agenda(make_meeting(panel_, WED + timedelta(weeks=week)), make_case())
            if panel_ is not panels[0] or week > 2:
                make_meeting(panel_, WED - timedelta(weeks=week))
        assert how_many() == few <= 4
