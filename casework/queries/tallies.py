"""Items counted: the statements of casework.queries.indicator_items become figures."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Subquery, cast, func, select

from casework.extensions import db
from casework.rules.figures import Count, Rate


def rate(items: Subquery, *conditions: ColumnElement[bool]) -> Rate:
    """Return how many of the items count, of those that meet the conditions."""
    statement = select(*tallies(items)).select_from(items).where(*conditions)
    row = db.session.execute(statement).one()
    return Rate(row.numerator, row.denominator)


def rates_by(items: Subquery, key: ColumnElement[Any]) -> dict[Any, Rate]:
    """Return a rate for each value of the key, in the order of the key."""
    statement = select(key.label("key"), *tallies(items)).group_by(key).order_by(key)
    rows = db.session.execute(statement)
    return {row.key: Rate(row.numerator, row.denominator) for row in rows}


def count(items: Subquery) -> Count:
    """Return how many items there are."""
    return Count(db.session.scalar(select(func.count()).select_from(items)) or 0)


def tallies(items: Subquery) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return the numerator and denominator over items; of attendance, the places in each."""
    if "places" in items.c:
        return _sum(items.c.present).label("numerator"), _sum(items.c.places).label("denominator")
    return (
        func.count().filter(items.c.counts).label("numerator"),
        func.count(items.c.placed_on).label("denominator"),
    )


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    """A sum of sums is no whole number to PostgreSQL, unless it is told so."""
    return cast(func.coalesce(func.sum(column), 0), Integer)
