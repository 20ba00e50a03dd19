"""GOV.UK Notify as the way that email goes, against a real HTTP server that checks its token.

Every person and address is invented.
"""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from casework import clock
from casework.config import Settings
from casework.emails import notify
from casework.emails.messages import Email
from casework.extensions import db
from casework.queries.messages import delivery
from casework.services import outbox
from tests.factories import make_user
from tests.fixtures.application import settings_for
from tests.fixtures.mail import free_port

pytestmark = pytest.mark.embedded

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
EMAIL = Email(
    "late_paper", "Late papers – North", "Read them:\nhttps://x.test/\n", "<p>Not sent</p>"
)


@dataclass
class Notify:
    """What the server was given, and what it says."""

    given: list[dict[str, Any]] = field(default_factory=list)
    #: (status, body) of its answer, where that is not yes; a status of 0 hangs up.
    answer: tuple[int, Any] | None = None
    delay: float = 0
    url: str = ""

    def refuse(self, status: int, error: str = "", message: str = "") -> None:
        """Answer with an error as Notify words it."""
        errors = [{"error": error, "message": message}]
        self.answer = (status, {"status_code": status, "errors": errors})


@pytest.fixture
def server() -> Iterator[Notify]:
    """Give a server of Notify's interface, that is listening."""
    state = Notify()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.path == "/v2/notifications/email"
            if not is_good(self.headers["Authorization"].removeprefix("Bearer ")):
                self.say(403, {"errors": [{"error": "AuthError", "message": "Invalid token"}]})
                return
            time.sleep(state.delay)
            if state.answer is None or state.answer[0] in (0, 502, 504):
                state.given.append(body)
            self.say(*(state.answer or (201, {"id": "x", "reference": body["reference"]})))

        def say(self, status: int, body: Any) -> None:
            if status == 0:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            told = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{listening.server_port}"
    threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True).start()
    yield state
    listening.shutdown()
    listening.server_close()


def is_good(token: str) -> bool:
    """Tell whether a token is signed with our secret, by our service, just now."""
    head, claims, seal = token.split(".")
    ours = hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    kind, said = (json.loads(base64.urlsafe_b64decode(one + "==")) for one in (head, claims))
    is_signed = hmac.compare_digest(ours, base64.urlsafe_b64decode(seal + "=="))
    is_now = abs(time.time() - said["iat"]) < 30
    return is_signed and is_now and said["iss"] == SERVICE and kind["alg"] == "HS256"


@pytest.fixture
def settings(database_url: str, tmp_path: Path, server: Notify) -> Settings:
    """Give the settings of a desk that sends email by Notify."""
    return replace(
        settings_for(database_url, tmp_path),
        mail_transport="notify",
        notify_api_key=f"casework-{SERVICE}-{SECRET}",
        notify_template_id="9d751e0e-f929-4891-82a1-a3e1c3c18ee3",
        notify_address=server.url,
        mail_domains=("example.org",),
    )


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def put(*names: str) -> None:
    for name in names:
        person = make_user(name=name, email=f"{name.lower()}@example.org")
        outbox.put(about="late", to_user_id=person.id, email=EMAIL)
    db.session.commit()


def states() -> dict[str, tuple[str, str]]:
    found = {one.name: (str(one.state), one.why) for one in delivery("late", clock.now())}
    db.session.rollback()
    return found


def test_an_email_goes_as_text_with_a_token_of_ours_and_its_own_reference(server: Notify) -> None:
    put("Ada")
    assert str(outbox.send_waiting()) == "1 sent, 0 failed, 0 waiting"
    (given,) = server.given
    assert given["email_address"] == "ada@example.org"
    assert given["template_id"] == "9d751e0e-f929-4891-82a1-a3e1c3c18ee3"
    assert given["personalisation"] == {"subject": EMAIL.subject, "body": EMAIL.text}
    assert len(given["reference"]) == 22
    assert states() == {"Ada": ("sent", "")}


def test_an_address_that_notify_refuses_fails_and_the_others_go(server: Notify) -> None:
    put("Ada", "Bea")
    server.refuse(400, "ValidationError", "email_address Not a valid email address ada@x")
    assert outbox.send_waiting().failed == 2
    assert states()["Ada"] == ("failed", "The mail server refused it (400 ValidationError).")


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (429, "RateLimitError", "GOV.UK Notify takes no more for now (429)"),
        (429, "TooManyRequestsError", "GOV.UK Notify takes no more for now (429)"),
        (403, "AuthError", "GOV.UK Notify did not take it (403, AuthError)"),
        (400, "BadRequestError", "GOV.UK Notify did not take it (400, BadRequestError)"),
        (500, "Exception", "GOV.UK Notify did not take it (500, Exception)"),
        (503, "ada@example.org", "GOV.UK Notify did not take it (503)"),
    ],
)
def test_what_notify_has_against_us_or_against_now_fails_no_message(
    server: Notify, later: Any, status: int, error: str, said: str
) -> None:
    put("Ada", "Bea")
    server.refuse(status, error, "about ada@example.org")
    run = outbox.send_waiting()
    assert (run.fault, run.waiting) == (said, 2)
    server.answer = None
    later(minutes=2)
    assert outbox.send_waiting().sent == 2
    assert len(server.given) == 2


def test_a_wrong_key_is_told_by_the_server(app: Flask, server: Notify) -> None:
    wrong = f"casework-{SERVICE}-{SECRET[:-1]}1"
    object.__setattr__(app.extensions["casework.settings"], "notify_api_key", wrong)
    put("Ada")
    assert outbox.send_waiting().fault == "GOV.UK Notify did not take it (403, AuthError)"


@pytest.mark.parametrize("status", [0, 502, 504])
def test_no_answer_from_notify_goes_once_more_with_the_same_reference(
    server: Notify, later: Any, status: int
) -> None:
    put("Ada")
    server.answer = (status, b"")
    assert outbox.send_waiting().no_answer == 1
    server.answer = None
    later(minutes=16)
    assert outbox.send_waiting().sent == 1
    assert len({one["reference"] for one in server.given}) == 1
    assert "may have come twice" in states()["Ada"][1]


def test_a_slow_notify_is_not_waited_for_and_may_have_taken_it(
    server: Notify, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "PATIENCE", 0.2)
    server.delay = 0.6
    put("Ada")
    assert outbox.send_waiting().no_answer == 1


def test_a_notify_that_is_not_there_keeps_every_message_in_its_place(app: Flask) -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    object.__setattr__(app.extensions["casework.settings"], "notify_address", gone)
    put("Ada")
    run = outbox.send_waiting()
    assert run.fault == "GOV.UK Notify does not answer (NewConnectionError)"
    assert (run.no_answer, states()["Ada"]) == (0, ("waiting", ""))


def test_a_yes_in_words_that_are_no_json_is_a_yes(server: Notify) -> None:
    put("Ada")
    server.answer = (201, b"taken")
    assert outbox.send_waiting().sent == 1


def test_no_address_reaches_a_log(server: Notify, caplog: pytest.LogCaptureFixture) -> None:
    put("Ada")
    server.refuse(400, "ValidationError", "email_address ada@example.org is not valid")
    outbox.send_waiting()
    assert "ada@example.org" not in caplog.text
