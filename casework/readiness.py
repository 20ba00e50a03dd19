"""Whether this system is fit to serve: its database, its migration, its accounts, its calendar."""

import logging
import time
from datetime import timedelta

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from casework import clock, current, holidays
from casework.config import ROOT, SettingsError
from casework.extensions import db
from casework.queries import heartbeat, job_runs, messages

log = logging.getLogger(__name__)

#: Email that has waited so long is stuck: it is sent every minute.
STUCK = timedelta(minutes=15)
#: Seconds between two looks for demonstration accounts in a database that had none.
ASK_AGAIN = 60


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
        **(_work() if migration == "ok" else {"scheduler": "failed", "email": "failed"}),
        "bank_holidays": _bank_holidays(),
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
    """Tell whether any account was made for a demonstration; False before `casework init`."""
    question = text('SELECT EXISTS (SELECT 1 FROM "user" WHERE is_demonstration)')
    try:
        with _reading() as connection:
            return bool(connection.execute(question).scalar())
    except (OperationalError, ProgrammingError):
        if not database_heads():
            return False
        raise


def is_demonstration() -> bool:
    """Tell whether this is a demonstration authority, for the notice on its pages.

    Once it is, it stays one. Until then the database is asked again at most once a minute.
    """
    known = current_app.extensions
    if current.settings().in_production:
        return False
    if known.get("casework.demonstration"):
        return True
    now = time.monotonic()
    if now >= known.get("casework.demonstration_ask_again", now):
        known["casework.demonstration"] = has_demonstration_accounts()
        known["casework.demonstration_ask_again"] = now + ASK_AGAIN
    return bool(known["casework.demonstration"])


def catches_mail() -> bool:
    """Tell whether email is caught and kept instead of sent: in a demonstration, where the
    settings name nobody to hand it to."""
    return not current.settings().sends_mail and bool(is_demonstration())


def mail_goes() -> bool:
    """Tell whether email goes anywhere, if only to be caught."""
    return current.settings().sends_mail or catches_mail()


def _work() -> dict[str, str]:
    db.session.connection(execution_options={"read_only": True})
    return {"scheduler": _scheduler(), "email": _email()}


def _scheduler() -> str:
    """Return `failed` where no scheduler is at work or its clock is doubted, and `warning` where
    the newest run of a job failed, or at a desk where none was ever started."""
    pulse = heartbeat.pulse()
    if pulse is None:
        return "failed" if current.settings().in_production else "warning"
    if pulse.doubt or pulse.is_silent(clock.now()):
        return "failed"
    return "warning" if job_runs.newest_failures() else "ok"


def _email() -> str:
    """Return `warning` where email has waited too long, other than at a desk with no server."""
    since = messages.waiting_since()
    is_meant_to_go = current.settings().in_production or current.settings().sends_mail
    is_stuck = since is not None and clock.now() - since > STUCK
    return "warning" if is_stuck and is_meant_to_go else "ok"


def _bank_holidays() -> str:
    """Return `failed` shortly before the list runs out, and `warning` from a year before."""
    if holidays.is_running_out(clock.today()):
        return "failed"
    return "warning" if holidays.horizon_warning(clock.today()) else "ok"


def _migrations() -> ScriptDirectory:
    return ScriptDirectory(str(ROOT / "migrations"))


def _reading() -> Connection:
    return db.engine.connect().execution_options(read_only=True)


def _named(heads: set[str]) -> str:
    return ", ".join(sorted(heads)) or "none"
