"""Panels as far as a person may know of them: their terms, their members, their phrases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from casework.access import Permission, Seat, rule_for
from casework.extensions import db
from casework.models import Panel, PanelMember, PanelPhrase, User

_CHAIR_FIRST = {"chair": 0, "deputy": 1}


@dataclass(frozen=True, slots=True)
class Members:
    """Who has a place on a panel: those who sit or will, and those who have left."""

    now: Sequence[PanelMember]
    left: Sequence[PanelMember]


def may_see_panel(seat: Seat) -> ColumnElement[bool]:
    """Return the condition on Panel that holds for the panels whose terms a person may read.

    A member reads those of the panels on which they sit or will sit; one who has left does not.
    """
    if seat.sees_all:
        return true()
    return exists().where(
        PanelMember.panel_id == Panel.id,
        PanelMember.user_id == seat.user_id,
        or_(PanelMember.until_day.is_(None), PanelMember.until_day >= seat.window.today),
    )


def find(seat: Seat, public_id: str) -> Panel | None:
    """Return a panel, or None alike where there is none and where it is not theirs to see."""
    return db.session.scalar(
        select(Panel)
        .where(Panel.public_id == public_id, may_see_panel(seat))
        .options(selectinload(Panel.agencies))
    )


def listed(seat: Seat) -> Sequence[Panel]:
    """Return the panels that a person may know of: those that still meet first, then by name."""
    closed = Panel.closed_on.is_not(None) & (Panel.closed_on <= seat.window.today)
    return db.session.scalars(
        select(Panel).where(may_see_panel(seat)).order_by(closed, func.lower(Panel.name))
    ).all()


def members(panel_id: int, today: date) -> Members:
    """Return who has a place on the panel, the chair first, then by name. One statement."""
    rows = db.session.scalars(
        select(PanelMember)
        .where(PanelMember.panel_id == panel_id)
        .options(joinedload(PanelMember.user))
    ).all()
    left = [one for one in rows if one.until_day and one.until_day < today]
    return Members(
        now=sorted((one for one in rows if one not in left), key=_in_order),
        left=sorted(left, key=lambda one: (one.until_day, one.id), reverse=True),
    )


def member(panel_id: int, public_id: str) -> PanelMember | None:
    """Return one place on a panel with its person, or None."""
    return db.session.scalar(
        select(PanelMember)
        .where(PanelMember.public_id == public_id, PanelMember.panel_id == panel_id)
        .options(joinedload(PanelMember.user))
    )


def may_sit() -> Sequence[User]:
    """Return the people who can be given a place: open accounts that may see panels, by name."""
    roles = rule_for(Permission.SEE_PANELS).roles
    return db.session.scalars(
        select(User)
        .where(User.is_active, User.email.is_not(None), User.role.in_(roles))
        .order_by(func.lower(User.name), User.id)
    ).all()


def phrases(panel_id: int) -> Mapping[str, Sequence[PanelPhrase]]:
    """Return the phrases that a panel offers now, by question, in their order. One statement."""
    rows = db.session.scalars(
        select(PanelPhrase)
        .where(PanelPhrase.panel_id == panel_id, PanelPhrase.ended_on.is_(None))
        .order_by(PanelPhrase.place, PanelPhrase.id)
    )
    found: dict[str, list[PanelPhrase]] = {}
    for phrase in rows:
        found.setdefault(phrase.question, []).append(phrase)
    return found


def phrase(panel_id: int, public_id: str) -> PanelPhrase | None:
    """Return a phrase that is still offered, or None."""
    return db.session.scalar(
        select(PanelPhrase).where(
            PanelPhrase.public_id == public_id,
            PanelPhrase.panel_id == panel_id,
            PanelPhrase.ended_on.is_(None),
        )
    )


def _in_order(one: PanelMember) -> tuple[int, str, int]:
    return _CHAIR_FIRST.get(one.position, 2), one.user.name.lower(), one.id
