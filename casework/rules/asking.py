"""Whom regulation 6(1) has the authority ask for advice on a child, and how each asking stands.

SEND Regulations 2014, reg 6(1)(a) to (h): the list for one child, row by row with its reason. It
says who is asked; by when they answer is in casework.rules.duties.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from casework.rules.advisers import SERVICES
from casework.rules.history import Happened, advice_rounds, withdrawn_on
from casework.rules.school_years import year_group, year_words

#: From this school year on, advice on preparation for adulthood is sought: reg 6(1)(g).
ADULTHOOD_YEAR = 9
#: The paragraphs of regulation 6(1), as headings.
PARAGRAPHS: Mapping[str, str] = MappingProxyType(
    {
        "a": "The family",
        "b": "Education",
        "c": "Health",
        "d": "Educational psychology",
        "e": "Social care",
        "f": "Others the authority thinks fit",
        "g": "Preparation for adulthood and independent living",
        "h": "Anyone the family reasonably asks for",
    }
)
#: What says that there is an assessment for which to seek advice.
AGREED = frozenset(
    {
        *("decided_to_assess", "told_will_assess", "transfer_review_started"),
        *("agreed_to_assess", "ordered_to_assess", "conceded_assessment"),
    }
)
_ASKED = ("advice_requested", "advice_request_received")


class Asked(StrEnum):
    """How the asking of one adviser stands."""

    OUTSTANDING = "outstanding"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    #: Existing advice stands in for it: reg 6(4).
    REUSED = "reused"


#: Advice is there, or on its way: there is nothing more to seek under the paragraph.
COVERS = frozenset({Asked.OUTSTANDING, Asked.ANSWERED, Asked.REUSED})


@dataclass(frozen=True, slots=True)
class Stood:
    """How one adviser's latest asking stands, and since when."""

    asked: Asked
    #: The day of asking; where existing advice is used, the day from which it is.
    since: date
    #: The day of the answer or of the withdrawal; None while there is neither.
    ended_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """What decides whom the authority must ask about a child."""

    born: date | None
    has_hearing_impairment: bool
    has_vision_impairment: bool
    #: Whether the child attends a school or setting.
    attends: bool
    #: How it stands with the kinds of service that were asked already.
    stands: Mapping[str, Asked] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of service on the list for a child."""

    kind: str
    #: Why it is on the list, in words that could end a sentence.
    why: str
    is_required: bool
    #: Whether it is ticked beforehand: required, and neither asked nor covered yet.
    is_ticked: bool

    @property
    def paragraph(self) -> str:
        """Return the letter of its place in regulation 6(1)."""
        return SERVICES[self.kind].paragraph

    @property
    def citation(self) -> str:
        """Return the provision that it is asked under."""
        return f"SEND Regulations 2014, reg 6(1)({self.paragraph})"


def required_list(child: Child, on: date) -> tuple[Row, ...]:
    """Return whom to ask about a child on a day, in the order of regulation 6(1).

    Those it requires for this child, and those it leaves to the authority, which are offered. Not
    those whom the family or the authority names besides: they are named, not listed.
    """
    reasons = _reasons(child, on)
    return tuple(
        Row(
            kind=kind,
            why=why,
            is_required=is_required,
            is_ticked=is_required and child.stands.get(kind) not in COVERS,
        )
        for kind, (is_required, why) in sorted(
            reasons.items(), key=lambda item: SERVICES[item[0]].paragraph
        )
    )


def _reasons(child: Child, on: date) -> dict[str, tuple[bool, str]]:
    """Whether each kind is required for this child, and why it is on the list."""
    return {
        "family": (True, "the parent or the young person, for every child"),
        "school": (True, _SCHOOL if child.attends else _NO_SCHOOL),
        "hearing_teacher": _impairment("hearing", child.has_hearing_impairment),
        "vision_teacher": _impairment("vision", child.has_vision_impairment),
        "community_paediatrics": (True, "medical advice, for every child"),
        **dict.fromkeys(_OTHER_HEALTH, (False, _HEALTH)),
        "educational_psychology": (True, "for every child"),
        "social_care": (True, "for every child"),
        "youth_justice": (False, "if they work with the young person"),
        **_adulthood(child.born, on),
    }


_SCHOOL = "the school or setting that the child attends"
_NO_SCHOOL = "in no school or setting: somebody with experience of teaching children with SEN"
_HEALTH = "if they know the child or may need to"
_OTHER_HEALTH = (
    *("speech_and_language", "occupational_therapy", "physiotherapy"),
    *("camhs", "community_nursing", "other_health"),
)


def _impairment(sense: str, has_it: bool) -> tuple[bool, str]:
    if has_it:
        return True, f"the child has a {sense} impairment"
    return False, f"if the child has a {sense} impairment"


def _adulthood(born: date | None, on: date) -> dict[str, tuple[bool, str]]:
    """Nobody before Year 9; offered where no date of birth says which year it is."""
    if born is None:
        return {"adulthood": (False, "from Year 9: the date of birth is not recorded")}
    if year_group(born, on) < ADULTHOOD_YEAR:
        return {}
    return {"adulthood": (True, f"from Year 9: {_now(born, on)}")}


def _now(born: date, on: date) -> str:
    words = year_words(born, on)
    return f"the child is in {words} by age" if words.startswith("Year") else "past Year 14 by age"


def uncovered(
    rows: Sequence[Row], stands: Mapping[str, Asked], chosen: Collection[str]
) -> tuple[str, ...]:
    """Return the letters of the paragraphs that require somebody, where nobody is or was asked.

    `chosen` are the kinds about to be asked; `stands` says how it stands with those asked before.
    """
    covered = {SERVICES[kind].paragraph for kind in chosen}
    covered |= {SERVICES[kind].paragraph for kind, asked in stands.items() if asked in COVERS}
    required = dict.fromkeys(row.paragraph for row in rows if row.is_required)
    return tuple(letter for letter in required if letter not in covered)


def how_each_stands(events: Iterable[Happened]) -> dict[int, Stood]:
    """Return how the latest asking of each adviser stands, by adviser id.

    `events` are those that stand, in order of day. One who was never asked is left out.
    """
    found = {}
    for adviser_id, rounds in advice_rounds(events).items():
        if stood := _stood(rounds[-1]):
            found[adviser_id] = stood
    return found


def _stood(asked: Sequence[Happened]) -> Stood | None:
    days: dict[str, date] = {}
    for event in asked:
        days.setdefault(event.kind, event.on)
    since = next((days[kind] for kind in _ASKED if kind in days), None)
    if since is None:
        reused = days.get("advice_reused")
        return Stood(Asked.REUSED, reused) if reused else None
    if withdrawn := withdrawn_on(asked):
        return Stood(Asked.WITHDRAWN, since, withdrawn)
    answered = days.get("advice_received")
    return Stood(Asked.ANSWERED if answered else Asked.OUTSTANDING, since, answered)


def by_kind(stood: Iterable[tuple[str, Asked]]) -> dict[str, Asked]:
    """Return how it stands with each kind, from (kind, how one of that kind stands) pairs.

    Of several of one kind the one counts that covers it.
    """
    found: dict[str, Asked] = {}
    for kind, asked in stood:
        if asked in COVERS or kind not in found:
            found[kind] = asked
    return found


def is_agreed(events: Iterable[Happened]) -> bool:
    """Return whether somebody has decided, or been ordered, that there is an assessment."""
    return any(event.kind in AGREED for event in events)
