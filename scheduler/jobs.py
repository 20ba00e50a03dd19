"""The whole night on one screen, and what runs all day: which work runs when, and why.

Times are London's. Nothing is set between 00:59 and 02:01: when the clocks change, that hour comes
twice in October and not at all in March. A service takes the day and returns words for the log; it
raises where something is wrong.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from casework.rules.civil_dates import spoken_time
from scheduler.days import EVERY_DAY, WORKING_DAYS, Days

#: The hour that the change of the clocks doubles or drops, with a minute on either side.
QUIET_FROM, QUIET_TO = time(0, 59), time(2, 1)


@dataclass(frozen=True, kw_only=True)
class Job:
    """One piece of work that is done once for each of its days."""

    id: str
    at: time
    #: `module:function` of the service that does it.
    service: str
    why: str
    days: Days = EVERY_DAY
    #: The jobs, further up in the table, that are tried for their day before this one is done.
    #: Where one fails this is done all the same: late or lacking is better than silent.
    after: tuple[str, ...] = ()
    #: Whether it is not made up for once its day is over, because the next one says it all.
    only_on_its_day: bool = False
    #: Whether the service is given the day that the run is for, and not today: a count of the end
    #: of a month is of that day, however late it is taken.
    of_its_day: bool = False

    def __post_init__(self) -> None:
        if QUIET_FROM <= self.at <= QUIET_TO:
            raise ValueError(f"{self.id}: {self.at} may come twice or never; choose another time.")

    def last_due(self, now: datetime) -> date | None:
        """Return the newest of its days whose time has come, by London's `now`; None for none."""
        has_come = now.time() >= self.at
        return self.days.newest(now.date() if has_come else now.date() - timedelta(days=1))

    def next_due(self, now: datetime) -> datetime | None:
        """Return when it is due next, after London's `now`; None for never."""
        has_come = now.time() >= self.at
        day = self.days.next(now.date() + timedelta(days=1) if has_come else now.date())
        return datetime.combine(day, self.at, now.tzinfo) if day else None

    @property
    def rhythm(self) -> str:
        """How often it is done, in words."""
        return f"{self.days.words} at {spoken_time(self.at)}"


@dataclass(frozen=True, kw_only=True)
class Every:
    """Work that is done every few minutes, by elapsed time: no clock's change doubles it."""

    id: str
    minutes: int
    #: `module:function` of the service that does it.
    service: str
    why: str
    days: Days = EVERY_DAY
    #: The hours of those days in which it is done, the last one excluded; None for all.
    hours: tuple[int, int] | None = None

    def is_due(self, now: datetime) -> bool:
        """Return whether it is done at such an hour, by London's `now`."""
        first, last = self.hours or (0, 24)
        return first <= now.hour < last and self.days.includes(now.date())

    def next_due(self, now: datetime) -> datetime | None:
        """Return about when it is done next, after London's `now`; None for never."""
        soon = now + timedelta(minutes=self.minutes)
        if self.is_due(soon):
            return soon
        first, _ = self.hours or (0, 24)
        day = self.days.next(now.date() if now.hour < first else now.date() + timedelta(days=1))
        return datetime.combine(day, time(first), now.tzinfo) if day else None

    @property
    def rhythm(self) -> str:
        """How often it is done, in words."""
        often = {1: "every minute", 60: "every hour"}.get(
            self.minutes, f"every {self.minutes} minutes"
        )
        if self.hours is None:
            return often
        first, last = (spoken_time(time(hour)) for hour in self.hours)
        return f"{often} from {first} to {last} {self.days.words}"


JOBS = (
    Job(
        id="check-deadlines",
        at=time(2, 30),
        service="casework.services.deadlines:check_rebuild",
        why="Every list reads stored deadlines: they must equal what the facts say.",
    ),
    Job(
        id="verify-audit",
        at=time(3, 30),
        service="casework.services.audit_trail:verify_nightly",
        why="A change in the audit trail must be found the night after it, not the year after.",
    ),
    Job(
        id="forget-trackers",
        at=time(4, 30),
        service="casework.services.tracker_uploads:forget_old",
        why="A tracker names hundreds of children: the file is held a day and no longer.",
    ),
    Job(
        id="forget-job-runs",
        at=time(4, 40),
        service="casework.services.job_runs:forget_old",
        why="What the scheduler did more than a year ago helps nobody, and slows every look.",
    ),
    Job(
        id="check-documents",
        at=time(5, 0),
        service="casework.services.document_checks:check_lately_added",
        why="Malware becomes known days after it is sent, and a disk can change a file.",
    ),
    Job(
        id="set-meetings",
        at=time(5, 15),
        service="casework.services.meetings:generate_ahead",
        why="Cases are put before meetings weeks ahead: each panel's must be there to choose.",
    ),
    Job(
        id="sweep",
        at=time(5, 45),
        service="casework.services.sweep:sweep_nightly",
        why="Each limit that came near, ran out or was met is told to whoever answers for it.",
    ),
    Job(
        id="refresh-forecasts",
        at=time(6, 0),
        service="casework.services.forecasts:refresh_nightly",
        why="A case that will be late is seen weeks before it is.",
    ),
    Job(
        id="check-bank-holidays",
        at=time(6, 30),
        service="casework.services.calendar:check_horizon",
        why="Past the last published bank holiday no working day can be counted.",
    ),
    Job(
        id="send-digests",
        at=time(7, 0),
        service="casework.services.digests:send_due",
        why="Each person reads on a working morning what presses, in one email.",
        days=WORKING_DAYS,
        after=("sweep", "refresh-forecasts"),
        only_on_its_day=True,
    ),
    Job(
        id="remind-services",
        at=time(8, 30),
        service="casework.services.chasing:chase_all",
        why="A service that is reminded in time answers in time, whoever is away.",
        days=WORKING_DAYS,
        only_on_its_day=True,
    ),
)

EVERY = (
    Every(
        id="send-mail",
        minutes=1,
        service="casework.services.outbox:send_each_minute",
        why="Whoever is told something by email is told within minutes of its being done.",
    ),
    Every(
        id="sweep-by-day",
        minutes=60,
        service="casework.services.sweep:sweep_nightly",
        why="What was logged this morning counts this afternoon.",
        days=WORKING_DAYS,
        hours=(8, 18),
    ),
    Every(
        id="tell-by-day",
        minutes=15,
        service="casework.services.digests:send_by_day",
        why="What a sweep of the day finds and cannot wait for the morning goes by itself.",
        days=WORKING_DAYS,
        hours=(8, 18),
    ),
    Every(
        id="check-waiting-documents",
        minutes=10,
        service="casework.services.document_checks:check_waiting",
        why="A file that came while the scanner was away is given to nobody until it is checked.",
    ),
)
