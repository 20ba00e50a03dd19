"""The way that email goes: to a mail server by SMTP, to GOV.UK Notify, or to the catcher."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from casework import current
from casework.config import Settings
from casework.emails import catcher, smtp
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
def connected(*, is_caught: bool = False) -> Iterator[Way]:
    """Give an open way, as the settings say, or to where a demonstration's email is caught.

    Raises Unreachable where there is none to be had.
    """
    settings = current.settings()
    if is_caught:
        settings = catcher.settings_for(settings)
    elif settings.mail_transport == "notify":
        yield _notify(settings)
        return
    with smtp.connected(settings) as way:
        yield way


def _notify(settings: Settings) -> Way:
    from casework.emails.notify import NotifyWay  # its client is slow to load, and few need it

    return NotifyWay(settings)
