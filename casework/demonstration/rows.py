"""Rows written many at a time, each kind in one statement, in the open transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert

from casework.extensions import db
from casework.models.base import Model
from casework.services import numbering

Row = dict[str, Any]


def keep(model: type[Model], rows: Sequence[Row]) -> list[int]:
    """Insert the rows under numbers of their own, and return those."""
    ids = numbering.take(model, len(rows))
    put(model, [{**row, "id": number} for number, row in zip(ids, rows, strict=True)])
    return ids


def put(model: type[Model], rows: Sequence[Row]) -> None:
    """Insert the rows as they stand; all have the same columns."""
    if rows:
        db.session.connection().execute(insert(model), list(rows))
