"""F09 to F14: the mail server away, slow, putting off, refusing, cut off, and the sender killed.

After each the ledger must balance: nothing due untold, nothing told twice that is not marked. Every
person and address is invented.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from casework.config import ROOT, Settings
from casework.emails import smtp
from casework.emails.messages import Email
from casework.extensions import db
from casework.services import outbox
from tests.factories import make_user
from tests.fixtures.ledger import assert_reconciled
from tests.fixtures.mail import Post, free_port, listening, with_mail
from tests.fixtures.people import SignIn

EMAIL = Email("late_paper", "Late papers", "Read them\n")


@pytest.fixture
def server() -> Post:
    """Give a mail server that is not there yet."""
    return Post(port=free_port())


@pytest.fixture
def settings(database_url: str, tmp_path: Path, server: Post) -> Settings:
    """Give the settings of a desk that sends email to the test's own server."""
    return with_mail(database_url, tmp_path, server.port)


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def put(count: int, about: str = "late") -> list[str]:
    """Put one message to each of some people; return their addresses in the order of putting."""
    told = [f"{about}-{n}@example.org" for n in range(count)]
    for one in told:
        outbox.put(about=about, to_user_id=make_user(email=one).id, email=EMAIL)
    db.session.commit()
    db.session.remove()
    return told


def run_until_done(later: Any) -> None:
    """Let the scheduler's minutes pass until nothing waits."""
    for _ in range(40):
        if not outbox.send_waiting().waiting:
            break
        later(minutes=8)


def test_f09_down_for_a_day_the_queue_grows_and_then_each_goes_once_in_order(
    server: Post, later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, tries = smtp._connect, []
    monkeypatch.setattr(smtp, "_connect", lambda *given: (tries.append(1), connect(*given))[1])
    told: list[str] = []
    for hour in range(24):
        told += put(2, about=f"hour-{hour}")
        run = outbox.send_waiting()
        assert run.fault == "the mail server does not answer (ConnectionRefusedError)"
        assert run.waiting == len(told)
        later(hours=1)
    assert len(tries) == 24, "one try of the connection a run, however much waits"
    with listening(server):
        assert outbox.send_waiting().sent == 48
        assert outbox.send_waiting().sent == 0
    assert server.recipients == told
    assert {line.copies for line in assert_reconciled(server)} == {1}


def test_f10_a_slow_server_is_left_in_time_and_the_web_goes_on(
    app: Flask, server: Post, later: Any, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn
) -> None:
    client = sign_in("case-officer")
    monkeypatch.setattr(smtp, "PATIENCE", 1.5)
    server.delay = 60
    put(3)
    took: list[float] = []

    def send() -> None:
        with app.app_context():
            began = time.monotonic()
            run = outbox.send_waiting()
            took.append(time.monotonic() - began)
            assert "longer than 1.5 seconds" in run.fault

    with listening(server):
        sender = threading.Thread(target=send)
        sender.start()
        time.sleep(0.3)
        began = time.monotonic()
        assert client.get("/cases").status_code == 200
        put(1, about="meanwhile")
        assert time.monotonic() - began < 1.4, "a page and a write do not wait for the mail server"
        sender.join()
    # One wait for the answer, and as much again for the farewell.
    assert took[0] < 5
    server.delay = 0
    with listening(server):
        run_until_done(later)
    assert {line.copies for line in assert_reconciled(server)} == {1}


@pytest.mark.parametrize(
    "answer", ["450 4.2.0 greylisted", "421 4.7.0 too many", "451 4.7.1 rate limited"]
)
def test_f11_what_is_put_off_goes_once_when_it_is_taken(
    server: Post, later: Any, answer: str
) -> None:
    told = put(4)
    server.to_recipient = dict.fromkeys(told[:2], answer)
    with listening(server):
        for _ in range(5):
            outbox.send_waiting()
        assert set(told[2:]) <= set(server.recipients), "the others do not wait"
        server.to_recipient.clear()
        run_until_done(later)
    assert {line.copies for line in assert_reconciled(server)} == {1}


def test_f12_an_address_refused_is_before_its_manager_at_once_and_the_others_go(
    server: Post, sign_in: SignIn
) -> None:
    told = put(3)
    server.to_recipient[told[1]] = "550 5.1.1 unknown"
    with listening(server):
        assert outbox.send_waiting().failed == 1
    page = sign_in("manager").get("/undelivered").text
    assert told[1] in page
    assert told[0] not in page
    lines = assert_reconciled(server)
    assert [(one.is_sent, one.is_failed) for one in lines] == [
        (True, False),
        (False, True),
        (True, False),
    ]


def test_f13_cut_after_the_text_it_goes_at_most_twice_as_one_message_and_is_marked(
    server: Post, later: Any
) -> None:
    put(6)
    cuts = random.Random(13)
    with listening(server):
        for _ in range(40):
            server.hangs_up = cuts.random() < 0.5
            outbox.send_waiting()
            later(minutes=5)
        server.hangs_up = False
        run_until_done(later)
    lines = assert_reconciled(server)
    assert any(one.is_marked for one in lines)
    assert all(one.copies == 1 for one in lines if not one.is_marked)


SENDER = """
import sys
from casework.app import create_app
from casework.services import outbox

with create_app().app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    outbox.send_waiting()
"""


@pytest.fixture
def sender(settings: Settings) -> Iterator[Any]:
    """Give a function that starts a real process, ready to send once it is told to."""
    names = ("database_url", "secret_key", "audit_key", "instance_path", "address", "smtp_host")
    names += ("smtp_port", "smtp_tls", "mail_from")
    given = {f"CASEWORK_{name.upper()}": str(getattr(settings, name)) for name in names}
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", SENDER],
            cwd=ROOT,
            env={**os.environ, **given},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def test_f14_killed_once_the_server_has_it_and_before_it_is_noted(
    server: Post, later: Any, sender: Any
) -> None:
    put(3)
    with listening(server):
        process = sender()
        server.on_text = process.kill
        go(process)
        assert process.wait() == -signal.SIGKILL
        server.on_text = None
        later(minutes=11)
        run_until_done(later)
    lines = assert_reconciled(server)
    assert sorted((one.copies, one.is_marked) for one in lines) == [
        (1, False),
        (1, False),
        (2, True),
    ]
    copies = [str(one["Message-ID"]) for one in server.messages]
    assert len(set(copies)) == 3


def test_f14_killed_at_any_moment_nothing_is_lost_and_a_second_copy_is_marked(
    server: Post, later: Any, sender: Any
) -> None:
    put(40)
    moments = random.Random(14)
    with listening(server):
        for _ in range(2):
            process, before = sender(), len(server.given)
            go(process)
            while len(server.given) == before:
                time.sleep(0.01)
            time.sleep(moments.random() * 0.3)
            process.kill()
            process.wait()
        assert len(server.given) < 40 * 2
        later(minutes=11)
        run_until_done(later)
    assert len(assert_reconciled(server)) == 40
