"""Hands email to a mail server by SMTP, one recipient a message, and says what the server said."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from casework.config import Settings
from casework.emails.letter import CutOff, Letter, NoAnswer, PutOff, Refused, Unreachable

#: Seconds that the server may take over one message, and as many until it is ready for the first.
PATIENCE = 20
#: The server speaks of closing down, not of this message (RFC 5321, 3.8).
CLOSING = 421
#: Every mail server takes seven bits; what is not ASCII is encoded.
_SEVEN_BITS = SMTP.clone(cte_type="7bit")
_ENHANCED = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})\b")


class SmtpWay:
    """An open connection to a mail server."""

    def __init__(self, server: smtplib.SMTP, settings: Settings) -> None:
        self._server = server
        self._settings = settings

    def send(self, letter: Letter) -> None:
        """Hand one message over, within the time that one may take (casework.emails.transport)."""
        whole = composed(letter, self._settings).as_bytes(policy=_SEVEN_BITS)
        with _within_patience(self._server):
            self._begin(letter)
            _judge(*self._hand_over(whole))

    def _begin(self, letter: Letter) -> None:
        try:
            self._server.rset()
            code, reply = self._server.mail(self._settings.mail_from)
            if code != 250:  # a fault of ours or of the server's, and the same for every message
                raise smtplib.SMTPSenderRefused(code, reply, self._settings.mail_from)
        except (OSError, smtplib.SMTPException) as fault:
            raise Unreachable(_why(fault)) from fault
        try:
            _judge(*self._server.rcpt(letter.to))
            _judge(*self._server.docmd("data"), good=(354,))
        except (OSError, smtplib.SMTPException) as fault:
            raise CutOff(_why(fault)) from fault

    def _hand_over(self, whole: bytes) -> tuple[int, bytes]:
        """Send the text and return the answer: from the first byte on it may have been taken."""
        try:
            self._server.send(smtplib.quotedata(whole.decode("ascii")).encode("ascii") + b".\r\n")
            return self._server.getreply()
        except (OSError, smtplib.SMTPException) as fault:
            raise NoAnswer from fault


class _Server(smtplib.SMTP):
    """A connection whose greeting is not waited for longer than anything else."""

    def connect(self, *where: Any, **more: Any) -> tuple[int, bytes]:
        """Connect and return the greeting, as smtplib's own."""
        with _within_patience(self):
            return super().connect(*where, **more)


class _SealedServer(_Server, smtplib.SMTP_SSL):
    """The same, sealed from the first word."""


@contextmanager
def connected(settings: Settings) -> Iterator[SmtpWay]:
    """Give a connection to the mail server, sealed and signed in as the settings say.

    Raises Unreachable where there is none to be had.
    """
    server = _open(settings)
    try:
        yield SmtpWay(server, settings)
    finally:
        with suppress(OSError, smtplib.SMTPException), _within_patience(server):
            server.quit()


def composed(letter: Letter, settings: Settings) -> EmailMessage:
    """Return a letter with its headers. Raises ValueError where a header would hold two lines."""
    host = urlsplit(settings.public_address).hostname
    message = EmailMessage(policy=_SEVEN_BITS)
    message["From"] = Address(settings.authority_name, addr_spec=settings.mail_from)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Date"] = letter.at
    message["Message-ID"] = f"<{letter.public_id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    return message


def _open(settings: Settings) -> smtplib.SMTP:
    sealed = ssl.create_default_context()  # smtplib's own checks no certificate
    try:
        server = _connect(settings, sealed)
    except (OSError, smtplib.SMTPException) as fault:
        raise Unreachable(_why(fault)) from fault
    try:
        with _within_patience(server):
            if settings.smtp_tls == "starttls":
                server.starttls(context=sealed)
            server.ehlo_or_helo_if_needed()
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
    except (OSError, smtplib.SMTPException) as fault:
        server.close()
        raise Unreachable(_why(fault)) from fault
    return server


def _connect(settings: Settings, sealed: ssl.SSLContext) -> smtplib.SMTP:
    where = settings.smtp_host, settings.smtp_port, urlsplit(settings.public_address).hostname
    if settings.smtp_tls == "tls":
        return _SealedServer(*where, timeout=PATIENCE, context=sealed)
    return _Server(*where, timeout=PATIENCE)


@contextmanager
def _within_patience(server: smtplib.SMTP) -> Iterator[None]:
    """End the line once what is done inside has taken too long.

    The socket's own timeout is for each wait alone: a server that gives a byte now and then, or
    every answer late, would keep one message for as long as it likes.
    """
    timer = Timer(PATIENCE, _end_line, (server,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end_line(server: smtplib.SMTP) -> None:
    line = server.sock
    if line is not None:
        with suppress(OSError):  # not through TLS, which another thread is in the middle of
            socket.socket.shutdown(line, socket.SHUT_RDWR)


def _judge(code: int, reply: bytes, good: tuple[int, ...] = (250, 251)) -> None:
    if code in good:
        return
    if code == CLOSING:
        raise CutOff("the mail server is closing down (421)")
    said = " ".join([str(code), *(m.decode() for m in _ENHANCED.findall(reply)[:1])])
    raise (Refused if code >= 500 else PutOff)(said)


def _why(fault: Exception) -> str:
    """Return why in words of ours: a server's own may repeat an address."""
    if isinstance(fault, ssl.SSLError):
        return "the mail server's certificate or encryption is not to be trusted"
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return "the mail server does not offer what the settings ask of it"
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return f"the mail server refused the sign-in ({fault.smtp_code})"
    if isinstance(fault, smtplib.SMTPSenderRefused):
        return f"the mail server refused the sender's address ({fault.smtp_code})"
    if isinstance(fault.__context__ or fault, TimeoutError):  # smtplib wraps it in its own
        return f"the mail server took longer than {PATIENCE} seconds"
    if isinstance(fault, smtplib.SMTPServerDisconnected):
        return f"the mail server went away, or took longer than {PATIENCE} seconds"
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"the mail server is not ready ({fault.smtp_code})"
    return f"the mail server does not answer ({type(fault).__name__})"
