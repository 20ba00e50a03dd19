"""Where things are in a clone, and how a step of the work is told and run."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
LOCKS = ROOT / "casework" / "locks"
ASSETS = ROOT / "casework" / "assets"
BUILT = ROOT / "casework" / "static" / "built"


class CannotStart(Exception):
    """A step failed; the message says what happened and what to do."""


def say(words: str) -> None:
    """Tell the person at the terminal which step has begun."""
    print(f"  {words}", file=sys.stderr, flush=True)


def run_step(
    command: Sequence[object],
    what: str,
    *,
    cwd: Path = ROOT,
    environ: Mapping[str, str] | None = None,
) -> None:
    """Run a tool quietly; raise `CannotStart` with its last words where it fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except OSError as error:
        raise CannotStart(f"{what} failed: {error}") from error
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise CannotStart(f"{what} failed (exit status {done.returncode}). It said:\n\n{tail}")
