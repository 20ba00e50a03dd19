"""Whatever is in the tables, email reaches one allowed person a message and nobody else.

Every person and address is invented.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select

from casework import clock
from casework.config import Settings
from casework.emails.messages import Email
from casework.extensions import db
from casework.models import Message, User
from casework.services import outbox
from tests.fixtures.ledger import ledger
from tests.fixtures.mail import Post, with_mail

pytestmark = pytest.mark.embedded

ROWS = 2000
EMAIL = Email("late_paper", "Late papers", "Read them\n", "<p>Read them</p>\n")
#: What may stand around a name, most of it wrong.
AROUND = (
    "{}@example.org",
    "{}@example.org",
    "{}@EXAMPLE.org",
    "{}@sub.example.org",
    "{}@example.org.evil.test",
    "{}@evil.test",
    "{},eve@example.org",
    "{}@example.org, eve@evil.test",
    "{}@example.org\r\nBcc: eve@evil.test",
    "{}@example.org\nRCPT TO:<eve@evil.test>",
    "<{}@example.org>",
    "Eve <{}@example.org>",
    '"{} x"@example.org',
    "{}@evil.test@example.org",
    "{}",
    "é{}@example.org",
    "{}@example.org\x00",
    " {}@example.org",
    "{}@[127.0.0.1]",
    "{}%evil.test@example.org",
)


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post: Post) -> Settings:
    """Give the settings of a desk that may write to one domain."""
    return with_mail(database_url, tmp_path, post.port)


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_of_any_rows_none_goes_beside_the_list_and_each_to_exactly_one(post: Post) -> None:
    draw = random.Random(2000)
    address = {n: draw.choice(AROUND).format(f"p{n}") for n in range(1, ROWS + 1)}
    people = [
        {
            "id": number,
            "public_id": f"{number:022}",
            "email": one,
            "name": f"P{number}",
            "role": "case-officer",
            "is_active": draw.random() < 0.9,
            "created_at": clock.now(),
        }
        for number, one in address.items()
    ]
    db.session.execute(insert(User), people)
    for number in address:
        outbox.put(about="late", to_user_id=number, email=EMAIL)
    # Some addresses change after the message was put, to any other that there may be.
    for person in db.session.scalars(select(User).where(User.id % 3 == 0)):
        person.email = draw.choice(AROUND).format(f"q{person.id}")
    db.session.commit()
    active = {p.id: str(p.email) for p in db.session.scalars(select(User)) if p.is_active}

    assert outbox.send_waiting(limit=ROWS).waiting == 0
    allowed = {one for one in active.values() if is_allowed(one)}
    assert len(post.given) > ROWS / 20
    for (to, _), message in zip(post.given, post.messages, strict=True):
        assert len(to) == 1
        assert to[0] in allowed
        assert [a.addr_spec for a in message["To"].addresses] == to
        assert message.get_all("To") == [message["To"]]
        assert not {"Cc", "Bcc"} & set(message.keys())
    lines = ledger(post)
    assert len(lines) == ROWS
    assert all(one.copies == one.is_sent for one in lines)
    assert all(one.is_sent != one.is_failed for one in lines)
    rows = db.session.scalars(select(Message).where(Message.sent_at.is_not(None))).all()
    assert {row.to_address for row in rows} == set(post.recipients)


def is_allowed(address: str) -> bool:
    """A plain name, one at sign and our domain: written apart from the code that it holds to."""
    name, at, domain = address.rpartition("@")
    plain = set("abcdefghijklmnopqrstuvwxyz0123456789")
    return bool(at) and domain.lower() == "example.org" and bool(name) and set(name) <= plain
