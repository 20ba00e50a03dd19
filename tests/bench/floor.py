"""The floor: a bare Flask, raw SQL and a template, on the project's own tables and indexes.

No sign-in, no permissions, no layout, no forms, no audit chain: what is left when everything is
left out that makes the answer safe. It shows how much of a page's time is ours.
"""

import os
import sqlite3
import threading
from collections.abc import Sequence
from datetime import date
from secrets import token_urlsafe
from typing import Any

import psycopg
from flask import Flask, render_template_string, request
from waitress import serve

from casework.names import search_key

TODAY = date.fromisoformat(os.environ.get("CASEWORK_TODAY", "2026-11-23"))
URL = os.environ.get("CASEWORK_DATABASE_URL", "")
PER_PAGE = 50

LIST = """
SELECT c.public_id, c.reference, p.surname, p.forenames, c.stage, c.next_duty, c.next_due_on,
       c.next_act_by, c.waiting_on, c.advice_outstanding, s.name, u.name
FROM ehc_case c JOIN person p ON p.id = c.person_id
LEFT JOIN setting s ON s.id = c.setting_id LEFT JOIN "user" u ON u.id = c.officer_id
WHERE {where} ORDER BY {order} LIMIT 50
"""
COUNT = "SELECT count(*) FROM ehc_case c WHERE {where}"
OPEN = "c.ended_on IS NULL"
NAMED = (
    "c.person_id IN (SELECT person_id FROM person_name_key WHERE key >= ? AND key < ?)"
    " AND c.person_id IN (SELECT person_id FROM person_name_key WHERE key >= ? AND key < ?)"
)
CASE = """
SELECT c.id, c.reference, c.stage, c.next_duty, c.next_due_on, p.surname, p.forenames,
       p.date_of_birth, s.name, u.name
FROM ehc_case c JOIN person p ON p.id = c.person_id
LEFT JOIN setting s ON s.id = c.setting_id LEFT JOIN "user" u ON u.id = c.officer_id
WHERE c.public_id = ?
"""
EVENTS = """
SELECT e.happened_on, e.kind, a.service, e.recipient, e.outcome, e.note, u.name
FROM case_event e LEFT JOIN adviser a ON a.id = e.adviser_id
LEFT JOIN "user" u ON u.id = e.entered_by_id
WHERE e.case_id = ? ORDER BY e.happened_on, e.id
"""
DEADLINES = "SELECT duty, started_on, due_on, met_on FROM deadline WHERE case_id = ?"

#: Open cases by the limit of their final plan: in time or late, a page of each, and by age.
_RISK = """
FROM deadline d JOIN ehc_case c ON c.id = d.case_id
WHERE d.duty IN ('final_20w', 'det_final_20w', 'reassess_final_14w', 'reassess_decision_15d')
AND d.met_on IS NULL AND d.closed_on IS NULL AND c.ended_on IS NULL
"""
RISK_LIST = f"""
SELECT r.due_on, c.id, c.public_id, c.reference, p.surname, p.forenames, c.stage, u.name,
       (SELECT max(happened_on) FROM case_event e WHERE e.case_id = c.id)
FROM (SELECT c.id, d.due_on {_RISK} AND d.due_on {{when}} ? ORDER BY d.due_on, c.id LIMIT 20) r
JOIN ehc_case c ON c.id = r.id JOIN person p ON p.id = c.person_id
LEFT JOIN "user" u ON u.id = c.officer_id ORDER BY r.due_on, c.id
"""
RISK_COUNT = f"""
SELECT c.started_on, count(*) FILTER (WHERE d.due_on >= ?), count(*) {_RISK} GROUP BY c.started_on
"""
OWED = """
SELECT d.case_id, d.duty, d.due_on, a.service FROM deadline d
LEFT JOIN adviser a ON a.id = d.adviser_id
WHERE d.case_id IN ({marks}) AND d.met_on IS NULL AND d.closed_on IS NULL
"""

AGENDA = """
SELECT i.place, i.question, i.minutes, i.note, c.id, c.reference, c.stage, p.date_of_birth, s.name,
       u.name, (SELECT min(d.due_on) FROM deadline d WHERE d.case_id = c.id AND d.met_on IS NULL),
       (SELECT count(*) FROM panel_view v WHERE v.item_id = i.id)
FROM agenda_item i JOIN panel_meeting m ON m.id = i.meeting_id
JOIN ehc_case c ON c.id = i.case_id JOIN person p ON p.id = c.person_id
LEFT JOIN setting s ON s.id = c.setting_id LEFT JOIN "user" u ON u.id = c.officer_id
WHERE m.public_id = ? AND i.removed_at IS NULL ORDER BY i.place
"""
EARLIER = """
SELECT i.case_id, m.on_day, d.handled, d.decision FROM agenda_item i
JOIN panel_meeting m ON m.id = i.meeting_id LEFT JOIN panel_decision d ON d.item_id = i.id
WHERE i.case_id IN ({marks})
"""
ITEM = """
SELECT c.public_id, i.id, i.question, i.version FROM agenda_item i
JOIN ehc_case c ON c.id = i.case_id WHERE i.public_id = ?
"""
VIEWS = (
    'SELECT u.name, v.words FROM panel_view v JOIN "user" u ON u.id = v.user_id WHERE item_id = ?'
)
VERSIONS = "SELECT decision, reasons, recorded_at FROM panel_decision WHERE item_id = ?"
PHRASES = "SELECT words FROM panel_phrase WHERE question = ?"

LIST_PAGE = """<!doctype html><title>Cases</title><p>{{ total }} cases</p><table>
{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>
{% endfor %}</table>"""
RISK_PAGE = """<!doctype html><title>At risk</title>{% for rows in (counts, in_time, late) %}<table>
{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}
{% for one in owed[row[1]] or () %}<td>{{ one[1] }} {{ one[2] }} {{ one[3] }}</td>{% endfor %}</tr>
{% endfor %}</table>{% endfor %}"""
CASE_PAGE = """<!doctype html><title>{{ case[1] }}</title><h1>{{ case[6] }} {{ case[5] }}</h1>
<p>{% for value in case %}{{ value }} {% endfor %}</p>
<table>{% for row in deadlines %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>
{% endfor %}</table>
<table>{% for row in events %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>
{% endfor %}</table>"""

app = Flask(__name__)
_own = threading.local()


class Sqlite:
    """One raw connection of a thread."""

    def __init__(self) -> None:
        path = URL.removeprefix("sqlite:///")
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=5)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            self._connection.execute(f"PRAGMA {pragma}")

    def ask(self, sql: str, given: Sequence[Any] = ()) -> list[Any]:
        """Return the rows."""
        return self._connection.execute(sql, given).fetchall()

    def write(self, *statements: tuple[str, Sequence[Any]]) -> None:
        """Run the statements in one transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        for sql, given in statements:
            self._connection.execute(sql, given)
        self._connection.execute("COMMIT")


class Postgresql:
    """One raw connection of a thread."""

    def __init__(self) -> None:
        url = URL.replace("+psycopg", "")
        self._connection = psycopg.connect(url, autocommit=True)

    def ask(self, sql: str, given: Sequence[Any] = ()) -> list[Any]:
        """Return the rows."""
        return self._connection.execute(sql.replace("?", "%s"), given).fetchall()  # type: ignore[arg-type]

    def write(self, *statements: tuple[str, Sequence[Any]]) -> None:
        """Run the statements in one transaction."""
        with self._connection.transaction():
            for sql, given in statements:
                self._connection.execute(sql.replace("?", "%s"), given)  # type: ignore[arg-type]


def _database() -> Sqlite | Postgresql:
    if not hasattr(_own, "database"):
        _own.database = Sqlite() if URL.startswith("sqlite") else Postgresql()
    found: Sqlite | Postgresql = _own.database
    return found


@app.get("/cases")
def index() -> str:
    """Show the first page of the open cases, overdue first."""
    database = _database()
    order = "c.next_lifted_by IS NOT NULL, c.next_act_by, c.id"
    rows = database.ask(LIST.format(where=OPEN, order=order))
    total = database.ask(COUNT.format(where=OPEN))[0][0]
    return render_template_string(LIST_PAGE, rows=rows, total=total)


@app.post("/search")
def search() -> str:
    """Find cases by a reference, or by two words that begin a child's names."""
    words = request.form["words"]
    database = _database()
    if words.startswith("EHC-"):
        rows = database.ask(LIST.format(where="c.reference = ?", order="c.id"), [words])
        return render_template_string(LIST_PAGE, rows=rows, total=len(rows))
    given = [bound for word in search_key(words).split()[:2] for bound in (word, f"{word}~")]
    rows = database.ask(LIST.format(where=NAMED, order="c.next_act_by, c.id"), given)
    total = database.ask(COUNT.format(where=NAMED), given)[0][0]
    return render_template_string(LIST_PAGE, rows=rows, total=total)


@app.get("/cases/<public_id>")
def case(public_id: str) -> str:
    """Show one case with what happened and what is due."""
    database = _database()
    found = database.ask(CASE, [public_id])[0]
    return render_template_string(
        CASE_PAGE,
        case=found,
        events=database.ask(EVENTS, [found[0]]),
        deadlines=database.ask(DEADLINES, [found[0]]),
    )


@app.post("/cases/<int:case_id>/events")
def event(case_id: int) -> tuple[str, int, dict[str, str]]:
    """Log an event: the row, the case's version, a plain line on the trail."""
    _database().write(
        (
            "INSERT INTO case_event (case_id, kind, happened_on, entered_at) VALUES (?, ?, ?, ?)",
            (case_id, "considering_notified", TODAY.isoformat(), f"{TODAY} 12:00:00"),
        ),
        ("UPDATE ehc_case SET version = version + 1 WHERE id = ?", (case_id,)),
        (
            "INSERT INTO bench_trail (at, action, case_id) VALUES (?, ?, ?)",
            (f"{TODAY} 12:00:00", "logged event", case_id),
        ),
    )
    return "", 303, {"Location": "/cases"}


@app.get("/at-risk")
def at_risk() -> str:
    """Show the open cases in time beside those that are late, what each owes, and how old."""
    database, today = _database(), TODAY.isoformat()
    in_time = database.ask(RISK_LIST.format(when=">="), [today])
    late = database.ask(RISK_LIST.format(when="<"), [today])
    ids = [row[1] for row in (*in_time, *late)]
    owed: dict[int, list[Any]] = {}
    for row in database.ask(OWED.format(marks=", ".join("?" * len(ids))), ids):
        owed.setdefault(row[0], []).append(row)
    counts = database.ask(RISK_COUNT, [today])
    return render_template_string(RISK_PAGE, counts=counts, in_time=in_time, late=late, owed=owed)


@app.get("/meetings/<public_id>")
def agenda(public_id: str) -> str:
    """Show the agenda of a meeting, with when each case was before a panel earlier."""
    database = _database()
    rows = database.ask(AGENDA, [public_id])
    ids = [row[4] for row in rows]
    earlier = database.ask(EARLIER.format(marks=", ".join("?" * len(ids))), ids)
    return render_template_string(LIST_PAGE, rows=[*rows, *earlier], total=len(rows))


@app.get("/items/<public_id>")
def item(public_id: str) -> str:
    """Show one case before a panel: what happened, what is due, what was said and recorded."""
    database = _database()
    case_id, number, question, _ = database.ask(ITEM, [public_id])[0]
    found = database.ask(CASE, [case_id])[0]
    said = [
        *database.ask(VIEWS, [number]),
        *database.ask(VERSIONS, [number]),
        *database.ask(PHRASES, [question]),
    ]
    return render_template_string(
        CASE_PAGE,
        case=found,
        events=[*database.ask(EVENTS, [found[0]]), *said],
        deadlines=database.ask(DEADLINES, [found[0]]),
    )


@app.post("/cases/<int:case_id>/decisions")
def decision(case_id: int) -> tuple[str, int, dict[str, str]]:
    """Record a decision: the row, a version that rises, a plain line on the trail."""
    now = f"{TODAY} 12:00:00"
    columns = "public_id, case_id, question, capacity, handled, decision, decided_on, reasons"
    given = (token_urlsafe(16), case_id, "assess", "panel", "decided", "assess")
    _database().write(
        (
            f"INSERT INTO panel_decision ({columns}, recorded_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*given, TODAY.isoformat(), "The reports show it.", now),
        ),
        ("UPDATE ehc_case SET version = version + 1 WHERE id = ?", (case_id,)),
        (
            "INSERT INTO bench_trail (at, action, case_id) VALUES (?, ?, ?)",
            (now, "recorded decision", case_id),
        ),
    )
    return "", 303, {"Location": "/cases"}


if __name__ == "__main__":
    serve(app, host="127.0.0.1", port=int(os.environ["CASEWORK_PORT"]), threads=8, _quiet=True)
