"""The `casework` command. Each subcommand is imported only when it is called for.

To add one: write `casework/cli/<name>.py` with a click command, and a row in COMMANDS.
"""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

#: name: ("module:command", one line of help). Listed in this order.
COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "init": ("casework.cli.init:init", "Make the database, or bring it to the code's state."),
        "demo": ("casework.cli.demo:demo", "Fill an empty database with invented records."),
        "create-user": ("casework.cli.accounts:create_user", "Open an account."),
        "rebuild-deadlines": (
            "casework.cli.deadlines:rebuild_deadlines",
            "Prove that the deadlines equal the facts, and mend what differs.",
        ),
        "verify-audit": (
            "casework.cli.audit_trail:verify_audit",
            "Check the audit trail, link by link.",
        ),
        "sweep": (
            "casework.cli.sweep:sweep",
            "Find the limits that are overdue and due soon, and queue their alerts.",
        ),
        "send-mail": ("casework.cli.mail:send_mail", "Send the email that waits, now."),
        "release-mail": (
            "casework.cli.mail:release_mail",
            "Let email go that was held after a restore.",
        ),
        "serve": ("casework.cli.serve:serve", "Serve the web application."),
        "settings": ("casework.cli.settings:settings", "List every setting, with its meaning."),
        "law": ("casework.cli.law:law", "Print the book of time limits, with their citations."),
        "import-cases": (
            "casework.cli.imports:import_cases",
            "Bring the cases of a council's tracker in.",
        ),
        "load-settings": (
            "casework.cli.settings_register:load_settings",
            "Add and put right schools from the national register.",
        ),
        "forecast": (
            "casework.cli.forecast:forecast",
            "Tell when final plans are likely, and how well past ones were told.",
        ),
        "indicators": ("casework.cli.indicators:indicators", "Count the indicators of a period."),
        "clock": ("casework.cli.clock:clock", "Answer by when, and why, for lines of JSON."),
    }
)


class LazyGroup(click.Group):
    """A group whose commands are rows of COMMANDS, so that help and quick commands stay quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 as click calls it
        """Return the names of the commands in the order of the table."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 as click calls it
        cmd_name: str,
    ) -> click.Command | None:
        """Import and return the command, or None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 as click calls it
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the commands and their help without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Education, health and care plan casework and its statutory deadlines."""
