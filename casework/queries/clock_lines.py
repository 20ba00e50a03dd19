"""The duties that run on a case, and how each stands today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from casework.holidays import england_and_wales
from casework.models import Adviser, Case
from casework.rules.advisers import SERVICES
from casework.rules.clocks import UNREAD, Clock, clocks
from casework.rules.deadlines import Stand, Standing, standing
from casework.rules.exceptions import GROUNDS
from casework.rules.history import Happened
from casework.rules.standing_words import NO_LONGER_OWED, in_words

CLOSED = "closed"
TARGET_MISSED = "target_missed"


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One duty on the case, when it is due and how it stands today."""

    clock: Clock
    stand: Stand
    #: Whose clock it is: None for the case's own.
    adviser: Adviser | None
    #: The setting consulted whose clock it is, by name.
    setting: str | None = None

    @property
    def key(self) -> str:
        """Return what tells this limit from the case's others: "adviser-7.advice_all_6w"."""
        return f"{self.clock.key}.{self.clock.duty.id}"

    @property
    def standing(self) -> str:
        """Return the standing's name; "closed" for a step that is no longer owed.

        Guidance and an authority's own targets are never a breach: past their day they are missed.
        """
        if self.clock.closed_on is not None:
            return CLOSED
        missed = self.is_target and self.stand.standing is Standing.OVERDUE
        return TARGET_MISSED if missed else self.stand.standing

    @property
    def is_target(self) -> bool:
        """Return whether the day comes from guidance or arithmetic, and not from a limit in law."""
        return self.clock.duty.kind != "law"

    @property
    def words(self) -> str:
        """Return how the duty stands, in words."""
        if self.clock.closed_on is not None:
            return NO_LONGER_OWED
        is_floor = self.clock.duty.is_floor
        return in_words(self.stand, is_floor=is_floor, is_target=self.is_target)

    @property
    def whose(self) -> str | None:
        """Return the adviser's service or the setting in words; None for the case's own limit."""
        return service_words(self.adviser) if self.adviser else self.setting

    @property
    def lifted_words(self) -> str:
        """Return the grounds that lift the limit, in words; nothing where none does."""
        return " and ".join(
            "a reason that names no lawful ground" if ground == UNREAD else GROUNDS[ground].title
            for ground in self.clock.lifted_by
        )


def clock_lines(
    case: Case,
    advisers: Mapping[int, Adviser],
    events: Sequence[Happened],
    *,
    today: date,
    soon_within: int,
    settings: Mapping[int, str] = MappingProxyType({}),
) -> list[ClockLine]:
    """Return the duties that have started, the case's own first; `events` are those that stand.

    `settings` are the names of those consulted, by the id of the consultation.
    """
    found = clocks(
        kind=case.kind,
        detained=case.youth_accommodation,
        advisers={a.id: a.service for a in advisers.values()},
        events=events,
        calendar=england_and_wales(),
    )
    return [
        ClockLine(
            clock,
            standing(
                clock.duty,
                clock.due,
                ended_on=clock.met_on,
                lifted=bool(clock.lifted_by),
                today=today,
                calendar=england_and_wales(),
                soon_within=soon_within,
            ),
            advisers.get(clock.adviser_id) if clock.adviser_id else None,
            settings.get(clock.consultation_id) if clock.consultation_id else None,
        )
        for clock in found
    ]


def service_words(adviser: Adviser) -> str:
    """Return the adviser's service as people say it, with the name where one is held."""
    words = SERVICES[adviser.service].words
    return f"{words} ({adviser.name})" if adviser.name else words
