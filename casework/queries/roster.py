"""The roster of a day, read; and the cases that people of it answer for, as a condition."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, false, or_, select, true

from casework.access import Role
from casework.extensions import db
from casework.models import Case, Team, User
from casework.queries.readers import is_reader, standing_in
from casework.rules.roster import Person, Roster


def roster(day: date) -> Roster:
    """Return who may be told of cases on a day, and who stands in for whom. Three statements."""
    rows = db.session.execute(
        select(User.id, User.name, User.role, User.team_id, Team.name)
        .outerjoin(Team, Team.id == User.team_id)
        .where(is_reader(User))
    )
    people = {row[0]: Person(row[0], row[1], row[2] == Role.MANAGER, *row[3:]) for row in rows}
    return Roster(people, standing_in(day))


def answered_for(roster: Roster, people: Iterable[Person]) -> ColumnElement[bool]:
    """Return the condition on Case that one of these people answers for it: what
    `Roster.answers` says of one case."""
    found: list[ColumnElement[bool]] = [false()]
    for person in people:
        if person.answers_for_all:
            return true()
        found.append(Case.officer_id == person.id)
        if person.is_manager:
            members = select(User.id).where(User.team_id == person.team_id)
            found.append(Case.officer_id.in_(members))
            if not roster.has_manager(None):
                found.append(_unmanaged(roster))
    return or_(*found)


def _unmanaged(roster: Roster) -> ColumnElement[bool]:
    """The cases for which no manager answers by right."""
    managed = [team_id for team_id in roster.managed if team_id is not None]
    alone = select(User.id).where(or_(User.team_id.is_(None), User.team_id.not_in(managed)))
    return or_(Case.officer_id.is_(None), Case.officer_id.in_(alone))
