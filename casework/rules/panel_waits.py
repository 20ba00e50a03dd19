"""Whether the law's clock can wait for the next panel that may decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.rules.clocks import Clock
from casework.rules.panels import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelWait:
    """A case that waits for the answer to a question, on one day.

    The clocks of the law never wait for a panel: `limit` is the one that the answer must leave
    time for, `meets_on` the day of the meeting that can take it.
    """

    question: Question
    limit: Clock | None
    meets_on: date | None
    today: date

    @property
    def last_day(self) -> date | None:
        """Return the last day on which the family can be told in time, by working days."""
        return (self.limit.due.act_by or self.limit.due.on) if self.limit else None

    @property
    def is_overdue(self) -> bool:
        """Return whether the last day has gone by."""
        return self.last_day is not None and self.last_day < self.today

    @property
    def needs_an_officer(self) -> bool:
        """Return whether an officer must decide: no meeting comes, or none comes in time."""
        if self.meets_on is None:
            return True
        return self.last_day is not None and self.meets_on > self.last_day


def limit_of(question: Question, clocks: Sequence[Clock]) -> Clock | None:
    """Return the first of the case's limits that the answer must leave time for, or None."""
    owed = (
        clock
        for clock in clocks
        if clock.adviser_id is None
        and clock.is_owed
        and clock.duty.kind == "law"
        and clock.duty.id in question.limits
    )
    return min(owed, key=lambda clock: (bool(clock.lifted_by), clock.due.on), default=None)
