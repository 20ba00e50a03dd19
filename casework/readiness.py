"""Whether this system is fit to serve: its database, its migration, its accounts, its calendar."""

import logging
from datetime import timedelta

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from casework import clock, current, holidays
from casework.config import ROOT, SettingsError
from casework.extensions import db
from casework.queries import job_runs

log = logging.getLogger(__name__)

#: A scheduler that has ended no job for so long is not at work: its jobs are daily.
SILENCE = timedelta(hours=26)


def checks() -> dict[str, str]:
    """Return `ok`, `warning` or `failed` for each part that a healthy system needs."""
    database = migration = "failed"
    try:
        migration = "ok" if database_heads() == code_heads() else "failed"
        database = "ok"
    except SQLAlchemyError as error:
        log.error("database does not answer", exc_info=error)
    return {
        "database": database,
        "migration": migration,
        "scheduler": _scheduler() if migration == "ok" else "failed",
        "bank_holidays": "warning" if holidays.horizon_warning(clock.today()) else "ok",
    }


def refuse_unfit_database() -> None:
    """Raise `SettingsError` where production must not start on this database."""
    faults = []
    if database_heads() != code_heads():
        faults.append(
            f"The database is at migration {_named(database_heads())} and the code at "
            f"{_named(code_heads())}: back the database up, then run `casework init`."
        )
    if current.settings().in_production and has_demonstration_accounts():
        faults.append(
            "The database holds demonstration accounts: use a database that never held a "
            "demonstration."
        )
    if faults:
        raise SettingsError(faults)


def code_heads() -> set[str]:
    """Return the newest migrations of the code, by revision."""
    return set(_migrations().get_heads())


def code_revisions() -> set[str]:
    """Return every migration that the code has, by revision."""
    return {script.revision for script in _migrations().walk_revisions()}


def database_heads() -> set[str]:
    """Return the migrations that the database has reached, by revision."""
    with _reading() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


def has_demonstration_accounts() -> bool:
    """Tell whether any account was made for a demonstration."""
    with _reading() as connection:
        if not inspect(connection).has_table("user"):
            return False
        question = text('SELECT EXISTS (SELECT 1 FROM "user" WHERE is_demonstration)')
        return bool(connection.execute(question).scalar())


def is_demonstration() -> bool:
    """Tell whether this is a demonstration authority; once it is, it stays one."""
    known = current_app.extensions
    if not known.get("casework.demonstration"):
        known["casework.demonstration"] = (
            not current.settings().in_production and has_demonstration_accounts()
        )
    return bool(known["casework.demonstration"])


def _scheduler() -> str:
    """Return `warning` where no job has ended for over a day or the newest run of one failed."""
    db.session.connection(execution_options={"read_only": True})
    last = job_runs.last_ended()
    is_late = last is None or clock.now() - last > SILENCE
    return "warning" if is_late or job_runs.newest_failures() else "ok"


def _migrations() -> ScriptDirectory:
    return ScriptDirectory(str(ROOT / "migrations"))


def _reading() -> Connection:
    return db.engine.connect().execution_options(read_only=True)


def _named(heads: set[str]) -> str:
    return ", ".join(sorted(heads)) or "none"
