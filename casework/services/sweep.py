"""The sweep: one pass over every running limit, that queues what people must be told."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Select, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from casework import clock, current
from casework.extensions import db
from casework.filters import counted
from casework.holidays import england_and_wales
from casework.models import Alert
from casework.queries import alerts, limits, readers
from casework.queries.alerts import QUEUED, Night
from casework.queries.limits import COME, READERS, RUNG_DAYS, TABLES
from casework.queries.rungs import CAME, Ladders
from casework.rules.alerts import RETURNING
from casework.services import as_then, audit_trail
from casework.services.audit_trail import SCHEDULER, Actor

#: Any number, so long as nothing else of ours takes the same advisory lock.
SWEEP_LOCK = 820_140_901
#: How often the only writer's place of a SQLite file is asked for, some seconds each time.
TRIES = 12
#: What an alert is unique by.
_KEY = ("case_id", "clock", "duty", "due_on", "rung", "reader_id")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What one sweep found: running limits past their day, and due soon; and alerts newly queued.

    Cases are named by their references.
    """

    overdue: int
    due_soon: int
    queued: int
    #: Cases that could not be read. All others were done.
    failed: tuple[str, ...] = ()
    #: Cases of which something is due and nobody is there to be told.
    unheard: tuple[str, ...] = ()

    @property
    def faults(self) -> str:
        """Return what somebody must see to, in sentences; empty where there is nothing."""
        said = []
        if self.failed:
            said.append(f"Could not be read: {_named(self.failed)}.")
        if self.unheard:
            said.append(
                f"Nobody can be told of {_named(self.unheard)}: open an account for a manager."
            )
        return " ".join(said)

    def __str__(self) -> str:
        return (
            f"{counted(self.overdue, 'limit')} overdue, {self.due_soon:,} due soon; "
            f"{counted(self.queued, 'alert')} queued"
        )


def sweep(day: date, *, actor: Actor = SCHEDULER) -> Swept:
    """Count the running limits that are overdue and due soon on a day, queue what is due, commit.

    By the facts dated up to the day, as they stand now: what was put right since is read as put
    right, and what was entered since with an earlier date is read as known. What is not dated is
    taken as it is now: whose case it is, who is away, and whether a person is detained.

    A later day is looked at as if nothing more were to happen before it, and what is queued for it
    is told when it comes. A sweep that finds another running waits for it, and answers in full.
    """
    # Whoever waits for another holds nothing that the other may need.
    db.session.rollback()
    with _turn():
        try:
            found = _sweep(day)
            if found.queued or found.failed:
                audit_trail.record(actor, "swept limits", changes=_counts(day, found))
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
    if found.failed:
        log.error("cases could not be swept", extra={"values": {"cases": list(found.failed)}})
    return found


def sweep_nightly(today: date) -> str:
    """Sweep, and return words for the log. Raises RuntimeError where somebody must see to it."""
    found = sweep(today)
    if found.faults:
        raise RuntimeError(f"{found}. {found.faults}")
    return str(found)


def _sweep(day: date) -> Swept:
    connection = db.session.connection()
    TABLES.create_all(connection, checkfirst=False)
    settings = current.settings()
    ladders = Ladders(day, settings.alert_plan, england_and_wales(), settings.soon_within)
    has_later, failed = as_then.keep(day)
    source = limits.limits(day, as_then=has_later)
    connection.execute(insert(RUNG_DAYS), list(ladders.days()))
    connection.execute(insert(COME).from_select(CAME, ladders.come(source)))
    found = readers.readers(readers.standing_in(day))
    connection.execute(insert(READERS).from_select([c.name for c in READERS.c], found))
    _help_planner(connection)
    standings = limits.standings()
    night = Night(day, clock.today())
    queued = sum(
        _queue(rows, night) for rows in (night.due(), night.cleared(source), night.again())
    )
    failed += alerts.unreadable(standings.unknown)
    unheard = tuple(alerts.unheard())
    TABLES.drop_all(connection, checkfirst=False)
    return Swept(
        overdue=standings.overdue,
        due_soon=standings.due_soon,
        queued=queued,
        failed=tuple(sorted({*failed})),
        unheard=unheard,
    )


def _help_planner(connection: Connection) -> None:
    """Tell PostgreSQL how large the tables of this transaction are: it never looks by itself.

    What it would save by compiling these statements is a fraction of what compiling takes.
    """
    if connection.dialect.name == "postgresql":
        for statement in ("SET LOCAL jit = off", f"ANALYZE {COME.name}", f"ANALYZE {READERS.name}"):
            connection.execute(text(statement))


def _queue(rows: Select[*tuple[Any, ...]], night: Night) -> int:
    """Queue these rows but those that are there, and return how many are new.

    One that was dropped for a reason that has ceased to hold is new again.
    """
    adding = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    statement: Any = adding(Alert).from_select(QUEUED, rows)
    if night.is_past:
        statement = statement.on_conflict_do_nothing(index_elements=_KEY)
    else:
        renewed = ("reached_on", "queued_on", "in_place_of_id", "way")
        statement = statement.on_conflict_do_update(
            index_elements=_KEY,
            set_={"dropped_because": None, **{n: statement.excluded[n] for n in renewed}},
            where=Alert.dropped_because.in_(RETURNING),
        )
    statement = statement.execution_options(preserve_rowcount=True)
    return db.session.connection().execute(statement).rowcount


def _counts(day: date, found: Swept) -> audit_trail.Changes:
    told = {"day": day, "overdue": found.overdue, "due soon": found.due_soon}
    told |= {"queued": found.queued, "not read": len(found.failed)}
    return {name: (None, number) for name, number in told.items()}


@contextmanager
def _turn() -> Iterator[None]:
    """Let one sweep in at a time, however long the one before it takes."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SWEEP_LOCK})
        yield
        return
    with (Path(current_app.instance_path) / "sweep.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _take_writers_place()
        yield


def _take_writers_place() -> None:
    """Begin, which on SQLite is to be the only writer: others may write for longer than that."""
    for attempt in range(1, TRIES + 1):
        try:
            db.session.connection()
        except OperationalError:
            db.session.rollback()
            if attempt == TRIES:
                raise
        else:
            return


def _named(references: tuple[str, ...], most: int = 10) -> str:
    return ", ".join(references[:most]) + (" …" if len(references) > most else "")
