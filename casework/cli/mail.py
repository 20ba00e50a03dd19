"""`casework send-mail`: the email that waits, sent now and not at the scheduler's next minute."""

import json
from dataclasses import asdict

import click

from casework.cli.application import migrated_application
from casework.services import outbox


@click.command("send-mail")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=outbox.LIMIT,
    show_default=True,
    help="How many messages to send at most.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def send_mail(limit: int, as_json: bool) -> None:
    """Send the email that waits, and say what became of it.

    Exit status 1 where the mail server cannot be reached, or none is set and email waits.
    """
    with migrated_application(make=False):
        run = outbox.send_waiting(limit=limit)
    click.echo(json.dumps(asdict(run)) if as_json else f"Email: {run}.")
    if run.fault:
        raise SystemExit(1)
