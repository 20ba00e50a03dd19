"""The leads' requests to read each other's advice: to answer, asked, and how they were answered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from casework.access import Role, Scope
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import AdviceRelease, Adviser, Case, User
from casework.queries.scope import asked, in_scope
from casework.rules.advisers import Agency, services_of
from casework.rules.civil_dates import LONDON
from casework.rules.releases import Stands, answer_by, stands

#: The agency that each lead answers for.
AGENCY_OF: Mapping[str, Agency] = {
    Role.DCO: Agency.HEALTH,
    Role.SOCIAL_CARE_LEAD: Agency.SOCIAL_CARE,
}


@dataclass(frozen=True, slots=True)
class Release:
    """One request as it stands today."""

    row: AdviceRelease
    case: Case
    asked_on: date
    #: The last day for an answer.
    answer_by: date
    stands: Stands

    @property
    def agency_words(self) -> str:
        """Return whose advice was asked for, in words."""
        return Agency(self.row.agency).words


def to_answer(scope: Scope, agency: Agency, user_id: int, today: date, days: int) -> list[Release]:
    """Return the requests for an agency's advice that wait for its lead, the oldest first.

    Those on cases that the person may not know of, and their own, are left out. One statement.
    """
    every = _found(
        today,
        days,
        AdviceRelease.agency == agency,
        AdviceRelease.asked_by_id != user_id,
        AdviceRelease.decided_at.is_(None),
        in_scope(scope),
    )
    return [one for one in every if one.stands is Stands.WAITING]


def asked_by(scope: Scope, user_id: int, today: date, days: int) -> list[Release]:
    """Return what a person asked for, the newest first; one statement."""
    mine = AdviceRelease.asked_by_id == user_id
    return _found(today, days, mine, in_scope(scope))[::-1]


def figures(agency: Agency, since: date, today: date, days: int) -> Counter[Stands]:
    """Return how the requests for an agency's advice asked since a day stand, by number."""
    every = _found(today, days, AdviceRelease.agency == agency)
    return Counter(one.stands for one in every if one.asked_on >= since)


def find(scope: Scope, public_id: str, today: date, days: int) -> Release | None:
    """Return one request on a case in scope, or None."""
    found = _found(today, days, AdviceRelease.public_id == public_id, in_scope(scope))
    return found[0] if found else None


def of_case(case_id: int, user_id: int, today: date, days: int) -> list[Release]:
    """Return what a person asked for on one case, the newest first."""
    mine = AdviceRelease.asked_by_id == user_id
    return _found(today, days, mine, AdviceRelease.case_id == case_id)[::-1]


def was_asked(case_id: int, agency: Agency) -> bool:
    """Return whether any service of an agency was asked for advice on a case."""
    of_agency = asked(Adviser.id).where(
        Adviser.case_id == case_id, Adviser.service.in_(services_of(agency))
    )
    return db.session.scalar(of_agency.limit(1)) is not None


def leads(agency: Agency) -> Sequence[User]:
    """Return the people who answer for an agency: its leads with an open account."""
    role = next(role for role, whose in AGENCY_OF.items() if whose is agency)
    return db.session.scalars(select(User).where(User.role == role, User.is_active)).all()


def _found(today: date, days: int, *conditions: ColumnElement[bool]) -> list[Release]:
    statement = (
        select(AdviceRelease, Case)
        .join(Case, Case.id == AdviceRelease.case_id)
        .where(*conditions)
        .options(joinedload(AdviceRelease.asked_by), joinedload(AdviceRelease.decided_by))
        .order_by(AdviceRelease.id)
    )
    return [_read(row, case, today, days) for row, case in db.session.execute(statement)]


def _read(row: AdviceRelease, case: Case, today: date, days: int) -> Release:
    asked_on = row.asked_at.astimezone(LONDON).date()
    last_day = answer_by(asked_on, england_and_wales(), days)
    standing = stands(
        is_granted=row.is_granted, until_day=row.until_day, last_day=last_day, today=today
    )
    return Release(row, case, asked_on, last_day, standing)
