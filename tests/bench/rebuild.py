"""Deadlines computed anew for every case, beside the barest SQL that stores as much."""

import time
from collections.abc import Iterator

from sqlalchemy import text

from casework.extensions import db
from casework.services import deadlines
from tests.bench.data import Data
from tests.bench.measure import Comparison

#: Must be at most so many times the one statement (and half of that is the aim).
GOAL = 15
_WEEKS = (6, 16, 20, 15, 16, 14, 6, 12)
_EIGHT = ", ".join(f"({number}, {weeks * 7})" for number, weeks in enumerate(_WEEKS))
#: Eight days a case, from its start, and nothing of the law: what one statement can do.
_ONE_STATEMENT = {
    "postgresql": f"""INSERT INTO bench_deadline
        SELECT c.id, d.n, c.started_on, c.started_on + d.days
        FROM ehc_case c CROSS JOIN (VALUES {_EIGHT}) AS d (n, days)""",
    "sqlite": f"""WITH d (n, days) AS (VALUES {_EIGHT}) INSERT INTO bench_deadline
        SELECT c.id, d.n, c.started_on, date(c.started_on, d.days || ' days')
        FROM ehc_case c CROSS JOIN d""",
}
_TABLE = "CREATE TABLE bench_deadline (case_id integer, n integer, started_on date, due_on date)"
_TRAIL = "CREATE TABLE bench_trail (at text, action text, case_id integer)"


def compare(data: Data, passes: int) -> Iterator[Comparison]:
    """Yield the rebuild where all agree, and where every case is written anew."""
    agreeing = Comparison("rebuild, all agree", GOAL)
    differing = Comparison("rebuild, all differ", GOAL)
    with data.app.app_context(), db.engine.begin() as connection:
        connection.execute(text(_TABLE))
        connection.execute(text(_TRAIL))
    for _ in range(passes):
        floor = _floor(data)
        agreeing.p50.append((_rebuild(data, 0), floor))
        _plant(data)
        differing.p50.append((_rebuild(data, data.size), floor))
    yield agreeing
    yield differing


def _rebuild(data: Data, differing: int) -> float:
    with data.app.app_context():
        began = time.perf_counter()
        found = deadlines.rebuild()
        took = time.perf_counter() - began
    assert found.differed == differing, f"{found.differed} differed, not {differing}"
    return took


def _plant(data: Data) -> None:
    """Make every deadline and every case's answers wrong, as a change of the law would."""
    with data.app.app_context(), db.engine.begin() as connection:
        for table in ("deadline", "ehc_case"):
            connection.execute(text(f"UPDATE {table} SET started_on = '2014-09-01'"))


def _floor(data: Data) -> float:
    with data.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM bench_deadline"))
    with data.app.app_context():
        began = time.perf_counter()
        with db.engine.begin() as connection:
            connection.execute(text(_ONE_STATEMENT[data.kind]))
        return time.perf_counter() - began
