"""The services that give advice: which there are, whose, and whom to write to."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from casework.extensions import db
from casework.models import AdviceService, Provider


def open_on(day: date) -> ColumnElement[bool]:
    """Return the condition on AdviceService that holds for those that may be asked on a day."""
    not_over = or_(AdviceService.until_day.is_(None), AdviceService.until_day >= day)
    return and_(AdviceService.from_day <= day, not_over)


def open_services(day: date) -> Sequence[AdviceService]:
    """Return the services that may be asked on a day with provider and contacts, by name.

    Two statements.
    """
    return db.session.scalars(
        select(AdviceService)
        .where(open_on(day))
        .options(joinedload(AdviceService.provider), selectinload(AdviceService.contacts))
        .order_by(func.lower(AdviceService.name))
    ).all()


def only_one(kind: str, setting_id: int | None, day: date) -> int | None:
    """Return the id of the service of a kind that a case is asked of, where there is no choice.

    A school is asked about its own pupils; of other kinds it is the only one that is open.
    """
    of_kind = select(AdviceService.id).where(AdviceService.kind == kind, open_on(day))
    own = of_kind.where(AdviceService.setting_id == setting_id) if setting_id else None
    if own is not None and (found := db.session.scalar(own)):
        return found
    common = db.session.scalars(of_kind.where(AdviceService.setting_id.is_(None)).limit(2)).all()
    return common[0] if len(common) == 1 else None


def choices(day: date) -> list[tuple[str, str]]:
    """Return (identifier, name and provider) of the services open on a day, as a select takes
    them."""
    rows = db.session.execute(
        select(AdviceService.public_id, AdviceService.name, Provider.name.label("provider"))
        .join(Provider, Provider.id == AdviceService.provider_id)
        .where(open_on(day))
        .order_by(func.lower(AdviceService.name))
    )
    return [(row.public_id, f"{row.name} ({row.provider})") for row in rows]
