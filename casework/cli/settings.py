"""`casework settings`: every setting, its value and its meaning; secrets are never shown."""

import json
import os
import textwrap

import click

from casework.config import SettingsError, load, shown


@click.command
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def settings(as_json: bool) -> None:
    """List every setting: its environment variable, its value and what it means.

    Secrets are masked. Ends with status 1, and says why, where the settings cannot be used.
    """
    try:
        rows = shown(load(os.environ))
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['name']}={row['value']}")
        click.echo(textwrap.indent(textwrap.fill(row["meaning"], 76), "    "))
