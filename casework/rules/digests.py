"""What an email of alerts says of a case and of a caseload, and on which days it goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from casework.rules.alerts import Kind, Rung
from casework.rules.civil_dates import month_name, spoken, spoken_date
from casework.rules.next_action import listed
from casework.rules.standing_words import days
from casework.rules.workdays import WorkingDays

#: How many cases one list of an email holds; the others are counted, with a link to them.
MOST_LINES: Final = 20
#: How many cases that were told before it shows again, once a week.
MOST_AGAIN: Final = 10
#: How many alerts go each by itself; more than these on one morning go in one email together.
MOST_SINGLE: Final = 3
#: How many limits that are done with an email names.
MOST_CLEARED: Final = 10
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One case in an email: nothing in it tells whose case it is but its reference."""

    case_id: int
    public_id: str
    reference: str
    stage: str
    #: The limit, in words: "Send the final plan"; its day, and the working day to act by.
    what: str
    due_on: date
    #: The working day before it, where that differs and has not passed; else None.
    act_by: date | None
    #: How it stands: "Overdue by 3 days".
    stands: str
    #: Who holds the case, in words; empty where the reader does.
    held: str
    #: Whose advice is late and since when.
    late: str
    #: What last happened, with its day.
    last: str
    #: The one thing to do.
    do: str
    #: Why it is told today: "The limit has passed"; empty for what was told before.
    news: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Cleared:
    """A limit that needs no more thought: of which case, which, and what became of it."""

    reference: str
    what: str
    how: str


@dataclass(frozen=True, slots=True)
class Owes:
    """What a service owes across a caseload: how much of it is late, and the oldest."""

    service: str
    late: int
    since: date

    @property
    def words(self) -> str:
        """Return it as a line: "Therapists: 3 late, the oldest since 2 November 2026"."""
        oldest = ", the oldest" if self.late > 1 else ""
        return f"{self.service}: {self.late} late{oldest} since {spoken_date(self.since)}"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open cases there are, and how many of them are overdue and due soon."""

    open: int
    overdue: int
    soon: int


@dataclass(frozen=True, slots=True)
class Brought:
    """What came with a caseload from a tracker, told as one sum: cases overdue, and due soon."""

    overdue: int
    soon: int


@dataclass(frozen=True, slots=True)
class Part:
    """A list of an email: its first lines, and how many cases it is of in all."""

    lines: Sequence[Line] = ()
    total: int = 0

    @property
    def more(self) -> int:
        """Return how many cases are only counted."""
        return self.total - len(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one reader is told on one day."""

    today: date
    #: The day of the email before, where there was one.
    since: date | None
    #: Whether some of it is told later than it could have been.
    is_late: bool
    counts: Counts
    soon_within: int
    new: Part
    #: What was told before and is still overdue or due soon: in lines only once a week.
    open: Part
    cleared: Sequence[Cleared] = ()
    cleared_more: int = 0
    #: How many exceptions wait for approval, and since when.
    proposals: int = 0
    proposed_since: date | None = None
    owing: Sequence[Owes] = ()
    brought: Brought | None = None

    @property
    def is_all_clear(self) -> bool:
        """Return whether there is nothing to tell but that there is nothing."""
        told = self.new.total or self.open.total or self.brought
        return not (told or self.counts.overdue or self.counts.soon)


@dataclass(frozen=True, slots=True)
class Why:
    """Why somebody gets an email of alerts."""

    #: Of which cases it tells, to stand in a subject: "EHCP team North", "your cases".
    whose: str
    #: In a sentence each.
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How a limit stands at the moment at which an alert of it is to be told."""

    #: None where the clock does not run any more.
    due_on: date | None
    met_on: date | None = None
    closed_on: date | None = None
    is_lifted: bool = False

    @property
    def code(self) -> str:
        """Return what it is, as a key of `alerts.DROPPED`: "met", "closed", "lifted" or "owed"."""
        if self.met_on:
            return "met"
        if self.due_on is None or self.closed_on:
            return "closed"
        return "lifted" if self.is_lifted else "owed"

    @property
    def cleared_words(self) -> str:
        """Return what became of a limit that needs no more thought."""
        if self.met_on is None:
            return "lifted by an exception" if self.code == "lifted" else "no longer owed"
        late = (self.met_on - self.due_on).days if self.due_on else 0
        return f"done {spoken_date(self.met_on)}" + (f", {days(late)} late" if late > 0 else "")


def untrue(rung: Rung, due_on: date, now: Looked) -> str | None:
    """Return why an alert does not hold any more, as a key of `alerts.DROPPED`; None if it does."""
    if rung.kind is Kind.CLEARED:
        return None if now.code == rung.key else now.code
    if now.code != "owed":
        return now.code
    return None if now.due_on == due_on else "changed"


def plain(words: str) -> str:
    """Return words on one line, with nothing in them that breaks out of a header or of a line."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def short_day(day: date) -> str:
    """Return the day as a subject has it: "Mon 30 Nov"."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {month_name(day.month)[:3]}"


def is_picture_due(today: date, last: date | None) -> bool:
    """Return whether the week's picture is still to be given: there was no email this week."""
    return last is None or last < today - timedelta(days=today.weekday())


def is_late(reached_on: date, since: date | None, today: date, calendar: WorkingDays) -> bool:
    """Return whether an alert is told later than on the first working day on which it could be.

    What came to pass before the reader's last email, and is new to them now, was somebody else's.
    """
    is_news = since is not None and reached_on > since
    return is_news and reached_on < today and calendar.on_or_after(reached_on) < today


def since_when(late: Sequence[tuple[str, date]]) -> str:
    """Return whose advice is late in words, given services and due days, the first due first:
    "school and social care since 11 September 2026; physiotherapy since 14 September 2026"."""
    days_due: dict[date, list[str]] = {}
    for service, due_on in late:
        days_due.setdefault(due_on, []).append(service)
    return "; ".join(
        f"{listed(services)} since {spoken_date(due_on)}" for due_on, services in days_due.items()
    )


def late_words(reached_on: date) -> str:
    """Return the news of a limit that is told late."""
    return f"Told late: it came to this on {spoken(reached_on)}"
