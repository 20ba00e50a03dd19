"""The verbs of `python3 -m casework`: run, test, setup, check; any other goes to `casework`."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from casework.bootstrap import assets, environment, machine, processes
from casework.bootstrap.places import BIN, PYTHON, ROOT, CannotStart, say

USAGE = """\
python3 -m casework run          build what is needed and start the system; PORT changes its port
python3 -m casework test [...]   run every test; words after it go to pytest
python3 -m casework setup        build .venv, with the casework command in .venv/bin, and the assets
python3 -m casework check        run the linter, the formatter, the types and the import contracts
python3 -m casework VERB [...]   the casework command: init, law, clock, import-cases and others
"""

CHECKS = (
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format --check", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy"]),
    ("lint-imports", ["lint-imports"]),
)


def main(arguments: Sequence[str]) -> int:
    """Do what the first word says with the rest; return the exit status."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(USAGE)
        return 0 if arguments else 2
    verb, *rest = arguments
    try:
        return VERBS[verb](rest) if verb in VERBS else _casework(list(arguments))
    except CannotStart as reason:
        print(f"\n{reason}\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(_rest: list[str]) -> int:
    environment.ensure("run")
    assets.ensure()
    processes.prepare_records()
    return processes.run_system()


def _test(rest: list[str]) -> int:
    environment.ensure("dev")
    assets.ensure()
    machine.ensure_for_tests()
    # Each worker has one half, so that a file's tests share what they begin from and one browser
    # runs at a time; whichever is done first takes over some of the other's.
    spread = [] if rest else ["-n", "2", "--dist", "worksteal"]
    return _passing_on([PYTHON, "-m", "pytest", *spread, *rest])


def _setup(_rest: list[str]) -> int:
    environment.ensure("dev")
    assets.ensure()
    say("Ready: .venv/bin/casework --help")
    return 0


def _check(_rest: list[str]) -> int:
    environment.ensure("dev")
    failed = []
    for name, (program, *words) in CHECKS:
        say(name)
        if _passing_on([BIN / program, *words]):
            failed.append(name)
    if failed:
        print(f"\nNot clean: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _casework(arguments: list[str]) -> NoReturn:
    """Become the `casework` command: who ends this process ends that, and nothing is left."""
    environment.ensure("run")
    os.execv(BIN / "casework", [str(BIN / "casework"), *arguments])


def _passing_on(command: Sequence[object]) -> int:
    """Run a program whose words and signals are the terminal's own; return its exit status."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode


VERBS: dict[str, Callable[[list[str]], int]] = {
    "run": _run,
    "test": _test,
    "setup": _setup,
    "check": _check,
}
