"""What a person had typed when their session ended, kept for them alone until they are back."""

import json
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Delete, delete, select

from casework import clock, database
from casework.extensions import db
from casework.models import KeptForm

#: What has not been asked for by then is forgotten.
KEPT_FOR = timedelta(hours=24)

Fields = Sequence[tuple[str, str]]


def keep(*, user_id: int, path: str, fields: Fields) -> None:
    """Keep what was typed into the form at this path, in place of any kept before; commit."""
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
                KeptForm.kept_at > clock.now() - KEPT_FOR,
            )
        )
    return [(name, value) for name, value in json.loads(fields)] if fields else []


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
    db.session.execute(delete(KeptForm).where(KeptForm.kept_at < clock.now() - KEPT_FOR))


def _at(user_id: int, path: str) -> Delete:
    return delete(KeptForm).where(KeptForm.user_id == user_id, KeptForm.path == path)
