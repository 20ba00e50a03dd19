"""`casework init`: makes the database, or brings it to the code's migration. Makes no account."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import click
import flask_migrate

from casework import current, readiness
from casework.cli.application import application
from casework.config_values import without_password
from casework.extensions import db
from casework.services import letter_templates


@click.command
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def init(as_json: bool) -> None:
    """Make the database, or bring it to the code's migration.

    A new database is empty, with no account: make the first with `casework create-user`. A SQLite
    file that is to change is copied first, beside itself; back up PostgreSQL before you begin.
    """
    with application():
        answer = _migrate()
    if as_json:
        click.echo(json.dumps(answer))
    elif answer["from"] == answer["to"]:
        click.echo(f"The database is already at migration {answer['to']}.")
    else:
        began = answer["from"] or "none"
        click.echo(f"The database was at migration {began} and is now at {answer['to']}.")
        if answer["copy"]:
            click.echo(f"As it was, it is kept in {answer['copy']}.")


def _migrate() -> dict[str, str | None]:
    before = readiness.database_heads()
    if unknown := before - readiness.code_revisions():
        raise click.ClickException(
            f"The database is at migration {', '.join(unknown)}, which this code does not have. "
            "Use the newer code that made it."
        )
    copy = _copy_as_it_is(before) if before and before != readiness.code_heads() else None
    flask_migrate.upgrade()
    letter_templates.install_first_versions()
    after = readiness.database_heads()
    return {
        "database": without_password(current.settings().database_url),
        "from": ", ".join(sorted(before)) or None,
        "to": ", ".join(sorted(after)),
        "copy": str(copy) if copy else None,
    }


def _copy_as_it_is(heads: set[str]) -> Path | None:
    """Return where a SQLite file was copied to, whole even while in use; None on PostgreSQL."""
    if db.engine.dialect.name != "sqlite":
        return None
    assert db.engine.url.database
    file = Path(db.engine.url.database)
    copy = file.with_name(f"{file.stem}-at-{'-'.join(sorted(heads))}{file.suffix}")
    with closing(sqlite3.connect(file)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)
    return copy
