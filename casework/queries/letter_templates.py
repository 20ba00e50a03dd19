"""The Word documents that letters are made from: the one in use of each kind, and those before."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from casework.extensions import db
from casework.models import LetterTemplate, User

#: A version of a template, for pages, which name no tables.
Template: TypeAlias = LetterTemplate


def in_use() -> Mapping[str, LetterTemplate]:
    """Return the newest version of each kind that has one, without its content. One statement."""
    newest = (
        select(LetterTemplate.kind, func.max(LetterTemplate.version).label("version"))
        .group_by(LetterTemplate.kind)
        .subquery()
    )
    rows = db.session.scalars(
        select(LetterTemplate)
        .join(
            newest,
            (newest.c.kind == LetterTemplate.kind) & (newest.c.version == LetterTemplate.version),
        )
        .options(joinedload(LetterTemplate.made_by).load_only(User.name))
    )
    return {row.kind: row for row in rows}


def versions(kind: str) -> Sequence[LetterTemplate]:
    """Return every version of a kind without its content, the newest first."""
    return db.session.scalars(
        select(LetterTemplate)
        .where(LetterTemplate.kind == kind)
        .options(joinedload(LetterTemplate.made_by).load_only(User.name))
        .order_by(LetterTemplate.version.desc())
    ).all()


def content(kind: str, public_id: str) -> tuple[LetterTemplate, bytes] | None:
    """Return a version and its Word document, or None where there is no such version."""
    row = db.session.execute(
        select(LetterTemplate, LetterTemplate.content).where(
            LetterTemplate.kind == kind, LetterTemplate.public_id == public_id
        )
    ).first()
    return (row[0], row[1]) if row else None


def content_in_use(kind: str) -> tuple[LetterTemplate, bytes]:
    """Return the version in use and its Word document. Raises LookupError where there is none."""
    row = db.session.execute(
        select(LetterTemplate, LetterTemplate.content)
        .where(LetterTemplate.kind == kind)
        .order_by(LetterTemplate.version.desc())
        .limit(1)
    ).first()
    if row is None:
        raise LookupError(kind)
    return row[0], row[1]
