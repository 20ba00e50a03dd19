"""For many cases at once: the limits that are owed, and whose advice is in or still to come."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from casework.extensions import db
from casework.models import Adviser, Deadline
from casework.rules.advisers import SERVICES, Agency
from casework.rules.agendas import law_key
from casework.rules.book import BOOK
from casework.rules.clocks import CONSULTED
from casework.rules.duty import Duty

#: The agencies that an agenda names always, even where nobody of theirs was asked.
ALWAYS_NAMED = (Agency.HEALTH, Agency.SOCIAL_CARE)


@dataclass(frozen=True, slots=True)
class Owed:
    """A limit of the case's own that is still owed."""

    duty: Duty
    due_on: date
    is_lifted: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One service that was asked for advice, and whether the answer is in."""

    service: str
    due_on: date
    is_in: bool

    @property
    def words(self) -> str:
        """Return the service in words."""
        return SERVICES[self.service].words


@dataclass(slots=True)
class CaseLimits:
    """What one case owes and what it waits for."""

    owed: list[Owed] = field(default_factory=list)
    #: By the day that the answer is due.
    asked: list[Asked] = field(default_factory=list)

    def first(self, duties: Collection[str]) -> Owed | None:
        """Return the limit among these rules that the law needs first, or None."""
        found = (one for one in self.owed if one.duty.id in duties)
        return min(
            found, key=lambda one: law_key(one.due_on, is_lifted=one.is_lifted), default=None
        )

    @property
    def received(self) -> list[Asked]:
        """Return the services that have answered; one asked again is not among them."""
        waited_for = {one.service for one in self.missing}
        found = {one.service: one for one in self.asked if one.is_in}
        return [one for service, one in found.items() if service not in waited_for]

    @property
    def missing(self) -> list[Asked]:
        """Return the services whose answer is still owed, the first due first."""
        found: dict[str, Asked] = {}
        for one in self.asked:
            if not one.is_in:
                found.setdefault(one.service, one)
        return list(found.values())

    @property
    def not_asked(self) -> list[str]:
        """Return, of the agencies that are always named, those of which nobody was asked."""
        agencies = {SERVICES[one.service].agency for one in self.asked}
        return [agency.words.capitalize() for agency in ALWAYS_NAMED if agency not in agencies]


def limits_of(case_ids: Collection[int]) -> Mapping[int, CaseLimits]:
    """Return for each case what it owes and whose advice it waits for. One statement."""
    found = {case_id: CaseLimits() for case_id in case_ids}
    statement = (
        select(
            *(Deadline.case_id, Deadline.duty, Deadline.due_on, Deadline.met_on),
            *(Deadline.closed_on, Deadline.lifted_by, Adviser.service),
        )
        .outerjoin(Adviser, Adviser.id == Deadline.adviser_id)
        .where(Deadline.case_id.in_(case_ids), Deadline.duty != CONSULTED)
        .order_by(Deadline.due_on, Deadline.id)
    )
    for row in db.session.execute(statement):
        is_owed = row.met_on is None and row.closed_on is None
        service: str | None = row.service
        if service is None and is_owed:
            owed = Owed(BOOK[row.duty], row.due_on, bool(row.lifted_by))
            found[row.case_id].owed.append(owed)
        elif service is not None and (is_owed or row.met_on):
            found[row.case_id].asked.append(Asked(service, row.due_on, not is_owed))
    return found


def _need_first(owed: Owed) -> tuple[bool, bool, date]:
    return law_key(owed.due_on, is_lifted=owed.is_lifted)
