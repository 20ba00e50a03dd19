"""`casework create-user`: opens an account, the first among them."""

import json
import sys

import click

from casework.access import ROLES, role_words
from casework.cli.application import migrated_application

_ROLE = click.Choice([role.value for role in ROLES])


@click.command("create-user")
@click.option("--email", required=True, help="Their work email address: they sign in with it.")
@click.option("--name", required=True, help="Their name, as others see it.")
@click.option(
    "--role", required=True, type=click.Choice([r.value for r in ROLES]), help="What they may do."
)
@click.option("--team", help="Their team; one not named before is made.")
@click.option("--service", help="For a service-member: the service that they answer for.")
@click.option("--password-stdin", is_flag=True, help="Read their password from standard input.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def create_user(
    email: str,
    name: str,
    role: str,
    team: str | None,
    service: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Open an account.

    At a terminal it asks for the password, twice, unseen. Otherwise, and without --password-stdin,
    it draws a one-time password and prints it this once: it is good for 72 hours, and whoever signs
    in with it chooses their own. Ends with status 1, and opens nothing, where something is amiss.
    """
    password = _password(password_stdin)
    from casework.services import accounts
    from casework.services.audit_trail import COMMAND_LINE
    from casework.services.errors import Refused

    with migrated_application():
        try:
            opened = accounts.create_user(
                actor=COMMAND_LINE,
                email=email,
                name=name,
                role=role,
                team=team,
                service=service,
                password=password,
            )
        except Refused as refused:
            raise click.ClickException(_in_words(refused.reasons)) from refused
    drawn = opened.one_time_password
    if as_json:
        told = {"id": opened.public_id, "email": email.strip().lower(), "role": role}
        click.echo(json.dumps(told | ({"one_time_password": drawn} if drawn else {})))
        return
    click.echo(f"{name} can sign in as {email}, in the role of {role_words(role).lower()}.")
    if drawn:
        click.echo(f"One-time password, good for 72 hours and shown only now: {drawn}")


def _password(from_stdin: bool) -> str | None:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return None


def _in_words(reasons: dict[str, str]) -> str:
    return "No account was opened.\n" + "\n".join(f"  {f}: {words}" for f, words in reasons.items())
