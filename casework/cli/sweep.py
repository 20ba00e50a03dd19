"""`casework sweep`: which limits are overdue and due soon, and what people must be told, queued."""

import json
from datetime import datetime

import click

from casework import clock
from casework.cli.application import migrated_application
from casework.services import sweep as services
from casework.services.audit_trail import COMMAND_LINE

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command
@click.option("--on", "day", type=_DAY, help="The day, as 2026-01-31; today if it is left out.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def sweep(day: datetime | None, as_json: bool) -> None:
    """Count the limits that are overdue and due soon, and queue what people must be told.

    By the facts dated up to the day. Run again, it queues nothing new. Exit status 1 where cases
    could not be read: they are named, and all others are done.
    """
    with migrated_application(make=False):
        found = services.sweep(day.date() if day else clock.today(), actor=COMMAND_LINE)
    click.echo(json.dumps(_document(found)) if as_json else f"{found}.")
    if found.faults:
        click.echo(found.faults, err=True)
    if found.failed:
        raise SystemExit(1)


def _document(found: services.Swept) -> dict[str, object]:
    told = {"overdue": found.overdue, "due_soon": found.due_soon, "queued": found.queued}
    return told | ({"failed": list(found.failed)} if found.failed else {})
