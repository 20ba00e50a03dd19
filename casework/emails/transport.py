"""The way that email goes: to a mail server by SMTP, or to GOV.UK Notify, as the settings say."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from casework import current
from casework.emails import smtp
from casework.emails.letter import Letter


class Way(Protocol):
    """An open way to whoever delivers email."""

    def send(self, letter: Letter) -> None:
        """Hand one message over; return once it was taken.

        Raises Refused or PutOff for this message; Unreachable where no other would be taken
        either, or CutOff where this one may be why; NoAnswer where it may have been taken.
        """
        ...


@contextmanager
def connected() -> Iterator[Way]:
    """Give an open way. Raises Unreachable where there is none to be had."""
    settings = current.settings()
    with smtp.connected(settings) as way:
        yield way
