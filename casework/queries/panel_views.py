"""What members think of a case before their meeting, and who may read it."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from casework.extensions import db
from casework.models import PanelView


def latest(item_id: int) -> Sequence[PanelView]:
    """Return each person's latest view of an item, in the order they were given. One statement."""
    last = (
        select(func.max(PanelView.id))
        .where(PanelView.item_id == item_id)
        .group_by(PanelView.user_id)
    )
    return db.session.scalars(
        select(PanelView)
        .where(PanelView.id.in_(last))
        .options(joinedload(PanelView.user))
        .order_by(PanelView.id)
    ).all()


def shown_to(
    user_id: int, views: Sequence[PanelView], *, runs: bool, sits: bool, has_begun: bool
) -> Sequence[PanelView]:
    """Return the views that a person may read, so that none is led by another's.

    Whoever runs the meeting reads all. A member who sits in it reads the others' once they have
    given their own, or the meeting has begun; anybody else reads none.
    """
    if runs:
        return views
    own = [view for view in views if view.user_id == user_id]
    return views if sits and (own or has_begun) else own
