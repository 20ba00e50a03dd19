"""`casework load-settings`: the national register of schools comes in, from the command line."""

from pathlib import Path

import click

from casework.cli.application import migrated_application
from casework.services import settings_register
from casework.services.audit_trail import COMMAND_LINE
from casework.tracker.findings import Unreadable


@click.command("load-settings")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", is_flag=True, help="Take the file in. Without it nothing is changed.")
def load_settings(file: Path, apply: bool) -> None:
    """Add and put right schools from a CSV file of Get Information About Schools.

    They are told apart by their URN. A name or type that a person reviewed is kept and shown where
    the register has another; nothing is deleted; what the register says is closed is closed. Rows
    that cannot be read are named by line and column, and the others go in in one transaction. The
    exit status is 1 where a row was refused.
    """
    with migrated_application():
        try:
            content = file.read_bytes()
            outcome = settings_register.load(actor=COMMAND_LINE, content=content, apply=apply)
        except Unreadable as error:
            raise click.ClickException(f"{error}.") from error
    click.echo("\n".join(settings_register.in_words(outcome, applied=apply)))
    if not apply:
        click.echo("\nNothing is changed yet. Add --apply to take the file in.", err=True)
    if outcome.refused:
        raise SystemExit(1)
