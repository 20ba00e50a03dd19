"""Who answers for which cases: officers for their own, managers for their team's, covers for both.

A manager of no team answers for every case. Where neither the officer's team nor no team has a
manager, and of a case that nobody holds, every manager does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Person:
    """One person who may be told of cases: an open account in a fitting role."""

    id: int
    name: str
    is_manager: bool
    team_id: int | None = None
    team: str | None = None

    @property
    def answers_for_all(self) -> bool:
        """Return whether every case is theirs: a manager of no team."""
        return self.is_manager and self.team_id is None


@dataclass(frozen=True)
class Roster:
    """Who there is on a day, and who stands in for whom (casework.queries.readers in SQL)."""

    people: Mapping[int, Person]
    #: Who is told in the place of each who is away, by id.
    stand_ins: Mapping[int, int] = field(default_factory=dict)

    def read_by(self, reader_id: int) -> list[Person]:
        """Return those for whose cases a person is told today, the person first."""
        return self._read_by.get(reader_id, [])

    def answers(self, person: Person, *, officer_id: int | None, team_id: int | None) -> bool:
        """Return whether a person answers for a case, by its officer and that officer's team."""
        if officer_id is not None and person.id == officer_id:
            return True
        if not person.is_manager:
            return False
        own = team_id is not None and person.team_id == team_id
        return person.answers_for_all or own or not self.has_manager(team_id)

    def has_manager(self, team_id: int | None) -> bool:
        """Return whether anybody answers for the cases of a team, or of no team, by right."""
        return None in self.managed or team_id in self.managed

    @cached_property
    def managed(self) -> frozenset[int | None]:
        """The teams that have a manager; None among them where there is one of no team."""
        return frozenset(one.team_id for one in self.people.values() if one.is_manager)

    @cached_property
    def _read_by(self) -> dict[int, list[Person]]:
        found: dict[int, list[Person]] = {}
        for person in self.people.values():
            reader_id = self.stand_ins.get(person.id, person.id)
            found.setdefault(reader_id, []).append(person)
        for reader_id, people in found.items():
            people.sort(key=lambda one: (one.id != reader_id, one.name, one.id))
        return found
