"""Why advice was late, and whose delay that was: recorded by a person, once it is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Whose(StrEnum):
    """Whose delay a cause is."""

    AUTHORITY = "authority"
    SERVICE = "service"
    FAMILY = "family"
    OTHERS = "others"

    @property
    def words(self) -> str:
        """Return whose it is, as a table says it."""
        return _WHOSE[self]


_WHOSE = {
    Whose.AUTHORITY: "The authority",
    Whose.SERVICE: "The service",
    Whose.FAMILY: "The family",
    Whose.OTHERS: "Somebody else",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of lateness."""

    key: str
    words: str
    whose: Whose


_ROWS = (
    Cause("asked_late", "Asked late by the authority", Whose.AUTHORITY),
    Cause("wrong_service", "Sent to the wrong service", Whose.AUTHORITY),
    Cause("papers_missing", "Request sent without what the service needed", Whose.AUTHORITY),
    Cause("consent_missing", "Consent not passed on by the authority", Whose.AUTHORITY),
    Cause("capacity", "No capacity in the service", Whose.SERVICE),
    Cause("waiting_list", "Waiting for an assessment by the service", Whose.SERVICE),
    Cause("staff_absence", "Absence or vacancy in the service", Whose.SERVICE),
    Cause("not_passed_on", "Request not passed on within the service", Whose.SERVICE),
    Cause("appointment_moved", "Appointment moved by the service", Whose.SERVICE),
    Cause("appointment_missed", "Child or young person missed an appointment", Whose.FAMILY),
    Cause("family_request", "Family asked for more time", Whose.FAMILY),
    Cause("family_away", "Family away from the area", Whose.FAMILY),
    Cause("circumstances", "Exceptional personal circumstances", Whose.FAMILY),
    Cause("school_closed", "School or setting was closed", Whose.OTHERS),
    Cause("other_service", "Waiting for another service", Whose.OTHERS),
    Cause("other", "Another cause", Whose.OTHERS),
)

#: Every cause by its key, in the order in which a form offers them.
CAUSES: Mapping[str, Cause] = MappingProxyType({row.key: row for row in _ROWS})

#: Why an adviser cannot answer in time: those causes that are not the authority's own.
CANNOT_IN_TIME: tuple[str, ...] = tuple(
    row.key for row in _ROWS if row.whose is not Whose.AUTHORITY
)

#: The grounds that may lift a body's own limit (SEND Regulations 2014, reg 8(2)), by the reason
#: that it gives; a closed school is none of them. Whether one does is for the officer to decide.
MAY_LIFT: Mapping[str, str] = MappingProxyType(
    {"appointment_missed": "X5", "family_away": "X4", "circumstances": "X3"}
)
