"""Every command of `casework` can be found and asked what it does."""

import pytest
from click.testing import CliRunner

from casework.cli import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str) -> None:
    answer = CliRunner().invoke(main, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert f"main {name}" in answer.stdout


def test_a_command_that_is_none_is_an_error_and_not_a_traceback() -> None:
    answer = CliRunner().invoke(main, ["no-such-command"])
    assert answer.exit_code == 2
    assert "No such command" in answer.stderr
