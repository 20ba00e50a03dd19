"""The `casework` command: quick, lazy, and honest in its exit codes."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from casework.cli import COMMANDS, main


def test_help_lists_every_command_without_importing_any() -> None:
    code = (
        "import sys; from casework.cli import main; main(['--help'], standalone_mode=False);"
        "print([m for m in sys.modules if m.startswith('casework.cli.')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_its_own_help(name: str) -> None:
    done = CliRunner().invoke(main, [name, "--help"])
    assert done.exit_code == 0, done.output
    assert f"main {name}" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_a_click_command_of_that_name(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name


@pytest.mark.parametrize(("arguments", "sent"), [(["law"], ""), (["clock"], "{}\n")])
def test_the_law_and_the_clock_need_neither_flask_nor_a_database(
    arguments: list[str], sent: str
) -> None:
    code = (
        "import sys; from casework.cli import main\n"
        f"try: main({arguments!r})\n"
        "finally: print({'flask', 'sqlalchemy', 'requests'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, input=sent, check=False
    )
    assert done.stderr.strip() == "set()"
    assert done.stdout


def test_an_unknown_command_is_refused_with_status_2() -> None:
    assert CliRunner().invoke(main, ["no-such-command"]).exit_code == 2
