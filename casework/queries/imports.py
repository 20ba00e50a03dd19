"""What an import compares its rows with: the children, cases, officers and settings held."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.extensions import db
from casework.models import Case, CaseEvent, Person, Setting, User
from casework.queries.people import folded
from casework.rules.events import CASE_KINDS
from casework.tracker.matching import Child, Children


@dataclass(frozen=True, slots=True)
class Officers:
    """Who may be an officer of that name: ids by folded name, the active ones apart."""

    active: dict[str, list[int]]
    others: dict[str, list[int]]


def children() -> Children:
    """Return every child held, with the starts of their cases, in two statements."""
    cases = _cases()
    person = Person.__table__.c
    columns = (
        *(person.id, person.surname, person.forenames, person.known_as, person.date_of_birth),
        *(person.upn, person.nhs_number),
    )
    return Children(
        Child(
            id=row.id,
            surname=row.surname,
            forenames=tuple(filter(None, dict.fromkeys((row.forenames, row.known_as)))) or ("",),
            date_of_birth=row.date_of_birth,
            upn=row.upn,
            nhs_number=row.nhs_number,
            held=cases.get(row.id, []),
        )
        for row in db.session.execute(select(*columns).order_by(person.id))
    )


def officers() -> Officers:
    """Return the officers and managers by name, with those known only from a tracker."""
    found = Officers(defaultdict(list), defaultdict(list))
    statement = (
        select(User.id, User.name, User.is_active)
        .where(User.role.in_(("case-officer", "manager")))
        .order_by(User.id)
    )
    for row in db.session.execute(statement):
        (found.active if row.is_active else found.others)[folded(row.name)].append(row.id)
    return found


def settings() -> dict[str, int]:
    """Return the id of each setting by its folded name; the first kept, where two share one."""
    statement = select(Setting.name_key, Setting.id).order_by(Setting.id.desc())
    return {row.name_key: row.id for row in db.session.execute(statement)}


def _cases() -> dict[int, list[tuple[str | None, date]]]:
    """Each child's cases. A day that was corrected later still shows the row that it came from."""
    starts = sorted({start for _, start in CASE_KINDS.values()})
    statement = (
        select(Case.person_id, Case.tracker_reference, CaseEvent.happened_on)
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(CaseEvent.kind.in_(starts))
    )
    found: dict[int, list[tuple[str | None, date]]] = defaultdict(list)
    for row in db.session.execute(statement):
        found[row.person_id].append((row.tracker_reference, row.happened_on))
    return found
