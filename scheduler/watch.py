"""The scheduler's heartbeat: that it is at work, and that its clock is to be believed."""

import logging
import threading
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from flask import Flask

from casework import clock
from casework.services import heartbeat
from casework.services.heartbeat import Trusted
from scheduler import clock_guard
from scheduler.clock_guard import Doubt, Reading

log = logging.getLogger(__name__)

_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class _Belief:
    """What this process holds of its clock."""

    trusted: Reading | None = None
    doubt: Doubt | None = None
    #: The reading that was doubted first; None for a doubt that was taken over.
    doubted: Reading | None = None
    #: How far the clock may be ahead of the database's, since an administrator said so.
    agreed: timedelta = timedelta()


class Watch:
    """Judges the clock before each piece of work, and writes the mark of each minute."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._belief = _Belief()
        self._one_at_a_time = threading.Lock()

    def begin(self) -> None:
        """Mark that this scheduler has begun, and take over what the one before it doubted."""
        with self._one_at_a_time, self._app.app_context():
            kept = heartbeat.kept()
            doubt = Doubt(kept.doubt, kept.off) if kept.doubt else None  # type: ignore[arg-type]
            self._belief = _Belief(_read(kept.trusted), doubt)
            heartbeat.begin()
            self._look()
            self._mark()

    def may_work(self) -> bool:
        """Tell whether nothing speaks against the clock now."""
        with self._one_at_a_time, self._app.app_context():
            before = self._belief.doubt
            self._look()
            if self._belief.doubt and not before:
                self._mark()
            return self._belief.doubt is None

    def beat(self) -> None:
        """Judge the clock, hear whether it was said to be right, and write the mark."""
        with self._one_at_a_time, self._app.app_context():
            self._look()
            if self._belief.doubt and heartbeat.is_said_right():
                log.warning("an administrator says that the clock is right")
                now = _reading()
                self._believe(_Belief(now, agreed=now.off_database))
            self._mark()

    def _look(self) -> None:
        belief, now = self._belief, _reading()
        doubt = clock_guard.doubt(now, belief.trusted, belief.agreed)
        if doubt is None and belief.doubt and not _is_put_right(belief, now):
            doubt = belief.doubt
        if doubt:
            doubted = belief.doubted if belief.doubt else now
            self._believe(replace(belief, doubt=doubt, doubted=doubted))
        else:
            self._believe(_Belief(now, agreed=belief.agreed))

    def _believe(self, belief: _Belief) -> None:
        before, self._belief = self._belief.doubt, belief
        if belief.doubt and not before:
            values = {"witness": belief.doubt.witness, "off": str(belief.doubt.off)}
            log.error("the clock is doubted: no work is done by it", extra={"values": values})
        elif before and not belief.doubt:
            log.warning("the clock agrees again: work goes on")

    def _mark(self) -> None:
        trusted, doubt = self._belief.trusted, self._belief.doubt
        heartbeat.beat(
            trusted=Trusted(at=trusted.wall, uptime=trusted.uptime, boot=trusted.boot)
            if trusted
            else None,
            doubt=doubt.witness if doubt else None,
            off=doubt.off if doubt else timedelta(),
        )


def _is_put_right(belief: _Belief, now: Reading) -> bool:
    """Tell whether a doubt is over, since nothing speaks for it now.

    Once the machine was started again only the database can tell, and a clock that is seen to be
    set: what ran on past the newest mark by itself is as wrong as it was.
    """
    if belief.trusted is None or belief.trusted.boot == now.boot:
        return True
    if belief.doubt and belief.doubt.witness == "database":
        return True
    return belief.doubted is not None and clock_guard.was_set(belief.doubted, now)


def _read(kept: Trusted | None) -> Reading | None:
    return Reading(wall=kept.at, uptime=kept.uptime, boot=kept.boot) if kept else None


def _reading() -> Reading:
    return Reading(
        wall=clock.now(), uptime=_uptime(), boot=_boot(), database=heartbeat.database_clock()
    )


def _uptime() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)  # unlike monotonic(), it counts through sleep


def _boot() -> str:
    return _BOOT.read_text("ascii").strip() if _BOOT.exists() else ""
