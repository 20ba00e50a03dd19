"""Sums with dates that each database does in its own words."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, extract
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class days_between(FunctionElement[int]):  # noqa: N801 (named as SQL functions are)
    """The days from the first date to the second, as a whole number."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "sqlite")
def _on_sqlite(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    first, second = element.clauses
    return (
        f"CAST(julianday({compiler.process(second, **options)})"
        f" - julianday({compiler.process(first, **options)}) AS INTEGER)"
    )


@compiles(days_between, "postgresql")
def _on_postgresql(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    first, second = element.clauses
    return (
        f"({compiler.process(second, **options)}::date"
        f" - {compiler.process(first, **options)}::date)"
    )


class days_after(FunctionElement[date]):  # noqa: N801 (named as SQL functions are)
    """The date so many days after a date."""

    type = Date()
    inherit_cache = True


@compiles(days_after, "sqlite")
def _after_on_sqlite(element: days_after, compiler: SQLCompiler, **options: Any) -> str:
    day, number = (compiler.process(clause, **options) for clause in element.clauses)
    return f"date({day}, {number} || ' days')"


@compiles(days_after, "postgresql")
def _after_on_postgresql(element: days_after, compiler: SQLCompiler, **options: Any) -> str:
    day, number = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({day}::date + {number}::integer)"


def as_number(day: ColumnElement[Any]) -> ColumnElement[int]:
    """Return a date as 20250403, so that the difference of two is an age in tens of thousands."""
    year, month, of_month = (extract(part, day) for part in ("year", "month", "day"))
    return year * 10_000 + month * 100 + of_month
