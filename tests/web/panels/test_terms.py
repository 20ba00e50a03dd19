"""Panels set up and changed: terms, members, phrases. Every person is invented."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.extensions import db
from casework.models import Panel, PanelMeeting, PanelMember, PanelPhrase, User
from tests.factories import TODAY, make_panel, make_user, seat_member
from tests.fixtures.forms import boxes, send_again, send_form
from tests.fixtures.people import SignIn, add_person

pytestmark = pytest.mark.embedded

NEW = {
    "name": "Assessment panel",
    "questions": ["assess", "reassess"],
    "decides": "yes",
    "agencies": ["health", "education"],
    "weekday": "1",
    "starts_at": "9.30am",
    "papers_at": "5pm",
    "circulate_at": "12:00",
}


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which a manager is signed in."""
    return sign_in("manager", name="Mo Manager")


@pytest.fixture
def panel(app: Flask) -> str:
    """Hold a panel; give the address of its page."""
    with app.app_context():
        return f"/panels/{make_panel(purpose='To decide', place='Room 2').public_id}"


def held() -> Panel:
    return db.session.scalars(select(Panel)).one()


def test_a_panel_is_set_up_with_its_meetings(app: Flask, manager: FlaskClient) -> None:
    assert "No panel is set up yet. Set one up" in manager.get("/panels").text
    answer = send_form(manager, "/panels/new", **NEW)
    assert answer.status_code == 303, answer.text
    with app.app_context():
        panel = held()
        assert answer.location == f"/panels/{panel.public_id}"
        assert (panel.question_keys, panel.weekday, panel.decides) == (
            *(("assess", "reassess"), 1, True),
        )
        assert (panel.starts_at, panel.papers_at, panel.minutes) == (time(9, 30), time(17), 180)
        assert panel.agencies_needed == ("education", "health")
        assert len(db.session.scalars(select(PanelMeeting.id)).all()) == 26
    page = manager.get(answer.location).text
    assert "Tuesdays at 9:30am" in page
    assert "Tuesday 24 November 2026" in page
    assert "The chair or a deputy; education; health; 3 people or more" in page
    assert "Nobody sits on this panel yet: add its chair" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": " "}, "Enter the panel’s name"),
        ({"questions": None}, "Choose what the panel may decide"),
        ({"questions": "castle"}, "Choose answers from the list"),
        ({"weekday": "6"}, "Choose an answer from the list"),
        ({"starts_at": "soon"}, "Enter a time like 14:30"),
        ({"minutes": "14"}, "Enter a whole number from 15 to 720"),
        ({"minutes": "lots"}, "Enter a whole number from 15 to 720"),
        ({"starts_at": "22:00", "minutes": "180"}, "end after midnight"),
        ({"minutes": "60", "minutes_per_case": "61"}, "more minutes than the meeting"),
        ({"papers_days": "2"}, "after its papers are due"),
        ({"papers_days": "3", "papers_at": "12:01"}, "after its papers are due"),
        ({"papers_days": "0", "circulate_days": "0", "papers_at": "9:00"}, "before the meeting"),
        ({"least_present": "0"}, "Enter a whole number from 1 to 50"),
    ],
)
def test_terms_that_will_not_do_are_refused_kept_and_change_nothing(
    app: Flask, manager: FlaskClient, typed: dict[str, Any], words: str
) -> None:
    answer = send_form(manager, "/panels/new", **NEW | typed)
    assert answer.status_code == 422
    assert words in answer.text
    kept = boxes(answer)
    for name, value in typed.items():
        if value not in (None, "castle", "6", " "):
            assert kept[name] == [value]
    assert kept["papers_at"] == [typed.get("papers_at", "5pm")]
    with app.app_context():
        assert db.session.scalars(select(Panel)).all() == []


def test_changed_terms_say_which_meetings_follow(
    app: Flask, manager: FlaskClient, panel: str
) -> None:
    send_form(manager, f"{panel}/meetings/ahead")
    answer = send_form(manager, f"{panel}/terms", weekday="3", purpose="")
    assert answer.location == panel
    page = manager.get(panel).text
    assert "Meetings from next week on that follow them: 25." in page
    assert "Thursday 3 December 2026" in page
    with app.app_context():
        assert (held().weekday, held().purpose, held().version) == (3, "", 2)


def test_two_managers_who_change_one_panel_are_shown_both(
    app: Flask, manager: FlaskClient, sign_in: SignIn, panel: str
) -> None:
    page = manager.get(f"{panel}/terms")
    with app.app_context():
        add_person("manager", "other@example.org", name="Ola Other")
    other = sign_in(email="other@example.org")
    send_form(other, f"{panel}/terms", agencies=["health"], minutes="90", place="Room 9")
    conflict = send_again(
        manager, page, f"{panel}/terms", agencies=["schools"], minutes="120", purpose="Mine"
    )
    assert conflict.status_code == 409
    assert "Ola Other changed panel" in conflict.text
    for words in ("Health", "Schools and colleges", "90", "120"):
        assert f'casework-as-typed">{words}<' in conflict.text
    assert boxes(conflict)["place"] == ["Room 9"]
    send_again(manager, conflict, f"{panel}/terms")
    with app.app_context():
        assert (held().minutes, held().place, held().purpose) == (120, "Room 9", "Mine")
        assert held().agencies_needed == ("schools",)


def test_a_name_that_another_panel_has_is_refused_beside_its_box(
    app: Flask, manager: FlaskClient, panel: str
) -> None:
    with app.app_context():
        make_panel(name="Plan panel")
    answer = send_form(manager, f"{panel}/terms", name="plan PANEL")
    assert answer.status_code == 422
    assert "Another panel is called “plan PANEL”" in answer.text


def test_a_member_reads_the_terms_and_members_of_their_own_panels_alone(
    app: Flask, sign_in: SignIn, panel: str
) -> None:
    member = sign_in("panel-member", name="Pia Member")
    assert member.get(panel).status_code == 404
    assert member.get("/panels").text.count("You do not sit on a panel") == 1
    with app.app_context():
        person = db.session.scalars(select(User).where(User.role == "panel-member")).one()
        place = seat_member(held(), person).id
        other = f"/panels/{make_panel(name='Other panel').public_id}"
    assert "To decide" in member.get(panel).text
    assert "Pia Member" in member.get(f"{panel}/members").text
    assert "Change or end" not in member.get(f"{panel}/members").text
    for page in ("", "/members", "/meetings"):
        assert member.get(other + page).status_code == 404
    assert "Other panel" not in member.get("/panels").text
    with app.app_context():
        db.session.get_one(PanelMember, place).until_day = TODAY - timedelta(1)
        db.session.commit()
    for page in ("", "/members", "/meetings"):
        assert member.get(panel + page).status_code == 404


def test_a_member_is_added_from_the_open_accounts_that_may_see_panels(
    app: Flask, manager: FlaskClient, panel: str
) -> None:
    with app.app_context():
        make_user("dco", name="Dee Dco", email="dee@example.org")
        make_user("auditor", name="Aud Auditor", email="aud@example.org")
        make_user("panel-member", name="Cy Closed", email="cy@example.org", is_active=False)
        dee = db.session.scalars(select(User.public_id).where(User.role == "dco")).one()
    path = f"{panel}/members/new"
    page = manager.get(path).text
    assert "Dee Dco, designated clinical officer (dee@example.org)" in page
    assert "Aud Auditor" not in page
    assert "Cy Closed" not in page
    answer = send_form(manager, path, user=dee, agency="health", from_day="t", position="chair")
    assert answer.location == f"{panel}/members"
    assert "Dee Dco" in manager.get(answer.location).text
    again = send_form(manager, path, user=dee, agency="schools", from_day="1/12/2026")
    assert again.status_code == 422
    assert "They have a place on this panel from 23 November 2026" in again.text
    assert boxes(again)["from_day"] == ["1/12/2026"]
    assert send_form(manager, path).status_code == 422


def test_ending_the_only_chair_asks_first(app: Flask, manager: FlaskClient, panel: str) -> None:
    with app.app_context():
        chair = seat_member(held(), make_user("dco"), position="chair").public_id
    path = f"{panel}/members/{chair}"
    assert "goes on without a chair" not in manager.get(path).text
    asked = send_form(manager, path, until_day="t")
    assert asked.status_code == 422
    assert "From 24 November 2026 nobody would be this panel’s chair" in asked.text
    answer = send_again(manager, asked, path, without_chair="y")
    assert answer.status_code == 303
    with app.app_context():
        assert db.session.scalars(select(PanelMember.until_day)).one() == TODAY


def test_two_managers_who_change_one_place_are_shown_both(
    app: Flask, manager: FlaskClient, panel: str
) -> None:
    with app.app_context():
        place = seat_member(held(), make_user("dco")).public_id
    path = f"{panel}/members/{place}"
    page = manager.get(path)
    send_form(manager, path, until_day="30/11/2026")
    conflict = send_again(manager, page, path, until_day="1/12/2026")
    assert conflict.status_code == 409
    assert "30 November 2026" in conflict.text
    assert send_again(manager, conflict, path).status_code == 303


def test_a_closed_accounts_place_is_shown_as_needing_an_end(
    app: Flask, manager: FlaskClient, panel: str
) -> None:
    with app.app_context():
        seat_member(held(), make_user("dco", is_active=False))
        seat_member(held(), make_user("auditor"))
        left = make_user("panel-member", is_active=False)
        seat_member(held(), left, until_day=date(2026, 1, 1))
    page = manager.get(f"{panel}/members").text
    assert "End their places" in page
    assert page.count("Account closed") == 1
    assert page.count("Cannot see panels any more") == 1
    assert "Those who have left" in page


def test_places_and_phrases_of_another_panel_are_not_found(
    app: Flask, manager: FlaskClient, panel: str
) -> None:
    with app.app_context():
        other = make_panel(name="Other")
        place = seat_member(other, make_user("dco")).public_id
        phrase = PanelPhrase(panel_id=other.id, question="assess", words="X")
        db.session.add(phrase)
        db.session.commit()
        words = phrase.public_id
    assert manager.get(f"{panel}/members/{place}").status_code == 404
    assert manager.get(f"{panel}/phrases/{words}").status_code == 404
    page = manager.get(f"{panel}/phrases/new")
    token = boxes(page)["csrf_token"][0]
    for act in ("up", "down", "end"):
        sent = manager.post(f"{panel}/phrases/{words}/{act}", data={"csrf_token": token})
        assert sent.status_code == 404


def test_phrases_are_kept_changed_moved_and_ended_by_the_clerk(
    app: Flask, sign_in: SignIn, panel: str
) -> None:
    clerk = sign_in("panel-clerk")
    new = f"{panel}/phrases/new"
    assert "Whether to cease" not in clerk.get(new).text
    for words in ("First reason", "Second reason"):
        answer = send_form(clerk, new, speaks_for="assess not_assess", words=words)
        assert answer.location == f"{panel}/phrases", answer.text
    assert "Choose what it is a reason for" in send_form(clerk, new, words="X").text
    doubled = send_form(clerk, new, speaks_for="assess not_assess", words="First reason")
    assert "The panel has this phrase already" in doubled.text
    with app.app_context():
        first, second = (
            f"{panel}/phrases/{one.public_id}"
            for one in db.session.scalars(select(PanelPhrase).order_by(PanelPhrase.id))
        )
    token = {"csrf_token": boxes(clerk.get(new))["csrf_token"][0]}
    clerk.post(f"{first}/down", data=token)
    page = clerk.get(f"{panel}/phrases").text
    assert page.index("Second reason") < page.index("First reason")
    assert "Do not assess" in page
    clerk.post(f"{first}/up", data=token)
    send_form(clerk, first, words="Better reason")
    clerk.post(f"{second}/end", data=token)
    page = clerk.get(f"{panel}/phrases").text
    assert "Better reason" in page
    assert "First reason" not in page
    assert clerk.get(first).status_code == 404
