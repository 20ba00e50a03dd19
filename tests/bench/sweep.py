"""The nightly sweep of so many open limits, beside the same question as bare SQL."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Table, func, insert, literal, select, text
from sqlalchemy.engine import Connection

from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Case, Deadline
from casework.rules.alerts import ALERTED
from casework.rules.book import BOOK
from casework.services import sweep
from tests.bench.data import Data
from tests.bench.measure import Comparison

#: Must be at most so many times the bare statements.
GOAL = 2
_RUNNING = """d.met_on IS NULL AND d.closed_on IS NULL AND d.lifted_by IS NULL
    AND c.ended_on IS NULL AND d.act_by <= :soon"""
_COUNT = f"""SELECT count(*) FILTER (WHERE d.due_on < :today),
    count(*) FILTER (WHERE d.due_on >= :today)
    FROM deadline d JOIN ehc_case c ON c.id = d.case_id
    WHERE {_RUNNING} AND d.duty NOT IN (%s)"""
#: The officer, and the managers of the officer's team and of none.
_READERS = """SELECT id AS desk, id AS reader FROM "user" WHERE is_active
    UNION SELECT u.id, m.id FROM "user" u JOIN "user" m
    ON m.role = 'manager' AND (m.team_id IS NULL OR m.team_id = u.team_id)
    UNION SELECT 0, id FROM "user" WHERE role = 'manager' AND team_id IS NULL"""
_QUEUE = f"""INSERT INTO bench_alert
    (case_id, clock, duty, due_on, rung, reached_on, queued_on, reader_id, way)
    SELECT d.case_id, d.clock, d.duty, d.due_on,
    CASE WHEN d.due_on < :today THEN 'breached' ELSE 'soon' END, :today, :today, r.reader, 'digest'
    FROM deadline d JOIN ehc_case c ON c.id = d.case_id
    JOIN ({_READERS}) r ON r.desk = coalesce(c.officer_id, 0)
    WHERE {_RUNNING} AND d.clock = 'case' AND d.duty IN (%s) ON CONFLICT DO NOTHING"""
#: What an alert is held to, and by which indexes it is found: to store as much.
_TABLES = (
    """CREATE TABLE bench_alert (id integer PRIMARY KEY %s,
    case_id integer REFERENCES ehc_case, clock text, duty text, due_on date, rung text,
    reached_on date, queued_on date, reader_id integer REFERENCES "user", way text,
    message_id integer REFERENCES message,
    UNIQUE (case_id, clock, duty, due_on, rung, reader_id))""",
    "CREATE INDEX bench_alert_reader ON bench_alert (reader_id) WHERE message_id IS NULL",
    "CREATE INDEX bench_alert_message ON bench_alert (message_id)",
)
_NUMBERED = {"sqlite": "", "postgresql": "GENERATED ALWAYS AS IDENTITY"}


def compare(data: Data, passes: int, sizes: Sequence[int]) -> Iterator[Comparison]:
    """Yield the sweep of each number of open limits: a night when all is new, and the next."""
    with data.app.app_context(), db.engine.begin() as connection:
        for statement in _TABLES:
            connection.execute(text(statement.replace("%s", _NUMBERED[data.kind])))
    for size in sizes:
        _grow(data, size)
        new = Comparison(f"sweep {size:,}, all new", GOAL)
        same = Comparison(f"sweep {size:,}, no news", GOAL)
        for _ in range(passes):
            with data.app.app_context(), db.engine.begin() as connection:
                connection.execute(text("DELETE FROM alert"))
                connection.execute(text("DELETE FROM bench_alert"))
            for found, is_new in ((new, True), (same, False)):
                found.p50.append((_sweep(data, is_new=is_new), _floor(data)))
        yield new
        yield same


def _sweep(data: Data, *, is_new: bool) -> float:
    with data.app.app_context():
        began = time.perf_counter()
        found = sweep.sweep(data.today)
        took = time.perf_counter() - began
        db.session.remove()
    assert found.overdue > 0
    assert found.due_soon > 0
    assert bool(found.queued) == is_new, found
    return took


def _floor(data: Data) -> float:
    soon = england_and_wales().after(data.today, 10)
    given = {"today": data.today.isoformat(), "soon": soon.isoformat()}
    floors = _quoted([duty.id for duty in BOOK.values() if duty.is_floor])
    with data.app.app_context():
        began = time.perf_counter()
        with db.engine.begin() as connection:
            connection.execute(text(_COUNT % floors), _given(data, given)).one()
            connection.execute(text(_QUEUE % _quoted(ALERTED)), _given(data, given))
        return time.perf_counter() - began


def _given(data: Data, days: dict[str, str]) -> dict[str, Any]:
    """SQLite keeps a day as its text; PostgreSQL is given a date."""
    if data.kind == "sqlite":
        return days
    return {name: data.today.fromisoformat(day) for name, day in days.items()}


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _grow(data: Data, size: int) -> None:
    """Copy open cases with their limits until so many are open."""
    with data.app.app_context():
        with db.engine.begin() as connection:
            while (there := connection.execute(_OPEN).scalar_one()) < size:
                _copy(connection, size - there)
        if data.kind == "postgresql":
            with db.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.execute(text("VACUUM ANALYZE"))


_CASE, _LIMIT = Case.__table__, Deadline.__table__
_OPEN = (
    select(func.count())
    .select_from(_LIMIT.join(_CASE, _CASE.c.id == _LIMIT.c.case_id))
    .where(_LIMIT.c.met_on.is_(None), _LIMIT.c.closed_on.is_(None), _CASE.c.ended_on.is_(None))
)


def _copy(connection: Connection, limits: int) -> None:
    """Copy the first of the open cases: as many as have about so many limits, or all there are."""
    cases = connection.execute(
        select(func.count()).select_from(_CASE).where(_CASE.c.ended_on.is_(None))
    ).scalar_one()
    of_each = connection.execute(_OPEN).scalar_one() / cases
    chosen = (
        select(_CASE.c.id)
        .where(_CASE.c.ended_on.is_(None))
        .order_by(_CASE.c.id)
        .limit(int(limits / of_each) + 1)
    )
    by = connection.execute(select(func.max(_CASE.c.id))).scalar_one()
    named = literal("B") + func.cast(_CASE.c.id + by, _CASE.c.reference.type)
    changed = {"id": _CASE.c.id + by, "public_id": named, "reference": named}
    _insert_copies(connection, _CASE, changed, _CASE.c.id.in_(chosen))
    number = connection.execute(select(func.max(_LIMIT.c.id))).scalar_one()
    changed = {"id": _LIMIT.c.id + number, "case_id": _LIMIT.c.case_id + by}
    # A clock of an adviser or a setting is copied by its name, and belongs to nobody.
    changed["adviser_id"] = literal(None)
    _insert_copies(connection, _LIMIT, changed, _LIMIT.c.case_id.in_(chosen))


def _insert_copies(
    connection: Connection, table: Table, changed: dict[str, Any], which: Any
) -> None:
    names = [column.name for column in table.columns]
    copied = select(*(changed.get(name, table.c[name]).label(name) for name in names))
    connection.execute(insert(table).from_select(names, copied.where(which)))
