"""A case told day by day: what happened, what it started, what fell due, and why that day."""

from dataclasses import dataclass, field
from datetime import date

from casework.queries.cases import CaseView
from casework.queries.clock_lines import ClockLine
from casework.queries.entries import EventLine
from casework.rules.standing_words import days, weeks_and_days

A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a case."""

    on: date
    #: What was entered for the day, corrected entries too.
    entries: list[EventLine] = field(default_factory=list)
    #: The limits that are counted from it.
    starts: list[ClockLine] = field(default_factory=list)
    #: The limits whose last day it is.
    due: list[ClockLine] = field(default_factory=list)
    #: The limits met on it.
    met: list[ClockLine] = field(default_factory=list)


def chronology(view: CaseView) -> list[Day]:
    """Return each day on which something happened, or a limit began, ran out or was met."""
    found: dict[date, Day] = {}

    def on(day: date) -> Day:
        return found.setdefault(day, Day(day))

    for entry in view.history:
        on(entry.event.happened_on).entries.append(entry)
    for line in view.clocks:
        clock = line.clock
        if clock.due.started_on:
            on(clock.due.started_on).starts.append(line)
        on(clock.due.on).due.append(line)
        if clock.met_on:
            on(clock.met_on).met.append(line)
    return [found[day] for day in sorted(found)]


def lateness(line: ClockLine) -> str | None:
    """Return how late a step is or was: "31 days late (4 weeks and 3 days)"; None if it is not."""
    late = line.stand.days_late
    if late is None or line.clock.closed_on:
        return None
    return f"{days(late)} late" + (f" ({weeks_and_days(late)})" if late >= A_WEEK else "")
