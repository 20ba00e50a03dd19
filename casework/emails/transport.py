"""Hands email to a mail server by SMTP, one recipient a message, and says what the server said."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from casework import current
from casework.config import Settings

#: Seconds that any one answer of the server is waited for.
PATIENCE = 20
#: The server speaks of closing down, not of this message (RFC 5321, 3.8).
CLOSING = 421
#: Every mail server takes seven bits; what is not ASCII is encoded.
_SEVEN_BITS = SMTP.clone(cte_type="7bit")
_ENHANCED = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})\b")


class Unreachable(Exception):
    """No message can be handed over now; str() is why, in words that name nobody."""


class NotTaken(Exception):
    """The server did not take this one message; `code` is what it said: "550 5.1.1"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(NotTaken):
    """The server will never take this message."""


class PutOff(NotTaken):
    """The server would not take this message now."""


class NoAnswer(Exception):
    """The message went and no answer came: it may have been taken, or not (RFC 1047)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One email as it goes out, to one address."""

    public_id: str
    to: str
    subject: str
    text: str
    at: datetime
    #: The same words as a page, which a reader's program may show instead of the text.
    html: str | None = None


def is_set_up() -> bool:
    """Return whether there is a mail server to hand email to."""
    return bool(current.settings().smtp_host)


@contextmanager
def connected() -> Iterator[smtplib.SMTP]:
    """Give a connection to the mail server, sealed and signed in as the settings say.

    Raises Unreachable where there is none to be had.
    """
    server = _open(current.settings())
    try:
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def send(server: smtplib.SMTP, letter: Letter) -> None:
    """Hand one message over; return once the server has taken it.

    Raises Refused or PutOff for this message, Unreachable where no other would be taken either,
    and NoAnswer where it may have been taken.
    """
    settings = current.settings()
    whole = composed(letter, settings).as_bytes(policy=_SEVEN_BITS)
    try:
        _begin(server, settings.mail_from)
        _judge(*server.rcpt(letter.to))
    except (OSError, smtplib.SMTPException) as fault:
        raise Unreachable(_why(fault)) from fault
    try:
        answer = server.data(whole)
    except smtplib.SMTPDataError as refusal:  # it would not have the text at all
        answer = (refusal.smtp_code, _in_bytes(refusal.smtp_error))
    except (OSError, smtplib.SMTPException) as fault:
        raise NoAnswer from fault
    _judge(*answer)


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
        return smtplib.SMTP_SSL(*where, timeout=PATIENCE, context=sealed)
    return smtplib.SMTP(*where, timeout=PATIENCE)


def _begin(server: smtplib.SMTP, mail_from: str) -> None:
    server.rset()
    code, reply = server.mail(mail_from)
    if code != 250:  # a fault of ours or of the server's, and the same for every message
        raise smtplib.SMTPSenderRefused(code, reply, mail_from)


def _judge(code: int, reply: bytes) -> None:
    if code in (250, 251):
        return
    if code == CLOSING:
        raise Unreachable("the mail server is closing down (421)")
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
        return f"the mail server said nothing for {PATIENCE} seconds"
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"the mail server is not ready ({fault.smtp_code})"
    return f"the mail server does not answer ({type(fault).__name__})"


def _in_bytes(reply: bytes | str) -> bytes:
    return reply if isinstance(reply, bytes) else reply.encode()
