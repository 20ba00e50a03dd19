"""What whoever answers for limits is told on every page: that alerts have stopped, or will."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app

from casework import clock, current, holidays
from casework.access import Permission
from casework.filters import moment
from casework.queries import heartbeat
from casework.queries.heartbeat import Pulse
from casework.web import guards

#: Seconds between two looks at the heartbeat, for all the pages of this process; and while
#: something is wrong, so that what is put right is soon seen to be.
ASK_AGAIN, ASK_AGAIN_SOON = 30, 5
_KNOWN = "casework.pulse"


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is wrong, and what that means and asks of whoever reads it."""

    heading: str
    words: str


def on_every_page() -> list[Alarm]:
    """Return what the person who asks must be told whatever page they open."""
    viewer = guards.viewer_or_none()
    if viewer is None or not viewer.may(Permission.SEE_JOBS):
        return []
    return [*_of_the_scheduler(), *_of_the_holidays()]


def _of_the_scheduler() -> Iterator[Alarm]:
    pulse, now = _pulse(), clock.now()
    untold = "nobody is told of limits, no service is reminded and no email is sent"
    ask = "" if guards.may_open("jobs.run") else " Tell an administrator of this service."
    if pulse is None:
        if current.settings().in_production:
            words = f"The scheduler has never been at work. Until it is, {untold}.{ask}"
            yield Alarm("Alerts have not begun.", words)
    elif pulse.doubt:
        words = (
            f"The clock of the machine that sends them is {pulse.doubt.words}. Until it is right, "
            f"{untold}.{ask}"
        )
        yield Alarm("Alerts are paused.", words)
    elif pulse.is_silent(now):
        since = f"since {moment(pulse.at)}"
        words = f"The scheduler has not been at work {since}. Until it is, {untold}.{ask}"
        yield Alarm("Alerts have stopped.", words)


def _of_the_holidays() -> Iterator[Alarm]:
    warning = holidays.horizon_warning(clock.today())
    if warning and holidays.is_running_out(clock.today()):
        yield Alarm("The list of bank holidays is running out.", warning)


def _pulse() -> Pulse | None:
    """Return the heartbeat as it was a moment ago: not every page asks the database."""
    known, now = current_app.extensions, time.monotonic()
    found: tuple[float, Pulse | None] = known.get(_KNOWN, (now, None))
    ask_at, pulse = found
    if now >= ask_at:
        pulse = heartbeat.pulse()
        is_well = pulse and not pulse.doubt and not pulse.is_silent(clock.now())
        known[_KNOWN] = (now + (ASK_AGAIN if is_well else ASK_AGAIN_SOON), pulse)
    return pulse
