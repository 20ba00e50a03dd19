"""`casework send-mail`, which sends what waits now, and `casework release-mail`."""

import json
from dataclasses import asdict
from datetime import timedelta

import click

from casework import clock
from casework.cli.application import migrated_application
from casework.filters import counted
from casework.queries import mail_place
from casework.rules.civil_dates import LONDON
from casework.services import mail_hold, outbox
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Refused


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


@click.command("release-mail")
@click.option("--apply", is_flag=True, help="Release it. Without it nothing is changed.")
@click.option(
    "--drop-older",
    type=click.IntRange(1, 10_000),
    metavar="HOURS",
    help="Never send what has waited longer: it went before the backup was restored.",
)
@click.option("--because", default="", metavar="WORDS", help="Why that is not sent.")
def release_mail(apply: bool, drop_older: int | None, because: str) -> None:
    """Let email go again that was held because a database was restored, copied or moved.

    Without --apply it says why email is held, how much waits and since when.
    """
    with migrated_application(make=False):
        why = mail_hold.check().why
        if not why:
            click.echo("Email is not held.")
            return
        if not apply:
            click.echo(_held_words(why))
            return
        older = timedelta(hours=drop_older) if drop_older else None
        try:
            done = mail_hold.release(actor=COMMAND_LINE, drop_older=older, why=because)
        except Refused as refused:
            raise click.ClickException(f"{refused} (--because).") from refused
    click.echo(f"Email is released: {done.waiting} waiting, {done.dropped} never sent.")


def _held_words(why: str) -> str:
    waits = mail_place.backlog(clock.now())
    since = f"{waits.since.astimezone(LONDON):%d %B %Y %H:%M}" if waits.since else ""
    lines = [f"Email is held. {why}", f"{counted(waits.total, 'email')} to go."]
    if since:
        lines[-1] = (
            f"{counted(waits.total, 'email')} to go, the oldest since {since}: {waits.within_hour} "
            f"less than an hour old, {waits.within_day} less than a day, {waits.longer} older."
        )
    lines.append("Nothing is changed yet. Add --apply to release it from here.")
    return "\n".join(lines)
