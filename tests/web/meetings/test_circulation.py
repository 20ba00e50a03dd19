"""The page on which decisions are sent round, and that says whom they have reached."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from casework.access import Viewer, seat_of
from casework.app import create_app
from casework.config import Settings
from casework.emails.messages import Email
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import (
    AgendaItem,
    Case,
    Message,
    Panel,
    PanelDecision,
    PanelMeeting,
    PanelRecord,
    User,
)
from casework.queries import meetings, notices
from casework.rules.panels import window
from casework.services import outbox
from casework.services.events import NewEvent
from tests.factories import (
    TODAY,
    circulate,
    decide,
    log,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
    sign,
)
from tests.fixtures.forms import boxes
from tests.fixtures.mail import Post, with_mail
from tests.fixtures.people import SignIn, add_person, send_sign_in, token_in
from tests.fixtures.services import the_service

MET = date(2026, 11, 18)
CANARY = "Zebedee-Canary"


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post: Post) -> Settings:
    """Give the settings of a desk that sends email to the test's own server."""
    return with_mail(database_url, tmp_path, post.port)


@pytest.fixture
def where(app: Flask) -> str:
    """Give the address of the page about a signed meeting of two members.

    It decided one case, which an officer holds.
    """
    with app.app_context():
        return f"/meetings/{signed_meeting().public_id}/circulation"


def signed_meeting() -> PanelMeeting:
    panel = make_panel(name="North panel")
    for name, position in (("Cleo", "chair"), ("Mo", "member")):
        member = make_user("panel-member", name=name, email=f"{name.lower()}@example.org")
        seat_member(panel, member, position=position)
    officer = make_user("case-officer", name="Oona", email="oona@example.org")
    case = make_case(officer_id=officer.id, person={"surname": CANARY})
    meeting = make_meeting(panel, MET)
    sign(meeting, decide(put_on_agenda(meeting, case)))
    return meeting


def send(app: Flask) -> None:
    with app.app_context():
        outbox.send_waiting()


def press(client: FlaskClient, where: str) -> str:
    """Return the page after the button on a page is pressed."""
    sent = boxes(client.get(where))
    return client.post(where, data=sent, follow_redirects=True).text


def test_before_it_says_who_is_told_and_why(where: str, sign_in: SignIn) -> None:
    page = sign_in("panel-clerk").get(where).text
    assert "3 people are told" in page
    for words in ("Chair of the panel", "Member of the panel", "Case officer", "1 case page"):
        assert words in page
    assert "They were to go round by Friday 20 November 2026" in page
    assert "Circulate decisions" in page
    assert CANARY not in page


def test_one_press_tells_everybody_and_a_second_nobody(
    app: Flask, where: str, sign_in: SignIn, post: Post
) -> None:
    client = sign_in("panel-clerk")
    sent = boxes(client.get(where))
    first = client.post(where, data=sent, follow_redirects=True).text
    assert "3 people are told of the decisions." in first
    assert "<strong>3</strong> waiting to be sent" in first
    second = client.post(where, data=sent, follow_redirects=True).text
    assert "The decisions were sent round already." in second
    send(app)
    assert sorted(post.recipients) == ["cleo@example.org", "mo@example.org", "oona@example.org"]


def test_after_it_says_whom_it_reached_and_tries_again(
    app: Flask, where: str, sign_in: SignIn, post: Post
) -> None:
    post.to_recipient["mo@example.org"] = "550 5.1.1 no such user"
    client = sign_in("panel-clerk")
    press(client, where)
    send(app)
    page = client.get(where).text
    assert "<strong>2</strong> sent" in page
    assert "The mail server refused it (550 5.1.1)." in page
    post.to_recipient.clear()
    again = client.post(f"{where}/again", data={"csrf_token": token_in(client.get("/account"))})
    assert again.location.endswith(where)
    send(app)
    page = client.get(where).text
    assert "<strong>3</strong> sent" in page
    assert "Try the failed email again" not in page


def test_it_counts_what_went_within_two_working_days(
    app: Flask, where: str, sign_in: SignIn, post: Post
) -> None:
    client = sign_in("panel-clerk")
    press(client, where)
    with app.app_context():
        outbox.send_waiting()
        messages = db.session.scalars(select(Message)).all()
        messages[0].sent_at = messages[0].sent_at.replace(year=2026, month=11, day=20, hour=23)
        messages[1].sent_at = messages[1].sent_at.replace(year=2026, month=11, day=21, hour=0)
        messages[2].sent_at = messages[2].sent_at.replace(year=2026, month=11, day=23)
        db.session.commit()
    page = re.sub(r"\s+", " ", client.get(where).text)
    assert "1 of 3 emails went within 2 working days of the meeting, by Friday 20 November" in page


def test_every_link_opens_for_its_reader_and_for_nobody_not_concerned(
    app: Flask, sign_in: SignIn, post: Post
) -> None:
    with app.app_context():
        meeting = signed_meeting()
        panel_id = meeting.panel_id
        where = f"/meetings/{meeting.public_id}/circulation"
        case = db.session.scalars(select(Case)).one()
        the_service("camhs")
        log(case, NewEvent(kind="told_will_assess", on=date(2026, 10, 2)))
        log(case, NewEvent(kind="advice_requested", on=date(2026, 10, 2), service="camhs"))
        add_person("case-officer", "hans@example.org", name="Hans")
        add_person("dco", "dot@example.org", name="Dot")
        add_person("service-member", "sal@example.org", name="Sal", service="camhs")
        add_person("service-member", "phil@example.org", name="Phil", service="physiotherapy")
        add_person("panel-member", "ned@example.org", name="Ned")
        add_person("panel-clerk", name="Clem")
        case.officer_id = user_called("Hans").id
        db.session.commit()
        seat_member(db.session.get_one(Panel, panel_id), user_called("Ned"))
    press(sign_in(email="panel-clerk@example.org"), where)
    send(app)
    letters = dict(zip(post.recipients, post.messages, strict=True))
    assert "phil@example.org" not in letters
    for person in ("hans", "dot", "sal", "ned"):
        text = letters[f"{person}@example.org"].get_content()
        links = re.findall(r"https://ehc\.example\.org(/\S+)", text)
        assert links, person
        client = sign_in(email=f"{person}@example.org")
        for link in links:
            assert client.get(link).status_code == 200, (person, link)
        other = sign_in(email="phil@example.org")
        assert {other.get(link).status_code for link in links} <= {403, 404}


def user_called(name: str) -> User:
    return db.session.scalars(select(User).where(User.name == name)).one()


def test_the_record_leads_the_clerk_to_send_it_round(
    app: Flask, where: str, sign_in: SignIn
) -> None:
    client = sign_in("panel-clerk")
    record = where.replace("/circulation", "/record")
    assert f'href="{where}">Circulate decisions</a>' in client.get(record).text
    press(client, where)
    assert "Circulate decisions</a>" not in client.get(record).text


def test_what_went_round_stays_to_be_seen_when_the_record_is_signed_again(
    app: Flask, where: str, sign_in: SignIn
) -> None:
    client = sign_in("panel-clerk")
    press(client, where)
    with app.app_context():
        meeting = db.session.scalars(select(PanelMeeting)).one()
        decision = db.session.scalars(select(PanelDecision)).one()
        changed = decide(
            db.session.get_one(AgendaItem, decision.item_id),
            "not_assess",
            replaces_id=decision.id,
            change_why="A slip of the pen",
        )
        sign(meeting, changed, version=2, change_why="A slip of the pen")
    page = client.get(where).text
    assert "Only the 1 case added or changed" in page
    assert "Decisions sent round" in page
    page = press(client, where)
    assert "Decisions, version 2 sent round" in page
    assert "Decisions sent round" in page


def test_a_round_that_was_only_noted_is_not_counted_as_email(
    app: Flask, where: str, sign_in: SignIn
) -> None:
    with app.app_context():
        meeting = db.session.scalars(select(PanelMeeting)).one()
        record = db.session.scalars(select(PanelRecord)).one()
        circulate(meeting, "decisions", record_id=record.id)
    page = sign_in("panel-clerk").get(where).text
    assert "This service sent no email about it." in page
    assert "went within 2 working days" not in page
    assert "Circulate decisions" not in page


def test_whom_the_agenda_reached_is_seen_too(app: Flask, where: str, sign_in: SignIn) -> None:
    with app.app_context():
        meeting = db.session.scalars(select(PanelMeeting)).one()
        circulate(meeting)
        mo = db.session.scalars(select(User).where(User.name == "Mo")).one()
        email = Email("agenda_circulated", "Agenda", "Read it\n")
        outbox.put(about=notices.about_agenda(meeting.id), to_user_id=mo.id, email=email)
        db.session.commit()
    page = sign_in("panel-clerk").get(where).text
    assert "Agenda sent round" in page
    assert "mo@example.org" in page


def test_a_meeting_not_signed_offers_nothing_to_send(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        meeting = make_meeting(make_panel(), MET)
        where = f"/meetings/{meeting.public_id}/circulation"
    client = sign_in("panel-clerk")
    page = client.get(where)
    assert "is not signed yet" in page.text
    assert "Circulate decisions" not in page.text
    token = token_in(client.get("/account"))
    answer = client.post(where, data={"csrf_token": token}, follow_redirects=True).text
    assert "there is nothing to send round" in answer


def test_a_record_signed_again_meanwhile_is_shown_before_it_goes(
    app: Flask, where: str, sign_in: SignIn
) -> None:
    client = sign_in("panel-clerk")
    sent = boxes(client.get(where))
    with app.app_context():
        sign(db.session.scalars(select(PanelMeeting)).one(), version=2, change_why="A slip")
    answer = client.post(where, data=sent, follow_redirects=True).text
    assert "version 2 is now in force" in answer
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Message)) == 0


@pytest.mark.embedded
def test_with_no_mail_server_the_page_says_that_email_waits(settings: Settings, where: str) -> None:
    app = create_app(replace(settings, smtp_host=""))
    with app.app_context():
        add_person("panel-clerk")
    client = app.test_client()
    send_sign_in(client, "panel-clerk@example.org")
    assert "No mail server is set, so email waits here" in client.get(where).text


def test_members_may_open_a_meeting_of_which_only_the_decisions_went_round(
    app: Flask, where: str, sign_in: SignIn
) -> None:
    public_id = where.split("/")[2]
    assert not opens_to_a_member(app, public_id)
    press(sign_in("panel-clerk"), where)
    assert opens_to_a_member(app, public_id)


def opens_to_a_member(app: Flask, public_id: str) -> bool:
    with app.app_context():
        member = db.session.scalars(select(User).where(User.name == "Mo")).one()
        days = window(TODAY, england_and_wales(), opens_days=10, closes_days=5)
        seat = seat_of(Viewer(user_id=member.id, name="Mo", role="panel-member"), days)
        return meetings.find(seat, public_id) is not None
