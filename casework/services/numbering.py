"""Numbers for rows that are about to be kept, so that many can be written at once."""

from sqlalchemy import func, select, text

from casework.extensions import db
from casework.models.base import Model


def take(model: type[Model], count: int) -> list[int]:
    """Return `count` ids that no row of the model has, in order, in the open transaction.

    PostgreSQL gives them from the table's own sequence. On SQLite nobody else writes before this
    transaction ends, so they are the next numbers.
    """
    table = model.__table__
    if db.session.get_bind().dialect.name == "postgresql":
        statement = text(
            "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)"
        )
        name = f'"{table.name}"'  # type: ignore[attr-defined]
        return sorted(db.session.scalars(statement, {"table": name, "count": count}))
    last = db.session.scalar(select(func.max(table.c.id))) or 0
    return list(range(last + 1, last + 1 + count))
