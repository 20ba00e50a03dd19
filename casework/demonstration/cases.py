"""The cases of the invented authority: the specimens first, then as many as asked for, by lot."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from casework.codes import RequestRoute
from casework.demonstration import children, journeys, specimens, weights
from casework.demonstration.authority import RARE, Authority
from casework.demonstration.children import Child
from casework.demonstration.correspondence import Correspondence
from casework.demonstration.decided import Decider
from casework.demonstration.draw import Draw
from casework.demonstration.exceptions import Approver
from casework.demonstration.journeys import Traveller
from casework.demonstration.placements import Placements
from casework.demonstration.roads import Road, Step, working_day
from casework.demonstration.specimens import Specimen
from casework.demonstration.words import words

_LONDON = ZoneInfo("Europe/London")
#: How the cases that are drawn began. Historic transfers are among the specimens.
KINDS = {"request": 0.9, "attention": 0.06, "reassessment": 0.025, "moved_in": 0.015}
#: The team for the early years and for those over 16.
EARLY_AND_LATE = 3
#: The sources that bring a child to attention rather than make a request (section 36(1)).
_ATTENTION = ("3", "4", "5")


@dataclass(frozen=True, slots=True)
class InventedCase:
    """One case: columns of Case, its child, what happened."""

    row: dict[str, Any]
    #: The children are numbered from 1 as they are first given.
    child_number: int
    #: None where the child was given with an earlier case.
    new_child: Child | None
    steps: list[Step]
    #: Officers who held it before, each until a day.
    earlier_officers: list[tuple[int, date]]


class Inventor:
    """Draws cases, keeping count of children so that some come back."""

    def __init__(
        self,
        draw: Draw,
        authority: Authority,
        decider: Decider,
        correspondence: Correspondence,
        placements: Placements,
        approver: Approver,
        *,
        today: date,
        years: int,
    ) -> None:
        self.draw = draw
        self.authority = authority
        self.decider = decider
        self.correspondence = correspondence
        self.placements = placements
        self.approver = approver
        self.today = today
        self.first_day = today - timedelta(days=365 * years)
        self.children = 0
        self._named: dict[str, tuple[int, Child]] = {}

    def cases(self, count: int) -> Iterator[InventedCase]:
        """Yield the cases one by one; at least the specimens that have begun."""
        given = 0
        for specimen in specimens.all_specimens():
            road = specimen.road(self.today)
            if road is not None:
                given += 1
                yield self._specimen(specimen, road)
        while given < count:
            given += 1
            yield self._drawn()

    def _drawn(self) -> InventedCase:
        draw = self.draw
        kind = draw.weighted(KINDS)
        start = draw.day(self.first_day, self.today)
        age = draw.weighted(weights.AGE)
        row = self._row(kind, age, start)
        road = Road(kind, start, self.today)
        place = self.authority.places[row["setting_id"] - 1]
        number, child = self._new_child(age, start)
        need = child.person["primary_need"]
        journeys.travel(draw, road, Traveller(row["source"], place, need, age))
        return self._case(row, number, child, road, age)

    def _specimen(self, specimen: Specimen, road: Road) -> InventedCase:
        row = self._row(specimen.kind, specimen.years_old, road.start) | specimen.case
        if specimen.child in self._named:
            number = self._named[specimen.child][0]
            return self._case(row, number, None, road, specimen.years_old)
        if specimen.twin_of:
            number, child = self._twin(self._named[specimen.twin_of][1], specimen.person)
        else:
            number, child = self._new_child(specimen.years_old, road.start, **specimen.person)
        if specimen.child:
            self._named[specimen.child] = (number, child)
        return self._case(row, number, child, road, specimen.years_old)

    def _new_child(self, age: int, on: date, **known: Any) -> tuple[int, Child]:
        self.children += 1
        return self.children, children.invent(self.draw, self.children, age=age, on=on, **known)

    def _twin(self, child: Child, known: Mapping[str, Any]) -> tuple[int, Child]:
        self.children += 1
        return self.children, children.sibling(self.draw, self.children, child, **known)

    def _row(self, kind: str, age: int, start: date) -> dict[str, Any]:
        draw = self.draw
        source = draw.choice(_ATTENTION) if kind == "attention" else draw.weighted(weights.SOURCE)
        if kind == "request" and source in _ATTENTION:
            source = "2"
        routes = {RequestRoute.EMAIL: 0.6, RequestRoute.FORM: 0.25, RequestRoute.POST: 0.15}
        return {
            "kind": kind,
            "setting_id": self._setting(age),
            "officer_id": None if self._is_unassigned(start) else self._officer(age),
            "source": source,
            "route": draw.weighted(routes).value,
            "received_time": time(draw.randint(8, 17), draw.randint(0, 59)),
            "keyed_at": self._office_hour(start),
            "asks": draw.choice(words()["asks"]),
            "graduated_approach": draw.weighted({True: 0.7, False: 0.2, None: 0.1}),
            "youth_accommodation": age >= 15 and draw.happens(0.01),
            "is_complex": draw.happens(0.08),
            "tracker_reference": None,
            "tracker_status": None,
        }

    def _case(
        self, row: Mapping[str, Any], number: int, child: Child | None, road: Road, age: int
    ) -> InventedCase:
        self.decider.decide(road)
        self.correspondence.follow(road)
        self.placements.follow(road, age)
        self.approver.follow(road)
        parent = child.contacts[0]["name"] if child else "A parent"
        place = self.authority.places[row["setting_id"] - 1].row["name"]
        named = {"1": parent, "2": place, "3": "A paediatrician", "4": "A social worker"}
        asked_by = named.get(str(row["source"]), "The virtual school")
        earlier = self._earlier_officers(row, road.start)
        return InventedCase({**row, "requested_by": asked_by}, number, child, road.steps, earlier)

    def _setting(self, age: int) -> int:
        """Return the number of a setting that takes children of this age."""
        places = enumerate(self.authority.places, start=1)
        fitting = {n: RARE.get(place.type, 1.0) for n, place in places if place.takes(age)}
        return self.draw.weighted(fitting)

    def _officer(self, age: int) -> int:
        """The youngest and the oldest belong to a team of their own; another is any team's."""
        if age < 5 or age > 15:
            return self.draw.choice(self.authority.officers[EARLY_AND_LATE])
        others = [team for team in self.authority.officers if team != EARLY_AND_LATE]
        return self.draw.choice(self.authority.officers[self.draw.choice(others)])

    def _is_unassigned(self, start: date) -> bool:
        return (self.today - start).days < 10 and self.draw.happens(0.3)

    def _earlier_officers(self, row: Mapping[str, Any], start: date) -> list[tuple[int, date]]:
        until = working_day(start + self.draw.between(10, 90))
        if row["officer_id"] is None or until >= self.today or not self.draw.happens(0.1):
            return []
        before = self._officer(8)
        return [] if before == row["officer_id"] else [(before, until)]

    def _office_hour(self, day: date) -> datetime:
        return office_hour(self.draw, min(self.today, working_day(day)))


def office_hour(draw: Draw, day: date) -> datetime:
    """Return a moment of the working day in London."""
    return datetime.combine(day, time(draw.randint(9, 16), draw.randint(0, 59)), tzinfo=_LONDON)
