"""The links to one case's family page: who has one, whether it still opens, and its visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from casework.extensions import db
from casework.models import Case, Contact, FamilyCode, FamilyLink, FamilyVisit, Person, User
from casework.queries.cases import CaseView
from casework.rules.family_links import may_have_link, why_stopped
from casework.rules.stages import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """A link as it stands now: which case and contact it is of, and why it opens nothing."""

    id: int
    case_id: int
    case_public_id: str
    #: None while the link is good.
    stopped: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """A link for the officer's page, with its codes and visits, the newest first."""

    link: FamilyLink
    stopped: str | None
    codes: Sequence[FamilyCode]
    visits: Sequence[FamilyVisit]


def by_secret(digest: str, at: datetime, today: date) -> LinkState | None:
    """Return the link whose secret has this hash, or None."""
    return _state(_links().where(FamilyLink.token_sha256 == digest), at, today)


def by_visit(digest: str, at: datetime, today: date) -> LinkState | None:
    """Return the link of a visit that is going on, by the hash of what the browser holds."""
    visits = _links().join(FamilyVisit, FamilyVisit.link_id == FamilyLink.id)
    is_open = (FamilyVisit.token_sha256 == digest) & (FamilyVisit.ends_at > at)
    return _state(visits.where(is_open), at, today)


def may_be_given(view: CaseView) -> list[Contact]:
    """Return the child's contacts who may have a link to the page."""
    return [
        contact
        for contact in view.person.contacts
        if _may_have(contact, view.person.date_of_birth, view.today)
    ]


def of_case(case_id: int, at: datetime, today: date) -> list[LinkLine]:
    """Return every link that was made for a case, the newest first. Three statements."""
    rows = db.session.execute(
        _links()
        .where(FamilyLink.case_id == case_id)
        .options(joinedload(FamilyLink.made_by).load_only(User.name))
        .order_by(FamilyLink.id.desc())
    ).all()
    ids = [link.id for link, *_ in rows]
    codes = db.session.scalars(
        select(FamilyCode).where(FamilyCode.link_id.in_(ids)).order_by(FamilyCode.id.desc())
    ).all()
    visits = db.session.scalars(
        select(FamilyVisit).where(FamilyVisit.link_id.in_(ids)).order_by(FamilyVisit.id.desc())
    ).all()
    return [
        LinkLine(
            link=link,
            stopped=_stopped(link, contact, person, case, at, today),
            codes=[code for code in codes if code.link_id == link.id],
            visits=[visit for visit in visits if visit.link_id == link.id],
        )
        for link, contact, person, case in rows
    ]


def _links() -> Select[FamilyLink, Contact, Person, Case]:
    return (
        select(FamilyLink, Contact, Person, Case)
        .join(Contact, Contact.id == FamilyLink.contact_id)
        .join(Person, Person.id == Contact.person_id)
        # The contact's child is the case's: a link never leads to another child's case.
        .join(Case, (Case.id == FamilyLink.case_id) & (Case.person_id == Person.id))
    )


def _state(
    statement: Select[FamilyLink, Contact, Person, Case], at: datetime, today: date
) -> LinkState | None:
    row = db.session.execute(statement).one_or_none()
    if row is None:
        return None
    link, contact, person, case = row
    return LinkState(
        id=link.id,
        case_id=case.id,
        case_public_id=case.public_id,
        stopped=_stopped(link, contact, person, case, at, today),
    )


def _stopped(
    link: FamilyLink, contact: Contact, person: Person, case: Case, at: datetime, today: date
) -> str | None:
    return why_stopped(
        at=at,
        today=today,
        ends_at=link.ends_at,
        closed_at=link.closed_at,
        wrong_codes=link.wrong_codes,
        may_have=_may_have(contact, person.date_of_birth, today),
        stage=Stage(case.stage),
        case_ended_on=case.ended_on,
    )


def _may_have(contact: Contact, born: date | None, today: date) -> bool:
    return may_have_link(
        has_parental_responsibility=contact.has_parental_responsibility,
        relationship=contact.relationship_to_child,
        contact_ended_on=contact.ended_on,
        born=born,
        today=today,
    )
