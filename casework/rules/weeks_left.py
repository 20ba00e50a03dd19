"""The weeks left: the last safe day of each step still to be taken, so that the final is in time.

Taken in turn, the family has its days on the draft, and then a setting has its own to answer. Where
there is no room for that any more, the setting is asked while the family has the draft.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casework.rules.because import acting_early
from casework.rules.book import duty as find_duty
from casework.rules.errors import BeyondCalendar
from casework.rules.workdays import WorkingDays

#: The least that a family has for the draft, and what a setting has to answer.
FAMILY = timedelta(days=find_duty("reps_15d_min").amount)
SETTING = timedelta(days=find_duty("school_consult_15d").amount)
_POSTED = "; one that is posted counts as served two working days later"


class Way(StrEnum):
    """How the steps still fit."""

    IN_TURN = "in_turn"
    SIDE_BY_SIDE = "side_by_side"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Step:
    """One step still to be taken: what it is, its last safe day, and how that was counted.

    `act_by` is the last working day on or before it; None past the known bank holidays.
    """

    words: str
    by: date
    because: str
    act_by: date | None

    def is_past(self, today: date) -> bool:
        """Return whether its last safe day is over."""
        return self.by < today


@dataclass(frozen=True, slots=True)
class WeeksLeft:
    """The steps in order, and whether they can be taken one after another."""

    way: Way
    steps: tuple[Step, ...]


def weeks_left(
    *,
    today: date,
    final_by: date,
    calendar: WorkingDays,
    served_on: date | None = None,
    consulted_on: date | None = None,
) -> WeeksLeft:
    """Return what is left of the road to a final plan that must be sent by `final_by`.

    `served_on` is the day of the draft that the family has; `consulted_on` the day on which the
    first setting was asked about it. Either is None where it has not happened.
    """
    way = _way(today, final_by, served_on, consulted_on)
    steps: list[tuple[str, date, str]] = []
    if served_on is None:
        steps.append(_draft(final_by, is_first=way is Way.IN_TURN and consulted_on is None))
    if consulted_on is None:
        steps.append(_consult(way, final_by, served_on))
    steps.append(("Send the final plan to everyone who must have it", final_by, "The limit itself"))
    return WeeksLeft(way, tuple(_step(*step, calendar) for step in steps))


def single_step(words: str, by: date, calendar: WorkingDays) -> Step:
    """Return a step whose last safe day is that of a limit."""
    return _step(words, by, "The limit itself", calendar)


def _step(words: str, by: date, because: str, calendar: WorkingDays) -> Step:
    try:
        act_by = calendar.on_or_before(by)
    except BeyondCalendar:
        act_by = None
    because += acting_early(by, act_by, calendar.last)
    return Step(words, by, f"{because}.", act_by)


def _way(today: date, final_by: date, served: date | None, consulted: date | None) -> Way:
    ready = (served or today) + FAMILY  # the first day on which a final may be sent
    starts = max(today, ready) if served else ready
    in_turn = (consulted or starts) + SETTING
    at_once = max(ready, (consulted or today) + SETTING)
    if max(today, ready, in_turn) <= final_by:
        return Way.IN_TURN
    return Way.SIDE_BY_SIDE if max(today, at_once) <= final_by else Way.TOO_LATE


def _draft(final_by: date, *, is_first: bool) -> tuple[str, date, str]:
    """The draft; `is_first` where a setting is still to be asked after the family's days."""
    words = "Serve the draft on the family"
    if is_first:
        together = (FAMILY + SETTING).days
        because = (
            f"{together} days before the limit: {FAMILY.days} for the family, then "
            f"{SETTING.days} for a setting to answer{_POSTED}"
        )
        return words, final_by - FAMILY - SETTING, because
    because = f"{FAMILY.days} days before the limit, for the family{_POSTED}"
    return words, final_by - FAMILY, because


def _consult(way: Way, final_by: date, served: date | None) -> tuple[str, date, str]:
    words = "Ask the settings that the plan may name"
    because = f"{SETTING.days} days before the limit, for the setting to answer"
    if way is Way.SIDE_BY_SIDE:
        when = "while the family has the draft" if served else "on the day the draft is served"
        words = f"{words}, {when}"
    return words, final_by - SETTING, because
