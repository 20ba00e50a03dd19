"""`casework init`: makes the database, or brings it to the code's migration. Makes no account."""

import json

import click
import flask_migrate

from casework import current, readiness
from casework.cli.application import application
from casework.config_values import without_password


@click.command
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def init(as_json: bool) -> None:
    """Make the database, or bring it to the code's migration.

    A new database is empty, with no account: make the first with `casework create-user`. Back up
    one that is in use first.
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


def _migrate() -> dict[str, str | None]:
    before = readiness.database_heads()
    if unknown := before - readiness.code_revisions():
        raise click.ClickException(
            f"The database is at migration {', '.join(unknown)}, which this code does not have. "
            "Use the newer code that made it."
        )
    flask_migrate.upgrade()
    after = readiness.database_heads()
    return {
        "database": without_password(current.settings().database_url),
        "from": ", ".join(sorted(before)) or None,
        "to": ", ".join(sorted(after)),
    }
