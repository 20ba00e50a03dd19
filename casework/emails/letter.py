"""One email as it goes out, and what may become of it on the way, whichever way that is."""

from dataclasses import dataclass
from datetime import datetime


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


class Unreachable(Exception):
    """No message can be handed over now; str() is why, in words that name nobody."""


class CutOff(Unreachable):
    """The line ended over this message, which was not taken: it may have been the cause."""


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
