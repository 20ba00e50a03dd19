"""A mail server of the demonstration's own, which keeps what it is given and sends it nowhere.

Email is handed to it as it would be to any other, by SMTP. It lives in the process that sends, on a
port of loopback that the system chooses, and keeps a file for each message in the instance folder,
so that what was caught is there after a restart of web and scheduler alike.
"""

import asyncio
import re
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default as modern
from functools import cache
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from casework import clock
from casework.config import Settings

#: How many messages are kept: the newest.
KEPT = 500
#: What a demonstration's email comes from where the settings name no address.
SENDER = "ehc-casework@example.org"
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9]{6}")
_WHEN = "%Y%m%dT%H%M%S-%f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A caught message as a list shows it."""

    #: What names it in an address.
    name: str
    at: datetime
    to: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """A caught message, whole."""

    envelope: Envelope
    headers: Sequence[tuple[str, str]]
    text: str
    #: The same words as a page; None where the text is all there is.
    html: str | None


def settings_for(settings: Settings) -> Settings:
    """Return the settings with which email goes to this process's own catcher, which is started."""
    return replace(
        settings,
        smtp_host="127.0.0.1",
        smtp_port=_listening(folder(settings)),
        smtp_tls="none",
        smtp_user="",
        mail_from=settings.mail_from or SENDER,
    )


def folder(settings: Settings) -> Path:
    """Return the folder in which caught messages are kept."""
    return settings.instance_path / "caught-mail"


def listed(settings: Settings) -> list[Envelope]:
    """Return what was caught, the newest first."""
    found = []
    for file in _files(folder(settings)):
        with suppress(FileNotFoundError), file.open("rb") as text:  # the oldest may go meanwhile
            headers = BytesHeaderParser(policy=modern).parse(text)
            found.append(_envelope(file.stem, headers))
    return found


def caught(settings: Settings, name: str) -> Caught | None:
    """Return one caught message by its name, or None where there is none."""
    file = folder(settings) / f"{name}.eml"
    if not _NAME.fullmatch(name) or not file.exists():
        return None
    message: Any = message_from_bytes(file.read_bytes(), policy=modern)
    return Caught(
        envelope=_envelope(name, message),
        headers=[(key, str(value)) for key, value in message.items()],
        text=_part(message, "plain") or "",
        html=_part(message, "html"),
    )


class _Keeper:
    """Keeps each message that the server is given."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(  # noqa: N802 as aiosmtpd calls it
        self, _server: SMTP, _session: Any, envelope: Any
    ) -> str:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        file = self._folder / f"{clock.now().strftime(_WHEN)}.eml"
        new = file.with_suffix(".new")
        new.write_bytes(envelope.original_content)
        new.replace(file)  # whole or not at all, for whoever reads meanwhile
        for old in _files(self._folder)[KEPT:]:
            old.unlink(missing_ok=True)
        return "250 OK"


@cache
def _listening(folder: Path) -> int:
    """Return the port of a server that keeps what it is given in a folder, for as long as this
    process lives."""
    loop = asyncio.new_event_loop()
    served = loop.create_server(lambda: SMTP(_Keeper(folder), loop=loop), "127.0.0.1", 0)
    server = loop.run_until_complete(served)
    threading.Thread(target=loop.run_forever, name="mail catcher", daemon=True).start()
    return int(server.sockets[0].getsockname()[1])


def _files(folder: Path) -> list[Path]:
    found = folder.glob("*.eml") if folder.exists() else ()
    return sorted((one for one in found if _NAME.fullmatch(one.stem)), reverse=True)


def _envelope(name: str, message: Any) -> Envelope:
    at = datetime.strptime(f"{name}+0000", f"{_WHEN}%z")
    return Envelope(name=name, at=at, to=str(message["To"]), subject=str(message["Subject"]))


def _part(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body(preferencelist=(kind,))
    return None if part is None else str(part.get_content()).replace("\r\n", "\n")
