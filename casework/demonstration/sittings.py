"""When the invented panels met and will meet, and who came: the past half year and the next.

One meeting is on the day the demonstration is loaded, so that it can be run by hand at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import Enum, auto
from typing import Any

from casework.demonstration.draw import Draw
from casework.demonstration.words import panel_words
from casework.holidays import england_and_wales
from casework.rules.attendance import Guest
from casework.rules.civil_dates import spoken
from casework.rules.meetings import Slot, due_before, planned, week_of
from casework.rules.panels import CHAIRS, Attended, Position
from casework.rules.workdays import WorkingDays

#: How far back the panels have met, and how far ahead their meetings are set.
BACK = AHEAD = timedelta(weeks=26)
#: The panel that meets on the day of loading, and the one whose bank holiday is cancelled.
ASSESSMENT, PLAN = 0, 1
#: Which of the Assessment panel's meetings had no quorum, counted back from the last.
_INQUORATE = 6
#: How long ago a member who has left did so.
_LEFT = timedelta(weeks=10)


class State(Enum):
    """What becomes of a meeting in the demonstration."""

    HELD = auto()
    INQUORATE = auto()
    CANCELLED = auto()
    #: On the day of loading, circulated, with thirty cases to decide.
    READY = auto()
    AHEAD = auto()


@dataclass(frozen=True, slots=True)
class Attendee:
    """Who came to a meeting, or did not: a member by their key, or a guest by name."""

    agency: str
    position: str
    attended: str
    key: str | None = None
    name: str | None = None


@dataclass(slots=True)
class Sitting:
    """One meeting: its number from 0, its panel, its columns, and who was there."""

    number: int
    panel: int
    on_day: date
    state: State
    row: dict[str, Any]
    people: list[Attendee] = field(default_factory=list)

    @property
    def has_met(self) -> bool:
        """Return whether it lies behind us, and was not cancelled."""
        return self.state in (State.HELD, State.INQUORATE)

    @property
    def signer(self) -> str:
        """Return the key of the chair, or of the deputy in the chair's place."""
        chairs = [a for a in self.people if a.position in CHAIRS and a.attended == Attended.PRESENT]
        return min(chairs, key=lambda one: CHAIRS.index(Position(one.position))).key or ""


@dataclass(frozen=True, slots=True)
class Sittings:
    """Every meeting of the panels, by number."""

    all: Sequence[Sitting]
    first_day: date

    def of(self, panel: int) -> list[Sitting]:
        """Return the meetings of a panel that lie behind us and sat, by day."""
        return [one for one in self.all if one.panel == panel and one.has_met]

    @property
    def ready(self) -> Sitting:
        """Return the meeting that waits to be run."""
        return next(one for one in self.all if one.state is State.READY)


def invent(draw: Draw, today: date) -> Sittings:
    """Return the meetings of both panels, from half a year before the day to half a year after."""
    calendar = england_and_wales()
    ready = calendar.on_or_before(today)
    found: list[Sitting] = []
    for panel in (ASSESSMENT, PLAN):
        for slot in _slots(panel, ready, calendar):
            found.append(_sitting(len(found), panel, slot, ready, calendar))
    found.append(_set_by_mistake(len(found), ready, calendar))
    held = [one for one in found if one.panel == ASSESSMENT and one.state is State.HELD]
    held[-_INQUORATE].state = State.INQUORATE
    for one in found:
        if one.has_met:
            one.people = _people(draw, one, ready)
    return Sittings(found, min(one.on_day for one in found))


def members(panel: int, on: date, ready: date) -> list[tuple[str, str, str]]:
    """Return (key, agency, position) of each who sits on a panel on a day."""
    gone = {one["key"] for one in panel_words()["people"] if one.get("has_left")}
    rows = panel_words()["panels"][panel]["members"]
    return [tuple(row) for row in rows if row[0] not in gone or on <= ready - _LEFT]


def left_on(ready: date) -> date:
    """Return the last day of the member who has left."""
    return ready - _LEFT


def _slots(panel: int, ready: date, calendar: WorkingDays) -> list[Slot]:
    terms = panel_words()["panels"][panel]
    last = min(ready + AHEAD, calendar.last - timedelta(days=7))
    slots = planned(
        ready - BACK,
        max(last, ready),
        weekday=terms["weekday"],
        on_bank_holiday=terms["on_bank_holiday"],
        calendar=calendar,
    )
    if panel == PLAN:
        return slots
    week = week_of(ready)
    own = week + timedelta(days=terms["weekday"])
    moved = own if own != ready else None
    why = panel_words()["moved"].format(day=spoken(own)) if moved else None
    today = Slot(week=week, on_day=ready, moved_from=moved, why=why)
    return sorted([s for s in slots if s.week != week] + [today], key=lambda slot: slot.week)


def _sitting(number: int, panel: int, slot: Slot, ready: date, calendar: WorkingDays) -> Sitting:
    state = State.HELD if slot.on_day < ready else State.AHEAD
    if slot.is_cancelled:
        state = State.CANCELLED
    elif panel == ASSESSMENT and slot.on_day == ready:
        state = State.READY
    row = {
        **_row(panel, slot.on_day, calendar),
        "week": slot.week,
        "moved_from": slot.moved_from,
        "moved_why": slot.why if slot.moved_from else None,
        "cancelled_why": slot.why if slot.is_cancelled else None,
    }
    return Sitting(number, panel, slot.on_day, state, row)


def _set_by_mistake(number: int, ready: date, calendar: WorkingDays) -> Sitting:
    """A meeting that somebody set for the last bank holiday, and that was cancelled for it."""
    day = max(day for day in calendar.holidays if day < ready and day.weekday() < 5)
    row = {
        **_row(PLAN, day, calendar),
        "week": None,
        "moved_from": None,
        "moved_why": None,
        "cancelled_why": panel_words()["cancelled"].format(day=spoken(day)),
    }
    return Sitting(number, PLAN, day, State.CANCELLED, row)


def _row(panel: int, on_day: date, calendar: WorkingDays) -> dict[str, Any]:
    terms = panel_words()["panels"][panel]
    return {
        "on_day": on_day,
        "starts_at": time.fromisoformat(terms["starts_at"]),
        "minutes": terms["minutes"],
        "place": terms["place"],
        "papers_by": due_before(on_day, PAPERS[0], PAPERS[1], calendar),
        "circulate_by": due_before(on_day, CIRCULATE[0], CIRCULATE[1], calendar),
    }


#: Working days before a meeting, and by what time, for its papers and for its agenda.
PAPERS: tuple[int, time] = (4, time(17, 0))
CIRCULATE: tuple[int, time] = (3, time(12, 0))


def _people(draw: Draw, sitting: Sitting, ready: date) -> list[Attendee]:
    """Who came: nearly all; whoever a quorum needs, but for the one that had none."""
    needed = _needed(sitting.panel)
    found: list[Attendee] = []
    for key, agency, position in members(sitting.panel, sitting.on_day, ready):
        attended = draw.weighted(_ATTENDED)
        if sitting.state is State.INQUORATE and agency == "health":
            attended = Attended.APOLOGIES
        elif position == Position.DEPUTY or agency in needed - {"education"}:
            attended = Attended.PRESENT if draw.happens(0.9) else Attended.APOLOGIES
        if position == Position.DEPUTY:
            attended = Attended.PRESENT
        found.append(Attendee(agency, position, attended.value, key=key))
    return found + _guests(draw, sitting, found, needed)


_ATTENDED: Mapping[Attended, float] = {
    Attended.PRESENT: 0.86,
    Attended.APOLOGIES: 0.09,
    Attended.ABSENT: 0.05,
}


def _guests(
    draw: Draw, sitting: Sitting, found: Sequence[Attendee], needed: set[str]
) -> list[Attendee]:
    """Somebody in the place of a member without whom there is no quorum, and now and then one
    who watches."""
    there = {one.agency for one in found if one.attended == Attended.PRESENT}
    lacking = needed - there
    if sitting.state is State.INQUORATE:
        lacking -= {"health"}
    present = Attended.PRESENT.value
    guests = [
        Attendee(agency, Guest.IN_PLACE.value, present, name=name)
        for agency, name in panel_words()["substitutes"].items()
        if agency in lacking
    ]
    if draw.happens(0.08):
        name = panel_words()["observer"]
        guests.append(Attendee("education", Guest.OBSERVER.value, present, name=name))
    return guests


def _needed(panel: int) -> set[str]:
    return set(panel_words()["panels"][panel]["agencies"])
