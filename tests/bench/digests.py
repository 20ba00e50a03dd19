"""A Monday's digests for 400 people, beside the barest SQL that reads and stores the same lines."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text

from casework.clock import now
from casework.extensions import db
from casework.models import Team, User
from casework.services import digests, sweep
from tests.bench.data import Data
from tests.bench.measure import Comparison

#: Must be at most so many times the bare statements, which write no words.
GOAL = 10
PEOPLE, TEAMS = 400, 20
_READERS = "SELECT DISTINCT reader_id FROM alert WHERE message_id IS NULL ORDER BY reader_id"
_COUNTS = """SELECT count(*), count(*) FILTER (WHERE c.next_due_on < :today),
    count(*) FILTER (WHERE c.next_act_by <= :soon) FROM ehc_case c
    WHERE c.ended_on IS NULL AND (c.officer_id = :reader OR c.officer_id IN (SELECT u.id
    FROM "user" u JOIN "user" m ON m.team_id = u.team_id
    WHERE m.id = :reader AND m.role = 'manager'))"""
_LINES = """SELECT a.id, c.reference, c.public_id, c.stage, d.due_on, d.act_by, d.met_on,
    d.lifted_by, u.name FROM alert a JOIN ehc_case c ON c.id = a.case_id
    JOIN deadline d ON d.case_id = a.case_id AND d.clock = a.clock AND d.duty = a.duty
    LEFT JOIN "user" u ON u.id = c.officer_id
    WHERE a.reader_id = :reader AND a.message_id IS NULL ORDER BY a.due_on"""
_EVENTS = """SELECT e.case_id, e.kind, e.happened_on FROM case_event e WHERE e.case_id IN
    (SELECT case_id FROM alert WHERE reader_id = :reader AND message_id IS NULL LIMIT 40)"""
_PUT = """INSERT INTO message (public_id, about, kind, to_user_id, to_address, subject, body,
    created_at, next_at, attempts)
    VALUES (:key, :key, 'digest', :reader, 'a@example.org', 'Lines', :body, :now,
    :now, 0)"""
_TOLD = """UPDATE alert SET message_id = (SELECT max(id) FROM message)
    WHERE reader_id = :reader AND message_id IS NULL"""
_AGAIN = (
    "UPDATE alert SET message_id = NULL, dropped_because = NULL",
    "DELETE FROM message WHERE kind IN ('digest', 'all_clear', 'alert')",
)


def compare(data: Data, passes: int) -> Iterator[Comparison]:
    """Yield the digests of a Monday on which everybody is told."""
    found = Comparison(f"digests, {PEOPLE} people", GOAL)
    with data.app.app_context():
        _staff(data)
        sweep.sweep(data.today)
    for _ in range(passes):
        floor = _floor(data)
        _again(data)
        found.p50.append((_project(data), floor))
        _again(data)
    with data.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM alert"))  # what is measured next begins with none
    yield found


def _staff(data: Data) -> None:
    """Share the open cases out among officers of teams that each have a manager."""
    teams = [Team(name=f"Bench team {n}") for n in range(TEAMS)]
    db.session.add_all(teams)
    db.session.flush()
    for n in range(PEOPLE):
        db.session.add(
            User(
                name=f"Bench {n}",
                email=f"bench-{n}@example.org",
                role="manager" if n < TEAMS else "case-officer",
                team_id=teams[n % TEAMS].id,
                created_at=now(),
            )
        )
    db.session.flush()
    first = db.session.execute(text('SELECT max(id) FROM "user"')).scalar_one() - PEOPLE + 1
    share = "UPDATE ehc_case SET officer_id = :first + id % :many WHERE ended_on IS NULL"
    given = {"first": first + TEAMS, "many": PEOPLE - TEAMS}
    db.session.execute(text(share), given)
    db.session.commit()


def _project(data: Data) -> float:
    with data.app.app_context():
        began = time.perf_counter()
        words = digests.send_due(data.today)
        took = time.perf_counter() - began
    assert not words.startswith("0 digests"), words
    return took


def _floor(data: Data) -> float:
    with data.app.app_context():
        began = time.perf_counter()
        with db.engine.connect() as connection:
            for (reader,) in connection.execute(text(_READERS)).all():
                connection.commit()
                _one(connection, data, reader)
        return time.perf_counter() - began


def _one(connection: Connection, data: Data, reader: int) -> None:
    soon = data.today + timedelta(days=14)
    given: dict[str, Any] = {"reader": reader, "today": data.today, "soon": soon}
    connection.execute(text(_COUNTS), given).all()
    lines = connection.execute(text(_LINES), given).all()
    connection.execute(text(_EVENTS), given).all()
    body = "\n".join(str(line) for line in lines)
    put = {"key": f"bench-{reader}", "reader": reader, "body": body, "now": now()}
    connection.execute(text(_PUT), put)
    connection.execute(text(_TOLD), given)
    connection.commit()


def _again(data: Data) -> None:
    with data.app.app_context(), db.engine.begin() as connection:
        for statement in _AGAIN:
            connection.execute(text(statement))
