"""Who was at a meeting, whom they spoke for, and whether that made a quorum."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass

from casework.codes import Code
from casework.rules.panels import Attended, PanelAgency, Position, Quorum, quorum


class Guest(Code):
    """How somebody came who is no member of the panel; held where a member's position is."""

    IN_PLACE = "in_place", "In a member’s place"
    OBSERVER = "observer", "As an observer"


_POSITIONS = dict(Position.choices()) | {
    Guest.IN_PLACE.value: "In a member’s place",
    Guest.OBSERVER.value: "Observer",
}
_AGENCIES = dict(PanelAgency.choices())


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person whom a meeting concerns: whether they came, as what, and for whom."""

    name: str
    #: A member of PanelAgency.
    agency: str
    #: A member of Position, or of Guest.
    position: str
    #: A member of Attended; None while nobody has said.
    attended: str | None
    #: None for somebody without an account, who came in a member's place or to watch.
    user_id: int | None = None

    @property
    def is_present(self) -> bool:
        """Return whether they were there."""
        return self.attended == Attended.PRESENT

    @property
    def agency_words(self) -> str:
        """Return for whom they speak."""
        return _AGENCIES.get(self.agency, self.agency)

    @property
    def position_words(self) -> str:
        """Return as what they came."""
        return _POSITIONS.get(self.position, self.position)

    @property
    def attended_words(self) -> str:
        """Return whether they came, as it is recorded."""
        return Attended(self.attended).words if self.attended else "Not recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """Everybody whom one meeting concerns, and what makes a quorum of its panel."""

    #: Members first, the chair before the others, then those who are none.
    people: tuple[Person, ...]
    agencies_needed: tuple[str, ...]
    least_present: int

    @property
    def agencies_words(self) -> list[str]:
        """Return the agencies without which there is no quorum, in words."""
        return [_AGENCIES.get(agency, agency) for agency in self.agencies_needed]

    @property
    def present(self) -> list[Person]:
        """Return those who were there, observers with them."""
        return [one for one in self.people if one.is_present]

    @property
    def unsaid(self) -> list[Person]:
        """Return those of whom nobody has said whether they came."""
        return [one for one in self.people if one.attended is None]

    @property
    def is_begun(self) -> bool:
        """Return whether anything is recorded yet."""
        return len(self.unsaid) < len(self.people)

    def has(self, user_id: int | None) -> bool:
        """Return whether this person was there."""
        return any(one.user_id == user_id for one in self.present if one.user_id)

    def quorum(self, interested: Collection[int] = ()) -> Quorum:
        """Return how the quorum stands, without those who have an interest in the case."""
        counted = [one for one in self.present if one.user_id not in interested]
        there = [(one.agency, one.position) for one in counted if one.position != Guest.OBSERVER]
        return quorum(there, self.agencies_needed, self.least_present)

    def written(self) -> str:
        """Return the roll as JSON, as a signed record keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def read(written: str) -> Roll:
    """Return the roll that a signed record keeps; an empty one where it keeps none."""
    kept = json.loads(written)
    if not isinstance(kept, dict):
        return Roll(people=(), agencies_needed=(), least_present=0)
    return Roll(
        people=tuple(Person(**one) for one in kept["people"]),
        agencies_needed=tuple(kept["agencies_needed"]),
        least_present=kept["least_present"],
    )
