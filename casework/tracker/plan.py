"""What bringing rows in would do: which cases are made, which are held already, what is doubted."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from casework.tracker.facts import RowFacts
from casework.tracker.fields import WORDS
from casework.tracker.findings import Doubt
from casework.tracker.matching import Child, Children
from casework.tracker.rows import TrackerRow

_NOT_THEIRS = (
    "This number is held for a child of another name or birthday. The row comes in as a child of "
    "their own, the UPN unverified: find out whose the number is"
)
_REPEATED = "An earlier row of this sheet is the same child and the same day, so this is left out"
_OTHER_DAY = (
    "The case of this reference is held with another day of request. Nothing was changed: correct "
    "the case if the sheet is right"
)
_SHARED_REFERENCE = "An earlier row has this reference for the same child. Both come in"


@dataclass(frozen=True, slots=True)
class Planned:
    """A row of which a case is made, for a child held already or new (then `child.id` is None)."""

    row: TrackerRow
    child: Child
    #: False where the row's UPN fails its check or is another child's.
    upn_verified: bool


@dataclass(slots=True)
class Plan:
    """What an import would do with the rows that can come in."""

    to_make: list[Planned] = field(default_factory=list)
    already_held: int = 0
    doubts: list[Doubt] = field(default_factory=list)


def plan(rows: Iterable[TrackerRow], children: Children) -> Plan:
    """Return what an import of these rows would do; `children` takes in those it makes."""
    made = Plan()
    for row in rows:
        matched = children.find(row)
        if matched.number_of_another:
            made.doubts.append(_doubt(row, "upn", matched.number_of_another, _NOT_THEIRS))
        child = matched.child
        if child is not None and _is_held(child, row, made):
            made.already_held += 1
            continue
        verified = row.upn_verified and matched.number_of_another is None
        if child is None:
            child = new_child(row)
            children.add(child)
        children.add_case(child, row.reference, row.request_received)
        made.to_make.append(Planned(row, child, verified))
    return made


def unused(row: TrackerRow, told: RowFacts) -> list[Doubt]:
    """Return a doubt for each thing that a row says and no event could be made of."""
    return [_doubt(row, field, "", reason) for field, reason in told.doubts]


def new_child(row: TrackerRow) -> Child:
    """Return the child that a row tells of, not yet kept."""
    return Child(
        id=None,
        surname=row.surname,
        forenames=(row.forename,),
        date_of_birth=row.date_of_birth,
        upn=row.upn or None,
        nhs_number=row.nhs_number or None,
    )


def _is_held(child: Child, row: TrackerRow, made: Plan) -> bool:
    """Return whether a row's case is held, or an earlier row has made it; say what is unusual."""
    if child.started_on(row.request_received):
        if any(day == row.request_received for _, day in child.made):
            made.doubts.append(_doubt(row, "request_received", "", _REPEATED))
        return True
    if child.holds(row.reference):
        made.doubts.append(_doubt(row, "reference", row.reference, _OTHER_DAY))
        return True
    if row.reference and any(row.reference == reference for reference, _ in child.made):
        made.doubts.append(_doubt(row, "reference", row.reference, _SHARED_REFERENCE))
    return False


def _doubt(row: TrackerRow, field: str, value: str, reason: str) -> Doubt:
    return Doubt(row.line, WORDS[field], value, reason)
