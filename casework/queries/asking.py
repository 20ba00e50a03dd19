"""Whom to ask for advice on a case: the list of regulation 6(1), its services, what was asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from casework.codes import ContactPart
from casework.extensions import db
from casework.models import AdviceService, Adviser, Person
from casework.queries import advice_services, history
from casework.queries.advice_services import in_force
from casework.queries.asked_before import Before, asked_before
from casework.queries.cases import CaseView
from casework.rules.advisers import SERVICES
from casework.rules.asking import (
    COVERS,
    Asked,
    Child,
    Row,
    Stood,
    by_kind,
    how_each_stands,
    required_list,
)
from casework.rules.history import standing_events, standpoint

#: Types of need that say of a child, too, that hearing or vision is impaired.
_HEARING, _VISION = {"HI", "MSI"}, {"VI", "MSI"}
#: Who is asked: a service by its id, or somebody of none by kind and name.
Whom = tuple[str, int | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A service that may be asked, and the address its email goes to, if it has one."""

    service: AdviceService
    mailbox: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One kind of service on the list: why, who there is of it, and who was asked of it."""

    row: Row
    choices: Sequence[Choice]
    before: Sequence[Before]

    @property
    def words(self) -> str:
        """Return the kind of service in words."""
        return SERVICES[self.row.kind].words

    @property
    def is_covered(self) -> bool:
        """Return whether advice of this kind is there or on its way."""
        return any(one.stood.asked in COVERS for one in self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingPage:
    """The list for one child, and those named besides who were asked."""

    lines: Sequence[Line]
    named: Sequence[Before]
    stands: Mapping[str, Asked] = field(default_factory=dict)

    def line(self, kind: str) -> Line:
        """Return the line of a kind. Raises StopIteration where it is not on the list."""
        return next(line for line in self.lines if line.row.kind == kind)


def asking_page(view: CaseView, now: datetime) -> AskingPage:
    """Return whom to ask about the child of a case, with what was asked before.

    Six statements, however many were asked.
    """
    before = asked_before(view, now)
    stands = by_kind((one.adviser.service, one.stood.asked) for one in before)
    rows = required_list(_child(view.person, view.case.setting_id is not None, stands), view.today)
    choices = _choices(view.case.setting_id, view.today)
    listed = {row.kind for row in rows}
    return AskingPage(
        lines=[
            Line(
                row=row,
                choices=choices.get(row.kind, []),
                before=[one for one in before if one.adviser.service == row.kind],
            )
            for row in rows
        ],
        named=[one for one in before if one.adviser.service not in listed],
        stands=stands,
    )


def stood(case_id: int) -> dict[int, Stood]:
    """Return how the latest asking of each adviser on a case stands. One statement."""
    return how_each_stands(standing_events(history.entered_events([case_id])[case_id]))


def has_ended(case_id: int) -> bool:
    """Return whether the assessment has ended. One statement."""
    events = standing_events(history.entered_events([case_id])[case_id])
    return standpoint(events).ended_on is not None


def outstanding(case_id: int) -> dict[Whom, date]:
    """Return who owes an answer on a case, each with the day of asking. Two statements."""
    advisers = {
        adviser.id: adviser
        for adviser in db.session.scalars(select(Adviser).where(Adviser.case_id == case_id))
    }
    return {
        whom(one.service, one.advice_service_id, one.name): stands.since
        for adviser_id, stands in stood(case_id).items()
        if stands.asked is Asked.OUTSTANDING and (one := advisers[adviser_id])
    }


def whom(kind: str, advice_service_id: int | None, name: str | None) -> Whom:
    """Return what tells one who is asked from another."""
    if advice_service_id is not None:
        return kind, advice_service_id, ""
    return kind, None, (name or "").casefold()


def services_asked(ids: Collection[int | None]) -> dict[int, AdviceService]:
    """Return the services with these ids, each with its contacts. At most two statements."""
    if not ids:
        return {}
    wanted = select(AdviceService).where(AdviceService.id.in_(ids))
    found = db.session.scalars(wanted.options(selectinload(AdviceService.contacts)))
    return {service.id: service for service in found}


def _child(person: Person, attends: bool, stands: Mapping[str, Asked]) -> Child:
    needs = {person.primary_need, person.secondary_need}
    return Child(
        born=person.date_of_birth,
        has_hearing_impairment=person.has_hearing_impairment or bool(needs & _HEARING),
        has_vision_impairment=person.has_vision_impairment or bool(needs & _VISION),
        attends=attends,
        stands=stands,
    )


def _choices(setting_id: int | None, day: date) -> dict[str, list[Choice]]:
    """The services that may be asked, by kind; of schools only the one that the child attends."""
    found: dict[str, list[Choice]] = {}
    for service in advice_services.open_services(day):
        mailbox = in_force(service, ContactPart.MAILBOX, day)
        if service.setting_id == (setting_id if service.kind == "school" else None):
            chosen = Choice(service=service, mailbox=mailbox.email if mailbox else None)
            found.setdefault(service.kind, []).append(chosen)
    return found
