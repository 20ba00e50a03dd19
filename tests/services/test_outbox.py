"""The outbox against a real mail server, with its faults: nobody untold, nobody told twice.

Every person and address is invented.
"""

import threading
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework import clock
from casework.config import Settings
from casework.emails import messages, smtp
from casework.emails.messages import Email
from casework.extensions import db
from casework.models import Message, ServiceContact, User
from casework.queries.messages import (
    GOES_AGAIN,
    PERHAPS_TWICE,
    State,
    counted,
    delivery,
)
from casework.services import claims, outbox
from tests.factories import make_case, make_user
from tests.fixtures.mail import Post, free_port, with_mail
from tests.fixtures.services import make_service
from tests.fixtures.statements import counted as counted_statements

ABOUT = "decisions of meeting 12, version 1"
CANARY = "Zebedee-Canary"
EMAIL = Email("decisions_circulated", "Decisions of North panel", "Read them:\nhttps://x.test/\n")


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post: Post) -> Settings:
    """Give the settings of a desk that sends email to the test's own server."""
    return with_mail(database_url, tmp_path, post.port)


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def person(name: str, **details: Any) -> User:
    return make_user(name=name, email=f"{name.lower()}@example.org", **details)


def put(*people: User, email: Email = EMAIL, about: str = ABOUT) -> list[bool]:
    new = [outbox.put(about=about, to_user_id=one.id, email=email) for one in people]
    db.session.commit()
    return new


def states(about: str = ABOUT) -> dict[str, tuple[str, str]]:
    found = {one.name: (str(one.state), one.why) for one in delivery(about, clock.now())}
    db.session.rollback()
    return found


def test_an_email_arrives_as_it_was_put(post: Post) -> None:
    put(person("Ada"))
    run = outbox.send_waiting()
    assert str(run) == "1 sent, 0 failed, 0 waiting"
    assert post.recipients == ["ada@example.org"]
    (message,) = post.messages
    assert message["Subject"] == EMAIL.subject
    assert message["To"] == "ada@example.org"
    assert message.get_content().replace("\r\n", "\n") == EMAIL.text
    stored = db.session.scalars(select(Message)).one()
    assert message["Message-ID"] == f"<{stored.public_id}@ehc.example.org>"
    assert stored.attempts == 1
    assert states() == {"Ada": ("sent", "")}


def test_a_page_goes_beside_the_text(post: Post) -> None:
    email = Email("late_paper", "Late papers", "Read them\n", "<p>Read them</p>\n")
    put(person("Ada"), email=email)
    outbox.send_waiting()
    (message,) = post.messages
    parts = {part.get_content_type(): part.get_content() for part in message.iter_parts()}
    read = {kind: words.replace("\r\n", "\n") for kind, words in parts.items()}
    assert read == {"text/plain": email.text, "text/html": email.html}


def test_what_was_undone_is_never_told(post: Post) -> None:
    ada = person("Ada")
    outbox.put(about=ABOUT, to_user_id=ada.id, email=EMAIL)
    db.session.rollback()
    assert outbox.send_waiting().sent == 0
    assert not post.given


def test_nobody_is_told_one_thing_twice(post: Post) -> None:
    ada = person("Ada")
    assert put(ada) == [True]
    assert put(ada) == [False]
    outbox.send_waiting()
    assert put(ada) == [False]
    outbox.send_waiting()
    assert len(post.given) == 1
    assert put(ada, about="decisions of meeting 12, version 2") == [True]


@pytest.mark.parametrize(
    ("details", "why"),
    [
        ({"is_active": False}, "The account is closed."),
        ({"email": None}, "The account has no email address"),
        ({"email": "ada@elsewhere.example"}, "Email may not go to this domain"),
        ({"email": "ada@sub.example.org"}, "Email may not go to this domain"),
        ({"email": "ada@example.org\r\nBcc: eve@example.org"}, "no email address that"),
        ({"email": "ada@example.org,eve@example.org"}, "no email address that"),
        ({"email": "édith@example.org"}, "no email address that"),
    ],
)
def test_who_may_not_be_written_to_is_seen_and_stops_nobody(
    post: Post, details: dict[str, Any], why: str
) -> None:
    given = {"email": "ada@example.org"} | details
    put(make_user(name="Ada", **given), person("Bea"))
    outbox.send_waiting()
    assert post.recipients == ["bea@example.org"]
    found = states()
    assert found["Ada"][0] == "failed"
    assert why in found["Ada"][1]


@pytest.mark.parametrize(
    "email",
    [
        Email("late_paper", "Panel\r\nBcc: eve@example.org", "text"),
        Email("late_paper", "Panel", "text\r\nmore"),
        Email("late_paper", "Panel", "text\x00"),
        Email("late_paper", "P" * 201, "text"),
        Email("late_paper", "Panel", "text", "<p>\r\n.\r\n</p>"),
    ],
    ids=["header", "carriage return", "nul", "long", "page"],
)
def test_characters_that_break_out_are_refused_and_shown(post: Post, email: Email) -> None:
    put(person("Ada"), email=email)
    assert outbox.send_waiting().sent == 0
    assert not post.given
    assert states() == {"Ada": ("failed", "It holds characters that have no place in an email.")}


def test_an_account_closed_since_is_not_written_to(post: Post) -> None:
    ada = person("Ada")
    put(ada)
    ada.is_active = False
    db.session.commit()
    assert outbox.send_waiting().failed == 1
    assert not post.given
    assert states() == {"Ada": ("failed", "The account is closed.")}


def test_an_address_put_right_since_is_the_one_written_to(post: Post) -> None:
    ada = person("Ada")
    put(ada)
    ada.email = "ada.right@example.org"
    db.session.commit()
    outbox.send_waiting()
    assert post.recipients == ["ada.right@example.org"]


def test_a_refused_address_fails_at_once_and_the_others_go(post: Post) -> None:
    post.to_recipient["bea@example.org"] = "550 5.1.1 <bea@example.org> no such user"
    put(person("Ada"), person("Bea"), person("Cy"))
    run = outbox.send_waiting()
    assert (run.sent, run.failed, run.waiting) == (2, 1, 0)
    assert post.recipients == ["ada@example.org", "cy@example.org"]
    assert states()["Bea"] == ("failed", "The mail server refused it (550 5.1.1).")


def test_an_address_put_off_waits_and_the_others_go(post: Post, later: Any) -> None:
    post.to_recipient["ada@example.org"] = "451 4.7.1 try again later"
    put(person("Ada"), person("Bea"))
    run = outbox.send_waiting()
    assert (run.sent, run.put_off, run.waiting) == (1, 1, 1)
    why = "The mail server would not take it yet; it is tried again (451 4.7.1)."
    assert states()["Ada"] == ("waiting", why)
    post.to_recipient.clear()
    assert outbox.send_waiting().sent == 0
    later(minutes=2)
    assert outbox.send_waiting().sent == 1
    assert post.recipients == ["bea@example.org", "ada@example.org"]
    assert states()["Ada"] == ("sent", "")


def test_one_put_off_for_days_keeps_no_other_waiting(post: Post) -> None:
    post.to_recipient["ada@example.org"] = "451 try again later"
    put(person("Ada"))
    outbox.send_waiting()
    put(person("Bea"))
    outbox.send_waiting(limit=1)
    assert post.recipients == ["bea@example.org"]


def test_nothing_in_the_database_is_held_while_the_mail_server_takes_its_time(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, held = smtp.SmtpWay.send, []

    def look(*given: Any) -> None:
        held.append(db.session().in_transaction())
        send(*given)

    monkeypatch.setattr(smtp.SmtpWay, "send", look)
    put(person("Ada"), person("Bea"))
    assert outbox.send_waiting().sent == 2
    assert held == [False, False]


@pytest.mark.parametrize(("answer", "state"), [("554 no", "failed"), ("452 full", "waiting")])
def test_a_text_that_is_not_taken_is_seen(post: Post, answer: str, state: str) -> None:
    post.to_text = answer
    put(person("Ada"), person("Bea"))
    outbox.send_waiting()
    assert len(post.given) == 2
    assert {found[0] for found in states().values()} == {state}


def test_with_the_server_down_everything_waits_and_then_goes_once(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(person("Ada"), person("Bea"))
    connect = smtp._connect
    monkeypatch.setattr(smtp, "_connect", lambda *_: _refuse())
    run = outbox.send_waiting()
    assert run.fault == "the mail server does not answer (ConnectionRefusedError)"
    assert run.waiting == 2
    with pytest.raises(RuntimeError, match="2 waiting; stopped: the mail server does not answer"):
        outbox.send_each_minute(date(2026, 11, 23))
    monkeypatch.setattr(smtp, "_connect", connect)
    assert outbox.send_each_minute(date(2026, 11, 23)) == "2 sent, 0 failed, 0 waiting"
    assert sorted(post.recipients) == ["ada@example.org", "bea@example.org"]


def _refuse() -> Any:
    raise ConnectionRefusedError


def test_a_server_that_really_is_not_there_is_said_in_words(
    database_url: str, tmp_path: Path, app: Flask
) -> None:
    object.__setattr__(app.extensions["casework.settings"], "smtp_port", free_port())
    put(person("Ada"))
    run = outbox.send_waiting()
    assert run.fault == "the mail server does not answer (ConnectionRefusedError)"
    assert states()["Ada"] == ("waiting", "")


@pytest.mark.parametrize("answer", ["421 closing down", "530 sign in first", "451 not now"])
def test_what_the_server_has_against_us_fails_no_message(post: Post, answer: str) -> None:
    post.to_sender = answer
    put(person("Ada"), person("Bea"))
    run = outbox.send_waiting()
    assert answer[:3] in run.fault
    assert run.waiting == 2
    post.to_sender = ""
    assert outbox.send_waiting().sent == 2


def test_a_server_that_closes_down_at_an_address_keeps_the_message_waiting(post: Post) -> None:
    post.to_recipient["ada@example.org"] = "421 4.3.2 closing down"
    put(person("Ada"))
    assert outbox.send_waiting().fault == "the mail server is closing down (421)"
    assert states()["Ada"] == ("waiting", "")


def test_a_line_cut_after_the_text_goes_once_more_and_is_marked(post: Post, later: Any) -> None:
    post.hangs_up = True
    put(person("Ada"), person("Bea"))
    run = outbox.send_waiting()
    assert (run.no_answer, run.sent, run.waiting) == (1, 0, 2)
    assert states() == {"Ada": ("unknown", GOES_AGAIN), "Bea": ("waiting", "")}
    post.hangs_up = False
    outbox.send_waiting()
    assert post.recipients == ["ada@example.org", "bea@example.org"]
    later(minutes=16)
    outbox.send_waiting()
    assert post.recipients == ["ada@example.org", "bea@example.org", "ada@example.org"]
    assert post.messages[0]["Message-ID"] == post.messages[2]["Message-ID"]
    assert states() == {"Ada": ("sent", PERHAPS_TWICE), "Bea": ("sent", "")}


def test_with_no_answer_twice_it_has_failed_and_goes_no_more(post: Post, later: Any) -> None:
    post.hangs_up = True
    put(person("Ada"))
    for _ in range(4):
        outbox.send_waiting()
        later(hours=1)
    assert len(post.given) == 2
    why = "It went and no answer came, so it may have arrived. It does not go again by itself."
    assert states()["Ada"] == ("failed", why)
    assert outbox.try_again(about=ABOUT) == 0


def test_what_a_crash_left_between_sending_and_noting_goes_once_more(
    post: Post, monkeypatch: pytest.MonkeyPatch, later: Any
) -> None:
    put(person("Ada"))
    with monkeypatch.context() as patch:
        patch.setattr(claims, "note_sent", _crash)
        with pytest.raises(MemoryError):
            outbox.send_waiting()
    db.session.rollback()
    assert states()["Ada"][0] == "waiting"
    outbox.send_waiting()
    later(minutes=11)
    assert states()["Ada"] == ("unknown", GOES_AGAIN)
    outbox.send_waiting()
    assert len(post.given) == 1
    later(minutes=16)
    outbox.send_waiting()
    assert len(post.given) == 2
    assert states()["Ada"] == ("sent", PERHAPS_TWICE)


def test_what_is_put_off_is_tried_ever_less_often_and_has_failed_after_four_days(
    post: Post, later: Any
) -> None:
    post.to_recipient["ada@example.org"] = "450 4.2.1 mailbox busy"
    put(person("Ada"))
    passed = tries = 0
    while states()["Ada"][0] == "waiting":
        tries += outbox.send_waiting().put_off
        later(minutes=20)
        passed += 20
    assert timedelta(days=4) <= timedelta(minutes=passed) < timedelta(days=4, hours=6)
    assert 20 < tries < 45
    why = "The mail server would not take it for four days (450 4.2.1)."
    assert states()["Ada"] == ("failed", why)


def test_one_at_whom_the_line_is_cut_each_time_keeps_no_other_waiting(post: Post) -> None:
    post.to_recipient["ada@example.org"] = "421 4.3.2 closing down"
    put(person("Ada"), person("Bea"))
    assert outbox.send_waiting().sent == 0
    assert outbox.send_waiting().sent == 1
    assert post.recipients == ["bea@example.org"]


def _crash(*_given: Any, **_values: Any) -> None:
    raise MemoryError


def test_two_senders_at_once_send_each_message_once(app: Flask, post: Post) -> None:
    people = [person(f"Person{n}") for n in range(20)]
    put(*people)
    runs: list[outbox.Run] = []
    start = threading.Barrier(2)

    def send() -> None:
        with app.app_context():
            start.wait()
            runs.append(outbox.send_waiting())

    senders = [threading.Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(post.recipients) == sorted(str(one.email) for one in people)
    assert sum(run.sent for run in runs) == 20
    assert all(run.sent for run in runs), "both were at work"
    assert len({message["Message-ID"] for message in post.messages}) == 20


def test_two_acts_at_once_put_one_message(app: Flask, post: Post) -> None:
    ada = person("Ada")
    number, new = ada.id, []
    db.session.rollback()
    start = threading.Barrier(2)

    def act() -> None:
        with app.app_context():
            start.wait()
            new.append(outbox.put(about=ABOUT, to_user_id=number, email=EMAIL))
            db.session.commit()

    acts = [threading.Thread(target=act) for _ in range(2)]
    for one in acts:
        one.start()
    for one in acts:
        one.join()
    assert sorted(new) == [False, True]


def test_each_message_has_one_recipient_and_no_childs_name(post: Post) -> None:
    make_case(person={"surname": CANARY, "forenames": f"{CANARY}-Ida"})
    people = [person(f"Person{n}") for n in range(12)]
    meeting = {"panel": "North panel", "on": date(2026, 12, 1), "link": "https://x.example.org"}
    put(*people, about="a", email=messages.late_paper(**meeting, at=time(9), papers=2))
    put(*people, about="b", email=messages.meeting_cancelled(**meeting, at=time(9)))
    assert outbox.send_waiting().sent == 24
    for to, raw in post.given:
        assert len(to) == 1
        assert CANARY.encode() not in raw
        assert not [one for one in people if one.email not in to and one.email.encode() in raw]
    for message, recipient in zip(post.messages, post.recipients, strict=True):
        assert [a.addr_spec for a in message["To"].addresses] == [recipient]
        assert not {"Cc", "Bcc", "Resent-To"} & set(message.keys())


def test_with_no_mail_server_set_email_waits_and_it_is_said(app: Flask, post: Post) -> None:
    object.__setattr__(app.extensions["casework.settings"], "smtp_host", "")
    assert str(outbox.send_waiting()) == "0 sent, 0 failed, 0 waiting"
    put(person("Ada"))
    assert outbox.send_waiting().fault == "no mail server is set (smtp_host)"
    assert outbox.send_each_minute(date(2026, 11, 23)).startswith("0 sent")
    assert states()["Ada"][0] == "waiting"


def test_how_a_circulation_stands_is_counted(post: Post) -> None:
    post.to_recipient["bea@example.org"] = "550 no"
    put(person("Ada"), person("Bea"))
    outbox.send_waiting()
    found = counted(delivery(ABOUT, clock.now()))
    assert found == {State.SENT: 1, State.WAITING: 0, State.FAILED: 1, State.UNKNOWN: 0}


def test_a_kind_that_nobody_wrote_is_a_fault_of_ours(post: Post) -> None:
    with pytest.raises(ValueError, match="no kind of email"):
        outbox.put(about=ABOUT, to_user_id=person("Ada").id, email=Email("x", "y", "z"))


def mailbox(**details: Any) -> ServiceContact:
    found = make_service().contacts[0]
    for name, value in details.items():
        setattr(found, name, value)
    db.session.commit()
    return found


def put_to(contact: ServiceContact, about: str = ABOUT) -> bool:
    new = outbox.put_to_contact(about=about, contact_id=contact.id, email=EMAIL)
    db.session.commit()
    return new


def test_a_services_mailbox_is_written_to_and_told_a_thing_once(post: Post) -> None:
    contact = mailbox()
    assert [put_to(contact), put_to(contact), put(person("Ada"))[0]] == [True, False, True]
    assert str(outbox.send_waiting()) == "2 sent, 0 failed, 0 waiting"
    assert sorted(post.recipients) == ["ada@example.org", contact.email]
    assert states() == {"Ada": ("sent", ""), contact.service.name: ("sent", "")}


@pytest.mark.parametrize(
    ("details", "why"),
    [
        ({"email": "team@elsewhere.example"}, "Email may not go to this domain"),
        ({"email": "team@example.org\r\nBcc: eve@example.org"}, "no email address that"),
        ({"until_day": date(2026, 11, 22)}, "no longer written to at this address"),
        ({"from_day": date(2026, 11, 24)}, "no longer written to at this address"),
    ],
)
def test_a_mailbox_that_may_not_be_written_to_is_seen_and_stops_nobody(
    post: Post, details: dict[str, Any], why: str
) -> None:
    contact = mailbox(**details)
    put_to(contact)
    put(person("Bea"))
    outbox.send_waiting()
    assert post.recipients == ["bea@example.org"]
    state, words = states()[contact.service.name]
    assert (state, why in words) == ("failed", True)


def test_a_mailbox_closed_or_put_right_since_is_taken_as_it_is_when_the_email_goes(
    post: Post,
) -> None:
    closed, moved = mailbox(), make_service("camhs").contacts[0]
    put_to(closed)
    put_to(moved)
    closed.until_day = date(2026, 11, 1)
    moved.email = "right@example.org"
    db.session.commit()
    assert str(outbox.send_waiting()) == "1 sent, 1 failed, 0 waiting"
    assert post.recipients == ["right@example.org"]


def test_any_number_of_mailboxes_is_put_in_one_statement(app: Flask) -> None:
    kinds = ("camhs", "physiotherapy", "social_care")
    contacts = [make_service(kind).contacts[0] for kind in kinds]
    letters = [outbox.ToContact(f"request {n}", one, EMAIL) for n, one in enumerate(contacts)]
    with counted_statements(app) as sent:
        assert outbox.put_to_contacts(letters) == 3
        assert outbox.put_to_contacts(letters) == 0
    assert len([one for one in sent if one.startswith("INSERT")]) == 2
    assert outbox.put_to_contacts([]) == 0
