"""`/undelivered`: failed email is before those who answer for it at once, with why and what to do.

Every person and address is invented.
"""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from casework.config import Settings
from casework.emails.messages import Email
from casework.extensions import db
from casework.models import AuditEntry, MailPlace, Message, Team, User
from casework.services import outbox
from tests.factories import make_user
from tests.fixtures.mail import Post, with_mail
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.services import make_service

EMAIL = Email("late_paper", "Late papers for North panel", "Read them\n")


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post: Post) -> Settings:
    """Give the settings of a desk that sends email to the test's own server."""
    return with_mail(database_url, tmp_path, post.port)


def team(name: str) -> int:
    found = db.session.scalar(select(Team).where(Team.name == name)) or Team(name=name)
    db.session.add(found)
    db.session.commit()
    return found.id


def put(to: User, about: str = "late papers 1 to 2") -> str:
    outbox.put(about=about, to_user_id=to.id, email=EMAIL)
    db.session.commit()
    return db.session.scalars(
        select(Message.public_id).where(Message.to_user_id == to.id, Message.about == about)
    ).one()


def page(client: FlaskClient) -> str:
    answer = client.get("/undelivered")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def words(client: FlaskClient) -> str:
    return " ".join(client.get("/cases").text.split())


def press(client: FlaskClient, address: str) -> str:
    token = token_in(client.get("/undelivered"))
    answer = client.post(address, data={"csrf_token": token}, follow_redirects=True)
    return " ".join(answer.text.split())


def test_a_refused_address_is_before_the_manager_at_once_with_why_and_what_to_do(
    app: Flask, post: Post, sign_in: SignIn
) -> None:
    post.to_recipient["bea@example.org"] = "550 5.1.1 <bea@example.org> unknown"
    with app.app_context():
        message = put(make_user(name="Bea Example", email="bea@example.org"))
        outbox.send_waiting()
    client = sign_in("manager")
    assert "1 email was not delivered." in client.get("/cases").text
    shown = page(client)
    assert "Bea Example" in shown
    assert "Late papers for North panel" in shown
    assert "The mail server refused it (550 5.1.1)." in shown
    assert "Check the address with them and put it right, then try again." in shown
    post.to_recipient.clear()
    assert "The email waits to be sent again." in press(client, f"/undelivered/{message}/again")
    assert "dealt with that email already" in press(client, f"/undelivered/{message}/again")
    assert "1 email waits to be sent" in page(client)
    with app.app_context():
        assert outbox.send_waiting().sent == 1
    assert "No email has failed" in page(client)
    assert "not delivered" not in client.get("/cases").text


def test_a_manager_sees_their_teams_and_the_services_and_one_of_no_team_sees_all(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        north, south = team("North"), team("South")
        for name, of in (("Nora", north), ("Sam", south), ("Tom", None)):
            put(make_user(name=name, email=None, team_id=of))
        contact = make_service().contacts[0]
        contact.email = "not an address"
        outbox.put_to_contact(about="request 1", contact_id=contact.id, email=EMAIL)
        db.session.commit()
        service = contact.service.name
        hidden = db.session.scalars(
            select(Message.public_id).join(User, Message.to).where(User.name == "Sam")
        ).one()
        make_user("manager", name="Max", email="max@example.org")
    in_team = sign_in("manager", team="North")
    shown = page(in_team)
    assert [name in shown for name in ("Nora", "Sam", "Tom", service)] == [True, False, True, True]
    assert "dealt with that email already" in press(in_team, f"/undelivered/{hidden}/settled")
    admin = page(sign_in("administrator"))
    assert [name in admin for name in ("Nora", "Sam", "Tom", service)] == [True] * 4


def test_what_needs_no_more_doing_leaves_the_list_and_is_in_the_audit_trail(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        message = put(make_user(name="Ada", email=None))
    client = sign_in("manager")
    assert "The email is off the list." in press(client, f"/undelivered/{message}/settled")
    assert "No email has failed" in page(client)
    with app.app_context():
        row = db.session.scalars(select(Message)).one()
        assert row.settled_by_id is not None
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "settled email")
        ).one()
        assert entry.subject == f"message {row.id}"


def test_all_are_tried_again_but_what_may_have_arrived_or_can_never_go(
    app: Flask, post: Post, sign_in: SignIn, later: object
) -> None:
    with app.app_context():
        ada, bea = (
            make_user(name=name, email=f"{name.lower()}@example.org") for name in ("Ada", "Bea")
        )
        put(ada)
        put(bea)
        bad = Email("late_paper", "Late papers", "x\x00")
        outbox.put(about="bad", to_user_id=ada.id, email=bad)
        db.session.commit()
        first, second, _ = db.session.scalars(select(Message).order_by(Message.id)).all()
        first.failed_at, first.failure = first.created_at, "no answer"
        second.failed_at, second.failure = second.created_at, "refused 550"
        first_id = first.public_id
        db.session.commit()
    client = sign_in("manager")
    assert page(client).count("Try again<") == 2
    assert "1 email waits to be sent again." in press(client, "/undelivered/again")
    assert "There was no email that can be sent again." in press(client, "/undelivered/again")
    assert "waits to be sent again" in press(client, f"/undelivered/{first_id}/again")
    with app.app_context():
        assert outbox.send_waiting().sent == 2


def test_what_may_have_come_twice_is_shown(app: Flask, post: Post, sign_in: SignIn) -> None:
    post.hangs_up = True
    with app.app_context():
        put(make_user(name="Ada", email="ada@example.org"))
        outbox.send_waiting()
    shown = page(sign_in("manager"))
    assert "May have come twice" in shown
    assert "It goes once more, and may come twice." in shown


def test_held_email_is_released_by_an_administrator_who_sees_how_much_waits(
    app: Flask, post: Post, sign_in: SignIn
) -> None:
    with app.app_context():
        put(make_user(name="Ada", email="ada@example.org"))
        outbox.send_waiting()
        put(make_user(name="Bea", email="bea@example.org"))
        db.session.execute(update(MailPlace).values(place="somewhere else"))
        db.session.commit()
        outbox.send_waiting()
        db.session.remove()
    manager = sign_in("manager")
    assert "No email is sent. This database is not where email was last sent from" in page(manager)
    assert "An administrator of this service releases it." in page(manager)
    assert "No email is sent, since this database was restored or copied." in words(manager)
    admin = sign_in("administrator")
    form = admin.get("/undelivered/release")
    assert "1 email waits" in form.text
    token = token_in(form)
    nothing = admin.post("/undelivered/release", data={"csrf_token": token})
    assert nothing.status_code == 422
    assert "Choose what is to be sent" in nothing.text
    unsaid = admin.post("/undelivered/release", data={"csrf_token": token, "what": "1"})
    assert unsaid.status_code == 422
    assert "Say why older email is not sent" in unsaid.text
    assert len(post.given) == 1
    done = admin.post(
        "/undelivered/release", data={"csrf_token": token, "what": "all"}, follow_redirects=True
    )
    assert "Email goes again: 1 email to send." in done.text
    with app.app_context():
        assert outbox.send_waiting().sent == 1
    again = admin.get("/undelivered/release", follow_redirects=True).text
    assert "Email is not held: there is nothing to release." in again
