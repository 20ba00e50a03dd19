"""The same child, or an open request? What was found, and what the person decided about it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.codes import Ethnicity, RequestRoute, SenType, Sex, UpnUnknown
from casework.queries.matches import Match, differences
from casework.rules.civil_dates import spoken_date
from casework.rules.stages import STAGES, Stage

DIFFERENT = "different"

_CODED = {
    "sex": Sex,
    "ethnicity": Ethnicity,
    "primary_need": SenType,
    "secondary_need": SenType,
    "upn_unknown": UpnUnknown,
    "route": RequestRoute,
}
_NAMES = {
    "forenames": "First names",
    "surname": "Last name",
    "known_as": "Known as",
    "upn": "UPN",
    "uln": "ULN",
    "nhs_number": "NHS number",
    "upn_unknown": "Why there is no UPN or ULN",
    "looked_after": "Looked after",
    "looked_after_by": "Looked after by",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that may be true: `child_id` is the record to use, `case` the case to go to."""

    value: str
    words: str
    hint: str = ""
    child_id: int | None = None
    #: The public id of the case that is the same request.
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the record says otherwise than what was typed."""

    name: str
    held: str
    typed: str


def choices(found: Sequence[Match]) -> list[Choice]:
    """Return what may be true of the child who was typed, the likeliest first."""
    offered = []
    for match in found:
        name = full_name(match.person)
        offered += [
            Choice(
                f"case:{case.public_id}",
                f"The same request: go to {case.reference}, {name}",
                "What you typed is not saved",
                case=case.public_id,
            )
            for case in match.open_cases
        ]
        offered.append(
            Choice(
                f"child:{match.person.public_id}",
                f"The same child, a new request: open another case for {name}",
                _warning(match),
                child_id=match.person.id,
            )
        )
    return [*offered, Choice(DIFFERENT, "A different child: make a new record")]


def fingerprint(found: Sequence[Match]) -> str:
    """Return characters that change when more, or other, children and cases are found."""
    seen = [f"{m.person.public_id} {[c.public_id for c in m.open_cases]}" for m in found]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]


def stage_words(stage: str) -> str:
    """Return a case's stage as people say it."""
    return STAGES[Stage(stage)].words


def full_name(person: Any) -> str:
    """Return a person's first and last names as one line."""
    return f"{person.forenames} {person.surname}".strip()


def contradictions(match: Match, typed: Mapping[str, Any]) -> list[Difference]:
    """Return what the record says otherwise than what was typed, in words."""
    found = differences(match.person, typed).contradicts
    protected = {"postcode"} if match.person.has_protected_contact else set()
    return [
        Difference(
            name_of(column),
            "Protected" if column in protected else in_words(column, held),
            in_words(column, new),
        )
        for column, (held, new) in found.items()
    ]


def name_of(column: str) -> str:
    """Return what people call a column."""
    return _NAMES.get(column) or column.replace("_", " ").capitalize()


def in_words(column: str, value: Any) -> str:
    """Return a column's value as people read it."""
    if value in (None, ""):
        return "Not known"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if column in _CODED:
        return _CODED[column](value).words
    return spoken_date(value) if hasattr(value, "year") else str(value)


def _warning(match: Match) -> str:
    if not match.open_cases:
        return ""
    open_now = " and ".join(case.reference for case in match.open_cases)
    return f"{open_now} is still open. Two open cases for one child are rarely right"
