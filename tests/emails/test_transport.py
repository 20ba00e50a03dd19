"""An email's bytes, and the way it goes: sealed where it should be, to one person, in one piece."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from casework.app import create_app
from casework.config import Settings
from casework.config_values import MAIL_ADDRESS
from casework.emails import smtp, transport
from casework.emails.letter import Letter, Unreachable
from casework.emails.messages import Email
from casework.services import addressing
from tests.fixtures.mail import Post, free_port, with_mail

pytestmark = pytest.mark.embedded

AT = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
SETTINGS = Settings(
    address="https://ehc.example.org",
    mail_from="ehc@example.org",
    authority_name="Anyshire Council",
)
LETTER = Letter(
    public_id="-Zx_9",
    to="ada@example.org",
    subject="Agenda for the panel – 1 December",
    text="Read it:\nhttps://ehc.example.org/meetings/x\n.\n.a dot\n",
    at=AT,
)


def read(raw: bytes) -> Any:
    return message_from_bytes(raw, policy=policy.default)


def test_a_letter_says_who_it_is_from_to_whom_and_that_no_person_wrote_it() -> None:
    message = smtp.composed(LETTER, SETTINGS)
    assert message["From"] == "Anyshire Council <ehc@example.org>"
    assert message["To"] == "ada@example.org"
    assert message["Message-ID"] == "<-Zx_9@ehc.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == AT
    assert "Cc" not in message
    assert "Bcc" not in message


def test_a_letter_is_seven_bits_in_short_lines_and_reads_back_whole() -> None:
    long = replace(LETTER, text="é" * 3000 + "\n" + "x" * 3000 + "\n")
    raw = smtp.composed(long, SETTINGS).as_bytes(policy=smtp._SEVEN_BITS)
    assert raw.isascii()
    assert max(len(line) for line in raw.splitlines()) <= 998
    assert read(raw).get_content().replace("\r\n", "\n") == long.text
    assert read(raw)["Subject"] == LETTER.subject


def test_a_letter_with_a_page_gives_the_text_first_and_then_the_page() -> None:
    page = "<!doctype html>\n<p>Read it – “é”</p>\n" + "<td>x</td>" * 300 + "\n"
    raw = smtp.composed(replace(LETTER, html=page), SETTINGS).as_bytes(policy=smtp._SEVEN_BITS)
    message = read(raw)
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert [text.get_content_type(), html.get_content_type()] == ["text/plain", "text/html"]
    assert text.get_content().replace("\r\n", "\n") == LETTER.text
    assert html.get_content().replace("\r\n", "\n") == page
    assert raw.isascii()
    assert max(len(line) for line in raw.splitlines()) <= 998


WORDS = st.text(max_size=60) | st.sampled_from(
    ["x\r\nBcc: y@example.org", "x\nTo: y@example.org", "x\u2028y", "x\x00", "x\x85y", "x\ud800"]
)


@given(subject=WORDS, text=WORDS, name=WORDS, domain=st.sampled_from(["example.org", "x.test"]))
@example(subject="a", text="b", name="x@evil.test, y", domain="example.org")
@example(subject="a", text="b", name='"x y"', domain="example.org")
@example(subject="a", text="b", name="x>\r\nRCPT TO:<y", domain="example.org")
def test_whatever_is_typed_is_refused_or_reaches_one_person_as_it_is(
    subject: str, text: str, name: str, domain: str
) -> None:
    address = f"{name}@{domain}"
    is_address = MAIL_ADDRESS.fullmatch(address)
    if not is_address or addressing.fault_in(Email("late_paper", subject, text)):
        return
    letter = replace(LETTER, to=address, subject=subject, text=text)
    raw = smtp.composed(letter, SETTINGS).as_bytes(policy=smtp._SEVEN_BITS)
    message = read(raw)
    assert sorted(message.keys()) == sorted(smtp.composed(LETTER, SETTINGS).keys())
    assert [a.addr_spec for a in message["To"].addresses] == [address]
    assert message["Subject"].split() == subject.split()
    assert message.get_content().split() == text.split()


@given(word=st.text(st.characters(categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=3))
def test_control_characters_are_never_let_through(word: str) -> None:
    assert addressing.fault_in(Email("late_paper", f"a{word}b", "text"))
    assert not MAIL_ADDRESS.fullmatch(f"a{word}b@example.org")
    if word.strip("\n"):
        assert addressing.fault_in(Email("late_paper", "subject", f"a{word}b"))


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    """Give a certificate authority that this process trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return authority


def certificate(authority: trustme.CA, host: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(host).configure_cert(context)
    return context


@pytest.fixture
def serve() -> Iterator[Any]:
    """Give a function that starts a mail server and returns what it is given."""
    running: list[Controller] = []

    def start(**options: Any) -> Post:
        post = Post(port=free_port())
        if "ssl_context" in options:  # aiosmtpd's own trial of its start checks the certificate
            options["ready_timeout"] = 5
        controller = Controller(post, hostname="127.0.0.1", port=post.port, **options)
        running.append(controller)
        controller.start()
        return post

    yield start
    for controller in running:
        controller.stop(no_assert=True)


def desk(database_url: str, folder: Path, post: Post, **more: Any) -> Flask:
    return create_app(replace(with_mail(database_url, folder, post.port), **more))


def send(app: Flask) -> None:
    with app.app_context(), transport.connected() as way:
        way.send(LETTER)


def test_email_goes_under_starttls_signed_in(
    database_url: str, tmp_path: Path, serve: Any, authority: trustme.CA
) -> None:
    seen: list[tuple[bytes, bytes]] = []

    def check(_server: Any, _session: Any, _envelope: Any, _kind: str, data: Any) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=True)

    post = serve(
        tls_context=certificate(authority),
        require_starttls=True,
        authenticator=check,
        auth_required=True,
    )
    signed_in = {"smtp_user": "casework", "smtp_password": "hunter2"}
    send(desk(database_url, tmp_path, post, smtp_tls="starttls", **signed_in))
    assert post.recipients == ["ada@example.org"]
    assert seen == [(b"casework", b"hunter2")]


@pytest.mark.parametrize("host", ["elsewhere.example.org", None], ids=["other", "unknown"])
def test_nothing_goes_to_a_server_whose_certificate_is_not_its_own(
    database_url: str, tmp_path: Path, serve: Any, authority: trustme.CA, host: str | None
) -> None:
    context = certificate(authority, host) if host else certificate(trustme.CA())
    post = serve(tls_context=context)
    with pytest.raises(Unreachable, match="certificate"):
        send(desk(database_url, tmp_path, post, smtp_tls="starttls"))
    assert not post.given


def test_nothing_goes_in_the_clear_where_the_server_offers_no_seal(
    database_url: str, tmp_path: Path, serve: Any
) -> None:
    post = serve()
    with pytest.raises(Unreachable, match="does not offer"):
        send(desk(database_url, tmp_path, post, smtp_tls="starttls"))
    assert not post.given


def test_a_server_sealed_from_the_first_word_is_checked_too(
    database_url: str, tmp_path: Path, serve: Any, authority: trustme.CA
) -> None:
    trusted = serve(ssl_context=certificate(authority))
    send(desk(database_url, tmp_path, trusted, smtp_tls="tls"))
    assert trusted.recipients == ["ada@example.org"]
    stranger = serve(ssl_context=certificate(trustme.CA()))
    with pytest.raises(Unreachable, match="certificate"):
        send(desk(database_url, tmp_path, stranger, smtp_tls="tls"))
    assert not stranger.given


def test_a_refused_sign_in_says_so_and_not_with_which_password(
    database_url: str, tmp_path: Path, serve: Any, authority: trustme.CA
) -> None:
    def check(*_asked: Any) -> AuthResult:
        return AuthResult(success=False, handled=False)

    post = serve(tls_context=certificate(authority), authenticator=check, auth_required=True)
    signed_in = {"smtp_user": "casework", "smtp_password": "hunter2"}
    with pytest.raises(Unreachable) as caught:
        send(desk(database_url, tmp_path, post, smtp_tls="starttls", **signed_in))
    assert str(caught.value) == "the mail server refused the sign-in (535)"


@pytest.mark.parametrize("word", [b"", b"220-wait\r\n"], ids=["silent", "drop by drop"])
def test_a_server_that_keeps_us_waiting_is_given_up(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: bytes
) -> None:
    monkeypatch.setattr(smtp, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as slow:
        threading.Thread(target=drip, args=(slow, word), daemon=True).start()
        began = monotonic()
        with pytest.raises(Unreachable, match="longer than"):
            send(desk(database_url, tmp_path, Post(port=slow.getsockname()[1])))
        assert monotonic() - began < 2


def drip(server: socket.socket, word: bytes) -> None:
    """Greet whoever comes with a line a tenth of a second, for three seconds, and never end."""
    with suppress(OSError), server.accept()[0] as line:
        for _ in range(30):
            line.sendall(word)
            sleep(0.1)
