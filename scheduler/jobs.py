"""The whole night on one screen, and what runs all day: which work runs when, and why.

Times are London's. Nothing is set between 00:59 and 02:01: when the clocks change, that hour comes
twice in October and not at all in March. A service takes the day and returns words for the log; it
raises where something is wrong.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

#: The hour that the change of the clocks doubles or drops, with a minute on either side.
QUIET_FROM, QUIET_TO = time(0, 59), time(2, 1)


@dataclass(frozen=True)
class Job:
    """One piece of work that is done once for each day."""

    id: str
    at: time
    #: `module:function` of the service that does it.
    service: str
    why: str

    def __post_init__(self) -> None:
        if QUIET_FROM <= self.at <= QUIET_TO:
            raise ValueError(f"{self.id}: {self.at} may come twice or never; choose another time.")

    def last_due(self, now: datetime) -> date:
        """Return the newest London day whose time for this job has come, by London's `now`."""
        return now.date() if now.time() >= self.at else now.date() - timedelta(days=1)


@dataclass(frozen=True)
class Every:
    """Work that is done every few minutes, by elapsed time: no clock's change doubles it."""

    id: str
    minutes: int
    #: `module:function` of the service that does it.
    service: str
    why: str


JOBS = (
    Job(
        "check-deadlines",
        time(2, 30),
        "casework.services.deadlines:check_rebuild",
        "Every list reads stored deadlines: they must equal what the facts say.",
    ),
    Job(
        "verify-audit",
        time(3, 30),
        "casework.services.audit_trail:verify_nightly",
        "A change in the audit trail must be found the night after it, not the year after.",
    ),
    Job(
        "set-meetings",
        time(5, 15),
        "casework.services.meetings:generate_ahead",
        "Cases are put before meetings weeks ahead: each panel's must be there to choose.",
    ),
    Job(
        "check-bank-holidays",
        time(6, 30),
        "casework.services.calendar:check_horizon",
        "Past the last published bank holiday no working day can be counted.",
    ),
    Job(
        "check-documents",
        time(5, 0),
        "casework.services.document_checks:check_lately_added",
        "Malware becomes known days after it is sent, and a disk can change a file.",
    ),
    Job(
        "forget-trackers",
        time(4, 30),
        "casework.services.tracker_uploads:forget_old",
        "A tracker names hundreds of children: the file is held a day and no longer.",
    ),
)

EVERY = (
    Every(
        "send-mail",
        1,
        "casework.services.outbox:send_each_minute",
        "Whoever is told something by email is told within minutes of its being done.",
    ),
    Every(
        "check-waiting-documents",
        10,
        "casework.services.document_checks:check_waiting",
        "A file that came while the scanner was away is given to nobody until it is checked.",
    ),
)
