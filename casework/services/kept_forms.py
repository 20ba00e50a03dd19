"""What a person had typed when their session ended, kept for them alone until they are back."""

import json
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Delete, and_, delete, not_, or_, select
from sqlalchemy.exc import IntegrityError

from casework import clock, database
from casework.extensions import db
from casework.models import KeptForm

#: What has not been asked for by then is forgotten.
KEPT_FOR = timedelta(hours=24)
#: A section of a plan is written over weeks, and is kept over a holiday.
PLAN_KEPT_FOR = timedelta(days=14)

Fields = Sequence[tuple[str, str]]


def keep(*, user_id: int, path: str, fields: Fields) -> None:
    """Keep what was typed into the form at this path, in place of any kept before; commit."""
    try:
        _keep(user_id, path, fields)
    except IntegrityError:  # on PostgreSQL a page that is left may keep it at the same moment
        db.session.rollback()
        _keep(user_id, path, fields)


def _keep(user_id: int, path: str, fields: Fields) -> None:
    db.session.execute(_at(user_id, path))
    written = json.dumps(list(fields), ensure_ascii=False)
    db.session.add(KeptForm(user_id=user_id, path=path, fields=written, kept_at=clock.now()))
    db.session.commit()


def kept(*, user_id: int, path: str) -> list[tuple[str, str]]:
    """Return what was kept for this person and path as (name, value) pairs; empty if nothing."""
    with database.reading():
        fields = db.session.scalar(
            select(KeptForm.fields).where(
                KeptForm.user_id == user_id,
                KeptForm.path == path,
                _is_kept(),
            )
        )
    return [(name, value) for name, value in json.loads(fields)] if fields else []


def places(*, user_id: int, under: str) -> set[str]:
    """Return the paths below an address at which something is kept for this person."""
    with database.reading():
        found = db.session.scalars(
            select(KeptForm.path).where(
                KeptForm.user_id == user_id,
                KeptForm.path.startswith(under, autoescape=True),
                _is_kept(),
            )
        )
        return set(found)


def forget(*, user_id: int, path: str) -> None:
    """Forget what was kept for this person and path; commit."""
    with database.reading():
        kept_at_all = select(KeptForm.id).where(KeptForm.user_id == user_id, KeptForm.path == path)
        if db.session.scalar(kept_at_all) is None:
            return  # as a rule: nobody waits for the database's one writer to learn it
    db.session.execute(_at(user_id, path))
    db.session.commit()


def forget_old() -> None:
    """Forget what nobody came back for, in the open transaction. Commits nothing."""
    db.session.execute(delete(KeptForm).where(not_(_is_kept())))


def _is_kept() -> ColumnElement[bool]:
    is_of_plan = KeptForm.path.like("/cases/%/plan/%")
    long_kept = and_(is_of_plan, KeptForm.kept_at > clock.now() - PLAN_KEPT_FOR)
    return or_(KeptForm.kept_at > clock.now() - KEPT_FOR, long_kept)


def _at(user_id: int, path: str) -> Delete:
    return delete(KeptForm).where(KeptForm.user_id == user_id, KeptForm.path == path)
