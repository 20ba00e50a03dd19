"""Accounts, as those who manage them see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from casework.extensions import db
from casework.models import Team, User

PAGE = 50


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Some accounts of many, by name."""

    accounts: Sequence[User]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are; one where there is nothing."""
        return max(1, -(-self.total // PAGE))


#: How an account stands, each with the condition that says so.
STATES = {
    "open": User.is_active & User.password_hash.is_not(None),
    "no-password": User.is_active & User.password_hash.is_(None),
    "closed": ~User.is_active,
}


def listed(*, role: str | None, state: str | None, page: int) -> AccountPage:
    """Return one page of the accounts of a role, in a state; of all where these are None."""
    wanted = _wanted(select(User), role, state).options(joinedload(User.team))
    ordered = wanted.order_by(func.lower(User.name), User.id)
    total = db.session.scalar(_wanted(select(func.count(User.id)), role, state)) or 0
    page = max(1, min(page, -(-total // PAGE)))
    rows = db.session.scalars(ordered.limit(PAGE).offset((page - 1) * PAGE)).all()
    return AccountPage(rows, total, page)


def account(public_id: str) -> User | None:
    """Return the account with this identifier, or None."""
    return db.session.scalars(
        select(User)
        .where(User.public_id == public_id)
        .options(joinedload(User.team), joinedload(User.advice_service))
    ).one_or_none()


def team_names() -> Sequence[str]:
    """Return the names of the teams there are, in order."""
    return db.session.scalars(select(Team.name).order_by(func.lower(Team.name))).all()


def standing(person: User, now: datetime) -> str:
    """Return how an account stands in words: "Open", "Closed" …"""
    if not person.is_active:
        return "Closed"
    if person.password_hash is None:
        return "No password yet"
    if person.one_time_until is None:
        return "Open"
    return (
        "Waiting for first sign-in" if person.one_time_until > now else "One-time password expired"
    )


def _wanted(statement: Select, role: str | None, state: str | None) -> Select:  # type: ignore[type-arg]
    if role:
        statement = statement.where(User.role == role)
    return statement.where(STATES[state]) if state in STATES else statement
